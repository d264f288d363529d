"""Screen. The analysis while it runs: how far it is, what it sees, and a way to stop it."""

from __future__ import annotations

import streamlit as st

from fer_app.film.studio import Studio
from fer_app.hosting import banner
from fer_app.language import text_video


def running(studio: Studio) -> None:
    """Show the work once a second; redraw the page when it has ended."""
    job, analysis = studio.job, studio.analysis
    if job is None or analysis is None or not job.running:
        st.rerun(scope="app")
    banner.ending()
    st.progress(job.share, text_video.WAITING if job.waiting else text_video.running(analysis.at_s, job.remaining_s()))
    with st.container(horizontal=True, vertical_alignment="center", key="film_running_actions"):
        st.button(text_video.CANCEL, on_click=job.cancel, icon=":material/stop:", help=text_video.CANCEL_HELP, key="film_cancel")
        st.caption(text_video.BACKGROUND)
    if analysis.preview:
        with st.columns([3, 2])[0], st.container(key="picture_film_preview"):
            st.image(analysis.preview, width="stretch", alt=text_video.PREVIEW_ALT)


def writing(studio: Studio) -> None:
    """Show the making of the annotated video once a second; redraw the page when it has ended."""
    job = studio.export_job
    if job is None or not job.running:
        st.rerun(scope="app")
    banner.ending()
    st.progress(job.share, text_video.WAITING if job.waiting else text_video.making(job.remaining_s()))
    st.button(text_video.MAKE_CANCEL, on_click=studio.cancel_export, icon=":material/stop:", key="film_make_cancel")
