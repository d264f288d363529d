"""Screen. Which part of the history is shown: kinds, sources, people and expressions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from fer_app import keys
from fer_app.history import KINDS, Recording
from fer_app.language import text_history
from fer_app.shares import ANSWERS, Sightings, sightings

_KEYS = (keys.HISTORY_KINDS, keys.HISTORY_SOURCES, keys.HISTORY_PEOPLE, keys.HISTORY_LOOKS)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is left by the filter.

    Attributes:
        recordings: those of the chosen kinds.
        faces: the faces of these, in the chosen sources and of the chosen people.
        sources: the chosen sources; none = all.
        people: the chosen people; none = all.
        looks: the answers to show.
    """

    recordings: tuple[Recording, ...]
    faces: Sightings
    sources: tuple[str, ...]
    people: tuple[str, ...]
    looks: tuple[str, ...]


def choose(recordings: Sequence[Recording]) -> Shown:
    """Offer the filter; return what it leaves."""
    on = any(st.session_state.get(key) for key in _KEYS)
    label = text_history.FILTERS_ON if on else text_history.FILTERS
    with st.popover(label, icon=":material/filter_alt:", type="primary" if on else "secondary", key="history_filter"):
        kinds = _several(
            text_history.FILTER_KINDS,
            [kind for kind in KINDS if any(recording.kind == kind for recording in recordings)],
            keys.HISTORY_KINDS,
            names=text_history.KIND_NAMES.__getitem__,
        )
        kept = tuple(recording for recording in recordings if not kinds or recording.kind in kinds)
        faces = sightings(kept)
        sources = _several(text_history.FILTER_SOURCES, faces.sources, keys.HISTORY_SOURCES)
        people = _several(text_history.FILTER_PEOPLE, faces.people, keys.HISTORY_PEOPLE)
        looks = _several(text_history.FILTER_LOOKS, ANSWERS, keys.HISTORY_LOOKS, names=text_history.answer)
        if on:
            st.button(text_history.FILTERS_CLEAR, on_click=_clear, icon=":material/filter_alt_off:", key="history_filter_clear")
    narrowed = faces.narrowed(sources=sources, people=people)
    return Shown(kept, narrowed, sources, people, tuple(look for look in ANSWERS if not looks or look in looks))


def _several(label: str, options: Sequence[str], key: str, *, names: object = str) -> tuple[str, ...]:
    """Offer some of the options; what was chosen before and is gone is forgotten."""
    only_choices(key, options)
    return tuple(st.multiselect(label, options, format_func=names, key=key, placeholder=text_history.FILTER_ALL))


def only_choices(key: str, options: Sequence[str]) -> None:
    """Forget what was chosen in a widget and is no longer offered."""
    chosen = st.session_state.get(key)
    if isinstance(chosen, list):
        st.session_state[key] = [name for name in chosen if name in options]
    elif chosen is not None and chosen not in options:
        del st.session_state[key]


def _clear() -> None:
    for key in _KEYS:
        st.session_state[key] = []
