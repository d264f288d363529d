"""Pure. Every sentence of the operator's connection check."""

from __future__ import annotations

from collections.abc import Sequence

OPERATOR_PAGE = "Connection check"
TITLE = "Does live video work from anywhere?"
LEAD = (
    "Live video travels between the visitor's browser and this server. On one machine or one network they find each other "
    "without help. Through firewalls and phone networks they need a TURN server, which relays the video."
)
HOW = (
    "Set one of these in `.streamlit/secrets.toml` or in the environment, then start Mien again:\n\n"
    "- your own TURN server: `MIEN_TURN_URLS` (several with commas, such as `turns:turn.example.org:443?transport=tcp`), with "
    "`MIEN_TURN_SECRET` (coturn's `static-auth-secret`) or `MIEN_TURN_USERNAME` and `MIEN_TURN_PASSWORD`\n"
    "- Cloudflare: `CLOUDFLARE_TURN_KEY_ID` and `CLOUDFLARE_TURN_KEY_API_TOKEN`\n"
    "- Twilio: `TWILIO_ACCOUNT_SID` and `TWILIO_AUTH_TOKEN`\n"
    '- `MIEN_UDP = "closed"` where this server\'s network lets no UDP out: TLS and TCP are tried first\n'
    "- `MIEN_STUN_URLS` if the server stands behind NAT with UDP open"
)
NONE_SET = "No TURN server is set. Live video works on this machine and on networks without barriers, and not from everywhere."
CHECK = "Check now"
SERVER_SIDE = "From this server"
BROWSER_SIDE = "From this browser"
BROWSER_NONE = "This browser got no relay. Look at the credentials, and at the ports that its network lets through."
BROWSER_WAITING = "Asking from this browser …"
ADDRESS = "TURN server"
ANSWER = "Answer"
TIME = "Time"
FIRST_COUNTS = "The server uses the first address of the list alone; browsers use any of them."
ALL_WORK = "Every TURN server gives a relay."
FIRST_FAILS = "The first TURN server gives no relay, and this server uses no other: put one that works first."
SOME_FAIL = "Some TURN servers give no relay."


def problem(sentence: str) -> str:
    """Return what is wrong with the settings."""
    return f"Live video is switched off: {sentence}."


def verdict(works: Sequence[bool]) -> str:
    """Return what the answers of the servers, in their order, mean."""
    return ALL_WORK if all(works) else SOME_FAIL if works[0] else FIRST_FAILS


def answer(works: bool, said: str) -> str:
    """Return one server's answer."""
    return f"Gives a relay ({said})" if works else f"No relay: {said}"


def browser_relays(protocols: Sequence[str]) -> str:
    """Return by which protocols a browser reached a relay."""
    return f"This browser got a relay over {', '.join(sorted(protocols)).upper()}." if protocols else BROWSER_NONE
