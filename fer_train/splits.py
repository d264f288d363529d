"""Workshop. Splits a part of the labelled faces off another, class by class, the same way for a seed."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedGroupKFold

from fer_core import InputError
from fer_train.data import FaceTable
from fer_train.near import alike_groups

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
    """Return the table with a share of its Training rows renamed PublicTest, class by class; what looks alike stays together."""
    training = np.flatnonzero(table.usage == "Training")
    part = table[training]
    moved = training[stratified(part.labels, alike_groups(part.images), share, seed)]
    usage = table.usage.astype("<U11")
    usage[moved] = "PublicTest"
    return replace(table, usage=usage)


def folds_of(labels: Array, folds: int, groups: Array | None = None) -> Array:
    """Return the (N,) int fold of each row; classes are dealt out evenly.

    Args:
        labels: (N,) int.
        folds: how many.
        groups: (N,) of any kind; rows of one group share a fold, and classes are as even as that allows. None: each row is one.

    Raises:
        InputError: there are groups, but fewer than folds, or no class has a row a fold.
    """
    if groups is not None:
        return _grouped_folds(labels, folds, groups)
    rng, fold = np.random.default_rng(0), np.zeros(len(labels), int)
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        fold[rows] = np.arange(len(rows)) % folds
    return fold


def _grouped_folds(labels: Array, folds: int, groups: Array) -> Array:
    """Return the folds of scikit-learn's `StratifiedGroupKFold`; no rows have none."""
    fold = np.zeros(len(labels), int)
    if not len(labels):
        return fold
    people, most = len(np.unique(groups)), np.bincount(labels).max()
    if min(people, most) < folds:
        need = f"expected pictures of {folds} people or more, and {folds} or more of some class"
        raise InputError(f"{need}, got {people} and {most}; bring more, or name who is in them in a column `person`")
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a class with less rows than folds, which is in some of them
        for number, (_, rows) in enumerate(splitter.split(labels, labels, groups)):
            fold[rows] = number
    return fold
