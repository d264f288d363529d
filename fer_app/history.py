"""Pure. What the history shows: recordings of every kind behind one value, and sessions that were loaded from files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fer_app.album import Album, LeftOut, free_name
from fer_app.exports import timeline_of
from fer_app.film.reel import Reel
from fer_app.takes import Shelf
from fer_core import Timeline

PHOTO, LIVE, VIDEO, LOADED = "photo", "live", "video", "loaded"
KINDS = (PHOTO, VIDEO, LIVE, LOADED)

MAX_LOADED = 10
MAX_ROWS = 300_000  # faces and pictures of all loaded files together: about 40 MB a visitor
MAX_NOTE = 200
MAX_NOTES = 200


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """A photo, a live session, a video or a loaded session, as the history has it.

    Attributes:
        kind: one of `KINDS`.
        number: its number among those of its kind.
        name: what to call it: untrusted, to be shown as plain text only.
        timeline: what was perceived; its sources are named unlike those of all other recordings.
        threshold: a best guess below this is answered by "not sure".
        began_at: when it was made, in seconds since 1970; None where nobody knows.
    """

    kind: str
    number: int
    name: str
    timeline: Timeline
    threshold: float
    began_at: float | None = None

    @property
    def key(self) -> str:
        """What tells it from all others of a visitor."""
        return f"{self.kind}_{self.number}"


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A session that was loaded from a file."""

    name: str
    timeline: Timeline
    number: int = 0


@dataclass(frozen=True, slots=True)
class Drawer:
    """A visitor's loaded sessions, the newest first.

    Attributes:
        files: at most `MAX_LOADED`, holding at most `MAX_ROWS` together.
        refused: what could not be loaded last time, and why.
        last_number: the highest number given so far.
        rounds: how often files were brought; each time the way in starts anew.
    """

    files: tuple[Loaded, ...] = ()
    refused: tuple[LeftOut, ...] = ()
    last_number: int = 0
    rounds: int = 0

    def has_room_for(self, timeline: Timeline) -> bool:
        """Return whether one more session fits."""
        held = sum(rows_of(file.timeline) for file in self.files)
        return len(self.files) < MAX_LOADED and held + rows_of(timeline) <= MAX_ROWS

    def with_file(self, name: str, timeline: Timeline) -> Drawer:
        """Return this drawer with one more session."""
        loaded = Loaded(free_name(name, {file.name for file in self.files}), timeline, self.last_number + 1)
        return replace(self, files=(loaded, *self.files), last_number=loaded.number)

    def next_round(self) -> Drawer:
        """Return this drawer ready for the next files."""
        return replace(self, refused=(), rounds=self.rounds + 1)

    def with_timeline(self, number: int, timeline: Timeline) -> Drawer:
        """Return this drawer with another timeline in one session's place."""
        files = (replace(file, timeline=timeline) if file.number == number else file for file in self.files)
        return replace(self, files=tuple(files))

    def without(self, number: int) -> Drawer:
        """Return this drawer without one session."""
        return replace(self, files=tuple(file for file in self.files if file.number != number))


def rows_of(timeline: Timeline) -> int:
    """Return how much a timeline holds: pictures and faces."""
    return len(timeline.sources) + len(timeline)


def of_photos(album: Album) -> list[Recording]:
    """Return an album's photos as recordings, the newest first."""
    return [Recording(PHOTO, photo.photo_id, photo.name, timeline_of([photo]), photo.threshold) for photo in album.photos]


def of_videos(reel: Reel) -> list[Recording]:
    """Return analysed videos as recordings, the newest first."""
    return [Recording(VIDEO, v.number, v.name, v.timeline, v.threshold, v.began_at) for v in reel.videos]


def of_takes(shelf: Shelf) -> list[Recording]:
    """Return finished live sessions as recordings, the newest first."""
    return [
        Recording(LIVE, take.take_id, take.timeline.sources[0], take.timeline, take.threshold, take.began_at)
        for take in shelf.takes
        if take.timeline.sources
    ]


def of_files(drawer: Drawer, *, threshold: float) -> list[Recording]:
    """Return loaded sessions as recordings, the newest first; a file does not say when Mien was not sure."""
    return [Recording(LOADED, file.number, file.name, file.timeline, threshold) for file in drawer.files]


def distinct(recordings: Sequence[Recording]) -> tuple[Recording, ...]:
    """Return recordings in which a source of one never has the name of another's; the first keeps its name."""
    taken: set[str] = set()
    kept = []
    for recording in recordings:
        here = dict.fromkeys(recording.timeline.sources)
        new: dict[str, str] = {}
        for name in (name for name in here if name in taken):
            new[name] = free_name(f"{name} · {recording.name}", {*taken, *here, *new.values()})
        kept.append(replace(recording, timeline=_renamed(recording.timeline, new)) if new else recording)
        taken |= set(kept[-1].timeline.sources)
    return tuple(kept)


def _renamed(timeline: Timeline, new: Mapping[str, str]) -> Timeline:
    """Return a timeline with other names for some of its sources."""
    sources = tuple(new.get(source, source) for source in timeline.sources)
    people = tuple(replace(person, source=new.get(person.source, person.source)) for person in timeline.people)
    return replace(timeline, sources=sources, people=people)


def joined(recordings: Sequence[Recording]) -> Timeline:
    """Return recordings as one timeline, the oldest first; each under its own sources."""
    return Timeline.joined([recording.timeline for recording in reversed(recordings)])


def has_course(recording: Recording) -> bool:
    """Return whether a recording goes on for some time: a video, a live session, or a loaded file of one, and no photos."""
    sources = recording.timeline.sources
    return recording.kind in (VIDEO, LIVE) or len(set(sources)) < len(sources)


def timed(recordings: Sequence[Recording]) -> dict[str, Recording]:
    """Return the sources that have a course of time, each with its recording."""
    there = {}
    for recording in recordings:
        pictures = Counter(recording.timeline.sources)
        there |= {name: recording for name, count in pictures.items() if count > 1}
    return there


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on a moment of a recording.

    Attributes:
        kind: the recording's kind.
        number: the recording's number.
        row: the picture it is on.
        source: that picture's source: untrusted.
        time_s: seconds since the source's start.
        text: the visitor's words: untrusted.
    """

    kind: str
    number: int
    row: int
    source: str
    time_s: float
    text: str


def notes_of(recordings: Sequence[Recording]) -> list[Note]:
    """Return every note, in the order of the recordings and of time."""
    return [
        Note(recording.kind, recording.number, row, recording.timeline.sources[row], float(recording.timeline.times_s[row]), text)
        for recording in recordings
        for row, text in enumerate(recording.timeline.notes)
        if text
    ]


def with_note(timeline: Timeline, row: int, text: str) -> Timeline:
    """Return a timeline with another note on one picture; "" takes it away."""
    return replace(timeline, notes=(*timeline.notes[:row], text, *timeline.notes[row + 1 :]))


def with_words(note: str, more: str) -> str:
    """Return a picture's note with more words: a second note on it takes nothing from the first."""
    return f"{note} · {more}" if note else more


def row_at(timeline: Timeline, source: str, time_s: float, *, reach_s: float = 1.0) -> int | None:
    """Return which picture of a source is nearest to a time; None where that is more than `reach_s` beyond its first or last."""
    rows = np.flatnonzero(np.array([name == source for name in timeline.sources], bool))
    times_s = timeline.times_s[rows]
    return int(rows[np.abs(times_s - time_s).argmin()]) if times_s.min() - reach_s <= time_s <= times_s.max() + reach_s else None
