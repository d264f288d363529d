"""Workshop. Batches of faces for training: shuffled, changed at random, and the same again after a restart."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from fer_train.augment import Augmentation, augment
from fer_train.config import Schedule
from fer_train.lesson import Lesson
from fer_train.sight import Seen, Sight

Array = npt.NDArray[Any]
Batch = tuple[Seen, dict[str, Array], dict[str, Array]]


class FaceBatches(keras.utils.PyDataset):
    """Shuffled, augmented batches; the same seed, epoch and batch number give the same pictures."""

    def __init__(self, sight: Sight, lesson: Lesson, schedule: Schedule, how: Augmentation) -> None:
        super().__init__()
        self._sight, self._lesson, self._schedule, self._how = sight, lesson, schedule, how
        self.set_epoch(0)

    def set_epoch(self, epoch: int) -> None:
        """Shuffle for an epoch."""
        self._epoch = epoch
        self._order = np.random.default_rng([self._schedule.seed, epoch]).permutation(len(self._sight))

    def __len__(self) -> int:
        return len(self._sight) // self._schedule.batch

    def __getitem__(self, number: int) -> Batch:
        rng = np.random.default_rng([self._schedule.seed, self._epoch, number])
        rows = self._order[number * self._schedule.batch :][: self._schedule.batch]
        seen = self._sight[rows]
        chips = np.stack([augment(image, self._how, rng) for image in seen.images])[..., None].astype(np.float32)
        if not self._how.mixup:
            return seen.shown(chips), *self._lesson[rows]
        share = rng.beta(self._how.mixup, self._how.mixup, len(rows)).astype(np.float32)
        blended = chips * share[:, None, None, None] + np.roll(chips, 1, axis=0) * (1 - share[:, None, None, None])
        return seen.shown(blended), *self._lesson[rows].blend(self._lesson[np.roll(rows, 1)], share)
