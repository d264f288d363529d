"""Pure. Every sentence of the live screen; the operator's are in `text_operator`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fer_app.text import LOOKS, percent
from fer_core.palette import NOT_SURE

LIVE_PAGE = "Live"
TITLE = "See expressions live"
LEAD = "Press **Start** and allow the camera. Mien frames each face and names the expression it looks like, as it changes."
TELL = "Tell everyone in the picture that their expression is being read. No picture is kept."
NEEDS_NOTICE = "Please confirm the notice above first; the camera stays off until then."

# -- the video's own buttons
CAMERA_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "start": "Start",
        "stop": "Stop",
        "select_device": "Choose a camera",
        "select_camera": "Choose a camera",
        "turn_camera_on": "Turn the camera on",
        "turn_camera_off": "Turn the camera off",
        "media_api_not_available": "This browser has no camera for web pages.",
        "device_ask_permission": "Please allow this page to use the camera.",
        "device_not_available": "This camera cannot be used now.",
        "device_access_denied": "The camera is blocked for this page.",
    }
)

# -- settings
STYLE = "Beside a face"
STYLE_NAMES: Mapping[str, str] = MappingProxyType({"labels": "Words", "emoji": "Emoji", "boxes": "Boxes only"})
MIRROR = "Mirror the picture"
MIRROR_HELP = "As in a mirror. Words stay readable, and the results keep the true left and right."
SMOOTH = "Calm the answer over"
SMOOTH_HELP = "Longer is calmer, shorter is quicker. 0 shows every picture's own answer."
MIN_FACE_HELP = "In pixels of the picture. A smaller size finds people farther away and takes longer."

# -- beside the video
BESIDE_IDLE = "Once the video runs, this side shows who is visible and how each face looks, second by second."
BESIDE_WAITING = "Connecting. Allow the camera if your browser asks."
NOBODY = "Nobody is visible at the moment."
MINUTE = "The last minute"
EVERYONE = "Everyone"
FAULTY = "Some pictures could not be read and are shown as they came. The video goes on."
IDLE = "No picture is arriving. If this lasts, press Stop and Start again."

# -- what went wrong, and what to do; a snapshot takes over
SNAPSHOT_NOTE = "Until then a photo does the same: take one here, or add one on the Photo page."
PHOTO_NOTE = "Until then a photo does the same: add one on the Photo page."
TRY_AGAIN = "Try the live video again"
PREFER_SNAPSHOT = "No video? Take a photo instead"
TROUBLE: Mapping[str, str] = MappingProxyType(
    {
        "insecure": "Browsers open the camera only on pages whose address begins with https; please use that address.",
        "denied": "The camera is blocked for this page. Allow it by the icon beside the page's address, then try again.",
        "missing": "No camera was found. Connect one, or use a phone or laptop that has one, then try again.",
        "busy": "Another program is using the camera. Close it, then try again.",
        "failed": "The camera could not be opened. Connect it again or choose another one, then try again.",
        "slow": "The video could not connect within 8 seconds, most often because this network blocks it. Try another network.",
        "setup": "Live video is not set up correctly on this server; its operator finds the reason on the connection check page.",
        "chosen": "The live video is off.",
    }
)
LOST = "The connection was lost, so the session ended. Press Start to begin a new one."

# -- after STOP
SESSION = "Your last session"
SHARES = "Share of the time that faces were visible"
NO_FACES = "No face was visible in this session."
DOWNLOAD_CSV = "CSV"
DOWNLOAD_JSON = "JSON"
DELETE = "Delete"


def person(track_id: int) -> str:
    """Return what a person is called: people count from one."""
    return f"Person {track_id + 1}"


def looks(shown: str) -> str:
    """Return the answer about one person, in the middle of a line.

    Example:
        >>> looks("happy"), looks("not sure")
        ('looks happy', 'not sure')
    """
    return NOT_SURE if shown == NOT_SURE else f"looks {LOOKS.get(shown, shown)}"


def visible(count: int) -> str:
    """Return how many people are visible."""
    return "1 person is visible" if count == 1 else f"{count} people are visible"


def more_people(count: int) -> str:
    """Return how many visible people have no bars."""
    return "and 1 more person" if count == 1 else f"and {count} more people"


def pace(fps: float, p50_ms: float, p95_ms: float) -> str:
    """Return how fast the stream is."""
    return f"{fps:.0f} pictures a second; each takes {p50_ms:.0f} ms, 95 of 100 at most {p95_ms:.0f} ms"


def counts(analysed: int, dropped: int) -> str:
    """Return how many frames were analysed and dropped."""
    return f"{_thousands(analysed)} analysed, {_thousands(dropped)} passed over"


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def smooth_seconds(seconds: float) -> str:
    """Return the name of a choice of the time constant."""
    return f"{seconds:g} s"


def length(seconds: float) -> str:
    """Return how long something lasted.

    Example:
        >>> length(42.3), length(200)
        ('42 s', '3 min 20 s')
    """
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def session_facts(seconds: float, pictures: int, people: int) -> str:
    """Return what a session consists of."""
    who = "1 person" if people == 1 else f"{people} people"
    many = "1 picture" if pictures == 1 else f"{_thousands(pictures)} pictures"
    return f"{length(seconds)} · {many} analysed · {who}"


def minute_alt(means: Mapping[str, float]) -> str:
    """Return the text alternative of the timeline."""
    ranked = sorted(means, key=lambda name: -means[name])[:3]
    return "Timeline of the last minute, on average " + ", ".join(f"{LOOKS.get(n, n)} {percent(means[n])}" for n in ranked)


def shares_alt(shares: Mapping[str, float]) -> str:
    """Return the text alternative of the chart of shares of time."""
    ranked = sorted(shares, key=lambda name: -shares[name])
    return "Bar chart: " + ", ".join(f"{LOOKS.get(name, name)} {percent(shares[name])}" for name in ranked)
