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
_LONGEST_STEP_S = 1.0  # a gap in the video is nobody's expression; where fewer pictures are analysed, twice the usual step


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


def source_name(number: int) -> str:
    """Return what a live session is called in its files and in the history."""
    return f"Live {number}"


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
    weights = seconds_each(timeline)[timeline.rows[chosen]]
    if not len(weights) or weights.sum() <= 0:
        return {}
    probs = timeline.probs[chosen]
    best = np.where(probs.max(axis=1) >= take.threshold, probs.argmax(axis=1), len(timeline.labels))
    names = (*timeline.labels.names, NOT_SURE)
    seconds = np.bincount(best, weights, len(names))
    return {name: float(share) for name, share in zip(names, seconds / seconds.sum(), strict=True)}


def seconds_each(timeline: Timeline) -> Array:
    """Return (M,) how long each picture stands for: until its source's next one, but for no gap; a picture alone for a second."""
    numbers: dict[str, int] = {}
    sources = np.array([numbers.setdefault(name, len(numbers)) for name in timeline.sources], np.int64)
    order = np.argsort(sources, kind="stable")
    seconds = np.ones(len(sources))
    for rows in np.split(order, np.flatnonzero(np.diff(sources[order])) + 1):
        seconds[rows] = _steps_s(timeline.times_s[rows])
    return seconds


def _steps_s(times_s: Array) -> Array:
    """Return the same for one source; the last picture stands for as long as the usual one."""
    steps = np.diff(times_s).clip(0)
    if not steps.any():
        return np.ones(len(times_s))
    usual = float(np.median(steps))
    # Where a long session was thinned out, steps are as long as those beside them; a gap stands alone.
    ends = np.concatenate([steps[:1], steps, steps[-1:]])
    beside = np.minimum(ends[:-2], ends[2:]) if len(steps) > 1 else np.zeros(1)
    steps = np.minimum(steps, np.maximum(max(_LONGEST_STEP_S, 2 * usual), 2 * beside))
    return np.append(steps, usual or steps.mean())


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
        """Return this shelf with one more session, under a number and a name of its own; the oldest go when it is full."""
        number = self.last_id + 1
        named = replace(take.timeline, sources=(source_name(number),) * len(take.timeline.sources))
        takes = (replace(take, take_id=number, timeline=named), *self.takes)[:MAX_TAKES]
        fits = np.cumsum([kept.rows for kept in takes]) <= MAX_ROWS
        return Shelf(tuple(kept for i, kept in enumerate(takes) if i == 0 or fits[i]), number)

    def with_timeline(self, take_id: int, timeline: Timeline) -> Shelf:
        """Return this shelf with another timeline in one session's place."""
        takes = (replace(take, timeline=timeline) if take.take_id == take_id else take for take in self.takes)
        return replace(self, takes=tuple(takes))

    def without(self, take_id: int) -> Shelf:
        """Return this shelf without one session."""
        return replace(self, takes=tuple(take for take in self.takes if take.take_id != take_id))
