"""State. Frames of one video or camera → results with steady numbers and steady answers."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy.typing as npt

from fer_core.age_memory import AgeMemory
from fer_core.analyze import Analyzer
from fer_core.estimate import AgeEstimator
from fer_core.follow import Follower
from fer_core.hold import Holder
from fer_core.options import Options
from fer_core.smooth import Smoother
from fer_core.track import Tracker, need_later
from fer_core.types import Frame, FrameResult

Array = npt.NDArray[Any]


class Stream:
    """Analyses the frames of one source in their order; one per source, stepped from one thread.

    Many streams may share one analyzer, whatever their options. A stream keeps boxes, speeds and probabilities of the people
    in view, and no picture. It never looks a second time for close-ups. An analyzer that says how old faces look is asked so
    twice a second and person, and the mean is shown.

    Args:
        analyzer: analyses the pictures; its networks are shared.
        options: the knobs; the analyzer's own if omitted. `smooth_s`, `min_face_px` and `ages` may be set while it runs, from
            any thread, and count from the next frame on.

    Example:
        >>> import numpy as np
        >>> from fer_core import load_analyzer
        >>> stream = Stream(load_analyzer(), Options(min_face_px=60))
        >>> len(stream.step(Frame(np.zeros((120, 160, 3), np.uint8))))
        0
    """

    def __init__(self, analyzer: Analyzer, options: Options | None = None) -> None:
        self._options = replace(options or analyzer.options, close_ups=False, both_sides=False)
        self._ages = AgeMemory(analyzer.ages) if analyzer.ages else None
        analyzer = analyzer.with_options(self._options).with_ages(None)
        self._follower = Follower(analyzer)
        self._tracker = Tracker(lost_s=self._options.lost_s)
        self._smoother = Smoother(smooth_s=self._options.smooth_s)
        self._holder = Holder(hold_s=self._options.hold_s, not_sure_below=analyzer.card.threshold)
        self._last_s = -math.inf

    @property
    def smooth_s(self) -> float:
        """The time constant of the probabilities in seconds; 0 turns smoothing off."""
        return self._smoother.smooth_s

    @smooth_s.setter
    def smooth_s(self, smooth_s: float) -> None:
        self._smoother.smooth_s = smooth_s

    @property
    def min_face_px(self) -> int:
        """The smallest face looked for, in pixels of the picture; at least 12."""
        return self._options.min_face_px

    @min_face_px.setter
    def min_face_px(self, min_face_px: int) -> None:
        self._options = replace(self._options, min_face_px=min_face_px)
        self._follower.use(self._options)

    @property
    def ages(self) -> AgeEstimator | None:
        """What says how old people look; nobody does if None."""
        remembered = self._ages  # once, for another thread may change it meanwhile
        return remembered.estimator if remembered else None

    @ages.setter
    def ages(self, estimator: AgeEstimator | None) -> None:
        if estimator is not self.ages:  # the same one goes on with what it knows of everyone
            self._ages = AgeMemory(estimator) if estimator else None

    def reset(self) -> None:
        """Forget everyone and every time, as before the first frame; the knobs stay."""
        for part in (self._follower, self._tracker, self._smoother, self._holder):
            part.reset()
        if remembered := self._ages:
            remembered.reset()
        self._last_s = -math.inf

    def step(self, frame: Frame) -> FrameResult:
        """Analyse the next frame.

        Args:
            frame: its time must be later than the last one's; the steps between may differ.

        Returns:
            The result, under the frame's time and index, with numbered people, smoothed probabilities and the word to show
            for each; `cost_ms` is the time of the analysis.

        Raises:
            StreamError: the frame is not later than the last one; nothing is changed then.
        """
        need_later(frame.time_s, self._last_s)
        size_wh = (frame.image.shape[1], frame.image.shape[0])
        expected = self._tracker.expected(frame.time_s, size_wh)
        result, cut = self._follower.step(frame.image, expected, time_s=frame.time_s)
        faces = self._tracker.update(result.faces, time_s=frame.time_s, new_scene=cut)
        assert faces.track_ids is not None
        emotions = self._smoother.update(result.emotions, faces.track_ids, time_s=frame.time_s)
        shown = self._holder.update(emotions, faces.track_ids, time_s=frame.time_s)
        remembered = self._ages  # once, for another thread may change it meanwhile
        ages = remembered.update(frame.image, faces, time_s=frame.time_s) if remembered else None
        self._last_s = frame.time_s
        return replace(result, faces=faces, emotions=emotions, shown=shown, time_s=frame.time_s, index=frame.index, ages=ages)
