"""Workshop. What visitors met, counted: answers with their seconds, and what was lost; and what a server used over time."""

from __future__ import annotations

import math
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from fer_train.bench.wire import FAULTS

_Row = dict[str, Any]
_SHOWN = 3
USED = ("memory_mb", "threads", "handles")
EARLY_MINUTE = 5.0


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that so large a share of them do not exceed; nan of none.

    Example:
        >>> percentile([3.0, 1.0, 2.0, 4.0], 0.5), percentile([1.0], 0.95)
        (2.0, 1.0)
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan


class Tally:
    """Counts what visitors met; safe between threads, since each only ever appends."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.steps: list[str] = []
        self.faults: list[str] = []

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Count a step that was answered, and its seconds; what went wrong is left to `noticing`."""
        began_s = time.perf_counter()
        yield
        self.seconds.append(time.perf_counter() - began_s)
        self.steps.append(step)

    @contextmanager
    def noticing(self) -> Iterator[None]:
        """Count what a visitor met instead of an answer, and let the bench go on."""
        try:
            yield
        except FAULTS as fault:
            self.faults.append(f"{type(fault).__name__}: {fault}"[:160])

    def row(self) -> _Row:
        """Return the counts as figures."""
        figures: _Row = {"answered": len(self.seconds), "lost": len(self.faults)}
        figures |= {f"p{round(100 * share)}_s": round(percentile(self.seconds, share), 2) for share in (0.5, 0.95)}
        least, most = (round(pick(self.seconds, default=math.nan), 2) for pick in (min, max))
        return figures | {
            "min_s": least,
            "max_s": most,
            "faults": [fault for fault, _ in Counter(self.faults).most_common(_SHOWN)],
        }


def summary(curve: Sequence[_Row], minutes: float) -> _Row:
    """Return what a server used early and at the end: the medians of five minutes each, of less in a short run.

    Sessions of the last two minutes are kept, so what a server holds follows who happens to be there: one minute says little.

    Args:
        curve: rows of `age_s` and the names in `USED`.
        minutes: how long it ran. Early is minute 5, or the middle of a run that has no two minutes after it.
    """
    early_s = 60 * (EARLY_MINUTE if minutes >= EARLY_MINUTE + 2 else minutes / 2)
    reach_s = min(150.0, early_s / 2)
    early = [row for row in curve if abs(row["age_s"] - early_s) <= reach_s]
    last = [row for row in curve if row["age_s"] >= 60 * minutes - 2 * reach_s]
    figures = {"minutes": minutes, "early_minute": early_s / 60}
    for name in USED:
        figures[f"early_{name}"] = _middle(early, name)
        figures[f"last_{name}"] = _middle(last, name)
    return figures | {"growth_percent": growth_percent(figures["early_memory_mb"], figures["last_memory_mb"])}


def _middle(rows: Sequence[_Row], name: str) -> float:
    return round(statistics.median(row[name] for row in rows), 1) if rows else math.nan


def growth_percent(before: float, after: float) -> float:
    """Return by how much a figure has grown."""
    return round(100 * (after / before - 1), 1)
