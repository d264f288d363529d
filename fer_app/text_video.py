"""Pure. Every sentence of the video screen."""

from __future__ import annotations

from collections.abc import Mapping

from fer_app.text import LOOKS, percent
from fer_app.text_live import length
from fer_core.palette import NOT_SURE

VIDEO_PAGE = "Video"
TITLE = "Follow expressions through a video"
LEAD = "Add a video. Mien follows each face and shows which expression it looks like, moment by moment, and when it is not sure."
UPLOAD = "Choose a video, or drop it here"
UPLOAD_HELP = "MP4, MOV, WebM, AVI or MKV. For longer files there is the command line: python -m fer_core analyze."
KEPT_NOTE = "The video stays on this server only while this page is open. Its results stay under History until you delete them."
COPYING = "Taking in the video"
GONE = (
    "The page was away for a while, so the video was let go. What was analysed is still here; add the video again for the rest."
)
REMOVE = "Remove this video"
PROBLEM_TITLE = "This video was left out"
GONE_BEFORE = "The page was away for a while, so the video was let go. Remove it here and add it again."

# -- before the analysis
PART = "Part to analyse"
PART_HELP = "In minutes and seconds."
RATE = "Pictures a second to analyse"
RATE_HELP = "Five a second follow every expression that lasts long enough to be seen. Every picture takes longest."
START = "Analyse"

# -- while it runs
RUNNING = "Analysing"
CANCEL = "Stop here"
WAITING = "Other visitors' videos come first; yours begins as soon as one of them is done"
CANCEL_HELP = "What was analysed so far is kept."
PREVIEW_ALT = "The picture that was analysed last, with faces framed"
BACKGROUND = "You may look at other pages meanwhile; the work goes on."

# -- results
STOPPED = "Stopped by you: the results are those of the part before."
CUT_SHORT = "The file ends earlier than it says, so the rest could not be read. Copy or download it again if you need it."
UNEXPECTED = "Something went wrong that Mien did not foresee; the reason is in the server's log. What was done before is kept"
NOTHING = "No picture of this part could be read."
NO_FACES = "No face was found in this part. Faces are found best when they look towards the camera and are well lit."
WHO = "Who"
EVERYONE = "Everyone"
OVER_TIME = "Over time"
OVER_TIME_NOTE = "Confidence of each expression. Tap the chart, or move the slider, to see that moment."
MOMENT = "Moment"
MOMENT_GONE = "The picture of this moment cannot be shown any more."
SHARES = "Share of the visible time"
PEAKS = "Strongest moments"
GO_THERE = "Show it"
CONFIDENCE = "Confidence"
PEAK_ALT = "The face at this moment"
PEOPLE = "People"
EDIT = "Rename, hide or merge"
PERSON = "Person"
NAME = "Name"
RENAME = "Save the name"
HIDE = "Hide"
SHOW = "Show again"
MERGE = "These are the same person"
MERGE_BUTTON = "Merge"
MERGE_HELP = "Someone who leaves the picture for long may come back under a new number."
COLUMNS = ("Person", "Visible", "From", "To", "Most often looks")
HIDDEN = "hidden"

# -- files
FILES = "Player and files"
DRAW_FRAMES = "Frame the faces"
BLUR = "Blur the faces"
BLUR_HELP = "In the annotated video and in the report's pictures. Hidden people are blurred too."
BLUR_SPARSE = "With fewer than two pictures a second, a face that moves quickly may escape the blur; analyse at 2 or more."
PLAYER_ALT = "The annotated video"
MAKE = "Make the annotated video"
MAKING = "Writing the annotated video"
MAKE_CANCEL = "Stop writing"
DOWNLOAD_VIDEO = "Annotated video"
DOWNLOAD_CSV = "CSV"
DOWNLOAD_JSON = "JSON"
DOWNLOAD_REPORT = "Report (HTML)"
AGAIN = "Analyse again"

# -- labels to compare with
TRUTH = "Compare with your own labels"
TRUTH_UPLOAD = "A CSV with the columns start, end, label"
TRUTH_HELP = "Times in seconds or as minutes:seconds; labels: angry, disgust, fear, happy, sad, surprise, neutral."
TRUTH_RULE = (
    "At each analysed picture inside a labelled part, the answer for the chosen person, or for the largest face, is held against "
    "your label, and counts for the time the picture stands for. “Not sure” disagrees; pictures without a face are left out."
)
TRUTH_REMOVE = "Remove the labels"
TRUTH_NONE = "No labelled part shows a face, so there is nothing to compare."
AGREEMENT = "Agreement with the labels"
STRIP_LABELS, STRIP_ANSWERS = "Your labels", "Perceived"
STRIP_HOVER = "%{customdata[0]}, %{customdata[1]} to %{customdata[2]}"

LEAD_REPORT = "Mien reads which expression a face looks like. People who are hidden are left out."
CURVES_NOTE = "Confidence of each perceived expression over time; a gap means that the person was not visible."
LIMITS = "What this does not say"
REPORT_NOTE = (
    "A perceived expression is a guess about a picture, not about what a person feels. Do not judge anyone by it at work or in "
    "education."
)


def clock(seconds: float) -> str:
    """Return a time of a video as players show it.

    Example:
        >>> clock(14.2), clock(75), clock(3725)
        ('0:14', '1:15', '1:02:05')
    """
    whole = int(seconds + 1e-6)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def exact_clock(seconds: float) -> str:
    """Return a time on a source's clock with hundredths.

    Example:
        >>> exact_clock(14.4), exact_clock(59.999)
        ('0:14.40', '1:00.00')
    """
    hundredths = round(100 * seconds)
    return f"{clock(hundredths // 100)}.{hundredths % 100:02d}"


def rate(hertz: float | None) -> str:
    """Return the name of a choice of the rate."""
    return "Every one" if hertz is None else f"{hertz:g}"


def facts(duration_s: float | None, size_wh: tuple[int, int], rate_hz: float | None, codec: str, *, sound: bool) -> str:
    """Return what a video's file says."""
    parts = [clock(duration_s) if duration_s else "length unknown", f"{size_wh[0]} × {size_wh[1]}"]
    parts += [f"{rate_hz:.3g} pictures a second"] if rate_hz else []
    return " · ".join((*parts, codec.upper(), "with sound" if sound else "no sound"))


def running(at_s: float, remaining_s: float | None) -> str:
    """Return how far an analysis is."""
    left = "" if remaining_s is None else f" · about {length(max(1.0, remaining_s))} left"
    return f"{RUNNING}: {clock(at_s)}{left}"


def making(remaining_s: float | None) -> str:
    """Return how far the annotated video is."""
    return MAKING if remaining_s is None else f"{MAKING} · about {length(max(1.0, remaining_s))} left"


def done(pictures: int, people: int, start_s: float, last_s: float) -> str:
    """Return what came of a video."""
    who = "nobody" if people == 0 else "1 person" if people == 1 else f"{people} people"
    many = "1 picture" if pictures == 1 else f"{pictures} pictures"
    return f"{clock(start_s)} to {clock(last_s)} · {many} analysed · {who}"


def peak(label: str, time_s: float) -> str:
    """Return the title of a strongest moment.

    Example:
        >>> peak("happy", 14.2)
        'Strongest happy at 0:14'
    """
    return f"Strongest {LOOKS.get(label, label)} at {clock(time_s)}"


def most(shares: Mapping[str, float]) -> str:
    """Return what a person looks like most often."""
    if not shares:
        return ""
    best = max(shares, key=lambda name: shares[name])
    return f"{NOT_SURE if best == NOT_SURE else LOOKS.get(best, best)} ({percent(shares[best])})"


def looks_word(name: str) -> str:
    """Return the word for an expression."""
    return LOOKS.get(name, name)


def moment_alt(time_s: float) -> str:
    """Return the text alternative of the picture of a moment."""
    return f"The video at {clock(time_s)}, with faces framed"


def seconds(length_s: float) -> str:
    """Return a length of time to a tenth.

    Example:
        >>> seconds(12.34)
        '12.3 s'
    """
    return f"{length_s:.1f} s"


def curves_alt(means: Mapping[str, float]) -> str:
    """Return the text alternative of the chart over time."""
    ranked = sorted(means, key=lambda name: -means[name])[:3]
    return "Line chart over time, on average " + ", ".join(f"{LOOKS.get(n, n)} {percent(means[n])}" for n in ranked)


def agrees(share: float, labelled_s: float, unseen_s: float) -> str:
    """Return how far answers and labels agree."""
    unseen = f"; nobody is visible in {length(unseen_s)} of it" if unseen_s >= 1 else ""
    return f"**{percent(share)} agreement** over {length(labelled_s)} of labelled video{unseen}."


def label_agrees(shares: Mapping[str, float]) -> str:
    """Return the agreement for each label."""
    return "By label: " + ", ".join(f"{LOOKS.get(name, name)} {percent(share)}" for name, share in shares.items())


def ended(reason: str) -> str:
    """Return why work on a video ended early; the reason tells what was expected, what came, and what to do."""
    return f"{reason[:1].upper()}{reason[1:].rstrip('.')}."
