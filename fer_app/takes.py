"""Pure. Finished sessions of the live camera: what a visitor may look at again, bounded; each change gives a new shelf."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core import Timeline
from fer_core.palette import NOT_SURE

Array = npt.NDArray[Any]

MAX_TAKES = 10
MAX_ROWS = 150_000  # faces and pictures of all sessions together: about 20 MB a visitor
_LONGEST_STEP_S = 1.0  # a gap in the video is nobody's expression


@dataclass(frozen=True, slots=True)
class KeptTake:
    """One finished session.

    Attributes:
        timeline: what was perceived, without a picture.
        began_at: when it began, in seconds since 1970.
        threshold: a best guess below this is answered by "not sure".
        analysed: how many pictures were analysed; a long session keeps fewer.
        lost: it ended because the connection did.
        take_id: its number among the visitor's sessions; 0 = not kept yet.
    """

    timeline: Timeline
    began_at: float
    threshold: float
    analysed: int = 0
    lost: bool = False
    take_id: int = 0

    @property
    def seconds(self) -> float:
        """How long it lasted, from the first picture to the last."""
        times = self.timeline.times_s
        return float(times[-1] - times[0]) if len(times) else 0.0

    @property
    def people(self) -> tuple[int, ...]:
        """The numbers of the people seen, in order."""
        return tuple(np.unique(self.timeline.track_ids).tolist())

    @property
    def rows(self) -> int:
        """How much it holds."""
        return len(self.timeline) + len(self.timeline.sources)


def shares_of_time(take: KeptTake, track_id: int | None = None) -> Mapping[str, float]:
    """Return the share of the time for which faces looked like each expression, those not sure under their own name.

    Args:
        take: a finished session.
        track_id: one person; everyone if omitted.

    Returns:
        0..1 by name, in the order of the labels, adding up to 1; empty where no face was visible.
    """
    timeline = take.timeline
    chosen = np.ones(len(timeline), bool) if track_id is None else timeline.track_ids == track_id
    weights = _steps_s(timeline.times_s)[timeline.rows[chosen]]
    if not len(weights) or weights.sum() <= 0:
        return {}
    probs = timeline.probs[chosen]
    best = np.where(probs.max(axis=1) >= take.threshold, probs.argmax(axis=1), len(timeline.labels))
    names = (*timeline.labels.names, NOT_SURE)
    seconds = np.bincount(best, weights, len(names))
    return {name: float(share) for name, share in zip(names, seconds / seconds.sum(), strict=True)}


def _steps_s(times_s: Array) -> Array:
    """Return (M,) seconds that each picture stands for: until the next one; the last as long as the usual one."""
    if len(times_s) < 2:
        return np.ones(len(times_s))
    steps = np.minimum(np.diff(times_s), _LONGEST_STEP_S)
    return np.append(steps, np.median(steps))


@dataclass(frozen=True, slots=True)
class Shelf:
    """A visitor's finished sessions, the newest first.

    Attributes:
        takes: at most `MAX_TAKES`, holding at most `MAX_ROWS` together, the newest always among them.
        last_id: the highest number given so far.
    """

    takes: tuple[KeptTake, ...] = ()
    last_id: int = 0

    def with_take(self, take: KeptTake) -> Shelf:
        """Return this shelf with one more session; the oldest go when it is full."""
        takes = (replace(take, take_id=self.last_id + 1), *self.takes)[:MAX_TAKES]
        fits = np.cumsum([kept.rows for kept in takes]) <= MAX_ROWS
        return Shelf(tuple(kept for i, kept in enumerate(takes) if i == 0 or fits[i]), self.last_id + 1)

    def without(self, take_id: int) -> Shelf:
        """Return this shelf without one session."""
        return replace(self, takes=tuple(take for take in self.takes if take.take_id != take_id))
