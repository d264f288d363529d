"""Workshop. How a visitor without a browser reaches the app on this machine: one websocket, and HTTP for files."""

from __future__ import annotations

import http.client
import mimetypes
import re
import uuid
from collections.abc import Mapping
from contextlib import closing

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

HOST = "127.0.0.1"
"""The one address that is ever asked."""

PATIENCE_S = 180.0


class LostError(RuntimeError):
    """A visitor did not get what the page should have shown."""


FAULTS = (LostError, OSError, WebSocketException, http.client.HTTPException)
"""What a visitor meets where a server does not answer as it should."""


def ask(port: int, method: str, path: str, head: Mapping[str, str], body: bytes | None = None) -> http.client.HTTPMessage:
    """Send a request; return the head of the answer.

    Raises:
        LostError: it is a refusal.
    """
    with closing(http.client.HTTPConnection(HOST, port, timeout=PATIENCE_S)) as wire:
        wire.request(method, "/" + path.lstrip("/"), body, dict(head))
        answer = wire.getresponse()
        answer.read()
    if answer.status >= 300:
        raise LostError(f"expected an answer to {method}, got {answer.status}")
    return answer.headers


def token(port: int) -> str:
    """Return the mark by which the server knows requests of its own page, which it gives as a cookie.

    Raises:
        LostError: it gives none.
    """
    found = re.search(r"_streamlit_xsrf=([^;]+)", ask(port, "GET", "/_stcore/health", {}).get("Set-Cookie", ""))
    if found is None:
        raise LostError("expected a cookie from the server, got none; is server.enableXsrfProtection off?")
    return found[1]


def cookie(mark: str) -> dict[str, str]:
    """Return the head of a request that has the server's mark."""
    return {"Cookie": f"_streamlit_xsrf={mark}"}


def put(port: int, path: str, mark: str, name: str, data: bytes) -> None:
    """Send a file up, as a page does.

    Raises:
        LostError: it is refused.
    """
    edge = uuid.uuid4().hex
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
    about = {"Content-Type": f"multipart/form-data; boundary={edge}", "X-Xsrftoken": mark}
    ask(port, "PUT", path, about | cookie(mark), head.encode() + data + f"\r\n--{edge}--\r\n".encode())


def connected(port: int, mark: str) -> ClientConnection:
    """Return an open websocket, to be closed by whoever enters it."""
    return connect(
        f"ws://{HOST}:{port}/_stcore/stream",
        origin=Origin(f"http://{HOST}:{port}"),
        subprotocols=[Subprotocol("streamlit"), Subprotocol(mark)],
        additional_headers=cookie(mark),
        compression=None,
        proxy=None,
        open_timeout=PATIENCE_S,
        ping_interval=None,  # a browser sends none
        max_size=None,
    )
