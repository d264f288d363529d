"""Screen. Photos in, perceived expressions out."""

from __future__ import annotations

import streamlit as st

from fer_app import intake, loading, state, widgets
from fer_app.album import Album
from fer_app.language import text
from fer_core.estimate import LiteRtAges

_PHOTOS_A_PAGE = 4


def way_in(album: Album) -> tuple[list[intake.Incoming], widgets.Chosen]:
    """Offer every way in; return what came, and the settings it is to be read with."""
    left, right = st.columns([3, 2], gap="medium") if not album.photos else (st.container(), None)
    with left, st.container(key="intake" if album.photos else "intake_first"):
        files = intake.uploads()
        with st.container(horizontal=True, gap="small"):
            intake.camera_button()
            chosen = widgets.settings()
            if right is None:
                right = st.popover(text.SAMPLES_BUTTON, icon=":material/image:")
        files += intake.camera()
    with right:
        files += intake.samples()
    return files, chosen


def results(album: Album, ages: LiteRtAges | None) -> None:
    """Show every kept photo, a few on a page, the newest first; how old faces look where that is asked for."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="results_head"):
        st.header(text.RESULTS, anchor=False)
        if len(album.photos) > 1:
            labels = (text.DOWNLOAD_ALL_CSV, text.DOWNLOAD_ALL_JSON)
            widgets.downloads(album.photos, stem="mien-photos", labels=labels, key="all")
            widgets.quiet_button(text.DELETE_ALL, state.delete_all, icon=":material/delete_sweep:", key="delete_all")
    st.caption(f"{text.photos_kept(len(album.photos))} · {text.rule(album.photos[0].threshold)} {text.CHIP_NOTE}")
    pages = -(-len(album.photos) // _PHOTOS_A_PAGE)
    page = st.pagination(pages, key=state.round_key("page")) if pages > 1 else 1
    for photo in album.photos[(page - 1) * _PHOTOS_A_PAGE : page * _PHOTOS_A_PAGE]:
        widgets.photo_panel(photo, ages)


st.title(text.TITLE, anchor=False)
kept = state.album()
st.markdown(text.LEAD if not kept.photos else text.LEAD_AGAIN)
widgets.notice()
came, chosen = way_in(kept)
analyzer = loading.analyzer(chosen.min_face_px, chosen.engine)
if analyzer and came:
    intake.read_all(came, analyzer.with_ages(chosen.ages), chosen.engine)
state.await_photos(())
widgets.left_out()
if kept.photos:
    results(kept, chosen.ages)
