"""State. All that this session analysed or loaded, whatever screen it came from; how it is annotated and deleted.

Kinds and numbers name a recording, not the value itself: Streamlit keeps what a button was given, and would keep a deleted one.
"""

from __future__ import annotations

from fer_app import compared, resources, state
from fer_app.history import (
    LIVE,
    LOADED,
    MAX_NOTE,
    PHOTO,
    VIDEO,
    Drawer,
    Recording,
    distinct,
    of_files,
    of_photos,
    of_takes,
    of_videos,
    with_note,
)
from fer_app.takes import Shelf


def all_of_them() -> tuple[Recording, ...]:
    """Return every recording: videos, live sessions, photos and loaded ones, each kind with the newest first."""
    state.end_film()
    files = of_files(state.drawer(), threshold=resources.card().threshold)
    return distinct([*of_videos(state.reel()), *of_takes(state.shelf()), *of_photos(state.album()), *files])


def annotate(kind: str, number: int, row: int, words: str) -> None:
    """Put a note on one picture of a recording; "" takes it away."""
    note = " ".join(words.split())[:MAX_NOTE]
    if kind == PHOTO:
        state.put(state.album().with_note(number, note))
    elif kind == LIVE:
        timelines = {take.take_id: take.timeline for take in state.shelf().takes}
        state.put(state.shelf().with_timeline(number, with_note(timelines[number], row, note)))
    elif kind == VIDEO:
        timelines = {video.number: video.timeline for video in state.reel().videos}
        state.revise_video(number, with_note(timelines[number], row, note))
    elif kind == LOADED:
        timelines = {file.number: file.timeline for file in state.drawer().files}
        state.put(state.drawer().with_timeline(number, with_note(timelines[number], row, note)))


def delete(kind: str, number: int) -> None:
    """Forget one recording."""
    if kind == PHOTO:
        state.delete(number)
    elif kind == LIVE:
        state.delete_take(number)
    elif kind == VIDEO:
        state.delete_video(number)
    elif kind == LOADED:
        state.put(state.drawer().without(number))


def delete_all() -> None:
    """Forget every recording, and the photo about which models were compared; numbers are not given again."""
    compared.reset()
    state.delete_all()
    state.delete_videos()
    state.put(Shelf(last_id=state.shelf().last_id))
    state.put(Drawer(last_number=state.drawer().last_number, rounds=state.drawer().rounds))
