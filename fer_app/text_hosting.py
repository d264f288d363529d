"""Pure. Every sentence about what this server allows, and the operator's view of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

# -- photos and videos
PHOTO_KINDS = "JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC or AVIF"


def photo_help(megabytes: int) -> str:
    """Return what may be uploaded as a photo."""
    return f"{PHOTO_KINDS}, up to {megabytes} MB each."


def too_often(per_minute: int, left_out: int, wait_s: float) -> str:
    """Return why some photos of a batch were not read."""
    rest = "1 photo was" if left_out == 1 else f"{left_out} photos were"
    return f"This server reads up to {per_minute} photos or videos a minute for each visitor: {rest} left out. {again_in(wait_s)}"


def not_read(count: int) -> str:
    """Return what is said of photos whose page was left before their turn came."""
    rest = "1 photo was" if count == 1 else f"{count} photos were"
    return f"{rest} not read, because you left the page first. Add {'it' if count == 1 else 'them'} again."


def not_yet(per_minute: int, wait_s: float) -> str:
    """Return why a video is not analysed now."""
    return f"This server reads up to {per_minute} photos or videos a minute for each visitor. {again_in(wait_s)}"


def again_in(wait_s: float) -> str:
    """Return when to try again.

    Example:
        >>> again_in(0.2), again_in(41.5)
        ('Try again in 1 second.', 'Try again in 42 seconds.')
    """
    whole = max(1, math.ceil(wait_s))
    return f"Try again in {whole} second{'' if whole == 1 else 's'}."


def most_faces(count: int) -> str:
    """Return what is said where a picture has as many faces as are read."""
    return f"This server reads up to {count} faces of a picture, the largest first. For more, crop the photo into parts."


def video_too_large(limit_mb: int, came_mb: float) -> str:
    """Return why a video was not taken in."""
    return f"expected a video of at most {limit_mb} MB, got {came_mb:.0f} MB; cut it, or save it smaller"


def video_too_long(limit_minutes: float, came_s: float | None = None) -> str:
    """Return why a video was not taken in, or why its analysis ended; how long it is, where its file says so."""
    came = "more" if came_s is None else f"{came_s / 60:.1f}"
    return f"expected a video of at most {limit_minutes:g} minutes, got {came}; cut it, or use python -m fer_core analyze"


# -- live video
LIVE_TROUBLE: Mapping[str, str] = MappingProxyType(
    {
        "time_up": "Your time with live video is up, so that others get their turn. What was read is kept below.",
    }
)
INSTEAD = "Leave the line and take photos"


def your_turn(left_s: float) -> str:
    """Return what a visitor is told for whom a place is kept free."""
    whole = max(1, math.ceil(left_s))
    return f"It is your turn: press Start within {whole} second{'' if whole == 1 else 's'}."


def waiting(number: int, seats: int) -> str:
    """Return what a visitor in line is told."""
    places = "The place" if seats == 1 else f"All {seats} places"
    return (
        f"{places} for live video {'is' if seats == 1 else 'are'} taken. You are number {number} in line; "
        "keep this page in view, and it tells you when it is your turn."
    )


# -- the end of a server
NEWCOMER = (
    "This server is about to restart, so live video and new videos are closed. Photos are still read. "
    "Reload this page in a few minutes."
)
CLOSING = "This server is about to restart, so no new live video or video begins. Reload this page in a few minutes."


LOST_SESSION = (
    "Your session has ended, because its server did or because this page was away for long. This is a fresh one: what you "
    "analysed before is gone from here, and what you downloaded can be loaded again under History."
)
LOST_CLOSE = "Close this message"


def ending(seconds: float) -> str:
    """Return what a visitor of a server that is about to end is told."""
    return (
        f"This server restarts within {math.ceil(seconds)} seconds. Download now what you want to keep, and reload the page then."
    )


# -- the operator
TITLE = "Operator"
CLOSED = (
    "This page is closed, because no token is set. Set `MIEN_OPERATOR_TOKEN` in `.streamlit/secrets.toml` or the environment to "
    "16 characters or more that nobody can guess, for example by `python -c 'import secrets; print(secrets.token_urlsafe(24))'`, "
    "then start Mien again."
)
ASK = "Operator's token"
OPEN = "Open"
WRONG = "This is not the operator's token."
NOW = "Now"
SINCE_START = "Since the start"
SEATS_TITLE = "Live video, place by place"
NO_SEATS = "No live video is running."
DRAIN = "Restart after running work"
DRAIN_HELP = (
    "No new live video and no new videos; running ones get a bounded time, then the server ends and its supervisor starts it."
)
NEVER_PICTURES = "Counts and times only: no picture, no name, no address."
FIGURES: Mapping[str, str] = MappingProxyType(
    {
        "sessions": "Open sessions",
        "seats": "Live places taken",
        "waiting": "In line",
        "fps": "Frames a second, all",
        "p95": "Frame, 95 of 100 within",
        "memory": "Memory",
    }
)
TOTALS: Mapping[str, str] = MappingProxyType(
    {
        "mien_sessions_total": "Sessions",
        "mien_live_frames_total analysed": "Frames analysed",
        "mien_live_frames_total dropped": "Frames passed over",
        "mien_live_frames_total faulty": "Frames faulty",
        "mien_analysis_seconds_count photo": "Photos",
        "mien_analysis_seconds_count video": "Videos",
        "mien_analysis_seconds_count models": "Photos compared",
        "mien_errors_total": "Errors",
    }
)
SEAT_COLUMNS = ("Frames a second", "Frame, half within", "95 of 100 within", "Analysed", "Passed over", "Faulty")
WHAT, COUNT, REFUSED = "What", "Count", "Refused"


def of(part: int, whole: int) -> str:
    """Return how much of something is used."""
    return f"{part} of {whole}"


def ms(value: float) -> str:
    """Return a time."""
    return f"{value:.0f} ms"


def megabytes(value: float | None) -> str:
    """Return an amount of memory."""
    return "unknown" if value is None else f"{value:.0f} MB"


def problem(sentence: str) -> str:
    """Return what is wrong with a limit."""
    return f"A limit keeps its default: {sentence}."


def token_problem(sentence: str) -> str:
    """Return why the operator's page stays closed."""
    return f"This page is closed: {sentence}."
