"""Pure. One source over time: its pictures gathered into at most so many moments, however many hours it lasted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fer_app.language import text, text_history, text_video
from fer_core import Timeline
from fer_core.people import shown_faces

Array = npt.NDArray[Any]
MAX_MOMENTS = 180
MOST_ROWS = 40
_ROUNDING = 1e-6  # of a step: 1.0 s belongs to the moment that begins with it, whatever 1.0 / 0.1 gives
_STEPS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)


class Moments(NamedTuple):
    """Mean probabilities of N moments of the same length.

    Attributes:
        times_s: (N,) float, the middle of each.
        step_s: how long each is.
        shares: for each label (N,) float, 0..1, NaN where no face that counts was visible.
        nobody: (N,) bool, where pictures were analysed and none had a face.
    """

    times_s: Array
    step_s: float
    shares: Mapping[str, Array]
    nobody: Array


def moments(timeline: Timeline, faces: Array | None = None) -> Moments:
    """Return the moments of one source.

    Args:
        timeline: pictures of one source, at least one.
        faces: (F,) bool, those to count; all if omitted. Hidden people never count, but they are not nobody.
    """
    visible_faces = shown_faces(timeline)
    chosen = visible_faces if faces is None else visible_faces & faces
    start_s, length_s = float(timeline.times_s.min()), float(np.ptp(timeline.times_s))
    step_s = next((step for step in _STEPS_S if length_s / step < MAX_MOMENTS), length_s / MAX_MOMENTS * 1.01)
    count = int(_places(np.array(length_s), step_s)) + 1
    analysed = np.bincount(_places(timeline.times_s - start_s, step_s), minlength=count)
    there, probs = _places(timeline.face_times_s[chosen] - start_s, step_s), timeline.probs[chosen]
    visible = np.bincount(there, minlength=count)
    anyone = np.bincount(_places(timeline.face_times_s - start_s, step_s), minlength=count)
    with np.errstate(invalid="ignore"):
        shares = {name: np.bincount(there, probs[:, i], count) / visible for i, name in enumerate(timeline.labels.names)}
    return Moments(start_s + (np.arange(count) + 0.5) * step_s, step_s, shares, (analysed > 0) & (anyone == 0))


def source_part(timeline: Timeline, source: str) -> Timeline:
    """Return the pictures of one source."""
    return timeline.where(np.array([name == source for name in timeline.sources], bool))


def _places(since_s: Array, step_s: float) -> Array:
    places: Array = np.floor(since_s / step_s + _ROUNDING).astype(np.int64)
    return places


def moments_table(times_s: Array, shares: Mapping[str, Array]) -> dict[str, list[str]]:
    """Return a chart over time in numbers, for those who do not see it: at most `MOST_ROWS` moments, evenly spread.

    Args:
        times_s: (T,) float, increasing.
        shares: for each label (T,) float, 0..1, NaN where there is none.

    Returns:
        Columns by their titles: the time, and the likeliest three expressions, which is as much as a phone is wide.
    """
    rows = np.unique(np.linspace(0, len(times_s) - 1, min(len(times_s), MOST_ROWS)).round().astype(int))
    apart = len(rows) < 2 or np.diff(times_s[rows]).min() >= 1
    clock = text_video.clock if apart else text_video.exact_clock
    said = [_likeliest({name: float(some[row]) for name, some in shares.items()}) for row in rows]
    return {text_history.MOMENT: [clock(time_s) for time_s in times_s[rows].tolist()], text.PROBABILITY: said}


def _likeliest(shares: Mapping[str, float]) -> str:
    known = {name: share for name, share in shares.items() if not np.isnan(share)}
    ranked = sorted(known, key=lambda name: -known[name])[:3]
    return ", ".join(f"{text.word(name)} {text.percent(known[name])}" for name in ranked) or "–"
