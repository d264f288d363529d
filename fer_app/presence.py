"""Adapter. Whether a visitor's page is still open, for threads that outlive a run of a screen; and where it came from."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx


def present() -> Callable[[], bool] | None:
    """Return what tells whether this session's page is open, from any thread; None where there is no server."""
    context = get_script_run_ctx()
    if context is None or not runtime.exists():
        return None
    server, session_id = runtime.get_instance(), context.session_id
    return lambda: server.is_active_session(session_id)


def asks_for_another_session() -> bool:
    """Return whether this page, when it connected, asked for a session that it had before, on this server or another.

    Streamlit's page says so in the third part of its list of protocols; only a page that lost its connection has one.
    """
    said = st.context.headers.get("Sec-WebSocket-Protocol") or ""
    parts = [part.strip() for part in said.split(",")]
    return len(parts) > 2 and bool(parts[2])
