"""State. What was perceived so far, from any number of photos or one stream, without a single pixel."""

from __future__ import annotations

import math
import threading
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core.columns import Columns, Kinds
from fer_core.errors import InputError
from fer_core.labels import FER2013, LabelSet
from fer_core.timeline import Timeline
from fer_core.types import FrameResult

Array = npt.NDArray[Any]

RECENT_S = 120.0
"""So many seconds before the newest picture of a source nothing is thinned out, unless faces alone fill the bound."""

_FIRST_GAP_S = 1 / 16
_PICTURE: Kinds = {
    "frame_indices": (np.int64, ()),
    "times_s": (np.float64, ()),
    "sizes_wh": (np.int32, (2,)),
    "counts": (np.int32, ()),
    "sources": (np.int32, ()),
}
_FACE: Kinds = {"track_ids": (np.int64, ()), "boxes": (np.float32, (4,)), "scores": (np.float32, ())}
_AFTER_THINNING = 0.75  # of the bound: thinning is rare, and what it keeps is much


class Session:
    """Collects results in bounded memory; safe between threads: one may add while others take snapshots.

    A picture takes one row (about 40 bytes) and each of its faces one (about 60). When `max_rows` is reached, pictures older
    than `RECENT_S` are thinned out evenly: within a source they then lie at least 1/16 s apart, next time 1/8 s, and so on.
    Pictures without faces count like any other. So the whole of a long session stays, ever more coarsely, and its last
    minutes as they were. Only where that does not suffice the oldest pictures go.

    Args:
        max_rows: pictures and faces that are kept, together; the default holds about four hours of one face at 30 pictures
            a second in 50 MB, 60,000 rows an hour at 8 a second in 3 MB.

    Raises:
        InputError: the bound is below 1.
    """

    def __init__(self, *, max_rows: int = 1_000_000) -> None:
        if max_rows < 1:
            raise InputError(f"max_rows must be 1 or more, got {max_rows}; 60000 suits a live camera")
        self._lock, self._max_rows = threading.Lock(), max_rows
        self.reset()

    def __len__(self) -> int:
        """Return how many pictures are kept."""
        return len(self._pictures)

    def reset(self) -> None:
        """Forget everything."""
        with self._lock:
            self._gap_s, self._labels = _FIRST_GAP_S, FER2013
            self._sources: dict[str, int] = {}
            self._pictures, self._faces = Columns(_PICTURE), _face_columns(FER2013)

    def add(self, result: FrameResult, source: str = "") -> None:
        """Keep a result.

        Args:
            result: what was perceived in one picture.
            source: the name of where the picture comes from, such as a file name.

        Raises:
            InputError: the result comes from a model with other labels than those before; nothing is changed then.
        """
        with self._lock:
            self._need_labels(result.emotions.labels)
            faces = result.faces
            self._faces.add({name: getattr(faces, name) for name in _FACE} | {"probs": result.emotions.probs})
            number = self._sources.setdefault(source, len(self._sources))
            values = {"frame_indices": result.index, "times_s": result.time_s, "sizes_wh": faces.size_wh}
            counts = {"counts": len(faces), "sources": number}
            self._pictures.add({name: np.array([value]) for name, value in (values | counts).items()})
            if len(self._pictures) + len(self._faces) > self._max_rows:
                self._thin()

    def timeline(self, *, last_s: float | None = None) -> Timeline:
        """Return what is kept so far, in the order in which it was added.

        Args:
            last_s: only the pictures of the last seconds before the newest one; all if omitted.
        """
        with self._lock:
            times_s = self._pictures["times_s"]
            rows = np.full(len(times_s), True) if last_s is None else times_s >= times_s.max(initial=-math.inf) - last_s
            counts = self._pictures["counts"]
            chosen = {name: self._pictures[name][rows] for name in ("frame_indices", "times_s", "sizes_wh")}
            faces = {name: self._faces[name][np.repeat(rows, counts)] for name in (*_FACE, "probs")}
            numbers, counts, labels = self._pictures["sources"][rows], counts[rows], self._labels
            names = list(self._sources)
        sources = tuple(names[number] for number in numbers.tolist())
        return Timeline(sources, **chosen, rows=np.repeat(np.arange(len(counts)), counts), **faces, labels=labels)

    def _need_labels(self, labels: LabelSet) -> None:
        """Take the labels of the first result, and refuse those of another model."""
        if not len(self._pictures):
            self._labels, self._faces = labels, _face_columns(labels)
        if labels != self._labels:
            raise InputError(f"a session holds one model's labels, got {labels.names} after {self._labels.names}; reset it first")

    def _thin(self) -> None:
        """Drop pictures and their faces until three quarters of the bound are left."""
        aim = int(_AFTER_THINNING * self._max_rows)
        rows = 1 + self._pictures["counts"]
        keep = self._spaced()
        while rows[keep].sum() > aim and self._gap_s < RECENT_S:
            self._gap_s *= 2
            keep = self._spaced()
        keep &= np.cumsum((rows * keep)[::-1])[::-1] <= max(aim, rows[-1])
        self._faces.keep(np.repeat(keep, self._pictures["counts"]))
        self._pictures.keep(keep)

    def _spaced(self) -> Array:
        """Return (M,) bool: the pictures of each source's last `RECENT_S`, and before that the first of each gap."""
        times_s, sources = self._pictures["times_s"], self._pictures["sources"].astype(np.int64)
        newest_s = np.full(len(self._sources), -math.inf)
        np.maximum.at(newest_s, sources, times_s)
        keep: Array = times_s >= newest_s[sources] - RECENT_S
        gaps = np.floor(times_s / self._gap_s).astype(np.int64)
        _, first = np.unique(gaps * len(self._sources) + sources, return_index=True)
        keep[first] = True
        return keep


def _face_columns(labels: LabelSet) -> Columns:
    return Columns(_FACE | {"probs": (np.float32, (len(labels),))})
