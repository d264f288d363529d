"""Pure. What a timeline of one video says: curves over time, the strongest moments, a row for each person.

Units: seconds since the video's start, probabilities in [0, 1].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fer_app.film.plan import Film, Shown
from fer_app.takes import seconds_each, shares_of_time
from fer_core import Timeline
from fer_core.palette import NOT_SURE
from fer_core.people import names_of

Array = npt.NDArray[Any]
MAX_POINTS = 600  # of a curve: more than a screen has room for


class Curves(NamedTuple):
    """Mean probabilities of T moments.

    Attributes:
        times_s: (T,) float, increasing.
        shares: for each label (T,) float, 0..1, NaN where the person was not visible.
    """

    times_s: Array
    shares: Mapping[str, Array]

    def means(self) -> dict[str, float]:
        """Return each label's mean over the moments at which the person was visible; 0 where there is none."""
        return {name: float(np.nanmean(some)) if not np.isnan(some).all() else 0.0 for name, some in self.shares.items()}


@dataclass(frozen=True, slots=True)
class Peak:
    """Where an expression is perceived most clearly."""

    label: str
    time_s: float
    track_id: int
    confidence: float

    @property
    def shown(self) -> Shown:
        """The name of its face among a video's pictures of faces."""
        return Shown.of(self.time_s, self.label, self.confidence)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of a video.

    Attributes:
        track_id: the number.
        name: what the visitor calls the person; "" for nothing.
        hidden: whether the person is left out.
        seconds: for how long the person was visible.
        first_s: when first.
        last_s: when last.
        shares: the share of that time for each expression.
    """

    track_id: int
    name: str
    hidden: bool
    seconds: float
    first_s: float
    last_s: float
    shares: Mapping[str, float]


def curves(timeline: Timeline, *, track_id: int | None = None) -> Curves:
    """Return the mean probabilities over time, in at most `MAX_POINTS` moments of neighbouring pictures.

    Args:
        timeline: of one video.
        track_id: one person; the mean of everyone if omitted.
    """
    pictures = len(timeline.times_s)
    together = max(1, -(-pictures // MAX_POINTS))
    moment_of = np.arange(pictures) // together
    count = int(moment_of[-1]) + 1 if pictures else 0
    chosen = np.ones(len(timeline), bool) if track_id is None else timeline.track_ids == track_id
    where, probs = moment_of[timeline.rows[chosen]], timeline.probs[chosen]
    faces = np.bincount(where, minlength=count)
    times = np.bincount(moment_of, timeline.times_s, count) / np.maximum(np.bincount(moment_of, minlength=count), 1)
    with np.errstate(invalid="ignore"):
        means = {name: np.bincount(where, probs[:, k], count) / faces for k, name in enumerate(timeline.labels.names)}
    return Curves(times, means)


def peaks(timeline: Timeline, threshold: float) -> tuple[Peak, ...]:
    """Return the strongest moment of each expression that somebody looks like, in the order of the labels.

    Args:
        timeline: of one video.
        threshold: a best guess below this is "not sure" and no peak.
    """
    found = []
    best, confidence = timeline.probs.argmax(axis=1), timeline.probs.max(axis=1, initial=0.0)
    for column, name in enumerate(timeline.labels.names):
        rows = np.flatnonzero((best == column) & (confidence >= threshold))
        if len(rows):
            row = rows[confidence[rows].argmax()]
            found.append(Peak(name, float(timeline.face_times_s[row]), int(timeline.track_ids[row]), float(confidence[row])))
    return tuple(found)


def people_of(film: Film) -> tuple[PersonRow, ...]:
    """Return everyone in a video, hidden people too, the one visible longest first."""
    line = film.timeline
    hidden = {person.track_id for person in line.people if person.hidden}
    names, take = names_of(line, film.name), film.everyone
    each_s = seconds_each(line)
    rows = []
    for number in np.unique(line.track_ids).tolist():
        pictures = np.unique(line.rows[line.track_ids == number])
        times = line.times_s[pictures]
        seconds = float(each_s[pictures].sum())
        shares = shares_of_time(take, number)
        rows.append(
            PersonRow(number, names.get(number, ""), number in hidden, seconds, float(times[0]), float(times[-1]), shares)
        )
    return tuple(sorted(rows, key=lambda row: (-row.seconds, row.track_id)))


def leading(timeline: Timeline, threshold: float, *, track_id: int | None = None) -> tuple[str, ...]:
    """Return the answer for each analysed picture: of one person, or of the largest face; "" where nobody is visible.

    Args:
        timeline: of one video.
        threshold: a best guess below this is answered by "not sure".
        track_id: one person; the largest face of each picture if omitted.
    """
    words, largest = [""] * len(timeline.sources), np.zeros(len(timeline.sources))
    names = timeline.labels.names
    sides = timeline.boxes[:, 2:] - timeline.boxes[:, :2]
    faces = zip(timeline.rows, timeline.track_ids, sides.prod(axis=1), timeline.probs, strict=True)
    for picture, number, area, probs in faces:
        if (track_id is None or number == track_id) and area > largest[picture]:
            largest[picture] = area
            words[picture] = names[probs.argmax()] if probs.max() >= threshold else NOT_SURE
    return tuple(words)
