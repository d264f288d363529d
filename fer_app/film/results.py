"""Screen. What was perceived in a video: curves, shares, strongest moments, people, comparison with labels."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from fer_app import charts, charts_video, keys, state, widgets
from fer_app.film import reading
from fer_app.film.plan import Film
from fer_app.film.report import titles_of
from fer_app.film.studio import Studio
from fer_app.film.truth import agreement
from fer_app.language import text, text_live, text_video
from fer_app.moments import moments_table
from fer_app.takes import shares_of_time

_MOST_PEOPLE = 50  # in the list; who is seen for longest comes first
_THUMB_PX = 96


def who(rows: tuple[reading.PersonRow, ...]) -> int | None:
    """Offer the people; return the chosen one's number, None for everyone."""
    titles = titles_of(row for row in rows if not row.hidden)
    if not titles:
        return None
    options: list[int | None] = [*titles][:_MOST_PEOPLE]
    if len(titles) > 1:
        options.append(None)
    key = state.film_key(keys.FILM_PERSON)
    return st.selectbox(text_video.WHO, options, format_func=lambda n: text_video.EVERYONE if n is None else titles[n], key=key)


def over_time(studio: Studio, film: Film, track_id: int | None) -> None:
    """Show the curves, and the picture of the moment that is chosen on them or by the slider."""
    st.subheader(text_video.OVER_TIME, anchor=False)
    st.caption(text_video.OVER_TIME_NOTE)
    curves = reading.curves(film.shown, track_id=track_id)
    key = state.film_key(keys.FILM_MOMENT)
    first_s, last_s = film.plan.start_s, max(film.last_s, film.plan.start_s + 0.1)
    if key not in st.session_state:
        st.session_state[key] = _first_moment(film, track_id)
    words = reading.leading(film.shown, film.threshold, track_id=track_id) if studio.truth else ()
    answers = charts_video.spans_of(film.shown.times_s, words) if words else ()
    figure = charts_video.video_curves(curves, truth=studio.truth, answers=answers, moment_s=st.session_state[key])
    chart_key = state.film_key("film_curves")
    st.plotly_chart(
        figure,
        key=chart_key,
        on_select=lambda: _go_to_point(chart_key, key, len(curves.shares), float(first_s), float(last_s)),
        selection_mode="points",
        config=charts.STILL,
        alt=text_video.curves_alt(curves.means()),
    )
    widgets.numbers(moments_table(curves.times_s, curves.shares))
    left, right = st.columns([3, 2], gap="medium")
    with right:
        moment_s = st.slider(text_video.MOMENT, float(first_s), float(last_s), step=0.05, format="%.2f s", key=key)
        _share(film, track_id)
    with left, st.container(key="picture_film_moment"):
        picture = studio.picture_at(moment_s)
        if picture:
            st.image(picture, width="stretch", alt=text_video.moment_alt(moment_s))
        else:
            st.caption(text_video.MOMENT_GONE)


def _first_moment(film: Film, track_id: int | None) -> float:
    """Return a time at which somebody is visible."""
    line = film.shown
    rows = np.flatnonzero(line.track_ids == track_id) if track_id is not None else np.arange(len(line))
    return float(line.face_times_s[rows[0]]) if len(rows) else film.plan.start_s


def _go_to_point(chart_key: str, moment_key: str, curves: int, first_s: float, last_s: float) -> None:
    """Take the time of the point that was chosen on a curve; the strips above end where their parts do, and are no points."""
    chosen: dict[str, Any] = st.session_state[chart_key]
    points = [point for point in chosen["selection"]["points"] if point.get("curve_number", 0) < curves]
    if points and "x" in points[0]:
        go_to(moment_key, min(max(float(points[0]["x"]), first_s), last_s))


def go_to(moment_key: str, time_s: float) -> None:
    """Show the moment of a time."""
    st.session_state[moment_key] = time_s


def _share(film: Film, track_id: int | None) -> None:
    shares = shares_of_time(film.take, track_id)
    if shares:
        st.caption(f"**{text_video.SHARES}**")
        bars = charts.share_bars(shares)
        st.plotly_chart(bars, key=state.film_key("film_shares"), config=charts.STILL, alt=text_live.shares_alt(shares))


def strongest(film: Film, rows: tuple[reading.PersonRow, ...]) -> None:
    """Show the strongest moment of each expression; a click goes there."""
    found = reading.peaks(film.shown, film.threshold)
    titles = titles_of(rows)
    if not found:
        return
    st.subheader(text_video.PEAKS, anchor=False)
    with st.container(horizontal=True, gap="small", key="film_peaks"):
        for peak in found:
            with st.container(border=True, width=164, gap="small", key=f"peak_{peak.label}"):
                thumb = film.thumbs.get(peak.shown)
                if thumb:
                    st.image(thumb, width=_THUMB_PX, alt=text_video.PEAK_ALT)
                st.markdown(f"**{text_video.peak(peak.label, peak.time_s)}**")
                with st.container(key=f"peak_name_{peak.label}"):
                    st.text(f"{titles.get(peak.track_id, '')} · {text.percent(peak.confidence)}")
                key = state.film_key(keys.FILM_MOMENT)
                st.button(text_video.GO_THERE, on_click=go_to, args=(key, peak.time_s), key=f"go_{peak.label}", type="tertiary")


def compared(studio: Studio, film: Film, track_id: int | None) -> None:
    """Show how far the answers agree with the visitor's labels."""
    if not studio.truth:
        return
    found = agreement(film.shown, studio.truth, film.threshold, track_id=track_id)
    if found.share is None:
        st.caption(text_video.TRUTH_NONE)
        return
    st.markdown(text_video.agrees(found.share, found.labelled_s, found.unseen_s))
    st.caption(f"{text_video.label_agrees(found.by_label)}. {text_video.TRUTH_RULE}")
