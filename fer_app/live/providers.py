"""Adapter. ICE servers of hosted providers: a key for their API → credentials for a day."""

from __future__ import annotations

import base64
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Any

from fer_app.live import ice

CLOUDFLARE = "https://rtc.live.cloudflare.com/v1/turn/keys"
TWILIO = "https://api.twilio.com/2010-04-01/Accounts"
_WAIT_S = 5.0


def ice_servers(settings: Mapping[str, str], *, cloudflare: str = CLOUDFLARE, twilio: str = TWILIO) -> list[ice.IceServer]:
    """Return every ICE server that the settings give, in the order in which they should be tried; none for none.

    Args:
        settings: by the names in `ice.NAMES`.
        cloudflare: where Cloudflare's API answers.
        twilio: where Twilio's API answers.

    Raises:
        SettingsError: a setting is malformed, or a provider refused it or did not answer.
    """
    closed = ice.udp_is_closed(settings)
    found = ice.own_servers(settings, now_s=time.time())
    if keys := ice.pair(settings, "CLOUDFLARE_TURN_KEY_ID", "CLOUDFLARE_TURN_KEY_API_TOKEN"):
        found += _of_cloudflare(*keys, base=cloudflare)
    if keys := ice.pair(settings, "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        found += _of_twilio(*keys, base=twilio)
    return ice.in_order(found, udp_closed=closed)


def _of_cloudflare(key_id: str, token: str, *, base: str) -> list[ice.IceServer]:
    url = f"{base}/{urllib.parse.quote(key_id, safe='')}/credentials/generate-ice-servers"
    body = json.dumps({"ttl": ice.LIFETIME_S}).encode()
    answer = _post(url, body, {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}, who="Cloudflare")
    return _listed(answer.get("iceServers"), who="Cloudflare")


def _of_twilio(sid: str, token: str, *, base: str) -> list[ice.IceServer]:
    url = f"{base}/{urllib.parse.quote(sid, safe='')}/Tokens.json"
    body = urllib.parse.urlencode({"Ttl": ice.LIFETIME_S}).encode()
    key = base64.b64encode(f"{sid}:{token}".encode()).decode()
    return _listed(_post(url, body, {"Authorization": f"Basic {key}"}, who="Twilio").get("ice_servers"), who="Twilio")


def _listed(servers: object, *, who: str) -> list[ice.IceServer]:
    entries = servers if isinstance(servers, list) else [servers]
    found = ice.flat(entry for entry in entries if isinstance(entry, dict))
    if not found:
        raise ice.SettingsError(f"{who} must answer with a list of servers, got none; check its account")
    return found


def _post(url: str, body: bytes, headers: dict[str, str], *, who: str) -> dict[str, Any]:
    """Return a provider's answer; its words and the key stay out of the message."""
    # Cloudflare refuses the name under which urllib goes.
    request = urllib.request.Request(url, body, {**headers, "User-Agent": "mien"}, method="POST")  # noqa: S310 - our own constants
    try:
        with urllib.request.urlopen(request, timeout=_WAIT_S) as reply:  # noqa: S310
            answer = json.loads(reply.read(1_000_000))
    except urllib.error.HTTPError as fault:
        raise ice.SettingsError(f"{who} must accept the key, got status {fault.code}; check the key and the token") from fault
    except (OSError, ValueError) as fault:
        came = type(fault).__name__
        raise ice.SettingsError(f"{who} must answer within {_WAIT_S:g} s, got {came}; try again or check the network") from fault
    return answer if isinstance(answer, dict) else {}
