"""Adapter. The life of a hosted process: what begins with it, and how a signal ends it."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st

from fer_app import resources
from fer_app.hosting import events
from fer_app.hosting.drain import Drain


@asynccontextmanager
async def life(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """Begin logs and numbers, measure the machine, and let SIGTERM wait for running work.

    What the libraries have made by then is no garbage later either: the search after each page (streamlit_app.py), in which no
    thread of another visitor runs, leaves it out. No visitor has come yet, so nothing of one is left out with it.
    """
    events.write_json()
    service = resources.service()
    if port := service.limits.metrics_port:
        try:
            service.metrics.serve(port)
            events.note("metrics are served", port=port)
        except OSError as fault:  # another instance on this machine has it
            events.note("metrics are not served", port=port, problem=str(fault))
    seats = await asyncio.to_thread(lambda: service.seats.count)
    gc.collect()
    gc.freeze()
    events.note("server is up", seats=seats)
    restore = drain_on_term(service.drain)
    yield {}
    restore()
    events.note("server ends")


def drain_on_term(drain: Drain) -> Callable[[], None]:
    """Let the first SIGTERM begin the end of the server; the second, and the one after running work, is as it was.

    Returns:
        What undoes it.
    """
    before = signal.getsignal(signal.SIGTERM)

    def on_term(number: int, frame: Any) -> None:  # noqa: ANN401 - a frame of the interpreter
        if not drain.begin() and callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, on_term)
    return lambda: signal.signal(signal.SIGTERM, before) and None


def fault(error: Exception) -> None:
    """Log a fault that a screen did not foresee; the visitor sees Streamlit's plain sentence."""
    logging.getLogger(__name__).error("a screen failed", exc_info=error)
