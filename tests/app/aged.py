"""A model of ages for tests: to it everybody looks alike, and its card has figures of its own."""

from __future__ import annotations

import numpy as np

from fer_core import FER2013, ModelCard
from fer_core.ages import AGE_RANGES, MOST_YEARS, Ages, range_name

LIMITS = ("It must not be used to admit anybody.",)
TERMS = "UTKFace, offered for non-commercial research only."
NOTE = "Ages of UTKFace are themselves estimates."


def spread(value, low, high):
    return {"value": value, "low": low, "high": high}


def group(by, name):
    return {
        "by": by,
        "group": name,
        "n": 1200,
        "years_off": 4.44,
        "looks_older_by": -1.2,
        "same_range": 0.5,
        "within_one_range": 0.9,
    }


FIGURES = {
    "n": 4567,
    "years_off": spread(7.26, 7.11, 7.43),
    "within_one_range": spread(0.88, 0.87, 0.89),
    "same_range": spread(0.5, 0.48, 0.52),
    "looks_older_by": 0.1,
    "missed": 0.03,
    "guessing_the_median": 15.5,
    "groups": [group("age", range_name(i)) for i in range(len(AGE_RANGES))]
    + [group("gender", "women"), group("ethnicity", "Indian")],
    "note": NOTE,
}


class EverybodyLooks:
    """Says that everybody looks so many years old.

    Args:
        years: what it says.
        measured: whether its card says how far off it is.
    """

    def __init__(self, years: int = 34, *, measured: bool = True) -> None:
        self.years, self.asked = years, 0
        metrics = {"UTKFace": FIGURES} if measured else {}
        self.card = ModelCard(name="ages", labels=FER2013, sha256={}, training={"data": TERMS}, metrics=metrics, limits=LIMITS)

    def estimate(self, _, faces):
        self.asked += 1
        probs = np.zeros((len(faces), MOST_YEARS + 1), np.float32)
        probs[:, self.years] = 1
        return Ages(probs)
