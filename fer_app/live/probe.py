"""Adapter. The camera in the visitor's browser: why it did not open, and how many frames a second are sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from fer_app.language import text_live

_ASSETS = Path(__file__).parents[1] / "assets"
_NAMES = {
    "InsecureContext": "insecure",
    "NotAllowedError": "denied",
    "SecurityError": "denied",
    "NotFoundError": "missing",
    "OverconstrainedError": "missing",
    "NotReadableError": "busy",
    "AbortError": "busy",
}


@st.cache_resource(show_spinner=False)
def _probe() -> Callable[..., object]:
    return st.components.v2.component("mien_camera_probe", js=(_ASSETS / "camera_probe.js").read_text(encoding="utf-8"))


@st.cache_resource(show_spinner=False)
def _pace() -> Callable[..., object]:
    return st.components.v2.component("mien_camera_pace", js=(_ASSETS / "camera_pace.js").read_text(encoding="utf-8"))


def camera_trouble() -> str | None:
    """Listen to the browser; return what it has just said about the camera, by its name in `text_live.TROUBLE`."""
    words = {"stop": text_live.CAMERA_WORDS["stop"]}
    said = getattr(_probe()(key="live_probe", data=words, on_trouble_change=_noted), "trouble", None)
    return trouble_name(said) if said else None


def ask_for(fps: int) -> None:
    """Ask the browser to send so many frames a second."""
    _pace()(key="live_pace", data={"fps": fps})


def trouble_name(error: str) -> str:
    """Return the trouble that a browser's error stands for.

    Example:
        >>> [trouble_name(f"Not{what}Error") for what in ("Allowed", "Found", "Readable")], trouble_name("TypeError")
        (['denied', 'missing', 'busy'], 'failed')
    """
    return _NAMES.get(error, "failed")


def _noted() -> None:
    """Streamlit hands a component's word on only where somebody waits for it."""
