"""Screen. Pieces of which screens are made: the notice, the settings, the card of a face, a photo with its results.

Names of files and messages about files are a visitor's words: they go through `st.text`, which renders no markup.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import PurePath
from typing import NamedTuple

import streamlit as st

from fer_app import age_choice, charts, exports, keys, language, resources, state
from fer_app.album import KeptFace, KeptPhoto
from fer_app.language import keeping, text, text_ages, text_hosting
from fer_core import FaceView, Options
from fer_core.estimate import LiteRtAges

_FACES_FIRST = 6  # cards shown at once; a chart costs the browser some 20 ms
_THUMB_PX = 104


def notice() -> None:
    """Show what a visitor should know, until it is confirmed."""
    place = st.container()  # stays when the notice goes, lest the upload below moves and loses what is on its way
    if state.notice_is_read():
        return
    with place.container(border=True, key="notice"):
        st.markdown(f"**:material/shield_person: {text.NOTICE_TITLE}**")
        st.markdown(text.NOTICE)
        icon = ":material/check:"
        st.button(text.NOTICE_CONFIRM, on_click=state.confirm_notice, type="primary", icon=icon, key="confirm_notice")


def languages() -> None:
    """Offer the languages, at the foot of every page; each is called what it calls itself."""
    # Streamlit's page says that it is English; a screen reader pronounces it as the page says.
    script = f"<script>document.documentElement.lang = '{text.LANGUAGE_TAG}'</script>"
    st.html(script, unsafe_allow_javascript=True)
    with st.container(horizontal=True, horizontal_alignment="right", key="languages"):
        st.segmented_control(
            text.LANGUAGE,
            list(language.names()),
            default=language.of_browser(),
            format_func=language.names().__getitem__,
            required=True,
            label_visibility="collapsed",
            key=keys.LANGUAGE,
            persist_state="session",
        )


class Chosen(NamedTuple):
    """What the next photos are to be read with: the smallest face in pixels, the engine, and what estimates ages, if asked."""

    min_face_px: int
    engine: str
    ages: LiteRtAges | None


def settings() -> Chosen:
    """Offer the settings; return what was chosen."""
    with st.popover(text.SETTINGS, icon=":material/tune:"):
        st.toggle(text.LANDMARKS, key=keys.LANDMARKS, persist_state="session")
        min_face_px, engine = smallest_face(keys.MIN_FACE, text.MIN_FACE_HELP), _engine()
        # Ages were never measured in the boxes of the Haar cascade, which are wider.
        ages = None if engine == resources.HAAR else age_choice.offer(keys.AGES, help_=text_ages.FOR_NEXT_PHOTOS)
        return Chosen(min_face_px, engine, ages)


def smallest_face(key: str, help_: str) -> int:
    """Offer the smallest face to look for, for what the key and the help are about; return it in pixels."""
    usual = Options().min_face_px
    return st.segmented_control(
        text.MIN_FACE,
        sorted({20, usual, 80}),
        default=usual,
        format_func=text.min_face,
        help=help_,
        required=True,
        key=key,
        persist_state="session",
    )


def _engine() -> str:
    """Offer the engines where there is a choice."""
    engines = resources.engines()
    if len(engines) < 2:
        return engines[0]
    return st.segmented_control(
        text.ENGINE,
        engines,
        default=engines[0],
        format_func=lambda name: text.ENGINE_NAMES[name],
        help=text.ENGINE_HELP,
        required=True,
        key=keys.ENGINE,
        persist_state="session",
    )


def left_out() -> None:
    """Say which files gave no result, and why."""
    files = state.album().left_out
    if not files:
        return
    with st.container(border=True, key="left_out"):
        st.markdown(f"**:material/error: {text.LEFT_OUT_TITLE}**")
        for number, file in enumerate(files):
            with st.container(key=f"name_left_out_{number}"):
                st.text(file.name)
            st.text(file.reason)
        quiet_button(text.LEFT_OUT_CLOSE, state.clear_left_out, icon=":material/close:", key="close_left_out")


def photo_panel(photo: KeptPhoto, ages: LiteRtAges | None = None) -> None:
    """Show one photo: the picture, a card for each face, and what can be done with them.

    Args:
        photo: what to show.
        ages: what estimated the ages, where they are to be shown.
    """
    with st.container(border=True, key=f"photo_{photo.photo_id}", gap="small"):
        _heading(photo)
        beside = len(photo.faces) <= 1
        where, cards = st.columns([3, 2], gap="medium") if beside else (st.container(), st.container())
        with where:
            _picture(photo)
        with cards:
            _faces(photo, ages)
        _actions(photo)


def _heading(photo: KeptPhoto) -> None:
    with st.container(key=f"name_{photo.photo_id}", gap=None):
        st.text(photo.name)
        st.caption(f"{text.faces_found(len(photo.faces))} · {text.cost(photo.result.cost_ms, photo.engine)}")
    if len(photo.faces) >= (most := resources.service().limits.faces):
        st.caption(f":material/info: {text_hosting.most_faces(most)}")


def _picture(photo: KeptPhoto) -> None:
    views = sorted(photo.result, key=_left_side)
    answers = [text.looks_like(view.label, view.confidence, photo.threshold) for view in views]
    with st.container(key=f"picture_{photo.photo_id}"):
        st.image(exports.picture_of(photo, marked=_marks()), width="stretch", alt=text.picture_alt(answers))
        if photo.faces and photo.engine == resources.HAAR:
            st.caption(f":material/info: {text.HAAR_NOTE}")


def _marks() -> bool:
    return bool(st.session_state.get(keys.LANDMARKS))


def _faces(photo: KeptPhoto, ages: LiteRtAges | None) -> None:
    if not photo.faces:
        st.markdown(f"**{text.NO_FACE}**")
        st.markdown(text.NO_FACE_ADVICE)
        return
    shown = len(photo.faces) if state.is_unfolded(photo.photo_id) else _FACES_FIRST
    largest = list(zip(photo.result, photo.faces, strict=True))[:shown]
    cells = sorted(largest, key=lambda cell: _left_side(cell[0]))
    a_row = _cards_a_row(len(photo.faces))
    for start in range(0, len(cells), a_row):
        columns = st.columns(a_row, gap="medium")
        for offset, (column, (view, face)) in enumerate(zip(columns, cells[start : start + a_row], strict=False)):
            with column:
                aged, key = age_choice.line(view.age, ages), f"{photo.photo_id}_{start + offset}"
                face_card(view, face, aged, threshold=photo.threshold, key=key)
    if hidden := len(photo.faces) - len(cells):
        st.button(text.more_faces(hidden), on_click=state.unfold, args=(photo.photo_id,), key=f"unfold_{photo.photo_id}")


def _left_side(view: FaceView) -> float:
    """Cards stand in the order in which the faces stand in the picture."""
    return view.box[0]


def _cards_a_row(faces: int) -> int:
    return {1: 1, 2: 2, 4: 2}.get(faces, 3)  # four make a square, not a row of three and one left over


def face_card(view: FaceView, face: KeptFace, aged: str, *, threshold: float, key: str) -> None:
    """Show one face: crop, chip, the answer, how old it looks if that is to be said, the chart, and the numbers behind it."""
    sure = view.confidence >= threshold
    with st.container(border=True, height="stretch", key=f"face_{key}"):
        with st.container(horizontal=True, gap="small", key=f"pair_{key}"):
            with st.container(key=f"crop_{key}", width="content"):
                st.image(face.crop_jpeg, width=_THUMB_PX, alt=text.FACE_ALT)
            with st.container(key=f"chip_{key}", width="content"):
                st.image(face.chip_png, width=_THUMB_PX, alt=text.CHIP_ALT)
        icon = text.ICONS.get(view.label, text.NOT_SURE_ICON) if sure else text.NOT_SURE_ICON
        st.subheader(f"{icon} {text.looks_like(view.label, view.confidence, threshold)}", anchor=False)
        st.caption(text.how_sure(view.probabilities, threshold))
        if aged:
            st.caption(aged)
        for name in face.advice:
            st.caption(f":material/lightbulb: {text.ADVICE[name]}")
        bars = charts.probability_bars(view.probabilities, threshold=threshold)
        st.plotly_chart(bars, key=f"bars_{key}", config=charts.STILL, alt=text.chart_alt(view.probabilities))
        rows = {text.word(name): text.percent(share) for name, share in view.probabilities.items()}
        numbers({text.EXPRESSION: list(rows), text.PROBABILITY: list(rows.values())})


def numbers(table: Mapping[str, list[str]]) -> None:
    """Offer a chart's numbers to unfold, also for those who do not see it."""
    with st.expander(text.NUMBERS):
        st.table(dict(table), hide_index=True, border="horizontal")


def _actions(photo: KeptPhoto) -> None:
    stem, key = exports.safe_stem(PurePath(photo.name).stem), photo.photo_id
    with st.container(horizontal=True, gap="small", key=f"actions_{key}"):
        picture = partial(exports.picture_of, photo, marked=_marks())
        download(text.DOWNLOAD_PICTURE, picture, f"{stem}-faces.jpg", "image/jpeg", key=f"picture_of_{key}")
        if photo.faces:
            blurred = partial(exports.blurred_picture_of, photo)
            name, blurred_key = f"{stem}-blurred.jpg", f"blurred_of_{key}"
            download(text.DOWNLOAD_BLURRED, blurred, name, "image/jpeg", key=blurred_key, note=text.BLURRED_NOTE)
        downloads((photo,), stem=stem, labels=(text.DOWNLOAD_CSV, text.DOWNLOAD_JSON), key=str(key))
        quiet_button(text.DELETE_ONE, partial(state.delete, key), icon=":material/delete:", key=f"delete_{key}")


def downloads(photos: tuple[KeptPhoto, ...], *, stem: str, labels: tuple[str, str], key: str) -> None:
    """Offer the results of photos as CSV and as JSON; the files are made when they are asked for."""
    download(labels[0], partial(exports.csv_of, photos), f"{stem}.csv", "text/csv", key=f"csv_{key}")
    download(labels[1], partial(exports.json_of, photos), f"{stem}.json", "application/json", key=f"json_{key}")


def download(label: str, make: exports.Maker, file_name: str, mime: str, *, key: str, note: str | None = None) -> None:
    """Offer a file that is made when it is asked for."""
    # Made on the click, not in advance: Streamlit would keep a ready file for a while after its photo is deleted.
    # Then no page is there to say in which language.
    icon = ":material/download:"
    st.download_button(label, keeping(make), file_name, mime, key=key, help=note, icon=icon, on_click="ignore")


def quiet_button(label: str, action: Callable[[], None], *, icon: str, key: str) -> None:
    """Offer something that is not the main thing to do."""
    st.button(label, on_click=action, icon=icon, type="tertiary", key=key)
