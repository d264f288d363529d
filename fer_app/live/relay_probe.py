"""Adapter. Whether the visitor's own browser gets a relay from the TURN servers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from fer_app.live.ice import IceServer

_CODE = Path(__file__).parents[1] / "assets" / "relay_probe.js"
_WAIT_MS = 8000


@st.cache_resource(show_spinner=False)
def _probe() -> Callable[..., object]:
    return st.components.v2.component("mien_relay_probe", js=_CODE.read_text(encoding="utf-8"))


def relays(servers: Sequence[IceServer], *, asked: str) -> list[str] | None:
    """Ask once for each `asked`; return the protocols by which relays were reached, None until the browser has answered."""
    data = {"servers": list(servers), "asked": asked, "wait_ms": _WAIT_MS}
    said = getattr(_probe()(key="relay_probe", data=data, on_answer_change=_noted), "answer", None)
    return list(said["relays"]) if said and said["asked"] == asked else None


def _noted() -> None:
    """Streamlit hands a component's word on only where somebody waits for it."""
