"""Pure. How much of the time faces looked like what: alone, by source, by person.

A face counts for as long as its picture stands for, so that uneven and thinned out times do not count double; a photo counts for
one second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_app.history import Recording
from fer_app.language import text_live
from fer_app.takes import seconds_each
from fer_core import FER2013, Timeline
from fer_core.palette import NOT_SURE
from fer_core.people import names_of, without_hidden

Array = npt.NDArray[Any]
ANSWERS = (*FER2013.names, NOT_SURE)


@dataclass(frozen=True, slots=True, eq=False)
class Sightings:
    """F faces of several recordings, without those of hidden people.

    Attributes:
        sources: the names of the sources.
        people: what people are called; one name is one person, in however many sources.
        source_of: (F,) int64, rows of `sources`.
        person_of: (F,) int64, rows of `people`; -1 = nobody is followed.
        answer_of: (F,) int64, rows of `ANSWERS`.
        seconds: (F,) float64, how long each counts.
    """

    sources: tuple[str, ...]
    people: tuple[str, ...]
    source_of: Array
    person_of: Array
    answer_of: Array
    seconds: Array

    def __len__(self) -> int:
        return len(self.seconds)

    def where(self, faces: Array) -> Sightings:
        """Return some of the faces, by a (F,) mask."""
        columns = {name: getattr(self, name)[faces] for name in ("source_of", "person_of", "answer_of", "seconds")}
        return replace(self, **columns)

    def narrowed(self, *, sources: Sequence[str] = (), people: Sequence[str] = ()) -> Sightings:
        """Return the faces of some sources and people; of all where none is named."""
        keep = np.ones(len(self), bool)
        if sources:
            keep &= np.isin(self.source_of, [self.sources.index(name) for name in sources if name in self.sources])
        if people:
            keep &= np.isin(self.person_of, [self.people.index(name) for name in people if name in self.people])
        return self.where(keep)

    def shares(self) -> Mapping[str, float]:
        """Return the share of each answer, adding up to 1; empty where there is no face."""
        seconds = np.bincount(self.answer_of, self.seconds, len(ANSWERS))
        return dict(zip(ANSWERS, (seconds / seconds.sum()).tolist(), strict=True)) if seconds.sum() > 0 else {}

    def by_source(self) -> Mapping[str, Mapping[str, float]]:
        """Return the shares of each source that has faces."""
        return self._by(self.sources, self.source_of)

    def by_person(self) -> Mapping[str, Mapping[str, float]]:
        """Return the shares of each person, the one seen longest first."""
        shares = self._by(self.people, self.person_of)
        seen = {name: self.seconds[self.person_of == self.people.index(name)].sum() for name in shares}
        return {name: shares[name] for name in sorted(shares, key=lambda name: -seen[name])}

    def _by(self, names: tuple[str, ...], rows: Array) -> Mapping[str, Mapping[str, float]]:
        return {name: self.where(rows == row).shares() for row, name in enumerate(names) if (rows == row).any()}


def sightings(recordings: Sequence[Recording]) -> Sightings:
    """Return the faces of recordings whose sources are named apart (`history.distinct`)."""
    sources: dict[str, int] = {}
    people: dict[str, int] = {}
    none = np.zeros(0, np.int64)
    parts: list[tuple[Array, ...]] = [(none, none, none, np.zeros(0))]
    for recording in recordings:
        shown = without_hidden(recording.timeline)
        places = np.array([sources.setdefault(name, len(sources)) for name in shown.sources], np.int64)[shown.rows]
        persons = _persons(shown, people)
        parts.append((places, persons, answers_of(shown, recording.threshold), seconds_each(shown)[shown.rows]))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Sightings(tuple(sources), tuple(people), *columns)


def answers_of(timeline: Timeline, threshold: float) -> Array:
    """Return (F,) int64, each face's answer as a row of `ANSWERS`."""
    best: Array = timeline.probs.argmax(axis=1) if len(timeline) else np.zeros(0, np.int64)
    return np.where(timeline.emotions.confidence >= threshold, best, ANSWERS.index(NOT_SURE))


def person_name(timeline: Timeline, source: str, track_id: int) -> str:
    """Return what a person is called among several recordings: by name, or by number and source."""
    return names_of(timeline, source).get(track_id) or f"{text_live.person(track_id)} · {source}"


def _persons(timeline: Timeline, people: dict[str, int]) -> Array:
    """Return (F,) int64 numbers in `people`, to which who is new is added; -1 where nobody is followed."""
    pairs = list(zip(timeline.face_sources, timeline.track_ids.tolist(), strict=True))
    rows = {(source, number): -1 for source, number in dict.fromkeys(pairs) if number < 0}
    for source, number in (pair for pair in dict.fromkeys(pairs) if pair not in rows):
        rows[source, number] = people.setdefault(person_name(timeline, source, number), len(people))
    return np.array([rows[pair] for pair in pairs], np.int64)
