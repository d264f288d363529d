"""Screen. All that this session analysed, and sessions from files: shares, time, notes, comparison, downloads, deletion."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fer_app import history_compare, history_files, history_notes, history_panels, keys, recordings
from fer_app.history import Recording, has_course
from fer_app.history_filter import Shown, choose
from fer_app.language import text_history
from fer_app.takes import seconds_each


def empty() -> None:
    """Say what to do where there is nothing yet."""
    with st.container(border=True, key="history_empty"):
        st.subheader(text_history.EMPTY_TITLE, anchor=False)
        st.markdown(text_history.EMPTY)
        with st.container(horizontal=True, gap="small"):
            st.page_link("fer_app/screens/photo.py", label=text_history.GO_PHOTO, icon=":material/photo_camera:")
            st.page_link("fer_app/screens/video.py", label=text_history.GO_VIDEO, icon=":material/movie:")
            st.page_link("fer_app/screens/live.py", label=text_history.GO_LIVE, icon=":material/videocam:")
    history_files.loader()


def head(found: Sequence[Recording]) -> Shown:
    """Say what there is, and offer files and filter; return what the filter leaves."""
    timelines = [recording.timeline for recording in found]
    timed = [recording.timeline for recording in found if has_course(recording)]
    seconds = sum(float(seconds_each(timeline).sum()) for timeline in timed)
    visible = sum(len(np.unique(timeline.rows)) for timeline in timelines)
    st.caption(text_history.facts(len(found), seconds, sum(len(timeline.sources) for timeline in timelines), visible))
    with st.container(horizontal=True, gap="small", key="history_head"):
        shown = choose(found)
        with st.popover(text_history.LOAD, icon=":material/upload_file:", key="history_load"):
            history_files.loader()
        history_files.downloads(found)
        history_files.delete_everything()
    return shown


def body(found: Sequence[Recording], shown: Shown) -> None:
    """Show the chosen view; the others cost nothing."""
    view = st.segmented_control(
        text_history.VIEW,
        list(text_history.VIEWS),
        default=text_history.OVERVIEW,
        format_func=text_history.VIEWS.__getitem__,
        required=True,
        label_visibility="collapsed",
        key=keys.HISTORY_VIEW,
        persist_state="session",
    )
    if view == text_history.OVERVIEW:
        history_panels.overview(shown)
    elif view == text_history.TIME:
        history_panels.over_time(shown)
    elif view == text_history.NOTES:
        history_notes.notes(found)
    elif view == text_history.COMPARE:
        history_compare.compare(found, shown.looks)
    else:
        history_panels.listing(found)


st.title(text_history.TITLE, anchor=False)
st.markdown(text_history.LEAD)
history_files.refused()
if everything := recordings.all_of_them():
    body(everything, head(everything))
else:
    empty()
