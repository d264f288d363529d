"""Pure. What was perceived over time: one row per face per picture, and every picture that was analysed, faces or none.

Units: seconds since the source's start, pixels, probabilities in [0, 1]. A timeline holds no picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core.errors import InputError, shown
from fer_core.labels import FER2013, LabelSet
from fer_core.people import Person, appearing, need_people
from fer_core.types import Emotions, FrameResult

Array = npt.NDArray[Any]
_MAX_TEXT = 100_000  # characters; readers of CSV take 131,072 a cell
_WORDS = ("sources", "labels", "notes", "people")  # the columns that are no arrays


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """Columns over M analysed pictures and the F faces in them; arrays are read-only.

    Attributes:
        sources: M names of where the pictures come from: a photo's file name, a video's, or "".
        frame_indices: (M,) int64, the picture's number among those of its source that were analysed; `times_s` finds it there.
        times_s: (M,) float64, seconds since the source's start.
        sizes_wh: (M, 2) int64, the picture's width and height in pixels.
        rows: (F,) int64, which of the M pictures a face is in; never decreasing.
        track_ids: (F,) int64, the person's number in a stream; -1 = none.
        boxes: (F, 4) float32, x0, y0, x1, y1 in pixels.
        scores: (F,) float32, how sure the detector is, 0..1.
        probs: (F, K) float32, the probability of each label.
        labels: the K names.
        notes: M remarks of the user, each on a picture; "" for none.
        people: what the user says about people: names, and who is left out.
    """

    sources: tuple[str, ...]
    frame_indices: Array
    times_s: Array
    sizes_wh: Array
    rows: Array
    track_ids: Array
    boxes: Array
    scores: Array
    probs: Array
    labels: LabelSet = FER2013
    notes: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()

    def __post_init__(self) -> None:
        m, f = len(self.sources), len(self.rows)
        whole: tuple[str, ...] = ("frame_indices", "sizes_wh", "rows", "track_ids")
        shapes: dict[str, tuple[int, ...]] = {"frame_indices": (m,), "times_s": (m,), "sizes_wh": (m, 2)}
        shapes |= {"rows": (f,), "track_ids": (f,), "boxes": (f, 4), "scores": (f,), "probs": (f, len(self.labels))}
        for name, shape in shapes.items():
            dtype: npt.DTypeLike = np.int64 if name in whole else np.float64 if name == "times_s" else np.float32
            object.__setattr__(self, name, _column(name, getattr(self, name), dtype, shape))
        Emotions(self.probs, self.labels)  # refuses rows that do not sum to 1
        if f and self.probs.min() < 0:
            raise InputError(f"probs must be 0 or more, got {self.probs.min()}; pass what a classifier gave")
        object.__setattr__(self, "notes", tuple(self.notes) or ("",) * m)
        if len(self.notes) != m:
            raise InputError(f"notes must be one text per picture ({m}) or none at all, got {len(self.notes)}; '' is no note")
        for name in (*self.sources, *self.labels.names, *self.notes, *(person.name for person in self.people)):
            _need_text(name)
        if f and (self.rows[0] < 0 or self.rows[-1] >= m or (np.diff(self.rows) < 0).any()):
            raise InputError(
                f"rows must not decrease and lie in 0..{m - 1}, got {self.rows}; keep the faces in their pictures' order"
            )
        object.__setattr__(self, "people", need_people(self))

    @classmethod
    def of(cls, results: Sequence[FrameResult], sources: Sequence[str], *, labels: LabelSet = FER2013) -> Timeline:
        """Return the timeline of results, each with the name of its source.

        Args:
            results: in the order in which they should stand.
            sources: one name per result.
            labels: the label set of a timeline without results.

        Raises:
            InputError: results of different label sets, or another number of sources.
        """
        sets = {result.emotions.labels for result in results} or {labels}
        if len(sets) > 1 or len(results) != len(sources):
            came = f"{len(sets)} label sets, {len(results)} results and {len(sources)} sources"
            raise InputError(f"a timeline needs one label set and one source per result, got {came}; make one per model")
        kept = sets.pop()
        return cls(
            tuple(sources),
            np.array([result.index for result in results], np.int64),
            np.array([result.time_s for result in results], np.float64),
            np.array([result.faces.size_wh for result in results], np.int64).reshape(-1, 2),
            np.repeat(np.arange(len(results)), [len(result) for result in results]),
            _joined([result.faces.track_ids for result in results], np.zeros(0, np.int64)),
            _joined([result.faces.boxes for result in results], np.zeros((0, 4))),
            _joined([result.faces.scores for result in results], np.zeros(0)),
            _joined([result.emotions.probs for result in results], np.zeros((0, len(kept)))),
            kept,
        )

    @classmethod
    def joined(cls, parts: Sequence[Timeline], *, labels: LabelSet = FER2013) -> Timeline:
        """Return timelines one after the other as one; of what two of them say about a person, the first counts.

        Args:
            parts: in the order in which they should stand.
            labels: the label set of a timeline without parts.

        Raises:
            InputError: the parts have different label sets.
        """
        if len({part.labels for part in parts}) > 1:
            raise InputError(
                f"joined timelines need one label set, got {len({part.labels for part in parts})}; keep models apart"
            )
        whole = [cls.of([], [], labels=parts[0].labels if parts else labels), *parts]
        starts = np.cumsum([0, *(len(part.sources) for part in whole)])
        columns = {f.name: np.concatenate([getattr(part, f.name) for part in whole]) for f in fields(cls) if f.name not in _WORDS}
        columns["rows"] = np.concatenate([part.rows + start for part, start in zip(whole, starts, strict=False)])
        people = {(person.source, person.track_id): person for part in reversed(whole) for person in part.people}
        sources, notes = (tuple(text for part in whole for text in getattr(part, name)) for name in ("sources", "notes"))
        return cls(sources=sources, notes=notes, people=tuple(people.values()), labels=whole[-1].labels, **columns)

    def __len__(self) -> int:
        """Return F, the number of face rows."""
        return len(self.rows)

    @property
    def emotions(self) -> Emotions:
        """What each face looks like."""
        return Emotions(self.probs, self.labels)

    @property
    def face_times_s(self) -> Array:
        """(F,) float64, the time of each face."""
        return self.times_s[self.rows]

    @property
    def face_sources(self) -> tuple[str, ...]:
        """The source of each face."""
        return tuple(self.sources[row] for row in self.rows.tolist())

    def where(self, pictures: Array) -> Timeline:
        """Return the timeline of some of the pictures, with the faces in them and what is said of their people.

        Args:
            pictures: (M,) bool, those to keep.
        """
        keep = _column("pictures", pictures, np.bool_, (len(self.sources),))
        faces = keep[self.rows]
        kept = {name: getattr(self, name)[faces] for name in ("track_ids", "boxes", "scores", "probs")}
        kept |= {name: getattr(self, name)[keep] for name in ("frame_indices", "times_s", "sizes_wh")}
        kept |= {name: tuple(np.array(getattr(self, name), object)[keep]) for name in ("sources", "notes")}
        part = replace(self, **kept, rows=(np.cumsum(keep) - 1)[self.rows[faces]], people=())
        still = appearing(part) if self.people else set()
        return replace(part, people=tuple(person for person in self.people if (person.source, person.track_id) in still))

    def same_as(self, other: Timeline) -> bool:
        """Return whether another timeline holds exactly the same."""
        arrays = [f.name for f in fields(self) if f.name not in _WORDS]
        if any(getattr(self, name) != getattr(other, name) for name in _WORDS):
            return False
        return all(np.array_equal(getattr(self, name), getattr(other, name)) for name in arrays)


def _joined(parts: Sequence[Array | None], none: Array) -> Array:
    return np.concatenate([none, *(part for part in parts if part is not None)])


def _column(name: str, value: Array, dtype: npt.DTypeLike, shape: tuple[int, ...]) -> Array:
    """Return a read-only column; refuse a wrong length and numbers that are none."""
    given = np.asarray(value)
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused below
        column = given.astype(dtype)
    exact = dtype != np.int64 or np.array_equal(column, given)
    if column.shape != shape or not np.isfinite(column).all() or not exact:
        need = f"{'whole' if dtype == np.int64 else 'finite'} numbers in shape {shape}"
        raise InputError(f"{name} must hold {need}, got {shown(given.tolist())}; see Timeline's docstring")
    column.flags.writeable = False
    return column


def _need_text(name: str) -> None:
    """Refuse what no file can hold: half a character, as from a file name in an unknown encoding, or far too much for a cell."""
    if len(name) > _MAX_TEXT:
        raise InputError(f"expected names and notes of at most {_MAX_TEXT:,} characters, got {len(name):,}; shorten them")
    try:
        name.encode()
    except UnicodeEncodeError as fault:
        raise InputError(f"names must be Unicode text, got {name!r}; rename the file") from fault
