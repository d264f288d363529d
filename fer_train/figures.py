"""Workshop. The figures of answers against labels, on one of FER2013's splits: both label sets.

Units: shares in [0, 1]; an interval is {"value", "low", "high"}, 95 %, by resampling faces.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import bootstrap

from fer_core import FER2013, FERPLUS, LabelSet
from fer_train import clean, coverage, intervals, metrics
from fer_train.answers import ask, ask_mirrored
from fer_train.data import FaceTable
from fer_train.intervals import Interval, interval, plain

Array = npt.NDArray[Any]
HUMAN_METHOD = (
    "For each of these images, the share of its annotators who gave the majority's label (single, not-a-face and unknown "
    "votes count as disagreement), averaged over the images. The annotator's own vote is part of the majority, which "
    "flatters the line a little; images without a clear majority are left out for people and network alike. `all_images` "
    "is the same share over every image of the split, where the majority is the label with most votes."
)


def by_class(counts: Array, names: tuple[str, ...], drawn: Array | None = None) -> list[dict[str, Any]]:
    """Return each label's faces, recall, precision and F1 score out of (K, C) counts; `drawn` as in `intervals.intervals`."""
    recalls, scores = (intervals.intervals(f, counts, drawn) for f in (intervals.recalls, intervals.f1_scores))
    return [
        {"label": name, "n": int(n), "recall": recall, "precision": plain(precision), "f1": f1}
        for name, n, recall, precision, f1 in zip(
            names, counts.sum(axis=1), recalls, intervals.precisions(counts), scores, strict=True
        )
    ]


def summary(probs: Array, mirrored: Array, truth: Array, labels: LabelSet) -> dict[str, Any]:
    """Return what every label set is measured by.

    Args:
        probs: (N, K) probabilities of the faces as they are.
        mirrored: (N, K) mean over each face and its mirror image.
        truth: (N,) int, index into the labels.
        labels: the K names.
    """
    counts, flipped = (metrics.confusion(p.argmax(axis=1), truth, len(labels)) for p in (probs, mirrored))
    return {
        "labels": list(labels.names),
        "n": len(truth),
        "accuracy": interval(intervals.accuracy, counts),
        "accuracy_flip_average": interval(intervals.accuracy, flipped),
        "macro_f1": interval(intervals.macro_f1, counts),
        "macro_recall": interval(intervals.macro_recall, counts),
        "lowest_recall": _lowest_recall(counts, labels),
        "ece": plain(metrics.expected_calibration_error(probs, truth)),
        "ece_by_chance": dict(zip(("value", "low", "high"), map(plain, metrics.calibration_error_by_chance(probs)), strict=True)),
        "per_class": by_class(counts, labels.names),
        "confusion": counts.tolist(),
    }


def _lowest_recall(counts: Array, labels: LabelSet) -> dict[str, Any]:
    recalls = intervals.recalls(counts)
    lowest = int(np.nanargmin(recalls))
    return {"label": labels.names[lowest], "value": plain(recalls[lowest])}


def split_figures(probs: Array, mirrored: Array, truth: Array, threshold: float) -> dict[str, Any]:
    """Return the figures of the served seven on one split; arguments as in `summary`, and the "not sure" threshold."""
    return {
        **summary(probs, mirrored, truth, FER2013),
        "reliability": coverage.reliability(probs, truth),
        "coverage": coverage.coverage(probs, truth),
        "answered": coverage.answered(probs, truth, threshold),
        "flip_average": {
            "ece": plain(metrics.expected_calibration_error(mirrored, truth)),
            "answered": coverage.answered(mirrored, truth, threshold),
        },
    }


def human_line(votes: Array, clear: Array) -> dict[str, Any]:
    """Return how often one annotator gives the majority's label.

    Args:
        votes: (N, 10) int, in the order of `VOTE_NAMES`.
        clear: (N,) bool, the images that the network is measured on.
    """
    every = votes.max(axis=1) / votes.sum(axis=1)
    share = every[clear]
    found = bootstrap((share,), np.mean, n_resamples=intervals.ROUNDS, batch=200, method="percentile", rng=0)
    ends: Interval = {
        "value": plain(share.mean()),
        "low": plain(found.confidence_interval.low),
        "high": plain(found.confidence_interval.high),
    }
    found_everywhere = {"agreement": plain(every.mean()), "n": len(every)}
    return {"agreement": ends["value"], "interval": ends, "n": len(share), "method": HUMAN_METHOD, "all_images": found_everywhere}


def ferplus_figures(predict: Any, table: FaceTable) -> dict[str, Any] | None:  # noqa: ANN401 - a bound `predict_ferplus`
    """Return the figures of the eight-class output under FER+'s majority protocol, and the human line on the same rows.

    None where nobody voted, as on faces that were read from folders.
    """
    majority = clean.majority_labels(table.votes)
    clear = majority >= 0
    if not clear.any():
        return None
    images = table.images[clear]
    found = summary(ask(predict, images), ask_mirrored(predict, images), majority[clear], FERPLUS)
    return {**found, "human": human_line(table.votes, clear)}
