"""Pure. How browser and server find each other where no direct way is open: settings → ICE servers.

Of a list, the server uses the first TURN address alone, and browsers prefer what works; so the order is ours to give.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from typing import Any

IceServer = dict[str, str]

NAMES = (
    *("MIEN_STUN_URLS", "MIEN_TURN_URLS", "MIEN_TURN_USERNAME", "MIEN_TURN_PASSWORD", "MIEN_TURN_SECRET", "MIEN_UDP"),
    *("CLOUDFLARE_TURN_KEY_ID", "CLOUDFLARE_TURN_KEY_API_TOKEN", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"),
)
LIFETIME_S = 24 * 3600  # of credentials made for one visit
_ADDRESS = re.compile(r"(stun|turns?):([A-Za-z0-9.-]+)(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?")
_EXAMPLE = "turns:turn.example.org:443?transport=tcp"


class SettingsError(ValueError):
    """A setting cannot be used; the message says what was expected, what came, and what to do."""


def own_servers(settings: Mapping[str, str], *, now_s: float) -> list[IceServer]:
    """Return the STUN and TURN servers that the settings name themselves.

    Args:
        settings: by the names in `NAMES`.
        now_s: seconds since 1970, from which credentials made of a shared secret count.

    Raises:
        SettingsError: an address is none, or a TURN server stands without credentials.
    """
    stun = _addresses(settings, "MIEN_STUN_URLS", schemes=("stun",))
    turn = _addresses(settings, "MIEN_TURN_URLS", schemes=("turn", "turns"))
    if not turn:
        return [{"urls": url} for url in stun]
    username, credential = _credentials(settings, now_s)
    return [{"urls": url} for url in stun] + [{"urls": url, "username": username, "credential": credential} for url in turn]


def _addresses(settings: Mapping[str, str], name: str, *, schemes: tuple[str, ...]) -> list[str]:
    urls = [url for url in re.split(r"[\s,]+", settings.get(name, "")) if url]
    bad = next((url for url in urls if not is_address(url) or url.split(":")[0] not in schemes), None)
    if bad:
        example, came = _EXAMPLE.replace("turns", schemes[-1]), _without_password(bad)
        raise SettingsError(f"{name} must list addresses such as {example}, got {came!r}; correct it")
    return urls


def _without_password(url: str) -> str:
    """Return an address without what stands before its @: a log keeps what it is told."""
    return re.sub(r":.*@", ":…@", url)


def is_address(url: str) -> bool:
    """Return whether this is the address of a STUN or TURN server.

    Example:
        >>> is_address("turns:turn.example.org:443?transport=tcp"), is_address("https://turn.example.org")
        (True, False)
    """
    found = _ADDRESS.fullmatch(url)
    if not found:
        return False
    scheme, _, port, transport = found.groups()
    return 0 < int(port or 1) < 65536 and not (scheme == "stun" and transport) and not (scheme == "turns" and transport == "udp")


def _credentials(settings: Mapping[str, str], now_s: float) -> tuple[str, str]:
    """Return what the settings give, or what a TURN server with the same shared secret accepts for a day (TURN REST API)."""
    if secret := settings.get("MIEN_TURN_SECRET"):
        username = f"{int(now_s) + LIFETIME_S}:mien"
        digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
        return username, base64.b64encode(digest).decode()
    username, password = settings.get("MIEN_TURN_USERNAME", ""), settings.get("MIEN_TURN_PASSWORD", "")
    if not username or not password:
        missing = "MIEN_TURN_USERNAME" if not username else "MIEN_TURN_PASSWORD"
        raise SettingsError(f"MIEN_TURN_URLS needs MIEN_TURN_SECRET, or a user name and a password, got no {missing}; set it")
    return username, password


def pair(settings: Mapping[str, str], first: str, second: str) -> tuple[str, str] | None:
    """Return two settings that belong together, or None where neither is set.

    Raises:
        SettingsError: one stands without the other.
    """
    values = settings.get(first, ""), settings.get(second, "")
    if any(values) and not all(values):
        missing, there = (first, second) if not values[0] else (second, first)
        raise SettingsError(f"{there} needs {missing} beside it, got only one of them; set both or neither")
    return values if all(values) else None


def udp_is_closed(settings: Mapping[str, str]) -> bool:
    """Return whether the server's network lets no UDP out.

    Raises:
        SettingsError: the setting is neither "open" nor "closed".
    """
    said = settings.get("MIEN_UDP", "open").lower()
    if said not in ("open", "closed"):
        raise SettingsError(f"MIEN_UDP must be open or closed, got {said!r}; leave it out where UDP is open")
    return said == "closed"


def flat(servers: Iterable[Mapping[str, Any]]) -> list[IceServer]:
    """Return a provider's list with one address an entry, without what cannot be used: other schemes, and port 53.

    Browsers block port 53 and wait for it in vain.
    """
    found = []
    for server in servers:
        urls = server.get("urls", server.get("url"))
        for url in urls if isinstance(urls, list) else [urls]:
            if isinstance(url, str) and is_address(url) and ":53?" not in url and not url.endswith(":53"):
                found.append({"urls": url, **{k: server[k] for k in ("username", "credential") if server.get(k)}})
    return found


def in_order(servers: Iterable[IceServer], *, udp_closed: bool) -> list[IceServer]:
    """Return the servers, where UDP is closed with TLS first, then TCP, the ports first that firewalls let through."""
    return sorted(servers, key=lambda server: _rank(server["urls"])) if udp_closed else list(servers)


def _rank(url: str) -> tuple[int, int]:
    scheme, _, port, transport = _ADDRESS.fullmatch(url).groups()  # type: ignore[union-attr] - only checked addresses come here
    kind = 0 if scheme == "turns" else 1 if scheme == "turn" and transport == "tcp" else 2 if scheme == "turn" else 3
    return kind, 0 if port in ("443", "80", "8080") else 1
