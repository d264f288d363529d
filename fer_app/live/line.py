"""Screen. The line before live video: whose turn it is, for how long, and what those who wait see."""

from __future__ import annotations

import time

import streamlit as st

from fer_app import resources, state, state_hosting
from fer_app.hosting.seats import Seats
from fer_app.language import text_hosting
from fer_app.live.take import Take


def is_open() -> bool:
    """Return whether this visitor may start the video, or is playing; otherwise say so and let them wait or take photos."""
    service = resources.service()
    if state.painter().take is not None:
        return True
    if service.drain.begun:
        st.info(text_hosting.CLOSING, icon=":material/restart_alt:")
        return False
    number = _number()
    if number:
        with st.container(border=True, key="live_line"):
            st.fragment(_wait, run_every=2)()
            st.button(text_hosting.INSTEAD, on_click=instead, icon=":material/photo_camera:", key="live_instead")
    elif _offered_s():
        st.fragment(_turn, run_every=2)()
    return not number


def begin(take: Take) -> bool:
    """Take a place for a run that begins; return False if another visitor was quicker."""
    service = resources.service()
    if service.drain.begun or not service.seats.sit(_name(), time.monotonic()):
        service.metrics.refusal("live_seats")
        return False
    service.watch(take)
    return True


def end() -> None:
    """Free this visitor's place, in line too."""
    resources.service().leave(_name())


def instead() -> None:
    """Let photos take over, and the next in line have the place."""
    end()
    state.set_trouble("chosen")
    state.ask_for_camera()


def watch(take: Take) -> None:
    """Keep the place of a run that goes on, until its time is up."""
    service = resources.service()
    service.seats.stay(_name(), time.monotonic())
    if take.age_s > 60 * service.limits.live_minutes:
        service.metrics.refusal("live_minutes")
        state.set_trouble("time_up")
        st.rerun(scope="app")
    if service.drain.begun:
        st.warning(text_hosting.ending(service.drain.left_s()), icon=":material/restart_alt:")


def _wait() -> None:
    number = _number()
    if not number or resources.service().drain.begun:
        st.rerun(scope="app")
    st.markdown(f":material/hourglass_top: {text_hosting.waiting(number, resources.service().seats.count)}")


def _turn() -> None:
    left_s = _offered_s()
    if not left_s or resources.service().drain.begun:
        st.rerun(scope="app")
    st.success(text_hosting.your_turn(left_s), icon=":material/check:")


def _offered_s() -> float:
    return _seats().offered_s(_name(), time.monotonic())


def _number() -> int:
    return _seats().number(_name(), time.monotonic())


def _seats() -> Seats:
    """Return the places, with nobody before them who has closed the page for good."""
    service = resources.service()
    service.seats.keep({visitor.name for visitor in service.here()}, time.monotonic())
    return service.seats


def _name() -> str:
    return state_hosting.visitor().name
