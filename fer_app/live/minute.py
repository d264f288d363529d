"""Pure. The last minute of a timeline, second by second, for a chart that is drawn once a second."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fer_core import Timeline

Array = npt.NDArray[Any]
SPAN_S = 60


class Minute(NamedTuple):
    """Mean probabilities.

    Attributes:
        times_s: (60,) float, the middle of each second, before now.
        shares: for each label (60,) float, 0..1, NaN where no face was visible.
    """

    times_s: Array
    shares: Mapping[str, Array]


def last_minute(timeline: Timeline, now_s: float, *, track_id: int | None = None) -> Minute:
    """Return each second's mean probabilities.

    Args:
        timeline: what was perceived lately.
        now_s: the time now, on the timeline's clock.
        track_id: one person; everyone if omitted.
    """
    chosen = np.ones(len(timeline), bool) if track_id is None else timeline.track_ids == track_id
    age_s = np.floor(now_s - timeline.face_times_s[chosen]).astype(int)
    inside = (age_s >= 0) & (age_s < SPAN_S)
    age_s, probs = age_s[inside], timeline.probs[chosen][inside]
    counts = np.bincount(age_s, minlength=SPAN_S)
    with np.errstate(invalid="ignore"):
        means = {
            name: (np.bincount(age_s, probs[:, column], SPAN_S) / counts)[::-1]
            for column, name in enumerate(timeline.labels.names)
        }
    return Minute(-np.arange(SPAN_S)[::-1] - 0.5, means)


def average(minute: Minute) -> Mapping[str, float]:
    """Return the mean of the minute for each label; 0 where nobody was visible at all."""
    seen = {name: values[~np.isnan(values)] for name, values in minute.shares.items()}
    return {name: float(values.mean()) if len(values) else 0.0 for name, values in seen.items()}
