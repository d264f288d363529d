"""Workshop. How far confidence can be trusted: reliability, and accuracy against the share that is answered.

Units: shares in [0, 1].
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from fer_train import metrics
from fer_train.intervals import plain

Array = npt.NDArray[Any]
POINTS = 100


def reliability(probs: Array, truth: Array, bins: int = metrics.ECE_BINS) -> list[dict[str, Any]]:
    """Return the bins of confidence: their ends, faces, mean confidence and accuracy (None where a bin is empty)."""
    rows, edges = metrics.calibration_bins(probs, truth, bins), np.linspace(0, 1, bins + 1)
    counts = np.rint(rows[:, 2] * len(truth)).astype(int)
    return [
        {
            "low": plain(low),
            "high": plain(high),
            "n": int(n),
            "confidence": plain(confidence) if n else None,
            "accuracy": plain(right) if n else None,
        }
        for low, high, n, (confidence, right, _) in zip(edges[:-1], edges[1:], counts, rows, strict=True)
    ]


def coverage(probs: Array, truth: Array, points: int = POINTS) -> list[dict[str, Any]]:
    """Return points of the curve "answer only where confidence reaches a threshold", from few answers to all.

    Args:
        probs: (N, K) probabilities.
        truth: (N,) int.
        points: at most so many, evenly spaced over the share that is answered; the last answers everything.
    """
    curve = metrics.coverage_curve(probs, truth)
    rows = np.unique(np.linspace(0, len(curve), points + 1).astype(int)[1:]) - 1
    return [dict(zip(("threshold", "share", "accuracy"), map(plain, curve[row]), strict=True)) for row in rows[rows >= 0]]


def answered(probs: Array, truth: Array, threshold: float) -> dict[str, Any]:
    """Return the share of faces that a threshold answers, and the accuracy among them (None where it answers none)."""
    sure = probs.max(axis=1) >= threshold
    right = probs.argmax(axis=1)[sure] == truth[sure]
    return {"share": plain(sure.mean()), "accuracy": plain(right.mean()) if sure.any() else None}
