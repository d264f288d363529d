"""State. The one photo about which a visitor compares the models."""

from __future__ import annotations

import streamlit as st

from fer_app import keys
from fer_app.compare import Comparison


def photo() -> Comparison | None:
    """Return the photo; None while there is none."""
    return st.session_state.get(keys.COMPARISON)


def keep(photo: Comparison) -> None:
    """Keep a photo in the place of the one before; the upload starts anew."""
    st.session_state[keys.COMPARISON] = photo
    _next_round("")


def refuse(why: str) -> None:
    """Remember why a file gave nothing to compare; the photo before stays, and the upload starts anew."""
    _next_round(why)


def problem() -> str:
    """Return why the file that came last gave nothing to compare; "" where it did."""
    return st.session_state.get(keys.COMPARISON_PROBLEM, "")


def _next_round(why: str) -> None:
    st.session_state[keys.COMPARISON_PROBLEM] = why
    st.session_state[keys.COMPARISON_ROUND] = st.session_state.get(keys.COMPARISON_ROUND, 0) + 1


def reset() -> None:
    """Forget the photo, and what was said of a file."""
    st.session_state[keys.COMPARISON], st.session_state[keys.COMPARISON_PROBLEM] = None, ""


def round_key(widget: str) -> str:
    """Return the key of a widget that starts anew with each photo."""
    return f"{widget}_{st.session_state.get(keys.COMPARISON_ROUND, 0)}"
