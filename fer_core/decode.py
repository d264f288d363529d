"""Adapter. The packets of a video → FFmpeg's pictures with their times, and their pixels: surviving damage (PyAV).

Units: seconds since the start of the picture track.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fer_core.container import go_to, need_size, opened, packets, picture_track
from fer_core.errors import MediaError
from fer_core.media import Source

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

Array = npt.NDArray[Any]

_LONGEST_PIXEL = 4.0  # for its other side; what is longer is a damaged header
_ROUNDED = 0.02  # what encoders note to make up for a width that was rounded; nobody sees it
_UNTAGGED, _HD_LINES = 2, 720  # FFmpeg's "unspecified"; from here on players take such a picture for BT.709


def pictures(source: Source, start_s: float, *, threads: int) -> Iterator[tuple[VideoFrame, float, float]]:
    """Yield FFmpeg's frames from the key frame before `start_s` on, with their times, which increase, and their pixels' shape.

    A file that is cut off or damaged later on ends where it can no longer be read. MPEG transport and program streams are
    decoded from their beginning, whatever `start_s`.

    Raises:
        MediaError: no picture can be read.
    """
    import av

    last_s = -math.inf
    with opened(source) as container:
        track = picture_track(container)
        track.thread_type, track.codec_context.thread_count = "AUTO", threads
        tick = track.time_base
        assert tick is not None  # a stream that FFmpeg reads always has its clock
        stated = _stated_ratio(track)
        go_to(container, start_s)
        try:
            for frame, ticks in _frames(container, track):
                time_s = float((ticks - (track.start_time or 0)) * tick)
                if time_s > last_s:
                    yield frame, time_s, _pixel_width(stated or track.codec_context.sample_aspect_ratio)
                    last_s = time_s
        except av.FFmpegError:
            if last_s == -math.inf:
                raise
    if last_s == -math.inf:
        raise MediaError("expected a video with pictures that decode, got none; convert it to MP4 (H.264)")


def _stated_ratio(track: VideoStream) -> Fraction | None:
    """Return the shape of the pixels that the container states, which counts before the codec's; None where it states no other.

    To be asked before anything is decoded: only then are both the file's.
    """
    ratio: Fraction | None = track.sample_aspect_ratio
    return ratio if ratio != track.codec_context.sample_aspect_ratio else None


def _pixel_width(stated: Fraction | None) -> float:
    """Return how wide a pixel is meant to be seen, for its height; 1 where the file says nothing that can be meant."""
    ratio = float(stated or 1)
    meant = 1 / _LONGEST_PIXEL <= ratio <= _LONGEST_PIXEL and abs(ratio - 1.0) > _ROUNDED
    return ratio if meant else 1.0


def _frames(container: InputContainer, track: VideoStream) -> Iterator[tuple[VideoFrame, int]]:
    """Yield the frames that decode and their times in ticks; a damaged packet costs its own frames only.

    AVI has no times but the order of its packets. Pictures come out of the decoder in the order of their times, so the
    earliest time that is not yet taken is always the next picture's.
    """
    from av.error import InvalidDataError

    untimed, waiting = container.format.name == "avi", list[int]()
    for packet in packets(container, track):
        if packet.has_sidedata("encryption_info"):
            raise MediaError("expected a video without copy protection, got an encrypted one; choose an unprotected copy")
        try:
            frames = packet.decode()
        except InvalidDataError:
            continue
        if untimed and packet.dts is not None:
            heapq.heappush(waiting, packet.dts)
        for frame in frames:
            ticks = (heapq.heappop(waiting) if waiting else None) if untimed else frame.pts
            if ticks is not None:
                yield frame, ticks


def rgb(frame: VideoFrame, pixel_width: float = 1.0) -> Array:
    """Return (H, W, 3) uint8 RGB, turned, mirrored and stretched as the file says a player must.

    Args:
        frame: FFmpeg's picture.
        pixel_width: how wide a pixel is meant to be seen, for its height; camcorders and DVDs have narrow or wide ones.

    Raises:
        MediaError: the picture is too large.
    """
    how: dict[str, Any] = {"format": "rgb24"}
    if frame.colorspace == _UNTAGGED and frame.height >= _HD_LINES:
        how["src_colorspace"] = "ITU709"
    width, height = round(frame.width * max(1.0, pixel_width)), round(frame.height / min(1.0, pixel_width))
    need_size(width, height)
    picture = frame.to_ndarray(width=width, height=height, **how)
    upright = picture[::-1] if _mirrored(frame) else picture
    return np.ascontiguousarray(np.rot90(upright, round(frame.rotation / 90)))


def _mirrored(frame: VideoFrame) -> bool:
    """Return whether a picture is meant to be seen mirrored; its rotation then says only where its rows go, not its columns."""
    from av.sidedata.sidedata import SideDataContainer

    # Not frame.side_data, which ties the frame to itself: its pixels would stay until the garbage collector comes.
    matrix = SideDataContainer(frame).get("DISPLAYMATRIX")  # type: ignore[call-arg]  # PyAV's stubs lack it
    if matrix is None:
        return False
    a, b, _, c, d = np.frombuffer(matrix, np.int32).tolist()[:5]  # (x, y) is shown at (a x + c y, b x + d y)
    return bool(a * d < b * c)
