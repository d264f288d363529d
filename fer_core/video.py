"""Adapter. Video → frames with the times that the file gives them, and frames → video (PyAV, FFmpeg's libraries).

Units: seconds since the first picture's time; pictures as they are meant to be seen (rotation and shape of the pixels applied).
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import numpy.typing as npt

from fer_core.ahead import ahead as in_advance
from fer_core.container import opened, picture_track
from fer_core.decode import pictures, rgb
from fer_core.errors import InputError
from fer_core.files import replacing, unwritable
from fer_core.media import Source
from fer_core.sound import Sound
from fer_core.types import Frame

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream

Array = npt.NDArray[Any]

_TICKS_HZ = 90_000  # the customary clock of video: fine enough for every frame rate in use
_X264 = {"preset": "veryfast", "crf": "21"}  # near what the eye sees as the same, at a fraction of the default's work
_MAX_SIDE_PX = 16_384  # what the encoder takes
_BT709, _LIMITED = 1, 1  # FFmpeg's numbers for the colours that browsers expect


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What a video's file says about itself.

    Attributes:
        duration_s: its length in seconds; None where the file does not say.
        size_wh: the first picture's width and height in pixels, as it is meant to be seen.
        rate_hz: pictures a second on average; None where the file does not say. A hint: times come with the frames.
        codec: FFmpeg's name of how the pictures are packed, such as "h264".
        sound: whether there is sound.
    """

    duration_s: float | None
    size_wh: tuple[int, int]
    rate_hz: float | None
    codec: str
    sound: bool


def probe_video(source: Source) -> VideoInfo:
    """Return what a video is, after its first picture was decoded.

    Args:
        source: as for `read_video`.

    Raises:
        MediaError: the file is missing, no video, encrypted, without pictures, or not decodable.
    """
    first = next(read_video(source, threads=1)).image
    with opened(source) as container:
        track = picture_track(container)
        own = track.duration * track.time_base if track.duration and track.time_base else None
        whole = container.duration / 1e6 if container.duration else None
        rate = track.average_rate or track.guessed_rate
        return VideoInfo(
            float(own) if own else whole,
            (first.shape[1], first.shape[0]),
            float(rate) if rate else None,
            track.codec_context.name,
            bool(container.streams.audio),
        )


def read_video(
    source: Source,
    *,
    rate_hz: float | None = None,
    start_s: float = 0.0,
    end_s: float | None = None,
    threads: int = 0,
    ahead: int = 0,
) -> Generator[Frame]:
    """Return a video's pictures, one after another, with their true times.

    The times come from the file and strictly increase; they are never counted from a frame rate. A file that is cut off or
    damaged later on gives the pictures that can be read. Pictures may differ in size.

    Args:
        source: a path, the file's bytes, or an object open for reading bytes that can seek (read from its first byte).
        rate_hz: at most one picture is taken in each 1/rate_hz seconds; all if omitted.
        start_s: pictures before this are left out.
        end_s: pictures from this on are left out; none if omitted.
        threads: threads that decode; 0: as many as the machine has cores.
        ahead: so many pictures are decoded in advance, by a thread of its own, while the present one is worked on. Until the
            generator has ended nothing else may read an open file.

    Returns:
        A generator of `Frame`; `index` counts the pictures it gives. The file is open until it ends or is closed.

    Raises:
        InputError: the rate or the range is none, or fewer than no pictures are to be decoded in advance.
        MediaError: while iterating: the file is missing, no video, encrypted, without pictures, or not decodable.
    """
    in_order = 0 <= start_s < (math.inf if end_s is None else end_s)
    if not in_order or (rate_hz is not None and not 0 < rate_hz < math.inf):
        came = f"{start_s}..{end_s} s at {rate_hz} Hz"
        raise InputError(
            f"need a rate above 0 and a range that starts at 0 or later and ends after its start, got {came}; correct it"
        )
    if ahead < 0:
        raise InputError(f"ahead must be 0 or more, got {ahead}; correct it")
    frames = _sampled(source, rate_hz, start_s, end_s, threads)
    return in_advance(frames, ahead) if ahead else frames


def _sampled(source: Source, rate_hz: float | None, start_s: float, end_s: float | None, threads: int) -> Generator[Frame]:
    index, last_slot = 0, -1
    for picture, time_s, pixel_width in pictures(source, start_s, threads=threads):
        if end_s is not None and time_s >= end_s:
            return
        # A picture that is due at 0.2 s may be stamped 0.19999.
        slot = index if rate_hz is None else math.floor((time_s - start_s) * rate_hz + 1e-3)
        if time_s >= start_s and slot > last_slot:
            yield Frame(rgb(picture, pixel_width), time_s, index)
            index, last_slot = index + 1, slot


def write_video(target: str | Path | BinaryIO, frames: Iterable[Frame], *, sound: Sound | None = None, threads: int = 0) -> None:
    """Write frames as an MP4 that browsers play (H.264, yuv420p), each shown at its own time.

    H.264 wants even sides: an odd one is lengthened by one pixel. A path's file appears when it is whole, or not at all.

    Args:
        target: a path, or a file open for writing bytes that can seek, such as a `tempfile.TemporaryFile()`.
        frames: pictures of one size, in the order of their times; taken one at a time.
        sound: the sound that goes with them; silence if omitted.
        threads: threads that encode; 0: as many as the machine has cores.

    Raises:
        InputError: there is no frame, one differs in size or is no later than the one before it, or they are larger than H.264
            can be.
        WriteError: the file cannot be written.
    """
    import av

    name = target if isinstance(target, str | Path) else "the video"
    try:
        with ExitStack() as stack:
            # First the file, then what is muxed into it: a failure within must not be hidden by the end of the file.
            file = stack.enter_context(replacing(Path(target))) if isinstance(target, str | Path) else target
            film = stack.enter_context(av.open(file, "w", format="mp4"))
            _fill(film, frames, sound, threads)
    except (av.FFmpegError, OSError) as fault:
        raise unwritable(name, fault) from fault


def tick_of(time_s: float) -> int:
    """Return a time as a written video tells it."""
    return round(time_s * _TICKS_HZ)


def _fill(film: OutputContainer, frames: Iterable[Frame], sound: Sound | None, threads: int) -> None:
    """Encode the frames, and between them the sounds that are due."""
    import av

    track, size, last = None, (0, 0), -1
    voice = sound.into(film) if sound else iter(())
    waiting = next(voice, None)
    for frame in frames:
        image = np.pad(frame.image, [(0, n % 2) for n in frame.image.shape[:2]] + [(0, 0)], mode="edge")
        if track is None:
            track, size = _new_track(film, image.shape[:2], threads), image.shape[:2]
        elif image.shape[:2] != size:
            raise InputError(f"frames must share one size, got {image.shape[:2]} after {size}; resize them first")
        if not (math.isfinite(frame.time_s) and tick_of(frame.time_s) > last):
            came = f"{frame.time_s} s after {last / _TICKS_HZ:g} s" if last >= 0 else f"{frame.time_s} s"
            raise InputError(f"frames must have times of 0 s and more that increase, got {came}; give each its own")
        last = tick_of(frame.time_s)
        picture = av.VideoFrame.from_ndarray(image, format="rgb24")
        picture = picture.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
        picture.pts, picture.time_base = last, Fraction(1, _TICKS_HZ)
        film.mux(track.encode(picture))
        while waiting and waiting[0] <= frame.time_s:
            film.mux(waiting[1])
            waiting = next(voice, None)
    if track is None:
        raise InputError("a video needs at least one frame, got none; pass the frames to write")
    film.mux(track.encode(None))
    while waiting:
        film.mux(waiting[1])
        waiting = next(voice, None)


def _new_track(film: OutputContainer, size_hw: tuple[int, int], threads: int) -> VideoStream:
    if max(size_hw) > _MAX_SIDE_PX:
        came = f"{size_hw[1]} x {size_hw[0]}"
        raise InputError(f"frames must be at most {_MAX_SIDE_PX:,} pixels wide and high for H.264, got {came}; shrink them first")
    track = film.add_stream("libx264", rate=30, options=_X264)  # the rate is a hint for players; the times rule
    track.height, track.width = size_hw
    track.pix_fmt, track.thread_count = "yuv420p", threads
    context = track.codec_context
    context.time_base = Fraction(1, _TICKS_HZ)
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    context.color_range = _LIMITED
    return track
