"""Screen. The way in for a video: its upload, and the choice of what to analyse."""

from __future__ import annotations

import math
from datetime import time, timedelta

import streamlit as st

from fer_app import age_choice, keys, presence, resources, state, state_hosting, widgets
from fer_app.album import clean_name, free_name
from fer_app.film.plan import RATES_HZ, USUAL_RATE_HZ, Plan
from fer_app.film.studio import Studio
from fer_app.language import text, text_hosting, text_live, text_video
from fer_app.uploads import let_go
from fer_core import Analyzer

TYPES = ("mp4", "m4v", "mov", "webm", "avi", "mkv")
_DAY_S = 24 * 3600


def upload(studio: Studio) -> None:
    """Offer the upload; take in what came, and let Streamlit's copy of it go."""
    with st.container(key="intake_first_video"):
        file = st.file_uploader(
            text_video.UPLOAD,
            type=TYPES,
            key=state.film_key("film_upload"),
            help=text_video.UPLOAD_HELP,
            max_upload_size=resources.service().limits.video_mb,
        )
    if file is not None:
        with st.spinner(text_video.COPYING):
            name = free_name(clean_name(file.name), {video.name for video in state.reel().videos})
            studio.take(name, file, present=presence.present(), limits=resources.service().limits)
            let_go([file.file_id])  # within: where a click has come meanwhile, the end of the spinner ends this run
            if studio.last_problem[1]:
                resources.service().metrics.refusal("unreadable_video")
        st.rerun()
    st.caption(f":material/lock: {text_video.KEPT_NOTE}")
    problem()


def problem() -> None:
    """Say what is wrong with the video that was added last."""
    name, reason = state.studio().last_problem
    if reason:
        with st.container(border=True, key="video_problem"):
            st.markdown(f"**:material/error: {text_video.PROBLEM_TITLE}**")
            with st.container(key="name_video_problem"):
                st.text(name)
            st.text(text.unreadable(reason))


def choose(studio: Studio, analyzer: Analyzer) -> None:
    """Show what the video is, and offer the part, the rate, and whether ages are estimated."""
    heading(studio)
    left, right = st.columns([3, 2], gap="medium")
    with left, st.container(key="picture_video_first"):
        first = studio.first_picture()
        if first:
            st.image(first, width="stretch", alt=text_video.moment_alt(0))
    with right:
        start_s, end_s = _part(studio)
        rate_hz = st.segmented_control(
            text_video.RATE,
            RATES_HZ,
            default=USUAL_RATE_HZ,
            format_func=text_video.rate,
            help=text_video.RATE_HELP,
            required=True,
            key=state.film_key("film_rate"),
        )
        min_face_px = widgets.smallest_face(keys.FILM_MIN_FACE, text_live.MIN_FACE_HELP)
        ages = age_choice.offer(keys.FILM_AGES)
        plan = Plan(rate_hz, start_s, end_s, min_face_px, 60.0 * resources.service().limits.video_minutes)
        with st.container(horizontal=True):
            # No callback: its arguments would be those of the run before the last change.
            asked = st.button(text_video.START, type="primary", icon=":material/play_arrow:", key="film_start")
            remove(studio)
    if asked and _granted():
        studio.begin(plan, analyzer.with_ages(ages), places=resources.service().video_places)
        st.rerun()


def _granted() -> bool:
    """Count an analysis, or say why there is none now."""
    service = resources.service()
    if service.drain.begun:
        st.warning(text_hosting.CLOSING)
    elif not state_hosting.quota_left():
        service.metrics.refusal("analyses_per_minute")
        st.warning(text_hosting.not_yet(service.limits.analyses_per_minute, state_hosting.quota_wait_s()))
    else:
        state_hosting.count_analysis()
        return True
    return False


def heading(studio: Studio) -> None:
    """Show the video's name and what its file says."""
    info = studio.info
    with st.container(key="name_film", gap=None):
        st.text(studio.name)
        if info:
            st.caption(text_video.facts(info.duration_s, info.size_wh, info.rate_hz, info.codec, sound=info.sound))


def remove(studio: Studio) -> None:
    """Offer to let the video go; its results stay in the history."""
    widgets.quiet_button(text_video.REMOVE, studio.close, icon=":material/delete:", key="film_remove")


def _part(studio: Studio) -> tuple[float, float | None]:
    """Offer a part of the video; return where it starts and ends, None for its end."""
    duration_s = studio.info.duration_s if studio.info else None
    last = math.ceil(duration_s) if duration_s else 0
    if not 2 <= last < _DAY_S:
        return 0.0, None
    chosen = st.slider(
        text_video.PART,
        _clock(0),
        _clock(last),
        (_clock(0), _clock(last)),
        step=timedelta(seconds=1),
        format="HH:mm:ss" if last >= 3600 else "mm:ss",
        help=text_video.PART_HELP,
        key=state.film_key("film_part"),
    )
    start_s, end_s = (moment.hour * 3600 + moment.minute * 60 + moment.second for moment in chosen)
    if start_s == end_s:  # both ends of the slider on one second mean that second
        start_s, end_s = (start_s, end_s + 1) if end_s < last else (start_s - 1, end_s)
    return float(start_s), None if end_s == last else float(end_s)


def _clock(seconds: int) -> time:
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
