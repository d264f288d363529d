"""Pure. The people of a timeline: a name for a number, who is left out, and two numbers that are one person.

A person is a number within a source: the tracker counts anew for each video and each camera.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fer_core.errors import InputError

if TYPE_CHECKING:
    from fer_core.timeline import Timeline

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, order=True)
class Person:
    """What a user says about one person of a source.

    Attributes:
        source: the name of the source that the person appears in.
        track_id: the person's number there, from 0.
        name: what to call the person; "" for no name.
        hidden: whether the person is left out of what is shown.
    """

    source: str
    track_id: int
    name: str = ""
    hidden: bool = False


def with_person(timeline: Timeline, person: Person) -> Timeline:
    """Return a timeline that says this about a person, in place of what it said before.

    Raises:
        InputError: nobody of this number appears in the source.
    """
    if (person.source, person.track_id) not in appearing(timeline):
        came = f"{person.track_id} of {person.source!r}"
        raise InputError(f"a person must appear in the timeline, got {came}; use a number that its faces have")
    others = [p for p in timeline.people if (p.source, p.track_id) != (person.source, person.track_id)]
    return replace(timeline, people=(*others, person))


def merged(timeline: Timeline, source: str, track_ids: tuple[int, ...]) -> Timeline:
    """Return a timeline in which several numbers of a source are one person, under the first number.

    It has the name of the first that has one, and is hidden if one of them was: who is left out comes back by no merging.
    Where two of them stand in one picture they cannot be one person; both faces stay, under one number.

    Raises:
        InputError: one of the numbers does not appear in the source.
    """
    known = {number for name, number in appearing(timeline) if name == source}
    if not track_ids or not set(track_ids) <= known:
        raise InputError(f"need numbers of people in {source!r} ({sorted(known)[:20]}), got {track_ids}; choose of these")
    said = {p.track_id: p for p in timeline.people if p.source == source and p.track_id in track_ids}
    named = [said[number].name for number in track_ids if number in said and said[number].name]
    one = Person(source, track_ids[0], named[0] if named else "", any(person.hidden for person in said.values()))
    there = np.array([name == source for name in timeline.face_sources], bool)
    ids = np.where(there & np.isin(timeline.track_ids, track_ids), track_ids[0], timeline.track_ids)
    return replace(timeline, track_ids=ids, people=(*(p for p in timeline.people if p not in said.values()), one))


def shown_faces(timeline: Timeline) -> Array:
    """Return (F,) bool, the faces of people who are not hidden."""
    hidden = {(person.source, person.track_id) for person in timeline.people if person.hidden}
    pairs = zip(timeline.face_sources, timeline.track_ids.tolist(), strict=True)
    return np.array([pair not in hidden for pair in pairs], bool)


def without_hidden(timeline: Timeline) -> Timeline:
    """Return a timeline without the faces of hidden people; every analysed picture stays."""
    keep = shown_faces(timeline)
    columns = {name: getattr(timeline, name)[keep] for name in ("rows", "track_ids", "boxes", "scores", "probs")}
    return replace(timeline, **columns, people=tuple(person for person in timeline.people if not person.hidden))


def names_of(timeline: Timeline, source: str) -> dict[int, str]:
    """Return the names that people of a source were given, by their numbers."""
    return {person.track_id: person.name for person in timeline.people if person.source == source and person.name}


def appearing(timeline: Timeline) -> set[tuple[str, int]]:
    """Return the source and number of everyone with a number in a timeline."""
    pairs = set(zip(timeline.face_sources, timeline.track_ids.tolist(), strict=True))
    return {pair for pair in pairs if pair[1] >= 0}


def need_people(timeline: Timeline) -> tuple[Person, ...]:
    """Return a timeline's people in order, without those of whom nothing is said.

    Raises:
        InputError: someone stands there twice, or does not appear.
    """
    people = tuple(sorted(person for person in timeline.people if person.name or person.hidden))
    keys = {(person.source, person.track_id) for person in people}
    if people and (len(keys) < len(people) or not keys <= appearing(timeline)):
        came = [(person.source, person.track_id) for person in people[:10]]
        raise InputError(f"people must each stand once and appear in the timeline, got {came}; use numbers that its faces have")
    return people
