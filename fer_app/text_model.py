"""Pure. Every sentence about a model's figures; the rest of the about screen is in `fer_app.text_about`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from fer_app.text import LOOKS, percent

_SPACE = "\N{NO-BREAK SPACE}"

# -- tabs, in the order in which they stand
CLASSES = "Each expression"
CONFUSION = "Mix-ups"
SURE = "Being sure"
PEOPLE = "Against people"
PHOTOS = "Photos"
CHANGES = "Worse pictures"
GROUPS = "Groups"
CARD = "The card"

CLASSES_NOTE = (
    "Of the test pictures with a label, the share to which Mien gives the same word. The thin line is the 95"
    + _SPACE
    + "% interval: "
    "another set of as many pictures would probably land within it. The rarer an expression, the longer the line."
)
CONFUSION_NOTE = (
    "A row for each label: of 100 pictures so labelled, how many got which answer. A good row stands out on the diagonal alone."
)
SURE_NOTE = (
    "**First:** of the faces about which Mien is 70"
    + _SPACE
    + "% sure, 70"
    + _SPACE
    + "% should be right; then the curve lies on "
    "the dotted line. **Second:** who answers only the clear faces is right more often. The mark is where Mien stands."
)
PEOPLE_NOTE = (
    "Ten people each looked at the same test pictures (FER+). Mien learned what most people say, one person did not: to agree "
    "more often than one person means to guess the majority better, not to see better. Counted on faces about which most agree; "
    "the last bar counts every face."
)
PHOTOS_NOTE = (
    "The whole way, from a photo as people take them to the word, against one annotator. A face that is not found counts as "
    "wrong."
)
CHANGES_NOTE = (
    "The test pictures, made worse on purpose, step by step. The dotted line is where unchanged pictures stand; the farther left "
    "a dot, the more that harms."
)
GROUPS_LEAD = (
    "What is answered for people of different groups. Mien itself predicts neither gender nor ethnicity, and estimates ages only "
    "if you ask for it."
)
GROUPS_NOTE = (
    "These pictures carry no label of expression: the chart can show that answers differ between groups, not which of them are "
    "wrong, nor whether the people in the pictures differ or Mien does."
)
CARD_LIMITS = "Limits"
CARD_MODELS = "All models that ship"

# -- heads of tables
PICTURES = "Pictures"
SAME_WORD = "Same word"
INTERVAL = "95" + _SPACE + "% interval"
PRECISION = "Right when said"
LABEL = "Label"
MISSED = "not found"
CONFIDENCE = "Confidence"
FACES = "Faces"
RIGHT = "Right"
ANSWERED = "Answered"
THRESHOLD = "Sure from"
WHO = "Who"
AGREES = "Agrees with most of ten"
MIEN = "Mien"
ONE_PERSON = "one person"
ONE_PERSON_EVERYWHERE = "one person, all faces"
CHANGE = "Change"
GROUP = "Group"
NOT_SURE = "Not sure"
FIGURE = "Figure"

# -- in charts
CELL_HOVER = "labelled %{y}, answered %{x}: %{customdata}"
LABEL_AXIS, ANSWER_AXIS, CONFIDENCE_AXIS, RIGHT_AXIS, ANSWERED_AXIS = "label", "answer", "confidence", "right", "faces answered"
AS_STATED, AS_MEASURED, POSSIBLE = "as stated", "measured", "possible"
RELIABILITY_HOVER = "%{customdata} faces: said %{x:.0%}, right %{y:.0%}"
COVERAGE_HOVER = "answers %{x:.0%}, right %{y:.0%}"

CHANGE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "jpeg": "JPEG",
        "downscale": "fewer pixels",
        "rotation": "turned",
        "shift": "moved",
        "contrast": "contrast",
        "brightness": "brightness",
        "noise": "noise",
        "blur": "blurred",
    }
)
MODEL_FIGURES: Mapping[str, str] = MappingProxyType(
    {
        "accuracy": "FER2013, same word as the label",
        "macro_f1": "FER2013, macro F1",
        "head_accuracy": "FER2013, by the output trained towards its labels",
        "head_macro_f1": "The same output, macro F1",
        "head_lowest_recall": "The same output, share found of the expression found least",
        "head_calibration_error": "The same output, mean gap between confidence and accuracy",
        "ferplus_accuracy": "FER+, same word as most of ten",
        "photos_agreement": "Photos in the wild, same word",
        "photos_missed": "Photos in the wild, face not found",
        "expected_calibration_error": "Mean gap between confidence and accuracy",
    }
)


def out_of_100(share: float) -> str:
    """Return a share as people count."""
    return f"**{100 * share:.0f}**"


def count(number: int) -> str:
    """Return a count as people read it."""
    return f"{number:,}".replace(",", _SPACE)


def plain_test(share: float, low: float, high: float, n: int) -> str:
    """Return what the accuracy on the test pictures means."""
    return (
        f"Out of 100 faces, Mien gives {out_of_100(share)} the same word as the label they carry (between {100 * low:.0f} and "
        f"{100 * high:.0f}, counted on {count(n)} pictures)."
    )


def plain_people(mien: float, person: float | None) -> str:
    """Return how Mien and one person stand beside the majority of ten."""
    beside = "" if person is None else f", one person of the ten in {out_of_100(person)}"
    return f"Where most of ten people say the same of a face, Mien says it too in {out_of_100(mien)} of 100{beside}."


def plain_answered(share: float, right: float) -> str:
    """Return what "not sure" is good for."""
    return (
        f"It says “not sure” rather than guess: it answers {out_of_100(share)} of 100 faces, and of 100 such answers "
        f"{out_of_100(right)} are the label's word."
    )


def between(low: float, high: float) -> str:
    r"""Return an interval in per cent.

    Example:
        >>> between(0.673, 0.702)
        '67 to 70\xa0%'
    """
    return f"{100 * low:.0f} to {100 * high:.0f}{_SPACE}%"


def bars_alt(shares: Mapping[str, float]) -> str:
    """Return the text alternative of bars."""
    return "Bar chart: " + ", ".join(f"{LOOKS.get(name, name)} {percent(share)}" for name, share in shares.items())


def curve_alt(points: Mapping[float, float]) -> str:
    """Return the text alternative of a curve, right answers against confidence or share."""
    return "Curve: " + ", ".join(f"{percent(x)} gives {percent(y)} right" for x, y in points.items())


def map_alt(right: Mapping[str, float]) -> str:
    """Return the text alternative of a confusion matrix."""
    return "Table of labels and answers; same word: " + ", ".join(f"{LOOKS.get(k, k)} {percent(v)}" for k, v in right.items())


def missed(share: float, n: int) -> str:
    """Return how often no face was found, and how to read the table below."""
    return f"Of {count(n)} photos, the face was not found on {percent(share)}. {CONFUSION_NOTE}"


def megabytes(size_bytes: int | None) -> str:
    """Return the size of a file."""
    return "–" if size_bytes is None else f"{size_bytes / 1e6:.1f}{_SPACE}MB"


def chip(side_px: int) -> str:
    """Return what a network sees of a face."""
    return f"{side_px} × {side_px} gray pixels"


def short(sha256: str) -> str:
    """Return as much of a hash as tells files apart, and fits on a phone."""
    return sha256[:16]


def milliseconds(cost_ms: float | None) -> str:
    """Return what a face costs."""
    return "–" if cost_ms is None else f"{cost_ms:.1f}{_SPACE}ms"


def epochs_of(done: int, model: str) -> str:
    """Return how often a network that another began with saw its training faces."""
    return f"{done} of “{model}”"


def epochs_after(done: int, before: Sequence[str]) -> str:
    """Return how often a network saw its training faces that began with the weights of others, each told by `epochs_of`."""
    return f"{done or 'none of its own'}, after {', '.join(before)}"


GROUPS_ALT = "Stacked bars of the answers by group; the table below has the numbers"
CHANGES_ALT = "Dots of accuracy by kind of change; the table below has the numbers"
FACTS: Mapping[str, str] = MappingProxyType(
    {
        "data": "Trained on",
        "epochs": "Epochs",
        "commit": "Made by commit",
        "input": "Sees",
        "labels": "Answers",
        "temperature": "Temperature of its answers",
        "threshold": "“Not sure” below",
        "size": "Size",
        "time": "Time for one face, one thread",
        "sha256": "SHA-256 of model.tflite begins",
    }
)


def change_step(level: float, unit: str) -> str:
    """Return how far pictures were changed, in the words of evaluation.json."""
    return f"{level:g} {unit}"


def group(by: str, name: str) -> str:
    """Return what a group of people is called, in UTKFace's words."""
    return f"{by} {name}"
