"""Screen. The history's views: shares, one source over time, and the list of recordings."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import streamlit as st

from fer_app import charts, charts_history, keys, recordings, widgets
from fer_app.history import Recording, has_course, notes_of, timed
from fer_app.history_filter import Shown, only_choices
from fer_app.history_report import shares_table, time_alt
from fer_app.language import text, text_history
from fer_app.moments import moments, moments_table, source_part
from fer_app.shares import Sightings, person_name, sightings
from fer_app.takes import seconds_each

_ROWS_FIRST = 12


def overview(shown: Shown) -> None:
    """Show the shares of all faces, of each source and of each person."""
    shares = shown.faces.shares()
    if not shares:
        st.markdown(text_history.FILTERED_OUT if shown.sources or shown.people else text_history.NO_FACES)
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.subheader(text_history.SHARES, anchor=False)
        st.caption(text_history.SHARES_NOTE)
        bars = charts.share_bars({look: shares[look] for look in shown.looks})
        st.plotly_chart(bars, key="history_shares", config=charts.STILL, alt=text_history.shares_alt(shares))
    with right:
        _rows(text_history.BY_SOURCE, shown.faces.by_source(), shown.looks, key="sources", note=text_history.BY_SOURCE_NOTE)
        if people := shown.faces.by_person():
            _rows(text_history.BY_PERSON, people, shown.looks, key="people", note=text_history.BY_PERSON_NOTE)


def _rows(title: str, rows: Mapping[str, Mapping[str, float]], looks: Sequence[str], *, key: str, note: str = "") -> None:
    """Show a stacked bar for each of the first rows, and the numbers of all."""
    st.subheader(title, anchor=False)
    if note:
        st.caption(note)
    first = dict(list(rows.items())[:_ROWS_FIRST])
    bars = charts_history.stacked_rows(first, looks=looks)
    st.plotly_chart(bars, key=f"history_by_{key}", config=charts.STILL, alt=text_history.rows_alt(title, len(first)))
    if more := len(rows) - len(first):
        st.caption(text_history.more_rows(more))
    with st.expander(text_history.NUMBERS, key=f"history_numbers_{key}"):
        st.dataframe(shares_table(rows, looks), hide_index=True)  # which renders no markup


def over_time(shown: Shown) -> None:
    """Show one source over time, with its notes as flags."""
    sources = [name for name in timed(shown.recordings) if not shown.sources or name in shown.sources]
    if not sources:
        st.markdown(text_history.NO_TIME)
        return
    only_choices(keys.HISTORY_TIMED, sources)
    chosen = st.selectbox(text_history.TIMED_SOURCE, sources, key=keys.HISTORY_TIMED)
    recording = timed(shown.recordings)[chosen]
    part = source_part(recording.timeline, chosen)
    people = {number: person_name(part, chosen, number) for number in np.unique(part.track_ids).tolist()}
    wanted = [number for number, name in people.items() if not shown.people or name in shown.people]
    found = moments(part, np.isin(part.track_ids, wanted))
    flags = [(note.time_s, note.text) for note in notes_of([recording]) if note.source == chosen]
    figure = charts_history.over_time(found, looks=shown.looks, flags=flags)
    st.plotly_chart(figure, key="history_time", config=charts.STILL, alt=time_alt(found))
    st.caption(text_history.TIME_NOTE)
    widgets.numbers(moments_table(found.times_s, {name: some for name, some in found.shares.items() if name in shown.looks}))


def listing(found: Sequence[Recording]) -> None:
    """Show each recording with what it is, and a way to delete it."""
    for recording in found:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"history_row_{recording.key}"):
            with st.container(key=f"name_history_{recording.key}", gap=None):
                st.text(recording.name)
                st.caption(f"{text_history.KIND_ICONS[recording.kind]} {facts_of(recording, sightings([recording]))}")
            delete = partial(recordings.delete, recording.kind, recording.number)
            widgets.quiet_button(text_history.DELETE, delete, icon=":material/delete:", key=f"history_delete_{recording.key}")


def facts_of(recording: Recording, faces: Sightings) -> str:
    """Return what a recording is, in one line of our own words."""
    parts = [_moment(recording.began_at)] if recording.began_at else []
    if has_course(recording):
        parts.append(text_history.span(float(seconds_each(recording.timeline).sum())))
    parts += [text_history.people(len(faces.people)) if faces.people or not len(faces) else text.faces_found(len(faces))]
    return " · ".join((*parts, text_history.most_often(faces.shares())))


def _moment(began_at: float) -> str:
    """Return a time of day where the visitor is."""
    try:
        zone = ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return time.strftime("%H:%M UTC", time.gmtime(began_at))
    return datetime.fromtimestamp(began_at, zone).strftime("%H:%M")
