"""Workshop. What a network is taught about each face: every head's targets, and how much each counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_train import clean
from fer_train.data import FaceTable
from fer_train.task import SEVEN, Task

Array = npt.NDArray[Any]
Heads = dict[str, Array]


@dataclass(frozen=True)
class Lesson:
    """Targets and sample weights; unpacks into the two that Keras takes.

    Attributes:
        targets: {"fer2013": (N, K), "ferplus": (N, 8)} float32; rows sum to 1 where the weight is not 0.
        weights: {"fer2013": (N,), "ferplus": (N,)} float32, 0..1. Without votes in the task, both are of one head.
    """

    targets: Heads
    weights: Heads

    def __iter__(self) -> Iterator[Heads]:
        return iter((self.targets, self.weights))

    def __getitem__(self, rows: Array) -> Lesson:
        """Return the chosen rows."""
        return Lesson({k: v[rows] for k, v in self.targets.items()}, {k: v[rows] for k, v in self.weights.items()})

    def blend(self, other: Lesson, share: Array) -> Lesson:
        """Blend two lessons row by row, each by its weight.

        Args:
            other: as many rows.
            share: (N,) float32, 0..1, of this lesson.
        """
        targets, weights = {}, {}
        for head, mine in self.targets.items():
            here, there = share * self.weights[head], (1 - share) * other.weights[head]
            weights[head] = here + there
            total = np.maximum(weights[head], 1e-9)[:, None]
            targets[head] = (here[:, None] * mine + there[:, None] * other.targets[head]) / total
        return Lesson(targets, weights)


def lesson_of(table: FaceTable, trust_label: Array, task: Task = SEVEN) -> Lesson:
    """Return what the labels and votes teach; every label must have an answer in the task.

    A label that a copy of the same pixels contradicts, and votes for pixels that are not the published ones, weigh 0.
    """
    answers = Lesson({"fer2013": task.merging()[table.labels]}, {"fer2013": trust_label.astype(np.float32)})
    if not task.votes:
        return answers
    shares, usable = clean.vote_shares(table.votes)
    weights = {**answers.weights, "ferplus": (usable & table.exact).astype(np.float32)}
    return Lesson({**answers.targets, "ferplus": shares}, weights)


def taught_by(lesson: Lesson, answers: Heads, share: float) -> Lesson:
    """Give teachers' answers a share of every target; where a label counts for nothing, theirs stands alone."""
    theirs = Lesson(answers, {head: np.ones(len(answer), np.float32) for head, answer in answers.items()})
    return lesson.blend(theirs, np.full(len(next(iter(answers.values()))), 1 - share, np.float32))
