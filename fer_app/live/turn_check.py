"""Adapter. Does a TURN server do its work? Asks it for a relay as the live view itself would, and gives it back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass

from aioice.stun import TransactionError, TransactionFailed
from aioice.turn import create_turn_endpoint
from aiortc.rtcicetransport import parse_stun_turn_uri

from fer_app.live.ice import IceServer

_WAIT_S = 5.0


@dataclass(frozen=True, slots=True)
class TurnAnswer:
    """What a TURN server answered.

    Attributes:
        url: its address, without credentials.
        works: it gave a relay.
        said: the relay's address, or the reason why there is none.
        ms: milliseconds until it answered.
    """

    url: str
    works: bool
    said: str
    ms: float


def ask_all(servers: Iterable[IceServer], *, wait_s: float = _WAIT_S) -> list[TurnAnswer]:
    """Ask every TURN server of a list for a relay, at the same time; STUN servers are left out.

    Args:
        servers: as `providers.ice_servers` gives them.
        wait_s: for how long to wait for each, in seconds.
    """
    turn = [server for server in servers if server["urls"].startswith("turn")]

    async def all_of_them() -> list[TurnAnswer]:
        return list(await asyncio.gather(*(_ask(server, wait_s) for server in turn)))

    return asyncio.run(all_of_them())


async def _ask(server: IceServer, wait_s: float) -> TurnAnswer:
    began = time.perf_counter()
    try:
        works, said = True, await asyncio.wait_for(_relay(server), wait_s)
    except TimeoutError:
        works, said = False, f"no answer within {wait_s:g} s"
    except TransactionFailed as refusal:
        works, said = False, f"refused with status {refusal.response.error_code}"
    except (OSError, TransactionError) as fault:
        works, said = False, f"cannot be reached ({type(fault).__name__})"
    return TurnAnswer(server["urls"], works, said, 1000 * (time.perf_counter() - began))


async def _relay(server: IceServer) -> str:
    """Return the address of a relay that the server gave; it has been given back by then."""
    at = parse_stun_turn_uri(server["urls"])
    closed = asyncio.get_running_loop().create_future()

    class Waiting(asyncio.DatagramProtocol):
        def connection_lost(self, _: Exception | None) -> None:
            if not closed.done():
                closed.set_result(None)

    transport, _ = await create_turn_endpoint(
        Waiting,
        server_addr=(at["host"], at["port"]),
        username=server.get("username"),
        password=server.get("credential"),
        ssl=at["scheme"] == "turns",
        transport=at["transport"],
    )
    host, port = transport.get_extra_info("sockname")
    transport.close()
    await closed
    return f"{host}:{port}"
