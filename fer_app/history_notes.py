"""Screen. Notes on photos and on moments of videos and live sessions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

import streamlit as st

from fer_app import recordings
from fer_app.history import MAX_NOTE, MAX_NOTES, Note, Recording, notes_of, row_at, timed, with_words
from fer_app.language import text_history

_SHOWN = 50  # a page


def notes(found: Sequence[Recording]) -> None:
    """Offer a form for a note, and show those that there are."""
    st.markdown(text_history.NOTE_LEAD)
    there = notes_of(found)
    if len(there) < MAX_NOTES:
        _form(found, written=sum(len(note.text) for note in there))
    else:
        st.caption(text_history.notes_full(MAX_NOTES))
    if not there:
        st.caption(text_history.NOTE_NONE)
    pages = math.ceil(len(there) / _SHOWN)
    page = st.pagination(pages, key="history_notes_page") if pages > 1 else 1
    for note in there[_SHOWN * (page - 1) : _SHOWN * page]:
        _line(note)


def _form(found: Sequence[Recording], *, written: int) -> None:
    """Offer the form; after each note its words start anew, and what was refused stays to be corrected."""
    owners = {source: recording for recording in found for source in dict.fromkeys(recording.timeline.sources)}
    with st.form("history_note"):
        where, when, what = st.columns([3, 1, 4], vertical_alignment="bottom")
        source = where.selectbox(text_history.NOTE_SOURCE, list(owners), key="history_note_source")
        at = when.text_input(
            text_history.NOTE_TIME, "0:00", help=text_history.NOTE_TIME_HELP, max_chars=12, key=f"history_note_time_{written}"
        )
        words = what.text_input(
            text_history.NOTE_TEXT,
            max_chars=MAX_NOTE,
            placeholder=text_history.NOTE_PLACEHOLDER,
            key=f"history_note_text_{written}",
        )
        sent = st.form_submit_button(text_history.NOTE_ADD, icon=":material/flag:", key="history_note_add")
    if sent:
        _add(owners[source], source, at, words, has_time=source in timed(found))


def _add(recording: Recording, source: str, at: str, words: str, *, has_time: bool) -> None:
    time_s = text_history.seconds_of(at) if has_time else 0.0
    reach_s = 1.0 if has_time else math.inf  # of a single picture, whatever its time
    row = None if time_s is None else row_at(recording.timeline, source, time_s, reach_s=reach_s)
    if not words.strip():
        st.warning(text_history.NOTE_EMPTY)
    elif row is None:
        times_s = [
            time for time, name in zip(recording.timeline.times_s, recording.timeline.sources, strict=True) if name == source
        ]
        st.warning(text_history.note_bad_time(min(times_s), max(times_s)))
    else:
        both = with_words(recording.timeline.notes[row], words.strip())
        if len(both) > MAX_NOTE:
            st.warning(text_history.NOTE_TAKEN)
            return
        recordings.annotate(recording.kind, recording.number, row, both)
        st.rerun()


def _line(note: Note) -> None:
    key = f"{note.kind}_{note.number}_{note.row}"
    with st.container(horizontal=True, vertical_alignment="center", key=f"history_note_{key}"):
        with st.container(gap=None, key=f"history_note_words_{key}"):
            st.text(note.text)
            st.text(f"{note.source} · {text_history.clock(note.time_s)}")
        remove = partial(recordings.annotate, note.kind, note.number, note.row, "")
        st.button(
            text_history.NOTE_DELETE, on_click=remove, icon=":material/close:", type="tertiary", key=f"history_note_delete_{key}"
        )
