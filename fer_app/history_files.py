"""Screen. The history's files: downloads of everything, loading a session again, and deleting it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st
from streamlit.runtime.uploaded_file_manager import DeletedFile

from fer_app import history_report, recordings, state, widgets
from fer_app.album import LeftOut, clean_name
from fer_app.history import Drawer, Recording, joined
from fer_app.language import text, text_history
from fer_app.uploads import let_go
from fer_core import FER2013, InputError, Timeline, from_csv, from_json, to_csv, to_json

MAX_MB = {"json": 40, "csv": 16}  # either way some 100,000 faces, which take 300 MB for the seconds of reading
_STEM = "mien-session"


def downloads(found: Sequence[Recording]) -> None:
    """Offer everything as CSV, as JSON and as a report; the files are made when they are asked for."""
    makers = {
        text_history.DOWNLOAD_CSV: (lambda: to_csv(joined(found)), "csv", "text/csv"),
        text_history.DOWNLOAD_JSON: (lambda: to_json(joined(found)), "json", "application/json"),
        text_history.DOWNLOAD_HTML: (partial(history_report.report_of, found), "html", "text/html"),
    }
    for label, (make, ending, mime) in makers.items():
        widgets.download(label, make, f"{_STEM}.{ending}", mime, key=f"history_{ending}", note=text_history.DOWNLOADS_HELP)


def loader() -> None:
    """Offer to load sessions that were downloaded before, and say which files were refused."""
    key = f"history_files_{state.drawer().rounds}"
    st.file_uploader(
        text_history.LOAD_LABEL,
        type=["csv", "json"],
        accept_multiple_files=True,
        help=text_history.LOAD_HELP,
        max_upload_size=max(MAX_MB.values()),
        key=key,
        on_change=_take_in,
        args=(key,),
    )


def refused() -> None:
    """Say which files could not be loaded, and why."""
    files = state.drawer().refused
    if not files:
        return
    with st.container(border=True, key="history_refused"):
        st.markdown(f"**:material/error: {text_history.REFUSED_TITLE}**")
        for number, file in enumerate(files):
            with st.container(key=f"name_history_refused_{number}"):
                st.text(file.name)
            st.text(file.reason)


def _take_in(key: str) -> None:
    """Load the files that were chosen, let go of their bytes, and empty the uploader."""
    files = [file for file in st.session_state.get(key) or [] if not isinstance(file, DeletedFile)]
    if not files:
        return  # a click beside the uploader that is being replaced tells of files that were taken in already
    before = state.drawer()
    drawer = before.next_round()
    for file in files:
        drawer = with_file(drawer, clean_name(file.name), file.getvalue())
    state.put(drawer)
    let_go(file.file_id for file in files)
    if new := drawer.last_number - before.last_number:
        st.toast(text_history.loaded(new), icon=":material/check:")


def with_file(drawer: Drawer, name: str, content: bytes) -> Drawer:
    """Return the drawer with a file's session, or with a sentence on why it is not loaded."""
    try:
        timeline = read_session(content)
        if not drawer.has_room_for(timeline):
            raise InputError(text_history.LOAD_FULL)
    except InputError as error:
        return replace(drawer, refused=(*drawer.refused, LeftOut(name, text.unreadable(str(error).rstrip(".")))))
    return drawer.with_file(name, timeline)


def read_session(content: bytes) -> Timeline:
    """Return the session in a file's bytes, of any version of the schema.

    Raises:
        InputError: the bytes are no such file, or hold nothing that the history can show.
    """
    ending, read = ("json", from_json) if content.lstrip()[:1] == b"{" else ("csv", from_csv)
    timeline = read(content, max_bytes=MAX_MB[ending] * 2**20)
    if timeline.labels != FER2013:
        raise InputError(text_history.LOAD_LABELS)
    if not timeline.sources:
        raise InputError(text_history.LOAD_EMPTY)
    return timeline


def delete_everything() -> None:
    """Offer to delete all, and ask once more."""
    with st.popover(text_history.DELETE_ALL, icon=":material/delete_sweep:", type="tertiary", key="history_delete_all"):
        st.markdown(text_history.DELETE_SURE)
        st.button(
            text_history.DELETE_YES,
            on_click=recordings.delete_all,
            type="primary",
            icon=":material/delete_forever:",
            key="history_delete_yes",
        )
