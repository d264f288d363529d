"""State. Who is who from one picture to the next: boxes that overlap keep their number."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core.boxes import iou_matrix
from fer_core.errors import InputError, StreamError
from fer_core.types import Expected, Faces

Array = npt.NDArray[Any]


def need_later(time_s: float, last_s: float) -> None:
    """Refuse a time that does not come after the last one.

    Raises:
        StreamError: it does not, or is no number.
    """
    if not (math.isfinite(time_s) and time_s > last_s):
        raise StreamError(f"times must increase, got {time_s} s after {last_s} s; call reset() before a new source")


class Tracker:
    """Numbers the faces of a stream; one per stream, used from one thread.

    Faces are matched greedily by the overlap of their boxes, the best pair first. Numbers start at 0 and are never used twice.

    Args:
        iou_min: boxes that overlap less are different people, 0..1.
        lost_s: a person unseen for longer gets a new number, in seconds.

    Raises:
        InputError: a knob is out of range.
    """

    def __init__(self, *, iou_min: float = 0.3, lost_s: float = 2.0) -> None:
        if not 0 < iou_min <= 1 or not lost_s >= 0:
            raise InputError(f"need iou_min in 0..1 and lost_s from 0 on, got {iou_min} and {lost_s}; 0.3 and 1.0 are good")
        self._iou_min, self._lost_s = iou_min, lost_s
        self.reset()

    def reset(self) -> None:
        """Forget everyone and every time; the numbers start again."""
        self._last_s, self._next_id = -math.inf, 0
        self._boxes, self._ids, self._seen_s = np.zeros((0, 4), np.float32), np.zeros(0, np.int64), np.zeros(0)

    def expected(self, time_s: float, size_wh: tuple[int, int]) -> Expected:
        """Return where the people should be in a picture of this size at this time, those out of sight too."""
        known = time_s - self._seen_s <= self._lost_s
        return Expected(self._boxes[known], (self._seen_s == self._last_s)[known])

    def update(self, faces: Faces, *, time_s: float) -> Faces:
        """Return the faces with their numbers.

        Args:
            faces: the N faces of the next picture.
            time_s: its time, later than the last one's.

        Raises:
            StreamError: the time does not increase; nothing is changed then.
        """
        need_later(time_s, self._last_s)
        known = time_s - self._seen_s <= self._lost_s
        self._boxes, self._ids, self._seen_s = self._boxes[known], self._ids[known], self._seen_s[known]
        ids = self._numbered(faces.boxes)
        unseen = ~np.isin(self._ids, ids)
        self._boxes = np.concatenate([self._boxes[unseen], faces.boxes])
        self._ids = np.concatenate([self._ids[unseen], ids])
        self._seen_s = np.concatenate([self._seen_s[unseen], np.full(len(faces), time_s)])
        self._last_s = time_s
        return faces.with_track_ids(ids)

    def _numbered(self, boxes: Array) -> Array:
        """Return (N,) int64: the number of the person each box continues, or a new one."""
        ids = np.full(len(boxes), -1, np.int64)
        for row, person in _pairs(iou_matrix(boxes, self._boxes), self._iou_min):
            ids[row] = self._ids[person]
        new = ids < 0
        ids[new] = self._next_id + np.arange(new.sum())
        self._next_id += int(new.sum())
        return ids


def _pairs(overlap: Array, least: float) -> list[tuple[int, int]]:
    """Return (row, column) pairs of an (N, M) matrix, the greatest first, each row and column at most once."""
    rows, columns = np.nonzero(overlap >= least)
    order = np.argsort(-overlap[rows, columns], kind="stable")
    pairs: list[tuple[int, int]] = []
    taken_rows, taken_columns = set(), set()
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if row not in taken_rows and column not in taken_columns:
            pairs.append((row, column))
            taken_rows.add(row)
            taken_columns.add(column)
    return pairs
