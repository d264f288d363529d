"""Pure. Labels that somebody gave parts of a video, and how far what was perceived agrees with them.

The rule: at each analysed picture inside a labelled part, the answer of the chosen person (or of the largest face) is held
against the label; each picture counts for the time it stands for. "Not sure" disagrees. Pictures in which nobody is visible
count neither way, and are told apart.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from fer_app.film.reading import leading
from fer_app.takes import seconds_each
from fer_app.text import LOOKS  # English for every visitor: a file of labels is data
from fer_core import FER2013, InputError, Timeline
from fer_core.labels import FERPLUS_AS_FER2013

MAX_BYTES, MAX_SPANS = 1 << 20, 5000
_COLUMNS = ("start", "end", "label")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A part of a video, from `start_s` up to, and without, `end_s`, and the expression that it is labelled with."""

    start_s: float
    end_s: float
    label: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far perceived expressions agree with labels.

    Attributes:
        share: of the labelled time with a face, 0..1; None where there is none.
        labelled_s: how much of the analysed time is labelled.
        unseen_s: how much of that shows no face.
        by_label: the same share for each label that occurs with a face.
    """

    share: float | None
    labelled_s: float
    unseen_s: float
    by_label: Mapping[str, float]


def parse_truth(content: bytes) -> tuple[Span, ...]:
    """Return the labelled parts of a CSV with the columns start, end, label; times in seconds or as minutes:seconds.

    Raises:
        InputError: it is no such CSV, a label is unknown, a time is none, or parts overlap.
    """
    try:
        lines = list(csv.reader(io.StringIO(content[: MAX_BYTES + 1].decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as fault:
        raise InputError("expected a CSV of start, end, label in UTF-8, got something else; save it as CSV UTF-8") from fault
    rows = [(number, [cell.strip() for cell in line]) for number, line in enumerate(lines, 1) if any(map(str.strip, line))]
    if rows and tuple(cell.lower().removesuffix("_s") for cell in rows[0][1]) == _COLUMNS:
        rows = rows[1:]
    if not rows or len(rows) > MAX_SPANS or len(content) > MAX_BYTES:
        raise InputError(f"expected 1 to {MAX_SPANS} lines of start, end, label, got {len(rows)}; correct the file")
    spans = tuple(sorted(_span(number, cells) for number, cells in rows))
    for before, after in pairwise(spans):
        if after.start_s < before.end_s:
            came = f"{before.start_s:g}-{before.end_s:g} s and {after.start_s:g}-{after.end_s:g} s"
            raise InputError(f"expected parts one after the other, got {came}, which overlap; correct their times")
    return spans


def _span(number: int, cells: list[str]) -> Span:
    if len(cells) != len(_COLUMNS):
        raise InputError(f"expected start, end, label in line {number}, got {len(cells)} columns; separate them by commas")
    start_s, end_s, label = _seconds(cells[0]), _seconds(cells[1]), _label(cells[2])
    if not 0 <= start_s < end_s < math.inf:
        raise InputError(
            f"expected a start and a later end in line {number}, got {cells[0][:20]!r} and {cells[1][:20]!r}; correct them"
        )
    if label is None:
        known = ", ".join(FER2013.names)
        raise InputError(f"expected a label of {known} in line {number}, got {cells[2][:40]!r}; rename it")
    return Span(start_s, end_s, label)


def _seconds(text: str) -> float:
    """Return seconds, NaN for what is no time."""
    try:
        parts = [float(part) for part in text.split(":")]
    except ValueError:
        return math.nan
    return sum(part * 60**power for power, part in enumerate(reversed(parts))) if len(parts) <= len(_COLUMNS) else math.nan


def _label(text: str) -> str | None:
    word = text.lower()
    others = {shown: name for name, shown in LOOKS.items()} | dict(FERPLUS_AS_FER2013)
    word = others.get(word, word)
    return word if word in FER2013.names else None


def agreement(timeline: Timeline, spans: tuple[Span, ...], threshold: float, *, track_id: int | None = None) -> Agreement:
    """Return how far a video's answers agree with labels, by the rule at the top of this file.

    Args:
        timeline: of one video, without hidden people.
        spans: the labelled parts, in order.
        threshold: a best guess below this is answered by "not sure".
        track_id: one person; the largest face of each picture if omitted.
    """
    place = np.searchsorted([span.start_s for span in spans], timeline.times_s, "right") - 1
    labels = [
        spans[i].label if i >= 0 and time_s < spans[i].end_s else ""
        for i, time_s in zip(place.tolist(), timeline.times_s.tolist(), strict=True)
    ]
    wanted, said = np.array(labels, object), np.array(leading(timeline, threshold, track_id=track_id), object)
    each_s, inside, seen = seconds_each(timeline), wanted != "", said != ""

    def share(pictures: np.ndarray) -> float | None:
        total = each_s[pictures].sum()
        return float(each_s[pictures & (wanted == said)].sum() / total) if total > 0 else None

    by_label = {name: share(inside & seen & (wanted == name)) for name in FER2013.names}
    return Agreement(
        share(inside & seen),
        float(each_s[inside].sum()),
        float(each_s[inside & ~seen].sum()),
        {name: value for name, value in by_label.items() if value is not None},
    )
