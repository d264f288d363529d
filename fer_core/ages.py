"""Pure. Perceived ages of faces: a distribution over years, the expected age, and the range it falls into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core.errors import InputError

Array = npt.NDArray[Any]
MOST_YEARS = 100
"""Everybody older counts as this old."""

_YEARS = np.arange(MOST_YEARS + 1, dtype=np.float32)

AGE_RANGES = ((0, 2), (3, 9), (10, 19), (20, 29), (30, 39), (40, 49), (50, 59), (60, 69), (70, MOST_YEARS))
"""First and last year of each range; the last goes on."""


def range_name(number: int) -> str:
    """Return what a range is called.

    Example:
        >>> range_name(4), range_name(8)
        ('30-39', '70+')
    """
    first, last = AGE_RANGES[number]
    return f"{first}+" if last == MOST_YEARS else f"{first}-{last}"


def range_of(years: Array) -> Array:
    """Return the number of the range that each of (N,) whole years falls into, (N,) int64.

    Example:
        >>> range_of(np.array([2, 3, 69, 100])).tolist()
        [0, 1, 7, 8]
    """
    return np.asarray(np.searchsorted([last for _, last in AGE_RANGES[:-1]], np.asarray(years), side="left"))


@dataclass(frozen=True, slots=True)
class AgeView:
    """How old one face looks, in plain Python values.

    Attributes:
        years: the expected age.
        range: the range that it falls into, as `range_name` calls it.
    """

    years: float
    range: str


@dataclass(frozen=True, slots=True, eq=False)
class Ages:
    """How old N faces look. An estimate; a model's card says how far off it mostly is.

    Attributes:
        probs: (N, 101) float32, rows sum to 1, a column a year of age; the last is 100 and older.
    """

    probs: Array

    def __post_init__(self) -> None:
        probs = np.asarray(self.probs, np.float32).view()
        if probs.ndim != 2 or probs.shape[1] != MOST_YEARS + 1:
            raise InputError(f"probs of ages must have shape (N, {MOST_YEARS + 1}), got {probs.shape}; a column a year")
        if len(probs) and not np.allclose(probs.sum(axis=1), 1.0, atol=1e-3):
            raise InputError(f"rows of probs must sum to 1, got {probs.sum(axis=1)}; normalise them first")
        probs.flags.writeable = False
        object.__setattr__(self, "probs", probs)

    def __len__(self) -> int:
        return len(self.probs)

    def __getitem__(self, row: int) -> AgeView:
        """Return how old one face looks."""
        years = float(self.probs[row] @ _YEARS)
        return AgeView(years, range_name(int(range_of(np.round(years)))))

    @property
    def years(self) -> Array:
        """(N,) float32, the expected age of each face (label distribution learning, Gao et al. 2017)."""
        return np.asarray(self.probs @ _YEARS)

    @property
    def ranges(self) -> Array:
        """(N,) int64, the number of the range that each expected age falls into, in `AGE_RANGES`.

        On UTKFace that is within one range of the label more often than the range with the most probability, and never speaks
        against the age beside it.
        """
        return range_of(np.round(self.years))
