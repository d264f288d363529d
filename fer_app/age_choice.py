"""Screen. Estimated ages, where a visitor asks for them: the choice, what stands beside it, and the line of one face."""

from __future__ import annotations

import logging

import streamlit as st

from fer_app import resources
from fer_app.language import text_ages as say
from fer_core import ModelCard, ModelError
from fer_core.ages import AgeView
from fer_core.estimate import LiteRtAges

MEASURED_ON = "UTKFace"  # the card's figures


def estimator() -> LiteRtAges | None:
    """Return what says how old faces look; None where it is missing, altered, or not measured: its error must be told."""
    if not resources.has_ages():
        return None
    try:
        loaded = resources.ages()
    except ModelError:
        logging.getLogger(__name__).exception("the network of ages cannot be loaded")
        return None
    return loaded if MEASURED_ON in loaded.card.metrics else None


def years_off(card: ModelCard) -> float:
    """Return by how many years estimates are off in the mean, as the card has it."""
    return float(card.metrics[MEASURED_ON]["years_off"]["value"])


def offer(key: str, *, help_: str | None = None) -> LiteRtAges | None:
    """Offer to estimate ages, off at first; return what estimates them, None where nobody asks or nothing can.

    Args:
        key: of the toggle; each screen has its own, so that no other one is switched on with it.
        help_: what it counts for.
    """
    loaded = estimator()
    if loaded is None:
        return None
    asked = st.toggle(say.TOGGLE, help=help_, key=key, persist_state="session")
    note(loaded)
    return loaded if asked else None


def note(loaded: LiteRtAges) -> None:
    """Say what estimates are worth, where they are shown, and what they must not be used for."""
    st.caption(say.note(years_off(loaded.card)))


def line(age: AgeView | None, loaded: LiteRtAges | None) -> str:
    """Return how old one face looks; empty where nobody asks, or nobody asked when its photo was read."""
    return say.line(age.range, age.years, years_off(loaded.card)) if age and loaded else ""
