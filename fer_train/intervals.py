"""Workshop. Figures of a table of counts, and how far chance could have moved them.

A table of counts has a row a label and a column an answer; columns past the labels (a missed face) are wrong answers.
To draw as many faces anew, with replacement, is to draw the table's cells from a multinomial distribution: the plain
bootstrap of faces (Efron 1979) at the price of a few small tables. Figures take (..., K, C) counts, one table or many.

Units: shares in [0, 1].
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Interval = dict[str, float | None]
ROUNDS = 2000


def _hits(counts: Array) -> Array:
    return np.diagonal(counts, axis1=-2, axis2=-1)


def _share(part: Array, whole: Array) -> Array:
    """Return part / whole, nan where there is nothing to share."""
    return np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0)


def accuracy(counts: Array) -> Array:
    """Return the share of right answers: (..., K, C) → (...)."""
    return np.asarray(_hits(counts).sum(axis=-1) / counts.sum(axis=(-2, -1)))


def recalls(counts: Array) -> Array:
    """Return each label's recall, nan where it has no face: (..., K, C) → (..., K)."""
    return _share(_hits(counts), counts.sum(axis=-1))


def precisions(counts: Array) -> Array:
    """Return each label's precision, nan where it was never the answer: (..., K, C) → (..., K)."""
    return _share(_hits(counts), counts.sum(axis=-2)[..., : counts.shape[-2]])


def f1_scores(counts: Array) -> Array:
    """Return each label's F1 score, nan where it has no face: (..., K, C) → (..., K)."""
    faces, said = counts.sum(axis=-1), counts.sum(axis=-2)[..., : counts.shape[-2]]
    return np.where(faces > 0, _share(2 * _hits(counts), faces + said), np.nan)


def macro_f1(counts: Array) -> Array:
    """Return the mean F1 score of the labels that have faces: (..., K, C) → (...)."""
    return np.asarray(np.nanmean(f1_scores(counts), axis=-1))


def macro_recall(counts: Array) -> Array:
    """Return the mean recall of the labels that have faces: (..., K, C) → (...)."""
    return np.asarray(np.nanmean(recalls(counts), axis=-1))


def resampled(counts: Array, *, rounds: int = ROUNDS, seed: int = 0) -> Array:
    """Draw as many faces anew, many times: (K, C) int → (rounds, K, C) int."""
    flat = counts.ravel()
    drawn = np.random.default_rng(seed).multinomial(int(flat.sum()), flat / flat.sum(), size=rounds)
    return np.asarray(drawn).reshape(rounds, *counts.shape)


def intervals(figure: Callable[[Array], Array], counts: Array) -> list[Interval]:
    """Return a figure with its 95 % interval for each label; None where the label has no such figure.

    Args:
        figure: (..., K, C) → (..., K), one of the above.
        counts: (K, C) int.
    """
    value = np.atleast_1d(figure(counts))
    known = ~np.isnan(value)
    ends = np.full((2, len(value)), np.nan)
    ends[:, known] = np.nanpercentile(figure(resampled(counts)).reshape(ROUNDS, -1)[:, known], [2.5, 97.5], axis=0)
    return [
        {name: plain(number) for name, number in zip(("value", "low", "high"), row, strict=True)}
        for row in np.column_stack([value, *ends])
    ]


def interval(figure: Callable[[Array], Array], counts: Array) -> Interval:
    """Return one figure of a table with its 95 % interval: {"value", "low", "high"}.

    Args:
        figure: (..., K, C) → (...), one of the above.
        counts: (K, C) int, at least one face.
    """
    return intervals(figure, counts)[0]


def plain(number: float) -> float | None:
    """Return a number as JSON takes it: rounded to four digits, None for nan."""
    return None if np.isnan(number) else round(float(number), 4)
