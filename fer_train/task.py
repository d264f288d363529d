"""Workshop. What a network is asked: which answers, about which faces, through which heads, and what it sees of a face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core import FER2013, InputError, LabelSet
from fer_train.toml import need_within

Array = npt.NDArray[Any]
SIGHTS = ("chip", "cropped", "landmarks", "drawing")  # in the words of `fer_train.sight`


@dataclass(frozen=True, kw_only=True)
class Task:
    """What a network is asked. The shipped models are asked the plain thing: all seven labels, every face, both heads.

    Attributes:
        classes: the answers in their order; merged labels are joined by "+", and faces of labels not named are dropped.
        votes: a second head learns FER+'s votes; only networks with both heads can ship.
        sight: one of `SIGHTS`.
        most_equal: training faces with more equal pixels than this are dropped; 0: none is.
        fewer: training faces of a label to leave out, chosen by the schedule's seed, as "happy:3000".
    """

    classes: tuple[str, ...] = FER2013.names
    votes: bool = True
    sight: str = "chip"
    most_equal: int = 0
    fewer: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        need_within(self, 0, 48 * 48, "most_equal")
        named = [label for answer in self.classes for label in answer.split("+")]
        if not set(named) <= set(FER2013.names) or len(set(named)) != len(named) or len(self.classes) < 2:
            known = ", ".join(FER2013.names)
            raise InputError(f"classes must be two or more, of {known}, each label once, got {self.classes}; correct them")
        if self.sight not in SIGHTS:
            raise InputError(f"sight must be one of {', '.join(SIGHTS)}, got {self.sight!r}; correct it")
        if self.votes and (self.classes, self.sight) != (FER2013.names, "chip"):
            came = f"{len(self.classes)} classes and the sight {self.sight!r}"
            raise InputError(f"a network with votes needs FER2013's seven classes and plain chips, got {came}; set votes = false")
        self.left_out()

    @property
    def labels(self) -> LabelSet:
        """The answers, as a label set."""
        return LabelSet(self.classes)

    def merging(self) -> Array:
        """Return (7, K) float32: 1 where a label of FER2013 is part of an answer."""
        return np.array([[label in answer.split("+") for answer in self.classes] for label in FER2013.names], np.float32)

    def answers(self, labels: Array) -> Array:
        """Return the answer that each of (N,) labels calls for, (N,) int64; -1 where the label is dropped."""
        merging = self.merging()
        return np.asarray(np.where(merging.any(axis=1), merging.argmax(axis=1), -1)[labels])

    def merged(self, probs: Array) -> Array:
        """Return (N, 7) probabilities as (N, K): merged ones added up, and scaled to 1 without the dropped ones."""
        kept = probs @ self.merging()
        return np.asarray(kept / np.maximum(kept.sum(axis=1, keepdims=True), 1e-9))

    def left_out(self) -> dict[int, int]:
        """Return how many training faces of which label, an index into FER2013's, are left out.

        Raises:
            InputError: an entry of `fewer` is not a label and a number.
        """
        found = {}
        for entry in self.fewer:
            label, _, count = entry.partition(":")
            if label not in FER2013.names or not count.isdecimal():
                raise InputError(f"fewer must hold a label and a number, as 'happy:3000', got {entry!r}; correct it")
            found[FER2013.index(label)] = int(count)
        return found

    def asked(self, labels: Array) -> Array:
        """Return which of (N,) labels have an answer, (N,) bool."""
        return np.asarray(self.answers(labels) >= 0)

    def taught(self, images: Array, labels: Array, among: Array, *, seed: int) -> Array:
        """Return which of (N, 48, 48) uint8 faces teach, of those that may, `among`: (N,) bool → (N,) bool."""
        kept = among & self.asked(labels) & ~self._flat(images)
        rng = np.random.default_rng(seed)
        for label, count in self.left_out().items():
            rows = np.flatnonzero(kept & (labels == label))
            kept[rng.choice(rows, min(count, len(rows)), replace=False)] = False
        return np.asarray(kept)

    def _flat(self, images: Array) -> Array:
        """Return which faces have one gray level too often: black pictures, drawings, faces on an even ground."""
        if not self.most_equal:
            return np.zeros(len(images), bool)
        return np.array([np.bincount(image.ravel(), minlength=256).max() > self.most_equal for image in images], bool)


SEVEN = Task()
"""FER2013's seven labels and FER+'s votes, of plain chips."""
