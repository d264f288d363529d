"""Screen. What every page says while the server is about to end."""

from __future__ import annotations

import streamlit as st

from fer_app import resources, state_hosting, text_hosting


def show() -> None:
    """Greet a newcomer, and tell everyone else how long there is."""
    visitor, drain = state_hosting.visitor(), resources.service().drain
    if drain.begun:
        said = text_hosting.NEWCOMER if visitor.late else text_hosting.ending(drain.left_s())
        st.warning(said, icon=":material/restart_alt:")
