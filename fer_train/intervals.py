"""Workshop. Figures of a table of counts, and how far chance could have moved them.

A table of counts has a row a label and a column an answer; columns past the labels (a missed face) are wrong answers.
To draw as many faces anew, with replacement, is to draw the table's cells from a multinomial distribution: the plain
bootstrap of faces (Efron 1979) at the price of a few small tables. Figures take (..., K, C) counts, one table or many.

Several pictures of one person are not so many independent ones: there, people are drawn, each with all of their pictures
(the cluster bootstrap: Davison & Hinkley 1997, section 3.8; Field & Welsh 2007).

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


def by_person(counts_of: Callable[[Array], Array], people: Array) -> Array:
    """Return a table of counts a person, (G, K, C) int.

    Args:
        counts_of: (N,) bool, which faces → their (K, C) table.
        people: (N,) str, who is in each.
    """
    return np.stack([counts_of(people == person) for person in np.unique(people)])


def resampled_people(tables: Array, *, rounds: int = ROUNDS, seed: int = 0) -> Array:
    """Draw as many people anew, many times, each with all of their faces: (G, K, C) int → (rounds, K, C) int."""
    count = len(tables)
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=rounds)
    return np.asarray(drawn @ tables.reshape(count, -1)).reshape(rounds, *tables.shape[1:])


def intervals(figure: Callable[[Array], Array], counts: Array, drawn: Array | None = None) -> list[Interval]:
    """Return a figure with its 95 % interval for each label; None where the label has no such figure.

    Args:
        figure: (..., K, C) → (..., K), one of the above.
        counts: (K, C) int.
        drawn: (rounds, K, C) int, what `resampled_people` drew; none: faces are drawn.
    """
    value = np.atleast_1d(figure(counts))
    known = ~np.isnan(value)
    ends = np.full((2, len(value)), np.nan)
    drawn = resampled(counts) if drawn is None else drawn
    ends[:, known] = np.nanpercentile(figure(drawn).reshape(len(drawn), -1)[:, known], [2.5, 97.5], axis=0)
    return [
        {name: plain(number) for name, number in zip(("value", "low", "high"), row, strict=True)}
        for row in np.column_stack([value, *ends])
    ]


def interval(figure: Callable[[Array], Array], counts: Array, drawn: Array | None = None) -> Interval:
    """Return one figure of a table with its 95 % interval: {"value", "low", "high"}.

    Args:
        figure: (..., K, C) → (...), one of the above.
        counts: (K, C) int, at least one face.
        drawn: as in `intervals`.
    """
    return intervals(figure, counts, drawn)[0]


def plain(number: float) -> float | None:
    """Return a number as JSON takes it: rounded to four digits, None for nan."""
    return None if np.isnan(number) else round(float(number), 4)
