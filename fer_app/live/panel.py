"""Screen. What stands beside the video, refreshed once a second; it reads, and never waits for the stream."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from fer_app import charts, keys, state
from fer_app.language import text_live
from fer_app.live import line, probe
from fer_app.live.bars import people_html
from fer_app.live.meter import Reading
from fer_app.live.minute import SPAN_S, average, last_minute
from fer_app.live.take import LOST_AFTER_S, Take

if TYPE_CHECKING:
    from fer_app.live.camera import CameraState

CONNECT_S = 8.0
RECENT_S = 10.0  # a fault is spoken of for so long


def beside(camera: CameraState) -> None:
    """Show how the stream is doing; of a connection that does not come about, tell the page."""
    take = state.painter().take
    if take is None:
        st.caption(text_live.BESIDE_IDLE)
        return
    line.watch(take)
    reading = take.read()
    probe.ask_for(take.pace.update(time.perf_counter(), reading.analysed, reading.dropped))
    if camera.signalling and not reading.analysed and time.perf_counter() - state.painter().changed_s > CONNECT_S:
        state.set_trouble("slow")
        st.rerun()
    if take.latest is None:
        st.caption(f":material/hourglass_top: {text_live.BESIDE_WAITING}")
        return
    _sentence(reading)
    if reading.idle_s <= LOST_AFTER_S:  # who was visible then may be gone by now
        _people(take, reading)
    _minute(take)


def _sentence(reading: Reading) -> None:
    """Say in one sentence what is wrong, if anything is."""
    if reading.idle_s > LOST_AFTER_S:
        st.warning(text_live.IDLE, icon=":material/wifi_off:")
    elif reading.fault_idle_s < RECENT_S:
        st.warning(text_live.FAULTY, icon=":material/broken_image:")


def _people(take: Take, reading: Reading) -> None:
    result = take.latest
    assert result is not None
    st.markdown(f"**{text_live.visible(len(result)) if len(result) else text_live.NOBODY}**")
    if len(result):
        # The last picture may be older than the visitor's wish to see no ages.
        st.html(people_html(result if take.stream.ages else replace(result, ages=None)))
    st.caption(
        f"{text_live.pace(reading.fps, reading.p50_ms, reading.p95_ms)} · {text_live.counts(reading.analysed, reading.dropped)}"
    )


def _minute(take: Take) -> None:
    timeline = take.session.timeline(last_s=SPAN_S)
    people = sorted(set(timeline.track_ids.tolist()))
    chosen = _choice(people)
    minute = last_minute(timeline, take.age_s, track_id=chosen)
    st.caption(text_live.MINUTE)
    figure = charts.expression_areas(minute.times_s.tolist(), minute.shares, span_s=SPAN_S)
    st.plotly_chart(figure, key="live_minute", config=charts.STILL, alt=text_live.minute_alt(average(minute)))


def _choice(people: list[int]) -> int | None:
    """Offer the people of the last minute where there are several; None is everyone."""
    if len(people) < 2:
        return None
    names = [text_live.EVERYONE, *map(text_live.person, people[-4:])]
    chosen = st.segmented_control(text_live.MINUTE, names, key=keys.LIVE_PERSON, label_visibility="collapsed")
    return dict(zip(names[1:], people[-4:], strict=True)).get(chosen)
