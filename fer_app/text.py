"""Pure. The sentences that more than one screen says, and those of the photo screen; prose stands in `text*` alone.

This is the English of it, and the source of names; screens read it through `fer_app.language`.

Sentences here are Markdown of our own making. Whatever a visitor brings (file names, messages about a file) must never
be put into one: screens show it through `st.text`, which renders no markup.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fer_core.palette import NOT_SURE

LANGUAGE_TAG = "en"
SEPARATORS = ".,"  # of decimals and of thousands in charts, as Plotly takes them
LANGUAGE = "Language"
APP_NAME = "Mien"
PHOTO_PAGE = "Photo"
ABOUT_PAGE = "About"

# -- the photo screen
TITLE = "Read the expressions in a photo"
LEAD = (
    "Add photos of one person or of many. Mien frames each face and says which of seven expressions it looks like, "
    "how sure it is, and when it is not sure."
)
LEAD_AGAIN = "Add more photos, or look at the results below."
UPLOAD = "Choose photos, or drop them here"
CAMERA_OPEN = "Take a photo"
CAMERA_CLOSE = "Close the camera"
CAMERA_NAME = "Camera photo.jpg"
CAMERA_LABEL = "Look into the camera and take the photo"
CAMERA_BLOCKED = (
    "No picture above? Your browser or device is blocking the camera. Allow it by the icon beside the page's address "
    "and open the camera again, or add a photo from your device."
)
CAMERA_NEEDS_NOTICE = "Please confirm the notice above first; the camera stays off until then."
SAMPLES = "No photo at hand? One click on a sample shows the whole result."
SAMPLES_BUTTON = "Samples"
SAMPLE_TITLES: Mapping[str, str] = MappingProxyType({"astronaut.jpg": "A portrait", "four_ways.jpg": "One face, four ways"})
SAMPLE_ALTS: Mapping[str, str] = MappingProxyType(
    {
        "astronaut.jpg": "Portrait of a smiling astronaut in an orange suit",
        "four_ways.jpg": "The same portrait four times: plain, dark, blurred and small",
    }
)
SAMPLE_CREDIT = "Sample: Eileen Collins, NASA, public domain."
READING = "Reading the photos"
LOADING = "Loading the networks, once"
MODEL_MISSING = "Mien could not start its networks, so it cannot read photos now. The reason is in the server's log."


def reading(position: int, total: int) -> str:
    """Return the progress line of a batch."""
    return READING if total == 1 else f"{READING}: {position} of {total}"


# -- the notice
NOTICE_TITLE = "Before you start"
NOTICE = (
    "Mien looks for faces in the photos and the video you show it and computes which expression each one **looks like**. That "
    "is a guess about a picture, not about what a person feels. Nothing is stored or sent on: photos and results stay in this "
    "server's memory, in your session alone, and a video in a temporary file without a name, until you delete them or leave; of "
    "live video no picture is kept. Ages are estimated only if you ask for it, shown on the page and kept in no file. **Tell the "
    "people in your pictures, and do not judge anyone by it, above all not at work or in education: the law forbids it there.**"
)
NOTICE_CONFIRM = "I understand"

# -- settings
SETTINGS = "Settings"
LANDMARKS = "Mark eyes, nose and mouth"
MIN_FACE = "Smallest face to look for"
MIN_FACE_HELP = "In pixels of the photo. A smaller size finds faces farther away and takes longer. For photos you add next."
ENGINE = "Engine"
ENGINE_HELP = (
    "Fast runs the networks on LiteRT. Reference runs the mtcnn package and Keras on TensorFlow: slower, for comparison. "
    "Haar cascade finds faces as cameras did twenty years ago, also for comparison. For photos you add next."
)
ENGINE_NAMES: Mapping[str, str] = MappingProxyType({"fast": "Fast", "reference": "Reference", "haar": "Haar cascade"})
HAAR_NOTE = (
    "Found by the Haar cascade: its boxes are wider than those Mien learned to read, it places no eyes, nose and mouth, "
    "and it cannot say how sure it is of a face."
)


def min_face(pixels: int) -> str:
    """Return the name of a choice of the smallest face."""
    size = {20: "Small", 40: "Medium", 80: "Large"}.get(pixels, "Usual")
    return f"{size} · {pixels} px"


# -- results
RESULTS = "Results"
DOWNLOAD_PICTURE = "Picture"
DOWNLOAD_BLURRED = "Faces blurred"
BLURRED_NOTE = "Only faces that were found are blurred: look at the picture before you share it."
DOWNLOAD_CSV = "CSV"
DOWNLOAD_JSON = "JSON"
DOWNLOAD_ALL_CSV = "CSV of all"
DOWNLOAD_ALL_JSON = "JSON of all"
DELETE_ONE = "Delete"
DELETE_ALL = "Delete all"
NO_FACE = "No face found in this photo"
NO_FACE_ADVICE = (
    "Mien sees a face best when it looks towards the camera, is well lit, and is not covered by a hand, a mask or dark "
    "glasses. For faces far away, choose a smaller face under Settings and add the photo again, or crop it closer."
)
CHIP_NOTE = "Left: the face in your photo. Right: the 48 × 48 grey pixels that the network saw."
NUMBERS = "The numbers"
EXPRESSION = "Expression"
PROBABILITY = "Probability"
LEFT_OUT_TITLE = "Some files were left out"
LEFT_OUT_CLOSE = "Close this message"


def photos_kept(count: int) -> str:
    """Return how many photos are on the screen."""
    return "1 photo" if count == 1 else f"{count} photos"


def faces_found(count: int) -> str:
    """Return how many faces were found."""
    return "No face" if count == 0 else "1 face" if count == 1 else f"{count} faces"


def cost(milliseconds: float, engine: str) -> str:
    """Return what an analysis cost."""
    where = "with the Haar cascade" if engine == "haar" else f"on the {ENGINE_NAMES.get(engine, engine).lower()} engine"
    return f"{milliseconds:.0f} ms {where}"


def unreadable(reason: str) -> str:
    """Return why a file was left out; the reason tells what was expected, what came, and what to do."""
    return f"Could not be read: {reason}."


def photos_read(photos: int, faces: int) -> str:
    """Return what a finished batch is announced with; on a phone the results are out of sight."""
    return f"{photos_kept(photos)} read, {faces_found(faces).lower()} found. The results are below."


def too_many(limit: int, left_out: int) -> str:
    """Return why some photos of a batch were not read."""
    rest = "1 photo was" if left_out == 1 else f"{left_out} photos were"
    return f"Mien keeps up to {limit} photos at a time: {rest} left out. Delete some and add the rest again."


def more_faces(hidden: int) -> str:
    """Return the label of the button that shows the remaining faces."""
    return "Show 1 more face" if hidden == 1 else f"Show {hidden} more faces"


# -- what a face looks like
LOOKS: Mapping[str, str] = MappingProxyType(
    {
        "angry": "angry",
        "disgust": "disgusted",
        "fear": "afraid",
        "happy": "happy",
        "sad": "sad",
        "surprise": "surprised",
        "neutral": "neutral",
    }
)
# What each answer is called, in pictures too.
WORDS: Mapping[str, str] = MappingProxyType({**LOOKS, NOT_SURE: NOT_SURE})
ICONS: Mapping[str, str] = MappingProxyType(
    {
        "angry": ":material/sentiment_extremely_dissatisfied:",
        "disgust": ":material/sick:",
        "fear": ":material/sentiment_stressed:",
        "happy": ":material/sentiment_very_satisfied:",
        "sad": ":material/sentiment_dissatisfied:",
        "surprise": ":material/sentiment_excited:",
        "neutral": ":material/sentiment_neutral:",
    }
)
NOT_SURE_ICON = ":material/help:"


def word(name: str) -> str:
    """Return what an answer is called in a table or a chart: "happy", "not sure"."""
    return WORDS.get(name, name)


def of(what: str, whom: str) -> str:
    """Return what something is about: "Over time: Person 1"."""
    return f"{what}: {whom}"


def percent(share: float) -> str:
    r"""Return a probability as people say it, never 0 % or 100 % of what is merely close.

    Example:
        >>> percent(0.934), percent(0.9999), percent(0.0001)
        ('93\xa0%', '>\xa099\xa0%', '<\xa01\xa0%')
    """
    if 0.995 <= share < 1.0:
        return ">\N{NO-BREAK SPACE}99\N{NO-BREAK SPACE}%"
    if 0.0 < share < 0.005:
        return "<\N{NO-BREAK SPACE}1\N{NO-BREAK SPACE}%"
    return f"{share:.0%}".replace("%", "\N{NO-BREAK SPACE}%")


def looks_like(label: str, confidence: float, threshold: float) -> str:
    """Return the answer about one face.

    Example:
        >>> looks_like("happy", 0.93, 0.4), looks_like("fear", 0.3, 0.4)
        ('Looks happy', 'Not sure')
    """
    return "Not sure" if confidence < threshold else f"Looks {LOOKS.get(label, label)}"


def how_sure(probabilities: Mapping[str, float], threshold: float) -> str:
    """Return the sentence under the answer: the confidence, or the two best guesses where Mien is not sure."""
    best, second = sorted(probabilities, key=lambda name: -probabilities[name])[:2]
    if probabilities[best] >= threshold:
        return f"Confidence {percent(probabilities[best])}"
    first, other = (f"{LOOKS.get(n, n)} ({percent(probabilities[n])})" for n in (best, second))
    return f"Perhaps {first} or {other}; neither is likely enough to say."


def rule(threshold: float) -> str:
    """Return the rule by which Mien says "not sure"."""
    return f"Mien says “not sure” when its best guess is below {percent(threshold)} (the dotted line)."


def picture_alt(answers: list[str]) -> str:
    """Return the text alternative of an annotated picture."""
    framed = f"{faces_found(len(answers))} framed: {', '.join(answers)}" if answers else "no face framed"
    return f"Your photo, with {framed}"


def chart_alt(probabilities: Mapping[str, float]) -> str:
    """Return the text alternative of the chart of one face."""
    ranked = sorted(probabilities, key=lambda name: -probabilities[name])
    return "Bar chart: " + ", ".join(f"{LOOKS.get(name, name)} {percent(probabilities[name])}" for name in ranked)


ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "small": "This face is small in the photo: the answer is a rougher guess. A closer photo helps.",
        "blurred": "This face is blurred: the answer is a rougher guess. A sharper photo helps.",
    }
)
FACE_ALT = "The face in your photo"
CHIP_ALT = "The same face as 48 by 48 grey pixels"
