"""Pure. Every sentence of the models screen."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PAGE = "Models"
TITLE = "What does each model see?"
LEAD = "Drop one photo: every model that ships answers each face, side by side, and shows on what its answer hangs."
UPLOAD = "A photo"
UPLOAD_HELP = "It stays in your session until you delete it or bring another; nothing is stored."
NO_FACE = "No face was found in this photo. Larger, brighter faces that look at the camera are found best."
WHICH = "Which face?"
DELETE = "Delete this photo"
FACE_ALT = "The face, cut out of the photo"
PHOTO_ALT = "The photo, each found face framed"
HEAT = "Show what each model looked at"
HEAT_HELP = (
    "Squares of the face are covered in turn, a hundred times, and the model is asked again. Red: without this part the answer "
    "fades. Blue: without it the answer grows stronger. Each picture is scaled by its own strongest place."
)
UNITS_TITLE = "What people look for"
UNITS_LEAD = (
    "Movements of the face that people associate with each expression, with the numbers of Ekman's action units. An association "
    "is no proof: a face can make each movement for another reason, and a network need not look at the same places."
)
UNITS_HEADS = ("Looks", "Movements", "Action units")
UNITS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "happy": ("lip corners up, cheeks raised, small folds beside the eyes", "6, 12"),
        "sad": ("inner ends of the brows up, lip corners down", "1, 4, 15"),
        "angry": ("brows down and together, lids tightened, lips pressed", "4, 5, 7, 23"),
        "surprise": ("brows up, eyes wide, jaw dropped", "1, 2, 5, 26"),
        "fear": ("brows up and together, eyes wide, lips stretched to the sides", "1, 2, 4, 5, 7, 20, 26"),
        "disgust": ("nose wrinkled, upper lip raised", "9, 10, 15"),
        "neutral": ("none that stands out", "–"),
    }
)


def largest(shown: int, found: int) -> str:
    """Return what is said where a photo has more faces than are compared."""
    return f"The {shown} largest of {found} faces, the largest first."


def face_number(number: int) -> str:
    """Return what a face is called; 0 is the largest."""
    return f"Face {number + 1}"


def model_note(share: float, size: str) -> str:
    """Return how often a model gives test faces the word of their label, and the size of its file."""
    return f"Of 100 test faces it gives {100 * share:.0f} the word of their label. {size}"


def heat_alt(model: str, looks: str) -> str:
    """Return what a heat map shows, for those who cannot see it."""
    return f"The parts of the face on which the answer “looks {looks}” of the model {model} hangs"


def heat_note(looks: str) -> str:
    """Return what stands below a heat map."""
    return f"On what “looks {looks}” hangs."
