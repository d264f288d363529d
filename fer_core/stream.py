"""State. Frames of one video or camera → results with steady numbers and steady answers."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Protocol

import numpy.typing as npt

from fer_core.smooth import Smoother
from fer_core.track import Tracker, need_later
from fer_core.types import Frame, FrameResult

Array = npt.NDArray[Any]


class PictureAnalyzer(Protocol):
    """Anything that analyses one picture; `fer_core.load_analyzer` gives one."""

    def analyze(self, image: Array) -> FrameResult:
        """Return what is perceived in an (H, W, 3) uint8 RGB picture."""
        ...


class Stream:
    """Analyses the frames of one source in their order; one per source, used from one thread.

    Many streams may share one analyzer. A stream keeps boxes and probabilities of the people in view, and no picture.

    Args:
        analyzer: analyses each picture.
        smooth_s: time constant of the answers in seconds; 0 turns smoothing off.
        iou_min: boxes that overlap less from frame to frame are different people, 0..1.
        expire_s: a person unseen for longer gets a new number, in seconds.

    Raises:
        InputError: a knob is out of range.
    """

    def __init__(self, analyzer: PictureAnalyzer, *, smooth_s: float = 0.5, iou_min: float = 0.3, expire_s: float = 1.0) -> None:
        self._analyzer = analyzer
        self._tracker = Tracker(iou_min=iou_min, expire_s=expire_s)
        self._smoother = Smoother(smooth_s=smooth_s)
        self._last_s = -math.inf

    def reset(self) -> None:
        """Forget everyone and every time, as before the first frame."""
        self._tracker.reset()
        self._smoother.reset()
        self._last_s = -math.inf

    def step(self, frame: Frame) -> FrameResult:
        """Analyse the next frame.

        Args:
            frame: its time must be later than the last one's.

        Returns:
            The result, under the frame's time and index, with numbered people and smoothed probabilities.

        Raises:
            StreamError: the frame is not later than the last one; nothing is changed then.
        """
        need_later(frame.time_s, self._last_s)
        result = self._analyzer.analyze(frame.image)
        faces = self._tracker.update(result.faces, time_s=frame.time_s)
        assert faces.track_ids is not None
        emotions = self._smoother.update(result.emotions, faces.track_ids, time_s=frame.time_s)
        self._last_s = frame.time_s
        return replace(result, faces=faces, emotions=emotions, time_s=frame.time_s, index=frame.index)
