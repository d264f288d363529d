"""Screen. A video in, perceived expressions over time out."""

from __future__ import annotations

import streamlit as st

from fer_app import loading, resources, state, widgets
from fer_app.film import entry, files_panel, people_panel, progress, reading, results
from fer_app.film.plan import Film
from fer_app.film.studio import Studio
from fer_app.language import text_video


def intake(studio: Studio) -> None:
    """Offer the upload, or the choice of what to analyse."""
    analyzer = loading.analyzer(state.usual_min_face_px(), resources.live_engine())
    if analyzer is None:
        return
    if studio.video is None:
        entry.upload(studio)
    elif studio.file_is_gone:
        st.info(text_video.GONE_BEFORE)
        entry.remove(studio)
    else:
        entry.choose(studio, analyzer)


def summary(studio: Studio, film: Film, people: int) -> None:
    """Say what was analysed, what went wrong, and offer to begin anew."""
    entry.heading(studio)
    st.caption(text_video.done(len(film.timeline.sources), people, film.plan.start_s, film.last_s))
    if film.faults:
        st.error(text_video.ended(film.faults), icon=":material/error:")
    if film.stopped:
        st.info(text_video.STOPPED, icon=":material/stop:")
    elif film.let_go:
        st.info(text_video.GONE)
    elif film.cut_short:
        st.warning(text_video.CUT_SHORT, icon=":material/content_cut:")
    with st.container(horizontal=True, key="film_head_actions"):
        if not studio.file_is_gone:
            widgets.quiet_button(text_video.AGAIN, studio.again, icon=":material/replay:", key="film_again")
        entry.remove(studio)


def show(studio: Studio, film: Film) -> None:
    """Show everything about an analysed video."""
    rows = reading.people_of(film)
    summary(studio, film, len(rows))
    if not rows:
        st.markdown(text_video.NO_FACES if film.timeline.sources else text_video.NOTHING)
        return
    track_id = results.who(rows)
    results.compared(studio, film, track_id)
    results.over_time(studio, film, track_id)
    results.strongest(film, rows)
    people_panel.people(studio, film, rows)
    files_panel.labels(studio)
    files_panel.files(studio, film, track_id)


st.title(text_video.TITLE, anchor=False)
studio = state.studio()
if studio.job is None:
    st.markdown(text_video.LEAD)
widgets.notice()
state.end_film()
if studio.film is not None:
    show(studio, studio.film)
elif studio.job is not None:
    entry.heading(studio)
    st.fragment(progress.running, run_every=1)(studio)
else:
    intake(studio)
