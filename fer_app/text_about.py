"""Pure. Every sentence of the about screen; what more than one screen says is in `fer_app.text`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ABOUT_TITLE = "What Mien does, and what it does not"
ABOUT_LEAD = (
    "Mien reads **perceived** expressions: which of seven words an observer would probably choose for a face in a picture. "
    "It names what a face looks like; it cannot know what a person feels."
)
HOW_TITLE = "How an answer comes about"
HOW = (
    "1. **Faces.** MTCNN, a cascade of three small networks, finds each face with its eyes, nose and mouth.\n"
    "2. **Chip.** Each face becomes 48 × 48 grey pixels; the network sees nothing else of your photo.\n"
    "3. **Expression.** A small network, trained on FER2013 and FER+, gives seven probabilities that add up to 100 %.\n"
    "4. **Answer.** The likeliest word, or “not sure” when even that one is not likely enough."
)
LIMITS_TITLE = "Limits"
LIMITS = (
    "- A face is not a feeling: people smile when they are sad and frown when they think. Culture, habit, age and illness "
    "shape faces too.\n"
    "- Small, blurred, turned, covered or badly lit faces are read poorly. Mien says so on the card of a small or blurred one.\n"
    "- Fear and disgust are rare in the training photos and often taken for something else.\n"
    "- Mien does not recognise who somebody is, and it predicts neither gender nor ethnicity. It estimates ages only if you "
    "ask for it."
)
PRIVACY_TITLE = "Your photos and your camera"
PRIVACY = (
    "Photos and results stay in the memory of the server that runs this page, in your session alone, until you delete them; "
    "about two minutes after you leave they are gone. Nothing is stored: a large photo on its way in, and a video for as long "
    "as its page is open, may lie in a nameless temporary file of the server. Of live video Mien keeps what a session's faces "
    "looked like, as numbers, and no picture; the video travels encrypted between your browser and this server, on some "
    "networks through a relay that cannot read it. Nothing is sent to anyone else, and no usage statistics are collected."
)
LAW_TITLE = "The law, in plain words"
LAW = (
    "- In the European Union, systems that infer emotions of people **at work or in education** are prohibited, except for "
    "medical or safety reasons (Artificial Intelligence Act, Article 5(1)(f)). Do not use Mien there.\n"
    "- Elsewhere, people exposed to such a system must be told (Article 50(3)). A photo of a person is personal data: have "
    "their consent, or another good reason in law.\n"
    "- This is information, not legal advice."
)
ABOUT_SECTIONS = (((HOW_TITLE, HOW), (LIMITS_TITLE, LIMITS)), ((PRIVACY_TITLE, PRIVACY), (LAW_TITLE, LAW)))
MODEL_TITLE = "How good is it?"
MODEL_LEAD = "Measured on pictures that the network was not trained on; the figures were written by a command, not by hand."
MODEL_UNMEASURED = "This model has not been measured yet."


def measured_on(count: int) -> str:
    """Return what a figure rests on."""
    return f"{count:,} pictures.".replace(",", "\N{NO-BREAK SPACE}")


def model_name(name: str) -> str:
    """Return how a model is called on the screen."""
    return f"Model “{name}”"


FIGURES: Mapping[str, str] = MappingProxyType(
    {"test": "FER2013", "votes": "FER+", "answered": "When it is sure", "photos": "Photos in the wild"}
)
FIGURE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "test": (
            "The same word as the label of the private test; people who labelled it again reached about 65 % "
            "(Goodfellow et al. 2013)."
        ),
        "votes": "The same word as most of the voters on the private test, eight classes.",
        "answered": "The same on the private test, without the faces about which Mien says “not sure”.",
        "photos": "The whole way from photo to word, against one annotator; a missed face counts as wrong.",
    }
)
