"""Screen. Where live video does not come about: one sentence why, what to do, and photos instead."""

from __future__ import annotations

import streamlit as st

from fer_app import intake, resources, state, widgets
from fer_app.language import text, text_hosting, text_live

_NO_CAMERA = {"insecure", "denied", "missing", "busy"}
"""Troubles that keep the camera from taking photos too."""


def offer(trouble: str, engine: str) -> None:
    """Say what is wrong, and take photos in place of the video."""
    has_camera = trouble not in _NO_CAMERA
    with st.container(border=True, key="live_trouble"):
        st.markdown(f"**:material/videocam_off: {(text_live.TROUBLE | text_hosting.LIVE_TROUBLE)[trouble]}**")
        st.markdown(text_live.SNAPSHOT_NOTE if has_camera else text_live.PHOTO_NOTE)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(text_live.TRY_AGAIN, icon=":material/refresh:", on_click=state.clear_trouble, key="live_again")
            if has_camera:
                intake.camera_button()
            st.page_link("fer_app/screens/photo.py", label=text.PHOTO_PAGE, icon=":material/upload:")
    if has_camera and (shots := intake.camera()):
        intake.read_all(shots, resources.analyzer(state.usual_min_face_px(), engine), engine)
    widgets.left_out()
    for photo in state.snapshots()[:1]:
        widgets.photo_panel(photo)
