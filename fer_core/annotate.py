"""Adapter. A video and what was perceived in it → the video with faces framed, named or blurred, its sound kept.

Units: seconds since the start of the video.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import cv2
import numpy as np
import numpy.typing as npt

from fer_core.blur import blur_faces
from fer_core.draw import draw
from fer_core.hold import Holder
from fer_core.media import Source
from fer_core.people import names_of, without_hidden
from fer_core.replay import Replay
from fer_core.sound import Sound
from fer_core.timeline import Timeline
from fer_core.types import Frame, FrameResult
from fer_core.video import probe_video, read_video, tick_of, write_video

Array = npt.NDArray[Any]
Progress = Callable[[float], None]
Cancel = Callable[[], bool]

_HOLD_S = 0.4  # as in a stream: how long another word must lead before it is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """How an annotated video looks.

    Attributes:
        frames: frame each face that is not hidden, and say what it looks like.
        blur: make every face unrecognisable, those of hidden people too. Faces are hidden where they were found, and moving
            evenly between: analyse at least two pictures a second of a video that is to be blurred.
        not_sure_below: faces less confident than this (0..1) are called "not sure".
        words: what to call labels and "not sure", where it is not their own names.
        start_s: the part of the video to write begins here.
        end_s: and ends here; at its end if omitted.
        threads: threads that decode and encode; 0: as many as the machine has cores.
    """

    frames: bool = True
    blur: bool = False
    not_sure_below: float = 0.0
    words: Mapping[str, str] = field(default_factory=dict)
    start_s: float = 0.0
    end_s: float | None = None
    threads: int = 0


class _Cancelled(Exception):  # noqa: N818
    """Ends the writing, so that nothing is left of the file."""


def annotate_video(
    source: Source,
    target: str | Path | BinaryIO,
    timeline: Timeline,
    annotation: Annotation | None = None,
    *,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> bool:
    """Write a video again with what was perceived in it: every picture at its own time, with the sound.

    The result is an MP4 that browsers play. One picture is in memory at a time, whatever the length. A picture of another size
    than the first is fitted into the first one's, on black.

    Args:
        source: the video that was analysed; as for `read_video`.
        target: a path (the file appears when it is whole, or not at all), or a file open for writing bytes that can seek.
        timeline: what was perceived in this one source, at any rate; names and hidden people count.
        annotation: how it looks.
        progress: called with what share is done, 0..1, after each picture.
        cancel: asked before each picture; true ends the writing.

    Returns:
        Whether the video was written; false if it was cancelled, which leaves no file.

    Raises:
        InputError: the timeline has several sources, or nothing lies in the range.
        MediaError: the video cannot be read.
        WriteError: the video cannot be written.
    """
    look = annotation or Annotation()
    frames = _painted(source, timeline, look)
    sound = Sound(source, look.start_s, math.inf if look.end_s is None else look.end_s)
    info = probe_video(source)
    length_s = min(info.duration_s or math.inf, math.inf if look.end_s is None else look.end_s) - look.start_s
    try:
        write_video(target, _watched(frames, length_s, progress, cancel), sound=sound, threads=look.threads)
    except _Cancelled:
        return False
    return True


def _watched(frames: Iterator[Frame], length_s: float, progress: Progress | None, cancel: Cancel | None) -> Iterator[Frame]:
    for frame in frames:
        if cancel and cancel():
            raise _Cancelled
        yield frame
        if progress:
            progress(min(1.0, frame.time_s / length_s) if 0 < length_s < math.inf else 0.0)


def _painted(source: Source, timeline: Timeline, look: Annotation) -> Iterator[Frame]:
    """Return the video's pictures as they are to be written, all of the first one's size."""
    everyone, shown = Replay(timeline), Replay(without_hidden(timeline))
    people = names_of(timeline, timeline.sources[0]) if timeline.sources else {}
    return _pictures(source, look, everyone, shown, people)


def _pictures(source: Source, look: Annotation, everyone: Replay, shown: Replay, people: dict[int, str]) -> Iterator[Frame]:
    holder, size_wh, last = Holder(hold_s=_HOLD_S, not_sure_below=look.not_sure_below), None, -1
    for frame in read_video(source, start_s=look.start_s, end_s=look.end_s, threads=look.threads):
        if (tick := tick_of(frame.time_s - look.start_s)) <= last:  # closer to the picture before than a file can tell
            continue
        last = tick
        image, here_wh = frame.image, (frame.image.shape[1], frame.image.shape[0])
        if look.blur:
            image = blur_faces(image, everyone.near(frame.time_s, here_wh))
        if look.frames:
            image = _framed(image, shown.at(frame.time_s, here_wh), holder, look.words, people)
        size_wh = size_wh or here_wh
        yield Frame(fitted(image, size_wh), frame.time_s - look.start_s, frame.index)


def _framed(image: Array, result: FrameResult, holder: Holder, words: Mapping[str, str], people: dict[int, str]) -> Array:
    assert result.faces.track_ids is not None
    shown = holder.update(result.emotions, result.faces.track_ids, time_s=result.time_s)
    return draw(image, replace(result, shown=shown), words=words, people=people)


def fitted(image: Array, size_wh: tuple[int, int]) -> Array:
    """Return a picture as large as it fits into a size, in the middle, on black; one of that size comes back as it is.

    Args:
        image: (H, W, 3) uint8.
        size_wh: the width and height of the result in pixels.

    Example:
        >>> fitted(np.full((10, 10, 3), 9, np.uint8), (30, 20))[10].sum(axis=1).nonzero()[0].tolist() == list(range(5, 25))
        True
    """
    height, width = image.shape[:2]
    if (width, height) == size_wh:
        return image
    scale = min(size_wh[0] / width, size_wh[1] / height)
    inner = (max(1, round(width * scale)), max(1, round(height * scale)))
    left, top = (size_wh[0] - inner[0]) // 2, (size_wh[1] - inner[1]) // 2
    whole = np.zeros((size_wh[1], size_wh[0], 3), np.uint8)
    whole[top : top + inner[1], left : left + inner[0]] = cv2.resize(image, inner, interpolation=cv2.INTER_AREA)
    return whole
