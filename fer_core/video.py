"""Adapter. Video → frames with the times that the file gives them, and frames → video (PyAV, FFmpeg's libraries).

Units: seconds since the first picture's time; pictures as they are meant to be seen (rotation applied).
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import numpy.typing as npt

from fer_core.errors import InputError, MediaError
from fer_core.media import MAX_PIXELS, Source
from fer_core.refusal import too_large
from fer_core.types import Frame

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer, OutputContainer
    from av.video.stream import VideoStream

Array = npt.NDArray[Any]

# Playlists and the like are left out on purpose: they make FFmpeg open other files and addresses.
_SAFE = {"format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,ogg,flv,asf"}
_TICKS_HZ = 90_000  # the customary clock of video: fine enough for every frame rate in use


def read_video(
    source: Source, *, rate_hz: float | None = None, start_s: float = 0.0, end_s: float | None = None
) -> Iterator[Frame]:
    """Return a video's pictures, one after another, with their true times.

    The times come from the file and strictly increase; they are never counted from a frame rate.

    Args:
        source: a path, the file's bytes, or an object open for reading bytes that can seek.
        rate_hz: at most one picture is taken in each 1/rate_hz seconds; all if omitted.
        start_s: pictures before this are left out.
        end_s: pictures from this on are left out; none if omitted.

    Returns:
        An iterator of `Frame`; `index` counts the pictures it gives. The file is open while it runs.

    Raises:
        InputError: the rate or the range is none.
        MediaError: while iterating: the file is missing, no video, without pictures, or not decodable.
    """
    in_order = 0 <= start_s < (math.inf if end_s is None else end_s)
    if not in_order or (rate_hz is not None and not 0 < rate_hz < math.inf):
        came = f"{start_s}..{end_s} s at {rate_hz} Hz"
        raise InputError(
            f"need a rate above 0 and a range that starts at 0 or later and ends after its start, got {came}; correct it"
        )
    return _sampled(source, rate_hz, start_s, end_s)


def _sampled(source: Source, rate_hz: float | None, start_s: float, end_s: float | None) -> Iterator[Frame]:
    index, last_slot = 0, -1
    for picture, time_s in _decoded(source, start_s):
        if end_s is not None and time_s >= end_s:
            return
        # A picture that is due at 0.2 s may be stamped 0.19999.
        slot = index if rate_hz is None else math.floor((time_s - start_s) * rate_hz + 1e-3)
        if time_s >= start_s and slot > last_slot:
            yield Frame(_rgb(picture), time_s, index)
            index, last_slot = index + 1, slot


def _decoded(source: Source, start_s: float) -> Iterator[tuple[VideoFrame, float]]:
    """Yield FFmpeg's frames from the key frame before `start_s` on, each with its time."""
    import av  # here, because importing it takes longer than the rest of the library together

    with ExitStack() as stack:
        try:
            container = stack.enter_context(av.open(_seekable(source, stack), options=_SAFE, metadata_errors="ignore"))
            stream = _picture_track(container)
            origin, tick = stream.start_time or 0, stream.time_base
            assert tick is not None  # a stream that FFmpeg reads always has its clock
            if start_s > 0:
                container.seek(origin + int(start_s / tick), stream=stream)
            last_s = -math.inf
            for frame in _frames(container, stream):
                time_s = float((frame.pts - origin) * tick)
                if time_s > last_s:
                    yield frame, time_s
                    last_s = time_s
        except av.FFmpegError as fault:
            raise MediaError(
                "expected a video (MP4, MOV, WebM, MKV, AVI), got none or a damaged one; convert it to MP4"
            ) from fault
    if last_s == -math.inf:
        raise MediaError("expected a video with pictures that decode, got none; convert it to MP4 (H.264)")


def _seekable(source: Source, stack: ExitStack) -> BinaryIO:
    """Return an open file: never a name, which FFmpeg might take for an address to fetch."""
    if isinstance(source, bytes | bytearray | memoryview):
        return io.BytesIO(source)
    if not isinstance(source, str | Path):
        return source
    try:
        return stack.enter_context(Path(source).open("rb"))
    except (OSError, ValueError) as fault:
        raise MediaError(f"expected a readable video, got {fault}; check the path") from fault


def _picture_track(container: InputContainer) -> VideoStream:
    """Return the first video stream that is no cover picture, ready to decode on several threads."""
    from av.stream import Disposition

    tracks = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not tracks:
        came = "sound alone; choose a file that shows something" if container.streams.audio else "nothing to show; copy it again"
        raise MediaError(f"expected a video with pictures, got {came}")
    width, height = tracks[0].width, tracks[0].height
    if width * height > MAX_PIXELS:
        raise MediaError(too_large(MAX_PIXELS, f"{width} x {height}"))
    tracks[0].thread_type = "AUTO"
    return tracks[0]


def _frames(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Yield the frames that decode and have a time; a damaged packet costs its own frames only."""
    from av.error import InvalidDataError

    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except InvalidDataError:
            continue
        yield from (frame for frame in frames if frame.pts is not None)


def _rgb(frame: VideoFrame) -> Array:
    """Return (H, W, 3) uint8 RGB, turned as the file says a player must turn it."""
    rgb = frame.to_ndarray(format="rgb24")
    return np.ascontiguousarray(np.rot90(rgb, round(frame.rotation / 90)))


def write_video(path: str | Path, frames: Iterable[Frame]) -> None:
    """Write frames as an MP4 (H.264), each shown at its own time.

    H.264 wants even sides: an odd one is lengthened by one pixel.

    Args:
        path: the file to write.
        frames: pictures of one size, in the order of their times.

    Raises:
        InputError: there is no frame, or one differs in size.
        MediaError: the file cannot be written.
    """
    import av

    stream, size = None, (0, 0)
    try:
        with Path(path).open("wb") as file, av.open(file, "w", format="mp4") as container:
            for frame in frames:
                image = np.pad(frame.image, [(0, n % 2) for n in frame.image.shape[:2]] + [(0, 0)], mode="edge")
                if stream is None:
                    stream, size = _new_track(container, image.shape[:2]), image.shape[:2]
                elif image.shape[:2] != size:
                    raise InputError(f"frames must share one size, got {image.shape[:2]} after {size}; resize them first")
                picture = av.VideoFrame.from_ndarray(image, format="rgb24")
                picture.pts, picture.time_base = round(frame.time_s * _TICKS_HZ), Fraction(1, _TICKS_HZ)
                container.mux(stream.encode(picture))
            if stream is None:
                raise InputError("a video needs at least one frame, got none; pass the frames to write")
            container.mux(stream.encode(None))
    except (OSError, av.FFmpegError) as fault:
        raise MediaError(f"expected a place to write a video, got {fault}; check the path") from fault


def _new_track(container: OutputContainer, size_hw: tuple[int, int]) -> VideoStream:
    stream = container.add_stream("libx264", rate=30)  # a hint for players; the times rule
    stream.height, stream.width = size_hw
    stream.pix_fmt = "yuv420p"
    stream.codec_context.time_base = Fraction(1, _TICKS_HZ)
    return stream
