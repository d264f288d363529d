"""State. Steadier answers over time: each person's probabilities follow the new ones with a time constant."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core.errors import InputError
from fer_core.track import need_later
from fer_core.types import Emotions

Array = npt.NDArray[Any]

_FORGET_AFTER = 7.0  # time constants; by then the past would weigh less than a thousandth


class Smoother:
    """Exponential smoothing per person; one per stream, used from one thread.

    After `smooth_s` seconds a change shows by 63 %, whatever the frame rate. A person's first answer stands as it is.

    Args:
        smooth_s: the time constant in seconds; 0 changes nothing.

    Raises:
        InputError: the time constant is negative or no number.
    """

    def __init__(self, *, smooth_s: float = 0.5) -> None:
        self.smooth_s = smooth_s
        self.reset()

    @property
    def smooth_s(self) -> float:
        """The time constant in seconds; may be set at any time, from any thread."""
        return self._smooth_s

    @smooth_s.setter
    def smooth_s(self, smooth_s: float) -> None:
        if not 0 <= smooth_s < math.inf:
            raise InputError(f"smooth_s must be 0 or more seconds, got {smooth_s}; 0.5 is good, 0 turns smoothing off")
        self._smooth_s = smooth_s

    def reset(self) -> None:
        """Forget every person and every time."""
        self._last_s = -math.inf
        self._people: dict[int, tuple[float, Array]] = {}

    def update(self, emotions: Emotions, track_ids: Array, *, time_s: float) -> Emotions:
        """Return the smoothed probabilities; faces without a number (-1) stay as they are.

        Args:
            emotions: what the N faces of the next picture look like.
            track_ids: (N,) int64, the person of each face.
            time_s: its time, later than the last one's.

        Raises:
            StreamError: the time does not increase; nothing is changed then.
            InputError: another number of ids than of faces.
        """
        need_later(time_s, self._last_s)
        if len(track_ids) != len(emotions):
            raise InputError(f"each face needs one track id, got {len(track_ids)} for {len(emotions)}; pass the same faces' ids")
        self._last_s = time_s
        smooth_s = self._smooth_s  # once, for another thread may set it meanwhile
        horizon_s = _FORGET_AFTER * smooth_s
        self._people = {who: seen for who, seen in self._people.items() if time_s - seen[0] <= horizon_s}
        rows = [self._followed(int(who), row, time_s, smooth_s) for who, row in zip(track_ids, emotions.probs, strict=True)]
        return Emotions(np.array(rows).reshape(emotions.probs.shape), emotions.labels)

    def _followed(self, who: int, row: Array, time_s: float, smooth_s: float) -> Array:
        """Return one person's (K,) probabilities, moved towards the new ones, and keep them."""
        if who < 0 or smooth_s == 0:
            return row
        if who in self._people:
            then_s, before = self._people[who]
            share = -math.expm1((then_s - time_s) / smooth_s)
            row = before + share * (row.astype(np.float64) - before)
        self._people[who] = (time_s, row.astype(np.float64))
        return row
