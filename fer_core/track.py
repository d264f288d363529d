"""State. Who is who from one picture to the next, by place, size and motion alone; nothing of a face's looks is used."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core.assign import least_cost_pairs
from fer_core.boxes import iou_matrix
from fer_core.errors import InputError, StreamError
from fer_core.motion import Motion, distances
from fer_core.types import Expected, Faces

Array = npt.NDArray[Any]

_REACH = 3.0  # standard deviations at which a face is no longer the one that was expected
_MIN_SPREAD = 0.2  # sides: a head may nod or turn at any moment, however steadily it was seen until now
_MAX_SPREAD = 0.7  # sides: however rare the pictures, a face further than 3 times this is someone else
_LOST_SPREAD = 0.5  # sides: the same for a person out of sight among others, one of whom might take the number
_STAY_SPREAD = 0.35  # sides: the same from where such a person was seen last, for whoever turned round
_SIZE_SPREAD, _MAX_SIZE_RATIO = 0.25, 2.0  # of the logarithm of a face's side from picture to picture; its largest change
_ALONE = 9.0  # a face whose best place costs more is a new person's
_IN_SIGHT = 6.0  # less for who was there in the picture before: to vanish from one to the next happens to 1 in 20
_HIDDEN_IOU = 0.2  # a face that overlaps so much of a person out of sight may hide that person
_SAME_SCENE_IOU = 0.7  # after a cut only a face that did not move at all is the same person's (a lamp was switched on)


def need_later(time_s: float, last_s: float) -> None:
    """Refuse a time that does not come after the last one.

    Raises:
        StreamError: it does not, or is no number.
    """
    if not (math.isfinite(time_s) and time_s > last_s):
        raise StreamError(f"times must increase, got {time_s} s after {last_s} s; call reset() before a new source")


class Tracker:
    """Numbers the faces of a stream; one per stream, used from one thread.

    Each person's place and speed is followed (`motion`), and the faces of a picture are given to the people so that the
    distances from the expected places, measured in how uncertain those are, add up to the least (`assign`). Numbers start at
    0 and are never used twice.

    Args:
        lost_s: a person out of sight for longer gets a new number, in seconds.

    Raises:
        InputError: the time is negative or no number.
    """

    def __init__(self, *, lost_s: float = 2.0) -> None:
        if not 0 <= lost_s < math.inf:
            raise InputError(f"lost_s must be 0 or more seconds, got {lost_s}; 2 is good")
        self._lost_s = lost_s
        self.reset()

    def reset(self) -> None:
        """Forget everyone and every time; the numbers start again."""
        self._last_s, self._next_id, self._size_wh = -math.inf, 0, (0, 0)
        self._people, self._ids, self._seen_s = Motion.of(np.zeros((0, 4))), np.zeros(0, np.int64), np.zeros(0)
        self._places = np.zeros((0, 2))  # where each was seen last

    def expected(self, time_s: float, size_wh: tuple[int, int]) -> Expected:
        """Return where the people should be at a later time in a picture of this size, those out of sight too."""
        known = time_s - self._seen_s <= self._lost_s
        people, _ = self._moved(time_s, size_wh)
        return Expected(people.within(size_wh).boxes[known], (self._seen_s == self._last_s)[known])

    def update(self, faces: Faces, *, time_s: float, new_scene: bool = False) -> Faces:
        """Return the faces with their numbers.

        Args:
            faces: the N faces of the next picture.
            time_s: its time, later than the last one's.
            new_scene: the picture shows another scene than the last, in which a place says little about who is there.

        Raises:
            StreamError: the time does not increase; nothing is changed then.
        """
        need_later(time_s, self._last_s)
        self._forget(time_s, faces.size_wh)
        persons = self._persons(faces, new_scene=new_scene)
        old, new = np.flatnonzero(persons >= 0), np.flatnonzero(persons < 0)
        gone = np.setdiff1d(np.arange(len(self._ids)), persons)
        hiding = np.any(iou_matrix(faces.boxes[old], self._people[gone].boxes) > _HIDDEN_IOU, axis=1)
        followed = self._people[persons[old]].seen_at(faces.boxes[old], keep_speed=np.asarray(hiding))
        numbers = np.empty(len(faces), np.int64)
        numbers[old], numbers[new] = self._ids[persons[old]], self._next_id + np.arange(len(new))
        seen = Motion.of(faces.boxes)
        self._people = self._people[gone] + followed + seen[new]
        self._ids = np.concatenate([self._ids[gone], numbers[old], numbers[new]])
        self._places = np.concatenate([self._places[gone], seen.centres[old], seen.centres[new]])
        self._seen_s = np.concatenate([self._seen_s[gone], np.full(len(faces), time_s)])
        self._last_s, self._next_id = time_s, self._next_id + len(new)
        return faces.with_track_ids(numbers)

    def _forget(self, time_s: float, size_wh: tuple[int, int]) -> None:
        """Move the people to where they should be by now, and forget those out of sight for too long."""
        people, places = self._moved(time_s, size_wh)
        known = time_s - self._seen_s <= self._lost_s
        self._people, self._places, self._size_wh = people[known], places[known], size_wh
        self._ids, self._seen_s = self._ids[known], self._seen_s[known]

    def _persons(self, faces: Faces, *, new_scene: bool) -> Array:
        """Return (N,) int64: the row of the person that each face belongs to; -1 for someone new."""
        lost = self._seen_s < self._last_s
        costs = _costs(self._people.within(faces.size_wh), self._places, Motion.of(faces.boxes), lost=lost)
        if new_scene:
            costs[iou_matrix(self._people.boxes, faces.boxes) < _SAME_SCENE_IOU] = np.inf
        return least_cost_pairs(costs.T, alone=_ALONE)

    def _moved(self, time_s: float, size_wh: tuple[int, int]) -> tuple[Motion, Array]:
        """Return the people where they should be by now, and their last places, in the pixels of a picture of this size."""
        if not len(self._people):
            return self._people, self._places
        ratios = np.array(size_wh) / np.array(self._size_wh)
        return self._people.after(time_s - self._last_s).scaled(ratios), self._places * ratios


def _costs(people: Motion, places: Array, seen: Motion, *, lost: Array) -> Array:
    """Return (N, M) float64: how badly each seen face fits each person, infinite beyond reach.

    The cost is twice the negative logarithm of the likelihood, so a person whose place is well known goes before one who may
    be anywhere. Someone out of sight may have gone on, or have stayed where they were seen last: the better of both counts.
    """
    if not len(people) or not len(seen):
        return np.zeros((len(people), len(seen)))
    alone = len(people) == len(seen) == 1
    spreads = people.spreads.clip(_MIN_SPREAD, np.where(lost & (not alone), _LOST_SPREAD, _MAX_SPREAD))
    gone_on = _fit(distances(people, seen), spreads)
    stayed = _fit(distances(people, seen, places), np.where(lost, _MAX_SPREAD if alone else _STAY_SPREAD, 0.0))
    ratio = np.abs(np.log(people.sides[:, None] / np.maximum(seen.sides[None], 1e-6)))
    costs: Array = np.minimum(gone_on, stayed) + (ratio / _SIZE_SPREAD) ** 2
    costs[ratio > math.log(_MAX_SIZE_RATIO)] = np.inf
    costs[~lost] -= _IN_SIGHT
    return costs


def _fit(apart: Array, spreads: Array) -> Array:
    """Return (N, M) costs of distances that spread normally by (N,) sides in two directions; 0 reaches nowhere."""
    spreads = spreads[:, None]
    known = np.maximum(spreads, 1e-6)
    return np.where(apart <= _REACH * spreads, (apart / known) ** 2 + 4 * np.log(known), np.inf)
