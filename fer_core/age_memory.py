"""State. Steadier ages in a stream: the mean of what was estimated for each person so far, renewed now and then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core.ages import MOST_YEARS, Ages
from fer_core.estimate import AgeEstimator
from fer_core.types import Faces

Array = npt.NDArray[Any]
EVERY_S = 0.5
"""Nobody grows older within half a second: the network is asked about a person no more often."""

_AT_MOST = 60  # estimates whose mean it is; later ones count as one of so many, so that a mistaken beginning fades
_FORGET_AFTER_S = 30.0


@dataclass(slots=True)
class _Person:
    probs: Array
    estimates: int
    asked_s: float
    seen_s: float


class AgeMemory:
    """Keeps how old the people of a stream look; one per stream, used from one thread.

    Args:
        estimator: says how old faces look; shared.
    """

    def __init__(self, estimator: AgeEstimator) -> None:
        self.estimator = estimator
        self.reset()

    def reset(self) -> None:
        """Forget everyone."""
        self._people: dict[int, _Person] = {}

    def update(self, image: Array, faces: Faces, *, time_s: float) -> Ages:
        """Return how old each face looks, by this picture and those before.

        Args:
            image: (H, W, 3) uint8, RGB, the next picture.
            faces: the N faces in it, numbered.
            time_s: its time.
        """
        assert faces.track_ids is not None
        ids = [int(number) for number in faces.track_ids]
        due = [row for row, number in enumerate(ids) if self._is_due(number, time_s)]
        for row, probs in zip(due, self.estimator.estimate(image, faces[due]).probs, strict=True):
            self._learn(ids[row], probs, time_s)
        for number in ids:
            self._people[number].seen_s = time_s
        rows = [self._people[number].probs for number in ids]
        self._people = {who: person for who, person in self._people.items() if time_s - person.seen_s <= _FORGET_AFTER_S}
        return Ages(np.array(rows, np.float32).reshape(-1, MOST_YEARS + 1))

    def _is_due(self, number: int, time_s: float) -> bool:
        known = self._people.get(number)
        return known is None or time_s - known.asked_s >= EVERY_S

    def _learn(self, number: int, probs: Array, time_s: float) -> None:
        known = self._people.setdefault(number, _Person(probs.astype(np.float64), 0, time_s, time_s))
        known.estimates = min(known.estimates + 1, _AT_MOST)
        known.probs = known.probs + (probs - known.probs) / known.estimates
        known.asked_s = time_s
