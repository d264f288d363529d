"""Adapter. Whether a visitor's page is still open, for threads that outlive a run of a screen."""

from __future__ import annotations

from collections.abc import Callable

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx


def present() -> Callable[[], bool] | None:
    """Return what tells whether this session's page is open, from any thread; None where there is no server."""
    context = get_script_run_ctx()
    if context is None or not runtime.exists():
        return None
    server, session_id = runtime.get_instance(), context.session_id
    return lambda: server.is_active_session(session_id)
