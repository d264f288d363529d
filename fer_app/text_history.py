"""Pure. Every sentence of the history screen. What a visitor brings (names, notes, messages about files) is never put in one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fer_app.text import LOOKS, percent
from fer_app.text_live import length
from fer_core.palette import NOT_SURE

HISTORY_PAGE = "History"
TITLE = "Everything from this session"
LEAD = (
    "Photos, videos and live sessions in one place, for as long as you stay. Nothing is stored: download what you want to keep."
)
EMPTY_TITLE = "Nothing here yet"
EMPTY = (
    "Add a photo, a video, or start the camera: whatever Mien reads in this session is gathered here. Or load a session that you "
    "downloaded before."
)
GO_PHOTO, GO_VIDEO, GO_LIVE = "Add a photo", "Add a video", "Start the camera"

# -- the parts of the screen
VIEW = "What to show"
OVERVIEW, TIME, NOTES, COMPARE, RECORDINGS = "overview", "time", "notes", "compare", "recordings"
VIEWS: Mapping[str, str] = MappingProxyType(
    {
        OVERVIEW: ":material/bar_chart: Overview",
        TIME: ":material/timeline: Over time",
        NOTES: ":material/flag: Notes",
        COMPARE: ":material/compare_arrows: Compare",
        RECORDINGS: ":material/list: Recordings",
    }
)
KIND_NAMES: Mapping[str, str] = MappingProxyType({"photo": "Photos", "video": "Videos", "live": "Live", "loaded": "Loaded"})
KIND_ICONS: Mapping[str, str] = MappingProxyType(
    {
        "photo": ":material/photo_camera:",
        "video": ":material/movie:",
        "live": ":material/videocam:",
        "loaded": ":material/upload_file:",
    }
)

# -- filters
FILTERS = "Filter"
FILTERS_ON = "Filter is on"
FILTER_KINDS, FILTER_SOURCES, FILTER_PEOPLE, FILTER_LOOKS = "Kinds", "Sources", "People", "Expressions"
FILTER_ALL = "All"
FILTERS_CLEAR = "Show everything"
FILTERED_OUT = "No face fits this filter. Choose less, or show everything."

# -- shares
SHARES = "Share of each perceived expression"
SHARES_NOTE = "Of the time that faces were visible; a face in a photo counts as one second."
BY_SOURCE = "By source"
BY_PERSON = "By person"
BY_SOURCE_NOTE = "In the colours of the shares of all."
BY_PERSON_NOTE = "People are counted anew in each source, unless you gave them a name."
NO_FACES = "No face was found in what is shown here."
NUMBERS = "The numbers"
NAME = "Name"

# -- over time
TIMED_SOURCE = "Source"
TIME_NOTE = (
    "Mean probability of each expression. Empty: not analysed, or only people who are not shown. Pale: analysed, and nobody "
    "visible. Flags are your notes."
)
NO_TIME = "Photos have no course of time. Record a live session or load one, and it is drawn here."
NOBODY, NOBODY_HOVER = "nobody visible", "yes"
FLAG = "note"
MOMENT = "Time"

# -- notes
NOTE_LEAD = "A note marks a photo, or a moment of a video or a live session. It is downloaded with the results."
NOTE_SOURCE = "On"
NOTE_TIME = "At"
NOTE_TIME_HELP = "Minutes and seconds, such as 1:30. The nearest analysed picture gets the note. Photos need no time."
NOTE_TEXT = "Note"
NOTE_PLACEHOLDER = "For example: the door opens"
NOTE_ADD = "Add note"
NOTE_NONE = "No notes yet."
NOTE_EMPTY = "A note needs a few words. Write them and add the note again."
NOTE_TAKEN = "There is a note here already, and both together are too long. Write less, or delete the one that is there."
NOTE_DELETE = "Delete note"

# -- compare
SIDES = ("First", "Second")
COMPARE_LEAD = "The share of each perceived expression in two sessions, side by side. It describes pictures, not how people felt."
COMPARE_ALONE = "There is only one session so far. Record a second one, or load one that you downloaded, to compare the two."
ALL_HERE = "All of this session, without loaded files"
DIFFERENCE = "Difference in points"

# -- the report
REPORT_TITLE = "Perceived expressions"
REPORT_LEAD = (
    "A report by Mien. It says which expression faces looked like in pictures: a guess about pictures, not about what people "
    "felt, and nothing to judge anyone by at work or in education."
)
NOTES_TITLE = "Notes"

# -- files
DOWNLOAD_CSV, DOWNLOAD_JSON, DOWNLOAD_HTML = "CSV", "JSON", "HTML report"
DOWNLOADS_HELP = "Everything on this screen, filter or not."
LOAD = "Load a session"
LOAD_LABEL = "CSV or JSON files that Mien wrote"
LOAD_HELP = "Of this version or an older one. JSON up to 40 MB, CSV up to 16 MB: about 100,000 faces."
LOAD_FULL = "no room is left for it; delete loaded sessions and load it again"
LOAD_LABELS = "expected the seven expressions of this screen, got others; open it with the library"
LOAD_EMPTY = "expected analysed pictures, got none; download the session again"
REFUSED_TITLE = "Not loaded; everything else is as it was"
DELETE = "Delete"
DELETE_ALL = "Delete everything"
DELETE_SURE = "Photos, videos, live sessions, loaded files and notes of this session will be gone for good."
DELETE_YES = "Yes, delete everything"


def answer(name: str) -> str:
    """Return how an answer is called in a chart: "happy", "not sure"."""
    return LOOKS.get(name, name)


def facts(recordings: int, seconds: float, pictures: int, visible: int) -> str:
    """Return what there is, in one line.

    Args:
        recordings: how many.
        seconds: how long those that have a length last together.
        pictures: of how many pictures results are kept.
        visible: in how many of them a face was found.
    """
    many = "1 recording" if recordings == 1 else f"{recordings} recordings"
    long = f" · {span(seconds)}" if seconds >= 1 else ""
    shown = "1 picture" if pictures == 1 else f"{thousands(pictures)} pictures"
    return f"{many}{long} · results of {shown} · somebody visible in {percent(visible / max(1, pictures))}"


def people(count: int) -> str:
    """Return how many people are in a recording."""
    return "1 person" if count == 1 else f"{count} people"


def thousands(number: int) -> str:
    """Return a whole number as people write it."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def span(seconds: float) -> str:
    """Return how long something lasted.

    Example:
        >>> span(42.3), span(480), span(7384)
        ('42 s', '8 min', '2 h 3 min')
    """
    whole = round(seconds)
    return length(seconds).removesuffix(" 0 s") if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"


def clock(seconds: float) -> str:
    """Return a time on a source's clock.

    Example:
        >>> clock(14.4), clock(3725)
        ('0:14', '1:02:05')
    """
    whole = int(seconds)
    minutes = f"{whole % 3600 // 60:02d}" if whole >= 3600 else f"{whole // 60}"
    return f"{whole // 3600}:{minutes}:{whole % 60:02d}" if whole >= 3600 else f"{minutes}:{whole % 60:02d}"


def note_bad_time(first_s: float, last_s: float) -> str:
    """Return why a note has no place in a source that was analysed from one time to another."""
    within = f"between {clock(first_s)} and {clock(last_s)} for this source"
    return f"The time should be minutes and seconds, such as 1:30, and {within}. Correct it and add the note again."


def seconds_of(clock_words: str) -> float | None:
    """Return the seconds of a time that a visitor wrote; None where it is none.

    Example:
        >>> seconds_of("1:30"), seconds_of("14"), seconds_of("1:02:05,5"), seconds_of("soon")
        (90.0, 14.0, 3725.5, None)
    """
    parts = clock_words.strip().replace(",", ".").split(":")
    if not 1 <= len(parts) <= 3 or not all(
        part.replace(".", "", 1).isascii() and part.replace(".", "", 1).isdigit() for part in parts
    ):
        return None
    return sum(float(part) * 60**power for power, part in enumerate(reversed(parts)))


def shares_alt(shares: Mapping[str, float]) -> str:
    """Return the text alternative of a chart of shares, the largest first."""
    ranked = sorted(shares, key=lambda name: -shares[name])
    return "Bar chart: " + ", ".join(f"{answer(name)} {percent(shares[name])}" for name in ranked)


def rows_alt(what: str, count: int) -> str:
    """Return the text alternative of a chart of stacked bars."""
    return f"Stacked bars, {what.lower()}, {count} rows; the numbers are below"


def most_often(shares: Mapping[str, float]) -> str:
    """Return what was seen most.

    Example:
        >>> most_often({"happy": 0.6, "not sure": 0.4}), most_often({"not sure": 1.0}), most_often({})
        ('most often looks happy', 'most often not sure', 'no face')
    """
    if not shares:
        return "no face"
    best = max(shares, key=lambda name: shares[name])
    return f"most often {best if best == NOT_SURE else 'looks ' + answer(best)}"


def notes_full(most: int) -> str:
    """Return why no note can be written any more."""
    return f"There is room for {most} notes. Delete one to write another."


def more_rows(count: int) -> str:
    """Return how many rows a chart leaves out."""
    return f"and {count} more; the numbers below have them all"


def loaded(count: int) -> str:
    """Return what is said when files were loaded."""
    return "1 session loaded" if count == 1 else f"{count} sessions loaded"


def side(name: str, kind: str) -> str:
    """Return what one side of a comparison is called; a visitor's words, for widgets that render no markup."""
    return f"{name} ({KIND_NAMES[kind]})"


def points(difference: float) -> str:
    """Return a difference of two shares.

    Example:
        >>> points(0.123), points(-0.05), points(0.0)
        ('+12', '−5', '0')
    """
    whole = round(100 * difference)
    return f"+{whole}" if whole > 0 else f"\N{MINUS SIGN}{-whole}" if whole < 0 else "0"
