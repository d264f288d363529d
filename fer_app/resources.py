"""Adapter. What all visitors share: networks, loaded once a process and warmed before the first photo."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from fer_app import text
from fer_core import Analyzer, ModelCard, Options, load_analyzer
from fer_core.analyze import DEFAULT_MODEL
from fer_core.cards import MODELS_FOLDER, read_card

_FOLDER = Path(__file__).parent
SAMPLES = tuple(_FOLDER / "samples" / name for name in text.SAMPLE_TITLES)
LOGO = _FOLDER / "assets" / "logo.svg"
ICON = _FOLDER / "assets" / "icon.svg"
STYLE = _FOLDER / "assets" / "style.css"


@st.cache_resource(max_entries=6, show_spinner=text.LOADING)
def analyzer(min_face_px: int, engine: str) -> Analyzer:
    """Return the analyzer for these settings, warm; every visitor gets the same one, which is safe between threads.

    Raises:
        ModelError: a model file is missing or altered, or the engine is not installed.
    """
    loaded = load_analyzer(Options(min_face_px=min_face_px), engine=engine)
    loaded.warm_up()
    return loaded


def card() -> ModelCard:
    """Return the card of the model that the screens use.

    Raises:
        ModelError: it is missing or cannot be read.
    """
    return read_card(MODELS_FOLDER / DEFAULT_MODEL)
