"""Screen. What every page says when a server has ended, or is about to."""

from __future__ import annotations

import streamlit as st

from fer_app import resources, state_hosting
from fer_app.language import text_hosting


def show() -> None:
    """Say that a session was lost."""
    visitor = state_hosting.visitor()
    if visitor.lost_session:
        with st.container(horizontal=True, vertical_alignment="center", key="lost_session"):
            st.warning(text_hosting.LOST_SESSION, icon=":material/restart_alt:")
            st.button(text_hosting.LOST_CLOSE, on_click=state_hosting.close_lost, key="close_lost")


def ending() -> None:
    """Greet a newcomer, and tell everyone else how long there is, once the end of the server was asked for."""
    if (drain := resources.service().drain).begun:
        said = text_hosting.NEWCOMER if state_hosting.visitor().late else text_hosting.ending(drain.left_s())
        st.warning(said, icon=":material/restart_alt:")
