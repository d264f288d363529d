"""Screen. The ways in: files, the camera, samples; and the reading of what came."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fer_app import resources, state, state_hosting
from fer_app.album import MAX_PHOTOS, LeftOut, clean_name
from fer_app.language import text, text_hosting
from fer_app.photos import read_photo
from fer_app.uploads import let_go
from fer_core import Analyzer, MediaError

TYPES = ("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "heic", "heif", "avif")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that came.

    Attributes:
        mark: what tells it from the others of its round.
        name: its name, untrusted.
        read: gives its bytes.
    """

    mark: str
    name: str
    read: Callable[[], bytes]


def uploads() -> list[Incoming]:
    """Offer the upload; return the files that came."""
    key, most_mb = state.round_key("upload"), resources.service().limits.photo_mb
    help_ = text_hosting.photo_help(most_mb)
    files = st.file_uploader(text.UPLOAD, type=TYPES, accept_multiple_files=True, key=key, help=help_, max_upload_size=most_mb)
    return [Incoming(file.file_id, file.name, file.getvalue) for file in files]


def camera_button() -> None:
    """Offer to open the camera, or to close it."""
    is_open = state.camera_is_open()
    label, action = (text.CAMERA_CLOSE, state.close_camera) if is_open else (text.CAMERA_OPEN, state.ask_for_camera)
    st.button(label, icon=":material/photo_camera:", on_click=action, key="camera_button")


def camera() -> list[Incoming]:
    """Show the camera if the visitor asked for it and has read the notice; return the snapshot."""
    if not state.camera_is_wanted():
        return []
    if not state.camera_is_open():
        st.caption(f":material/info: {text.CAMERA_NEEDS_NOTICE}")
        return []
    shot = st.camera_input(text.CAMERA_LABEL, key=state.round_key("camera"), resolution="720p")
    st.caption(f":material/info: {text.CAMERA_BLOCKED}")
    return [Incoming(shot.file_id, text.CAMERA_NAME, shot.getvalue)] if shot else []


def samples() -> list[Incoming]:
    """Offer the bundled samples; return the one that was clicked."""
    st.caption(text.SAMPLES)
    places = st.columns(len(resources.SAMPLES), gap="small", wrap=False)
    clicked = [path for place, path in zip(places, resources.SAMPLES, strict=True) if _sample(place, path)]
    st.caption(text.SAMPLE_CREDIT)
    return [Incoming(path.name, path.name, path.read_bytes) for path in clicked]


def _sample(place: DeltaGenerator, path: Path) -> bool:
    with place.container(key=f"sample_{path.stem}"):
        st.image(str(path), width="stretch", alt=text.SAMPLE_ALTS[path.name])
        label = text.SAMPLE_TITLES[path.name]
        return st.button(label, key=f"try_{path.stem}", width="stretch")


def read_all(files: list[Incoming], analyzer: Analyzer, engine: str) -> None:
    """Read and analyse what came into the visitor's album, as far as there is room; then start the next round.

    A run may be stopped by a click in its middle: files that were read before are passed over when it starts again.
    """
    album = state.album()
    if not album.read:
        state.clear_left_out()
    fresh = [file for file in files if file.mark not in album.read]
    state.await_photos(file.mark for file in fresh)
    bar, rest = st.progress(0.0, text.reading(1, len(fresh))), fresh
    while rest and (room := min(state.album().room, state_hosting.quota_left())) > 0:  # one that cannot be read takes no room
        batch, rest = rest[:room], rest[room:]
        before = len(fresh) - len(rest) - len(batch)
        for done, file in enumerate(reversed(batch), before):  # the newest photo stands first: read the last one first
            bar.progress(done / len(fresh), text.reading(done + 1, len(fresh)))
            _read(file, analyzer, engine)
            let_go([file.mark])
    if rest:
        _refuse(len(rest), full=not state.album().room)
    _announce()
    let_go(file.mark for file in files)
    state.end_round()
    st.rerun()


def leave() -> None:
    """Close the camera of a page that was left; let go of the photos whose turn had not come, and say so there."""
    state.close_camera()
    if due := state.photos_due():
        let_go(due)
        state.leave_out(LeftOut("", text_hosting.not_read(len(due))), mark="not read")
        state.end_round()


def _refuse(over: int, *, full: bool) -> None:
    """Say why some photos were not read."""
    service = resources.service()
    service.metrics.refusal("photos_kept" if full else "analyses_per_minute")
    per_minute = service.limits.analyses_per_minute
    too_often = text_hosting.too_often(per_minute, over, state_hosting.quota_wait_s())
    state.leave_out(LeftOut("", text.too_many(MAX_PHOTOS, over) if full else too_often), mark="too many")


def _announce() -> None:
    """Say that a batch is finished: on a phone the results are out of sight."""
    if photos := state.album().of_this_round:
        st.toast(text.photos_read(len(photos), sum(len(photo.faces) for photo in photos)), icon=":material/check:")


def _read(file: Incoming, analyzer: Analyzer, engine: str) -> None:
    name, service, began_s = clean_name(file.name), resources.service(), time.perf_counter()
    state_hosting.count_analysis()
    try:
        state.keep(read_photo(name, file.read(), analyzer, engine=engine, limits=service.limits), file.mark)
        service.metrics.analysis("photo", time.perf_counter() - began_s)
    except MediaError as error:
        service.metrics.refusal("unreadable_photo")
        state.leave_out(LeftOut(name, text.unreadable(str(error))), file.mark)
