"""Pure. How a label is shown: its colour, its icon, and when it is not worth saying. Keyed by name, never by index.

The colours are those of Okabe and Ito ("Color Universal Design", 2008), made to stay apart for colour-blind eyes, with a
gray for what is not sure.
"""

from __future__ import annotations

from fer_core.labels import FERPLUS_AS_FER2013

NOT_SURE = "not sure"
"""The label of a face whose likeliest expression is not worth saying."""

COLOURS = {
    "angry": "#D55E00",
    "disgust": "#009E73",
    "fear": "#CC79A7",
    "happy": "#F0E442",
    "sad": "#0072B2",
    "surprise": "#E69F00",
    "neutral": "#56B4E9",
    "contempt": "#000000",
    NOT_SURE: "#999999",
}

ICONS = {
    "angry": "😠",
    "disgust": "🤢",
    "fear": "😨",
    "happy": "😊",
    "sad": "😢",
    "surprise": "😮",
    "neutral": "😐",
    "contempt": "😒",
    NOT_SURE: "🤔",
}


def colour_hex(name: str) -> str:
    """Return a label's colour as "#RRGGBB"; FER+ names share those of FER2013, unknown names are gray.

    Example:
        >>> colour_hex("happiness") == colour_hex("happy")
        True
    """
    return COLOURS.get(FERPLUS_AS_FER2013.get(name, name), COLOURS[NOT_SURE])


def icon(name: str) -> str:
    """Return a label's emoji; unknown names get the one of "not sure"."""
    return ICONS.get(FERPLUS_AS_FER2013.get(name, name), ICONS[NOT_SURE])


def shown_label(label: str, confidence: float, *, not_sure_below: float) -> str:
    """Return the label as it should be said: itself, or "not sure" below a confidence (0..1).

    Example:
        >>> shown_label("sad", 0.31, not_sure_below=0.4)
        'not sure'
    """
    return label if confidence >= not_sure_below else NOT_SURE


def ink_on(background: str) -> str:
    """Return black or white, whichever reads better on a "#RRGGBB" background (WCAG 2.2 contrast).

    Example:
        >>> ink_on("#F0E442"), ink_on("#000000")
        ('#000000', '#FFFFFF')
    """
    light = luminance(background)
    return "#000000" if (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) else "#FFFFFF"


def luminance(hex_colour: str) -> float:
    """Return the relative luminance of a "#RRGGBB" colour, 0..1 (WCAG 2.2)."""
    channels = [int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
