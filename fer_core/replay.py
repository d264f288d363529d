"""Pure. A timeline seen at any time, also between the pictures that were analysed.

Units: seconds since the source's start, pixels of the picture that is asked for.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core.errors import InputError
from fer_core.timeline import Timeline
from fer_core.types import Emotions, Faces, FrameResult

Array = npt.NDArray[Any]

_SAME_S = 0.002  # times nearer than this are one: files round them
_REACH_S = 1.0  # how long a face is shown before or after the picture it was found in


class Replay:
    """What was perceived in one source, at any time.

    Between two analysed pictures the faces of people who are in both move evenly from the one to the other; somebody who is in
    one alone is shown up to the middle, and never for more than a second.

    Args:
        timeline: of one source, its times increasing.

    Raises:
        InputError: the timeline has several sources, or its times do not increase.
    """

    def __init__(self, timeline: Timeline) -> None:
        if len(set(timeline.sources)) > 1 or (np.diff(timeline.times_s) <= 0).any():
            came = f"{len(set(timeline.sources))} sources"
            raise InputError(f"need one source with increasing times, got {came}; take its part with timeline.where(...)")
        self._timeline = timeline
        self._starts = np.searchsorted(timeline.rows, np.arange(len(timeline.sources) + 1))

    def at(self, time_s: float, size_wh: tuple[int, int], *, index: int = 0) -> FrameResult:
        """Return the faces to show at a time.

        Args:
            time_s: any time.
            size_wh: width and height of the picture to show them on, in pixels.
            index: the picture's number.
        """
        before, share = self._place(time_s)
        boxes, scores, probs, ids = self._between(before, share, time_s, size_wh)
        faces = Faces(boxes, scores, np.full((len(boxes), 5, 2), np.nan), size_wh, ids)
        return FrameResult(faces, Emotions(probs, self._timeline.labels), index, time_s)

    def near(self, time_s: float, size_wh: tuple[int, int], *, within_s: float = 0.5) -> Array:
        """Return every box that could hold a face at a time: for hiding faces, where one too many is better than one too few.

        Args:
            time_s: any time.
            size_wh: width and height of the picture to hide them in, in pixels.
            within_s: boxes found within so many seconds count, and those of the analysed pictures just before and after.

        Returns:
            (N, 4) float32.
        """
        times = self._timeline.times_s
        before, _ = self._place(time_s)
        first = min(max(before, 0), int(np.searchsorted(times, time_s - within_s)))
        last = max(before + 1, int(np.searchsorted(times, time_s + within_s, "right")) - 1)
        rows = slice(self._starts[first], self._starts[min(last + 1, len(times))])
        found = self._scaled(rows, size_wh)
        return np.concatenate([found, self.at(time_s, size_wh).faces.boxes])

    def _place(self, time_s: float) -> tuple[int, float]:
        """Return the last analysed picture up to a time, -1 for none, and how far the next one is reached, 0..1."""
        times = self._timeline.times_s
        before = int(np.searchsorted(times, time_s + _SAME_S, "right")) - 1
        if before < 0 or before + 1 == len(times):
            return before, 1.0 if before < 0 else 0.0
        return before, float(np.clip((time_s - times[before]) / (times[before + 1] - times[before]), 0, 1))

    def _between(self, before: int, share: float, time_s: float, size_wh: tuple[int, int]) -> tuple[Array, Array, Array, Array]:
        old, new = self._faces(before, time_s, size_wh), self._faces(before + 1, time_s, size_wh)
        once = [{int(n) for n in ids if n >= 0 and (ids == n).sum() == 1} for ids in (old[3], new[3])]
        both = {n: (int(np.argmax(old[3] == n)), int(np.argmax(new[3] == n))) for n in sorted(once[0] & once[1])}
        if share < _SAME_S:  # an analysed picture shows what was found in it
            return old
        columns = []
        for a, b in zip(old[:3], new[:3], strict=True):
            moved = [(1 - share) * a[i] + share * b[j] for i, j in both.values()]
            columns.append(np.array(moved, np.float32).reshape(-1, *a.shape[1:]))
        side = old if share < 0.5 else new
        alone = ~np.isin(side[3], list(both))
        boxes, scores, probs = (np.concatenate([c, s[alone]]) for c, s in zip(columns, side[:3], strict=True))
        return boxes, scores, probs, np.concatenate([np.array(list(both), np.int64), side[3][alone]])

    def _faces(self, picture: int, time_s: float, size_wh: tuple[int, int]) -> tuple[Array, Array, Array, Array]:
        """Return boxes, scores, probabilities and numbers of an analysed picture; nothing if it is too far away."""
        line, there = self._timeline, 0 <= picture < len(self._timeline.sources)
        near = there and abs(line.times_s[picture] - time_s) <= _REACH_S
        rows = slice(self._starts[picture], self._starts[picture + 1]) if near else slice(0, 0)
        return self._scaled(rows, size_wh), line.scores[rows], line.probs[rows], line.track_ids[rows]

    def _scaled(self, rows: slice, size_wh: tuple[int, int]) -> Array:
        """Return the boxes of face rows in the pixels of another size."""
        line = self._timeline
        scale = np.array(size_wh) / line.sizes_wh[line.rows[rows]]
        scaled: Array = (line.boxes[rows] * np.tile(scale, 2)).astype(np.float32)
        return scaled
