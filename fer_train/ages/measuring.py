"""Workshop. How far off estimated ages are, in years and in ranges, for whom, and what guessing would be worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import bootstrap

from fer_core.ages import AGE_RANGES, Ages, range_name, range_of
from fer_train.ages.people import People
from fer_train.groups import ETHNICITIES, GENDERS
from fer_train.intervals import plain

Array = npt.NDArray[Any]
_ROUNDS = 1000
NOTE = (
    "UTKFace's ages are themselves estimates, checked by people. Its pictures are aligned gray chips of 64 px, found by another "
    "detector first; a photo's faces may be read better or worse. Gender and ethnicity are UTKFace's words and serve this table "
    "alone: Mien predicts neither."
)


def _interval(values: Array) -> dict[str, float]:
    """Return a mean with its 95 % bootstrap interval over faces."""
    rng = np.random.default_rng(0)
    found = bootstrap((values,), np.mean, n_resamples=_ROUNDS, method="percentile", rng=rng, batch=100)
    low, high = found.confidence_interval
    return {"value": plain(values.mean()), "low": plain(low), "high": plain(high)}


def _each(ages: Ages, years: Array) -> dict[str, Array]:
    """Return what each estimate is worth, (N,) each: years off, older above 0; whether the range is near."""
    off, ranges = ages.years - years, np.abs(ages.ranges - range_of(years))
    return {"years_off": np.abs(off), "within_one_range": ranges <= 1, "same_range": ranges == 0, "looks_older_by": off}


def figures_of(ages: Ages, years: Array) -> dict[str, Any]:
    """Return what estimates of N faces are worth, each but the direction with its 95 % interval.

    Args:
        ages: the estimates.
        years: (N,) int, what UTKFace says.
    """
    each = _each(ages, years)
    older = plain(each.pop("looks_older_by").mean())
    return {"n": len(years), **{name: _interval(values.astype(float)) for name, values in each.items()}, "looks_older_by": older}


def _row(name: str, ages: Ages, years: Array, rows: Array) -> dict[str, Any]:
    each = _each(Ages(ages.probs[rows]), years[rows])
    return {"group": name, "n": int(rows.sum()), **{figure: plain(values.mean()) for figure, values in each.items()}}


def group_rows(ages: Ages, people: People) -> Iterator[dict[str, Any]]:
    """Yield a row for each range of age, gender and ethnicity that has a face."""
    ranges = range_of(people.years)
    groups = [("age", range_name(number), ranges == number) for number in range(len(AGE_RANGES))]
    groups += [("gender", word, people.gender == code) for code, word in GENDERS.items()]
    groups += [("ethnicity", word, people.ethnicity == code) for code, word in ETHNICITIES.items()]
    for by, name, rows in groups:
        if rows.any():
            yield {"by": by, **_row(name, ages, people.years, rows)}


def guessed(people: People, years: Array) -> float:
    """Return how many years off it would be to always say the median age of those who teach, of (N,) years."""
    return float(np.abs(years - np.median(people.years[people.part == "teaches"])).mean())


def measure(estimate: Callable[[People], Ages], people: People) -> dict[str, Any]:
    """Return every figure of the part that reports, which nothing else opens.

    Args:
        estimate: says how old people look, all of whom were found.
        people: all of UTKFace.
    """
    reports = people[people.part == "reports"]
    found = reports[reports.found]
    ages = estimate(found)
    return {
        **figures_of(ages, found.years),
        "missed": plain((~reports.found).mean()),
        "guessing_the_median": plain(guessed(people, found.years)),
        "groups": list(group_rows(ages, found)),
        "note": NOTE,
    }
