"""Pure. Every sentence about estimated ages: the choice, what stands beside it, the estimates, and the model behind them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fer_app.text import percent
from fer_app.text_model import count

# -- where a visitor asks for it
TOGGLE = "Estimate ages"
FOR_NEXT_PHOTOS = "For photos you add next. Switched off, the estimates go from this page."
COLUMN = "Looks (age estimate)"


def note(years_off: float) -> str:
    """Return what a visitor should know of estimated ages."""
    return (
        f"An estimate from the picture, off by {_whole(years_off)} on average; it can be wrong for anybody. It is shown only "
        "here, and is in no download, session file or history. It must not be used to admit or refuse people."
    )


def line(span: str, years: float, years_off: float) -> str:
    """Return how old one face looks.

    Example:
        >>> line("30-39", 34.2, 6.1)
        'Looks 30-39 years old · estimate: 34, off by 6 years on average'
    """
    return f"Looks {span} years old · estimate: {years:.0f}, off by {_whole(years_off)} on average"


def in_view(span: str) -> str:
    """Return the same of somebody in view, in the middle of a line."""
    return f"looks {span} years old (estimate)"


def _whole(years: float) -> str:
    return "1 year" if round(years) == 1 else f"{years:.0f} years"


# -- on the about screen
TITLE = "How good are estimated ages?"
LEAD = (
    "A second small network estimates how old a face looks. It is asked only where a visitor switches it on, and what it says is "
    "kept in no file. Gender and ethnicity are never predicted."
)
FIGURES: Mapping[str, str] = MappingProxyType({"years_off": "Average error", "within_one_range": "Within one range"})
FIGURE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "years_off": "By how much the estimate differs from the age that a picture is labelled with, up or down.",
        "within_one_range": "The range that is shown is the labelled one, or stands beside it.",
    }
)
AGE, FACES, OFF, OLDER = "Age", "Faces", "Average error", "Looks older by"
LIMITS = "Limits"
TERMS = "Trained on"


def measured(faces: int, missed: float, guessing: float) -> str:
    """Return what the figures rest on, and what a guess would be worth."""
    return (
        f"Measured on {count(faces)} faces of UTKFace that the network was not trained on; in {percent(missed)} of the pictures "
        f"no face was found, and they are left out. To always say the median age would be off by {years(guessing)}."
    )


def years(value: float) -> str:
    r"""Return a number of years.

    Example:
        >>> years(6.13)
        '6.1\xa0years'
    """
    return f"{value:.1f}\N{NO-BREAK SPACE}years"


def older_by(value: float) -> str:
    """Return by how many years faces look older than they are labelled; below 0 they look younger."""
    return f"{value:+.1f}\N{NO-BREAK SPACE}years".replace("-", "\N{MINUS SIGN}")


def between(low: float, high: float) -> str:
    """Return an interval in years."""
    return f"{low:.1f} to {years(high)}"
