"""Screen. The settings of the live view; they count from the next frame on."""

from __future__ import annotations

import streamlit as st

from fer_app import age_choice, keys, widgets
from fer_app.language import text, text_live
from fer_app.live.paint import STYLES, Look
from fer_app.live.painter import Painter
from fer_core import Options


def settings(painter: Painter) -> None:
    """Offer the settings, and hand them to the stream."""
    with st.popover(text.SETTINGS, icon=":material/tune:"):
        style = st.segmented_control(
            text_live.STYLE,
            STYLES,
            default=STYLES[0],
            format_func=lambda name: text_live.STYLE_NAMES[name],
            required=True,
            key=keys.LIVE_STYLE,
            persist_state="session",
        )
        mirror = st.toggle(
            text_live.MIRROR, value=True, help=text_live.MIRROR_HELP, key=keys.LIVE_MIRROR, persist_state="session"
        )
        smooth_s = _smoothing()
        min_face_px = widgets.smallest_face(keys.LIVE_MIN_FACE, text_live.MIN_FACE_HELP)
        ages = age_choice.offer(keys.LIVE_AGES)
    painter.look = Look(mirror, style, text.WORDS)
    if painter.take:
        painter.take.stream.smooth_s = smooth_s
        painter.take.stream.min_face_px = min_face_px
        painter.take.stream.ages = ages


def _smoothing() -> float:
    return st.select_slider(
        text_live.SMOOTH,
        [0.0, 0.25, 0.5, 1.0, 2.0, 4.0],
        value=Options().smooth_s,
        format_func=text_live.smooth_seconds,
        help=text_live.SMOOTH_HELP,
        key=keys.LIVE_SMOOTH,
        persist_state="session",
    )
