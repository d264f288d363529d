"""Screen. The live camera: video with faces framed, who is visible beside it, and the session after STOP."""

from __future__ import annotations

import streamlit as st

from fer_app import loading, resources, state, widgets
from fer_app.language import text_live
from fer_app.live import camera, controls, line, panel, probe, snapshot, summary
from fer_app.live.take import Take
from fer_core import Analyzer


def follow(now: camera.CameraState, analyzer: Analyzer) -> None:
    """Begin a session when the video begins, and keep it when the video has ended."""
    painter = state.painter()
    if now.on and painter.take is None:
        take = Take(analyzer, resources.service().metrics.frame)
        if not line.begin(take):
            camera.release()
            st.rerun()
        painter.take = take
    if not now.on and painter.take is not None:
        line.end()
        state.end_take()


def video(analyzer: Analyzer) -> camera.CameraState:
    """Show the video; where it cannot come about, remember why and begin anew without it."""
    setup = resources.ice_setup()
    now = camera.open_camera(state.painter(), ice_servers=setup.servers)
    follow(now, analyzer)
    fault = setup.problem and not now.on  # who is connected already needs no servers any more
    if said := "setup" if fault else now.trouble or probe.camera_trouble():
        state.set_trouble(said)
        st.rerun()
    return now


def stage(analyzer: Analyzer, engine: str) -> None:
    """Show the video and what stands beside it, or photos where there is no video."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        if why := state.trouble():
            camera.release()
            follow(camera.CameraState(), analyzer)
            snapshot.offer(why, engine)
            return
        if not line.is_open():
            return
        now = video(analyzer)
        with st.container(horizontal=True, key="live_options"):
            controls.settings(state.painter())
            if not now.on:
                st.button(text_live.PREFER_SNAPSHOT, on_click=line.instead, type="tertiary", key="live_snapshot")
    with right, st.container(key="live_beside"):
        st.fragment(panel.beside, run_every=1 if now.on else None)(now)


st.title(text_live.TITLE, anchor=False)
st.markdown(text_live.LEAD)
st.caption(f":material/campaign: {text_live.TELL}")
widgets.notice()
engine = resources.live_engine()
analyzer = loading.analyzer(state.usual_min_face_px(), engine)
if analyzer and state.notice_is_read():
    stage(analyzer, engine)
elif analyzer:
    st.caption(f":material/info: {text_live.NEEDS_NOTICE}")
for take in state.shelf().takes[:1]:
    summary.last_session(take)
