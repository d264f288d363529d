"""Adapter. Video files → FFmpeg's pictures with their times: opening, choosing the track, surviving damage (PyAV).

Units: seconds since the start of the picture track.
"""

from __future__ import annotations

import heapq
import io
import math
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import numpy.typing as npt

from fer_core.errors import InputError, MediaError
from fer_core.media import MAX_PIXELS, Source
from fer_core.refusal import too_large

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

Array = npt.NDArray[Any]

# Playlists and the like are left out on purpose: they make FFmpeg open other files and addresses.
_SAFE = {"format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,ogg,flv,asf"}
_LONGEST_PIXEL = 4.0  # for its other side; what is longer is a damaged header
_ROUNDED = 0.02  # what encoders note to make up for a width that was rounded; nobody sees it
_UNTAGGED, _HD_LINES = 2, 720  # FFmpeg's "unspecified"; from here on players take such a picture for BT.709


@contextmanager
def opened(source: Source) -> Iterator[InputContainer]:
    """Open a video for reading, from its first byte.

    Raises:
        MediaError: there is no such file, or it is no video.
    """
    import av  # here, because importing it takes longer than the rest of the library together

    with ExitStack() as stack:
        file = _Cursor(_binary(source, stack))
        try:
            yield stack.enter_context(av.open(file, options=_SAFE, metadata_errors="ignore"))
        except av.FFmpegError as fault:
            raise MediaError(
                "expected a video (MP4, MOV, WebM, MKV, AVI), got none or a damaged one; convert it to MP4"
            ) from fault


class _Cursor:
    """Reads an open file from its start, with a place of its own: sound and pictures are read from one file in turn."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._at = file, 0

    def read(self, count: int = -1) -> bytes:
        self._file.seek(self._at)
        data = self._file.read(count)
        self._at += len(data)
        return data

    def seek(self, to: int, whence: int = io.SEEK_SET) -> int:
        self._at = self._file.seek(to + self._at, io.SEEK_SET) if whence == io.SEEK_CUR else self._file.seek(to, whence)
        return self._at

    def tell(self) -> int:
        return self._at


def _binary(source: Source, stack: ExitStack) -> BinaryIO:
    """Return an open file: never a name, which FFmpeg might take for an address to fetch."""
    if isinstance(source, bytes | bytearray | memoryview):
        return io.BytesIO(source)
    if not isinstance(source, str | Path):
        if not (hasattr(source, "read") and hasattr(source, "seek")) or isinstance(source, io.TextIOBase):
            came = f"{type(source).__name__}; see fer_core.read_video"
            raise InputError(f"source must be a path, bytes or a file that is open for reading bytes, got {came}")
        return source
    try:
        return stack.enter_context(Path(source).open("rb"))
    except (OSError, ValueError) as fault:
        raise MediaError(f"expected a readable video, got {fault}; check the path") from fault


def picture_track(container: InputContainer) -> VideoStream:
    """Return the first video stream that is no cover picture.

    Raises:
        MediaError: there is none, or its pictures are too large.
    """
    from av.stream import Disposition

    tracks = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not tracks:
        came = "sound alone; choose a file that shows something" if container.streams.audio else "nothing to show; copy it again"
        raise MediaError(f"expected a video with pictures, got {came}")
    _need_size(tracks[0].width, tracks[0].height)
    return tracks[0]


def origin_s(track: VideoStream) -> float:
    """Return the file's own time of the picture track's start, in seconds: what counts as 0."""
    return float((track.start_time or 0) * (track.time_base or 0))


def pictures(source: Source, start_s: float, *, threads: int) -> Iterator[tuple[VideoFrame, float, float]]:
    """Yield FFmpeg's frames from the key frame before `start_s` on, with their times, which increase, and their pixels' shape.

    A file that is cut off or damaged later on ends where it can no longer be read.

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
        if start_s > 0:
            container.seek(int((origin_s(track) + start_s) / tick), stream=track)
        try:
            for frame, ticks in _frames(container, track):
                time_s = float((ticks - (track.start_time or 0)) * tick)
                if time_s > last_s:
                    yield frame, time_s, _pixel_width(track)
                    last_s = time_s
        except av.FFmpegError:
            if last_s == -math.inf:
                raise
    if last_s == -math.inf:
        raise MediaError("expected a video with pictures that decode, got none; convert it to MP4 (H.264)")


def _pixel_width(track: VideoStream) -> float:
    """Return how wide a pixel is meant to be seen, for its height; 1 where the file says nothing that can be meant."""
    ratio = float(track.codec_context.sample_aspect_ratio or track.sample_aspect_ratio or 1)
    meant = 1 / _LONGEST_PIXEL <= ratio <= _LONGEST_PIXEL and abs(ratio - 1.0) > _ROUNDED
    return ratio if meant else 1.0


def _frames(container: InputContainer, track: VideoStream) -> Iterator[tuple[VideoFrame, int]]:
    """Yield the frames that decode and their times in ticks; a damaged packet costs its own frames only.

    AVI has no times but the order of its packets. Pictures come out of the decoder in the order of their times, so the
    earliest time that is not yet taken is always the next picture's.
    """
    from av.error import InvalidDataError

    untimed, waiting = container.format.name == "avi", list[int]()
    for packet in container.demux(track):
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
    """Return (H, W, 3) uint8 RGB, turned and stretched as the file says a player must.

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
    _need_size(width, height)
    picture = frame.to_ndarray(width=width, height=height, **how)
    return np.ascontiguousarray(np.rot90(picture, round(frame.rotation / 90)))


def _need_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise MediaError(too_large(MAX_PIXELS, f"{width} x {height}"))
