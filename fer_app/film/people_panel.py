"""Screen. The people of a video: a table, and how to rename, hide and merge them. Nothing is analysed again."""

from __future__ import annotations

from functools import partial

import streamlit as st

from fer_app import age_choice, keys, state
from fer_app.film.plan import Film
from fer_app.film.reading import PersonRow
from fer_app.film.report import titles_of
from fer_app.film.studio import Studio
from fer_app.language import text_ages, text_video
from fer_core import Person, Timeline
from fer_core.people import merged, with_person

_MOST_ROWS = 200
_MAX_NAME = 60


def people(studio: Studio, film: Film, rows: tuple[PersonRow, ...]) -> None:
    """Show everyone, and offer to change what is said about them."""
    st.subheader(text_video.PEOPLE, anchor=False)
    shown, titles = rows[:_MOST_ROWS], titles_of(rows)
    columns = (
        [titles[row.track_id] + (f" ({text_video.HIDDEN})" if row.hidden else "") for row in shown],
        [text_video.seconds(row.seconds) for row in shown],
        [text_video.clock(row.first_s) for row in shown],
        [text_video.clock(row.last_s) for row in shown],
        [text_video.most(row.shares) for row in shown],
    )
    table = dict(zip(text_video.COLUMNS, columns, strict=True))
    if film.ages:
        looks = [film.ages[row.track_id].range if row.track_id in film.ages else "–" for row in shown]
        # Beside the name: the last column of a phone's table is out of sight, and this one was asked for.
        table = {text_video.COLUMNS[0]: columns[0], text_ages.COLUMN: looks, **table}
    # A table with ages has no toolbar (assets/style.css): its button would put them into a file.
    with st.container(key="film_people_with_ages" if film.ages else "film_people_table"):
        st.dataframe(table, hide_index=True, width="stretch", key=state.film_key("film_people"))
    if film.ages and (estimator := age_choice.estimator()):
        age_choice.note(estimator)
    with st.expander(text_video.EDIT, icon=":material/edit:", key="film_edit"):
        _edit(studio, film, {row.track_id: row for row in rows})


def _edit(studio: Studio, film: Film, rows: dict[int, PersonRow]) -> None:
    left, right = st.columns(2, gap="medium")
    titles = titles_of(rows.values())
    with left:
        number = st.selectbox(text_video.PERSON, [*titles], format_func=lambda n: titles[n], key=state.film_key("film_who_edit"))
        row = rows[number]
        name_key = state.film_key(f"film_name_{number}")
        st.text_input(text_video.NAME, row.name, max_chars=_MAX_NAME, key=name_key)
        with st.container(horizontal=True):
            st.button(text_video.RENAME, on_click=_rename, args=(studio, row, name_key), key="film_rename")
            word = text_video.SHOW if row.hidden else text_video.HIDE
            st.button(word, on_click=partial(_hide, studio, row), key="film_hide", type="tertiary")
    with right:
        key = state.film_key(f"film_merge_{film.timeline.track_ids.sum()}")
        same = st.multiselect(text_video.MERGE, [*titles], format_func=lambda n: titles[n], key=key, help=text_video.MERGE_HELP)
        st.button(text_video.MERGE_BUTTON, on_click=_merge, args=(studio, tuple(same)), disabled=len(same) < 2, key="film_merge")


def _rename(studio: Studio, row: PersonRow, name_key: str) -> None:
    name = "".join(c for c in st.session_state[name_key] if c.isprintable()).strip()
    _say(studio, Person(studio.name, row.track_id, name, row.hidden))


def _hide(studio: Studio, row: PersonRow) -> None:
    _say(studio, Person(studio.name, row.track_id, row.name, not row.hidden))


def _say(studio: Studio, person: Person) -> None:
    if studio.film:
        _keep(studio, with_person(studio.film.timeline, person))


def _merge(studio: Studio, numbers: tuple[int, ...]) -> None:
    if studio.film and len(numbers) > 1:
        _keep(studio, merged(studio.film.timeline, studio.name, numbers))


def _keep(studio: Studio, timeline: Timeline) -> None:
    state.revise_video(studio.number, timeline)
    # A browser keeps what a choice was called when it was made, and would choose the first one where that name is gone:
    # a choice that is made anew takes the new name along.
    for key in (state.film_key("film_who_edit"), state.film_key(keys.FILM_PERSON)):
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]
