"""Screen. What the operator sees of the server: counts and times, never a picture."""

from __future__ import annotations

import time

import streamlit as st

from fer_app import keys, resources, state_hosting
from fer_app.hosting.metrics import memory_mb
from fer_app.hosting.service import Service
from fer_app.language import text_hosting as words
from fer_app.live.ice import SettingsError
from fer_app.live.meter import Reading


def gate() -> bool:
    """Ask for the operator's token; return whether it was shown."""
    try:
        token = resources.operator_token()
    except SettingsError as fault:
        st.error(words.token_problem(str(fault)))
        return False
    if not token:
        st.info(words.CLOSED)
        return False
    if state_hosting.is_operator():
        return True
    with st.form("operator_door", border=False):
        st.text_input(words.ASK, type="password", key=keys.OPERATOR_TOKEN, autocomplete="off")
        sent = st.form_submit_button(words.OPEN, on_click=state_hosting.show_token, args=(token,), key="operator_open")
    if sent:
        st.error(words.WRONG)
    return False


def server() -> None:
    """Show the server as it is now, refreshed every two seconds, and the button that lets it end."""
    service = resources.service()
    for problem in service.problems:
        st.warning(words.problem(problem))
    st.fragment(_numbers, run_every=2)()
    st.button(words.DRAIN, on_click=service.drain.begin, help=words.DRAIN_HELP, icon=":material/restart_alt:", key="drain")


def _numbers() -> None:
    service = resources.service()
    readings = service.readings()
    st.subheader(words.NOW, anchor=False)
    with st.container(horizontal=True):
        for name, value in _now(service, readings).items():
            st.metric(words.FIGURES[name], value)
    if service.drain.begun:
        st.warning(words.ending(service.drain.left_s()))
    _seats(readings)
    _totals(service)
    st.caption(words.NEVER_PICTURES)


def _now(service: Service, readings: list[Reading]) -> dict[str, str]:
    playing, waiting = service.seats.taken(time.monotonic())
    return {
        "sessions": str(len(service.here())),
        "seats": words.of(playing, service.seats.count),
        "waiting": str(waiting),
        "fps": f"{sum(reading.fps for reading in readings):.0f}",
        "p95": words.ms(max((reading.p95_ms for reading in readings), default=0.0)),
        "memory": words.megabytes(memory_mb()),
    }


def _seats(readings: list[Reading]) -> None:
    st.subheader(words.SEATS_TITLE, anchor=False)
    if not readings:
        st.caption(words.NO_SEATS)
        return
    rows = [
        (f"{r.fps:.0f}", words.ms(r.p50_ms), words.ms(r.p95_ms), str(r.analysed), str(r.dropped), str(r.faults)) for r in readings
    ]
    st.table(dict(zip(words.SEAT_COLUMNS, zip(*rows, strict=True), strict=True)), hide_index=True, border="horizontal")


def _totals(service: Service) -> None:
    found = service.metrics.totals()
    counts = {label: f"{found.get(name, 0):.0f}" for name, label in words.TOTALS.items()}
    refusals = {name: value for name, value in found.items() if "refusals" in name}
    counts |= {name.replace("mien_refusals_total", f"{words.REFUSED}:"): f"{value:.0f}" for name, value in refusals.items()}
    st.subheader(words.SINCE_START, anchor=False)
    st.table({words.WHAT: list(counts), words.COUNT: list(counts.values())}, hide_index=True, border="horizontal")
