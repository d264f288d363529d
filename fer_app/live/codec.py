"""Adapter. Frames of the stream ↔ pictures, and an encoder that costs less than the usual one.

At thirty frames a second on few cores, what a frame costs beside the analysis decides how many of them are painted.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import aiortc.codecs
import av
import numpy.typing as npt
from aiortc.codecs.vpx import Vp8Encoder

from fer_core.encode import yuv420

Array = npt.NDArray[Any]

# A camera's noise is left in the painted picture, and motion is looked for less far. Any faster (-12) costs moving people 2 dB.
LIGHT: Mapping[str, str] = MappingProxyType({"noise-sensitivity": "0", "cpu-used": "-8"})

CLOCK_HZ = 90_000  # of video in RTP
# What the browser is asked to send, in kbit/s. A busy server reads frames late, takes that for a narrow line and says so, and
# the browser would go down to 30 kbit/s and 320x240, in which no face can be read. Chromium alone knows these names.
RATES: Mapping[str, str] = MappingProxyType({"x-google-min-bitrate": "250", "x-google-start-bitrate": "1000"})


def picture_of(frame: av.VideoFrame) -> Array:
    """Return a frame's picture, (H, W, 3) uint8 RGB.

    One thread does it: on a busy machine several wait for each other five times as long as one takes.
    """
    return frame.reformat(format="rgb24", threads=1).to_ndarray()


def frame_of(picture: Array) -> av.VideoFrame:
    """Return a frame of an (H, W, 3) uint8 RGB picture in the encoder's own format; a last odd row or column is left out."""
    return av.VideoFrame.from_ndarray(yuv420(picture), format="yuv420p")


class LightVp8Encoder(Vp8Encoder):
    """The encoder of VP8, with its options changed by `LIGHT` before each codec is opened, and each frame encoded once.

    Where fewer frames are painted than come, the stream hands on the last one again, under a new time, and does so even while
    that frame is being encoded, which also writes into it. So a copy is encoded: a frame whose time is changed by two at once
    may seem to come before the last one, the encoder fails, and the visitor's video stands still for good. And the same
    frame again is left out: it would cost as much as a new one and show nothing new.

    A frame leaves under the time at which it leaves, not the camera's: a browser that sees frames come late by turns, as from
    a busy server, holds all of them back until the latest would be in time.
    """

    def __init__(self) -> None:
        super().__init__()
        self._last: av.VideoFrame | None = None
        self._owes_whole_picture = False

    def encode(self, frame: av.VideoFrame, force_keyframe: bool = False) -> tuple[list[bytes], int]:
        """Return a frame's payloads and the time now, in 1/90000 s; no payloads for the frame of the last call.

        Args:
            frame: what comes next.
            force_keyframe: the browser asks for a whole picture; it gets one with the next new frame.
        """
        self._owes_whole_picture |= force_keyframe
        if frame is self._last:
            return [], 0
        self._last = frame
        whole, self._owes_whole_picture = self._owes_whole_picture, False
        payloads, _ = super().encode(_copy(frame), whole)
        return payloads, int(time.monotonic() * CLOCK_HZ)

    @property
    def codec(self) -> Any:  # noqa: ANN401 - as in the class above
        """The codec in use, None before the first frame and after each change of size or rate."""
        if self._codec is not None and not self._codec.is_open and self._codec.options:
            self._codec.options = {**self._codec.options, **LIGHT}
        return self._codec

    @codec.setter
    def codec(self, codec: Any) -> None:  # noqa: ANN401
        self._codec = codec


def _copy(frame: av.VideoFrame) -> av.VideoFrame:
    pts, time_base = frame.pts, frame.time_base
    ready = frame.format.name == "yuv420p" and frame.width % 2 == frame.height % 2 == 0
    copy = av.VideoFrame.from_ndarray(frame.to_ndarray(), format="yuv420p") if ready else frame_of(picture_of(frame))
    copy.pts, copy.time_base = pts, time_base
    return copy


def encode_lightly() -> None:
    """Let every connection from now on encode VP8, which every browser has, with `LightVp8Encoder`, and ask for `RATES`.

    H264, which Safari would choose first, is offered no more: its encoder costs more, and makes each repeated frame anew.
    """
    aiortc.codecs.Vp8Encoder = LightVp8Encoder
    known = aiortc.codecs.CODECS["video"]
    others = {codec.payloadType for codec in known if codec.mimeType == "video/H264"}
    known[:] = [codec for codec in known if not {codec.payloadType, codec.parameters.get("apt")} & others]
    for codec in known:
        if codec.mimeType == "video/VP8":
            codec.parameters = {**codec.parameters, **RATES}
