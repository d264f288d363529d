"""Workshop. Splits a part of the labelled faces off another, class by class, the same way for a seed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_train.clean import pixel_groups
from fer_train.data import FaceTable

Array = npt.NDArray[Any]


def stratified(labels: Array, groups: Array, share: float, seed: int) -> Array:
    """Choose a share of the rows of each class at random; rows of one group go together.

    Args:
        labels: (N,) int.
        groups: (N,) int; rows of one group show the same picture.
        share: 0..1, of each class.
        seed: of the choice.

    Returns:
        (N,) bool; at least one row of each class of two groups or more, never all of them.
    """
    chosen = np.zeros(len(labels), bool)
    rng = np.random.default_rng(seed)
    for label in np.unique(labels):
        rows = np.flatnonzero((labels == label) & ~np.isin(groups, groups[chosen]))
        inside = rng.permutation(np.unique(groups[rows]))
        count = min(max(1, round(share * len(inside))), len(inside) - 1) if share > 0 else 0
        chosen |= np.isin(groups, inside[: max(0, count)])
    return chosen


def with_public_test(table: FaceTable, share: float, seed: int) -> FaceTable:
    """Return the table with a share of its Training rows renamed PublicTest, class by class; copies stay together."""
    training = np.flatnonzero(table.usage == "Training")
    part = table[training]
    moved = training[stratified(part.labels, pixel_groups(part.images), share, seed)]
    usage = table.usage.astype("<U11")
    usage[moved] = "PublicTest"
    return replace(table, usage=usage)


def folds_of(labels: Array, folds: int) -> Array:
    """Return the (N,) int fold of each row; classes are dealt out evenly."""
    rng, fold = np.random.default_rng(0), np.zeros(len(labels), int)
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        fold[rows] = np.arange(len(rows)) % folds
    return fold
