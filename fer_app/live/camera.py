"""Adapter. The browser's camera; the one import of streamlit_webrtc, and the one function that tests replace."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import streamlit as st
from aiortc.contrib.media import MediaRelay
from streamlit_webrtc import Translations, VideoHTMLAttributes, WebRtcMode, WebRtcStreamerContext, webrtc_streamer
from streamlit_webrtc.component import _reset_context
from streamlit_webrtc.process import AsyncMediaProcessTrack
from streamlit_webrtc.relay import get_global_relay
from streamlit_webrtc.webrtc import SignallingTimeoutError

from fer_app import keys, state
from fer_app.language import text_live
from fer_app.live.codec import encode_lightly
from fer_app.live.painter import Painter

# A face needs no more, and every pixel is sent, analysed and sent back thirty times a second.
_CAMERA = {"width": {"ideal": 640}, "height": {"ideal": 480}, "frameRate": {"ideal": 30, "max": 30}, "facingMode": "user"}
# A frame asks for the interpreter again after each network and each codec. While a page is drawn in another thread, each asking
# waits for so long; by default for ten times that.
_SWITCH_S = 0.0005
_SCREEN = VideoHTMLAttributes(autoPlay=True, controls=False, muted=True, playsInline=True, style={"width": "100%"})


class CameraState(NamedTuple):
    """Whether the video runs, whether browser and server are still finding each other, and what has gone wrong."""

    playing: bool = False
    signalling: bool = False
    trouble: str | None = None

    @property
    def on(self) -> bool:
        """Whether the camera is in use."""
        return self.playing or self.signalling


def open_camera(painter: Painter, *, ice_servers: Sequence[dict[str, Any]]) -> CameraState:
    """Show the video and its buttons; return how it stands.

    Args:
        painter: paints each frame.
        ice_servers: how browser and server find each other where no direct way is open; none on one machine.
    """
    _prepare()
    try:
        context = _streamer(painter, ice_servers)
    except SignallingTimeoutError:
        return CameraState(trouble="slow")
    return CameraState(context.state.playing, context.state.signalling)


def release() -> None:
    """Free the threads of a video that is shown no more; the browser frees its camera with the video's place in the page."""
    if (context := state.video()) is not None:
        _reset_context(context)


@st.cache_resource(show_spinner=False)
def _prepare() -> None:
    sys.setswitchinterval(_SWITCH_S)
    encode_lightly()
    hand_on_the_newest(get_global_relay())
    let_stop_before_start(AsyncMediaProcessTrack)


def let_stop_before_start(track: type[Any]) -> None:
    """Let a track that no frame came through be stopped like any other.

    As it comes it raises then, in the middle of closing a connection: sockets would stay open after each STOP within the
    first second.
    """
    stop = track.stop

    def started_and_stopped(self: Any) -> None:  # noqa: ANN401 - a track of the class above
        self._start()
        stop(self)

    track.stop = started_and_stopped


def hand_on_the_newest(relay: MediaRelay) -> None:
    """Let a relay drop what its listener is too slow for.

    As it comes it keeps every frame until it is sent: where a machine cannot send thirty a second, the video would fall
    behind, further and further, and memory would grow with it.
    """
    relay.subscribe = partial(relay.subscribe, buffered=False)


def _streamer(painter: Painter, ice_servers: Sequence[dict[str, Any]]) -> WebRtcStreamerContext[Any, Any]:
    return webrtc_streamer(
        keys.VIDEO,
        mode=WebRtcMode.SENDRECV,
        rtc_configuration={"iceServers": list(ice_servers)},
        media_stream_constraints={"video": _CAMERA, "audio": False},
        queued_video_frames_callback=painter.on_frames,
        sendback_audio=False,
        video_html_attrs=_SCREEN,
        translations=Translations(**text_live.CAMERA_WORDS),
        on_change=painter.changed,
    )
