"""Screen. The networks, loaded while a visitor chooses what to show them."""

from __future__ import annotations

import logging

import streamlit as st

from fer_app import resources
from fer_app.language import text
from fer_core import Analyzer, ModelError


def analyzer(min_face_px: int, engine: str) -> Analyzer | None:
    """Return the analyzer for these settings and say meanwhile that it loads, or say why there is none.

    It is loaded and warmed once; from then on it comes out of the cache.
    """
    try:
        with st.spinner(text.LOADING):
            return resources.analyzer(min_face_px, engine)
    except ModelError:
        logging.getLogger(__name__).exception("the networks cannot be loaded")
        st.error(text.MODEL_MISSING)
        return None
