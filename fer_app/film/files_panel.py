"""Screen. What can be taken along of a video: the annotated copy in a player, tables, a report; and labels to compare with."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath

import streamlit as st

from fer_app import exports, keys, resources, state, widgets
from fer_app.film.plan import Film
from fer_app.film.progress import writing
from fer_app.film.report import film_report
from fer_app.film.studio import Studio
from fer_app.film.truth import MAX_BYTES, parse_truth
from fer_app.language import text_video
from fer_app.uploads import let_go
from fer_core import InputError, to_csv, to_json

_SPARSE_HZ = 2.0


def files(studio: Studio, film: Film, track_id: int | None) -> None:
    """Offer the player and every file."""
    st.subheader(text_video.FILES, anchor=False)
    with st.container(horizontal=True, key="film_looks"):
        # Who comes back from another page finds the faces blurred as before.
        frames_key, blur_key = state.film_key(keys.FILM_FRAMES), state.film_key(keys.FILM_BLUR)
        frames = st.toggle(text_video.DRAW_FRAMES, value=True, key=frames_key, persist_state="session")
        blur = st.toggle(text_video.BLUR, help=text_video.BLUR_HELP, key=blur_key, persist_state="session")
    rate_hz = film.plan.rate_hz
    if blur and rate_hz is not None and rate_hz < _SPARSE_HZ:
        st.caption(f":material/info: {text_video.BLUR_SPARSE}")
    player(studio, film, frames=frames, blur=blur)
    stem = exports.safe_stem(PurePath(film.name).stem)
    with st.container(horizontal=True, gap="small", key="film_files"):
        widgets.download(text_video.DOWNLOAD_CSV, partial(_csv, studio), f"{stem}.csv", "text/csv", key="film_csv")
        widgets.download(text_video.DOWNLOAD_JSON, partial(_json, studio), f"{stem}.json", "application/json", key="film_json")
        report = partial(_report, studio, track_id=track_id, blur=blur)
        widgets.download(text_video.DOWNLOAD_REPORT, report, f"{stem}-report.html", "text/html", key="film_report")


def player(studio: Studio, film: Film, *, frames: bool, blur: bool) -> None:
    """Show the annotated video, its making, or the offer to make it."""
    job, export = studio.export_job, studio.export
    if job and job.running:
        st.fragment(writing, run_every=1)(studio)
        return
    if job and job.error:
        st.error(text_video.ended(job.error), icon=":material/error:")
    if export and export.mp4 and export.fits(film, frames=frames, blur=blur):
        with st.container(key="film_player"):
            st.video(export.mp4, alt=text_video.PLAYER_ALT)
        name = f"{exports.safe_stem(PurePath(film.name).stem)}-annotated.mp4"
        widgets.download(text_video.DOWNLOAD_VIDEO, partial(_mp4, studio), name, "video/mp4", key="film_mp4")
    elif studio.file_is_gone:
        st.caption(f":material/info: {text_video.GONE}")
    else:
        if st.button(text_video.MAKE, icon=":material/movie:", key="film_make", type="primary"):
            studio.write(frames=frames, blur=blur, places=resources.service().video_places)
            st.rerun()


# Streamlit keeps what a button was given: the studio lets its video go, a timeline would stay.
def _mp4(studio: Studio) -> bytes:
    return studio.export.mp4 if studio.export else b""


def _csv(studio: Studio) -> bytes:
    return to_csv(studio.film.timeline) if studio.film else b""


def _json(studio: Studio) -> bytes:
    return to_json(studio.film.timeline) if studio.film else b""


def _report(studio: Studio, *, track_id: int | None, blur: bool) -> bytes:
    return film_report(studio.film, studio.truth, track_id=track_id, blur=blur) if studio.film else b""


def labels(studio: Studio) -> None:
    """Offer to load labels that somebody gave parts of the video, and to remove them."""
    with st.expander(text_video.TRUTH, icon=":material/fact_check:", key="film_truth"):
        if studio.truth:
            widgets.quiet_button(text_video.TRUTH_REMOVE, studio.drop_truth, icon=":material/delete:", key="film_truth_remove")
            return
        key = state.film_key(f"film_truth_{studio.truth_round}")
        file = st.file_uploader(
            text_video.TRUTH_UPLOAD, type="csv", key=key, help=text_video.TRUTH_HELP, max_upload_size=MAX_BYTES >> 20
        )
        st.caption(text_video.TRUTH_HELP)
        if studio.truth_problem:
            st.text(studio.truth_problem)
        if file is not None:
            _read(studio, file.getvalue())
            let_go([file.file_id])
            st.rerun()


def _read(studio: Studio, content: bytes) -> None:
    studio.drop_truth()
    try:
        studio.truth = parse_truth(content)
    except InputError as fault:
        studio.truth_problem = text_video.ended(str(fault))
