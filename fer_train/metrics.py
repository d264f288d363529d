"""Workshop. Figures from probabilities and truths; numpy and scikit-learn, no files.

Units: shares in [0, 1].
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import softmax
from sklearn.metrics import confusion_matrix, f1_score, log_loss

Array = npt.NDArray[Any]
ECE_BINS = 15


def accuracy(probs: Array, truth: Array) -> float:
    """Return the share of rows whose likeliest column is the truth: (N, K) and (N,) int."""
    return float((probs.argmax(axis=1) == truth).mean())


def macro_f1(probs: Array, truth: Array) -> float:
    """Return the mean of the classes' F1 scores."""
    return float(f1_score(truth, probs.argmax(axis=1), average="macro", labels=np.unique(truth), zero_division=0))


def recalls(said: Array, truth: Array, classes: int) -> Array:
    """Return each class's recall, (K,) float, nan where the class has no row; `said` -1 = no answer, which is wrong."""
    return np.array([(said[truth == k] == k).mean() if (truth == k).any() else np.nan for k in range(classes)])


def confusion(said: Array, truth: Array, classes: int) -> Array:
    """Return the (K, K) int counts: a row a truth, a column an answer."""
    return np.asarray(confusion_matrix(truth, said, labels=np.arange(classes)))


def calibration_bins(probs: Array, truth: Array, bins: int = ECE_BINS) -> Array:
    """Return (bins, 3) float: mean confidence, accuracy and share of the rows in each bin of confidence."""
    confidence, right = probs.max(axis=1), probs.argmax(axis=1) == truth
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    share = np.bincount(which, minlength=bins) / len(truth)
    count = np.maximum(np.bincount(which, minlength=bins), 1)
    means = [np.bincount(which, weights=values, minlength=bins) / count for values in (confidence, right)]
    return np.column_stack([*means, share])


def expected_calibration_error(probs: Array, truth: Array, bins: int = ECE_BINS) -> float:
    """Return the mean gap between confidence and accuracy, weighted by rows (Guo et al. 2017)."""
    rows = calibration_bins(probs, truth, bins)
    return float((np.abs(rows[:, 0] - rows[:, 1]) * rows[:, 2]).sum())


def calibration_error_by_chance(probs: Array, *, rounds: int = 1000) -> tuple[float, float, float]:
    """Return which calibration error so few rows give where every confidence is exactly right: mean, 2.5 and 97.5 of 100.

    The error is a mean of absolute gaps, so it is above 0 even then: each bin's accuracy is drawn by chance.
    """
    confidence = probs.max(axis=1)
    which = np.minimum((confidence * ECE_BINS).astype(int), ECE_BINS - 1)
    sums = np.bincount(which, weights=confidence, minlength=ECE_BINS)
    rng = np.random.default_rng(0)
    right = (rng.random(len(confidence)) < confidence for _ in range(rounds))
    errors = [np.abs(np.bincount(which, weights=drawn, minlength=ECE_BINS) - sums).sum() / len(confidence) for drawn in right]
    return float(np.mean(errors)), *map(float, np.quantile(errors, (0.025, 0.975)))


def fit_temperature(logits: Array, truth: Array) -> float:
    """Return the temperature that gives (N, K) logits the least log loss (Guo et al. 2017)."""
    labels = np.arange(logits.shape[1])
    found = minimize_scalar(
        lambda log_t: log_loss(truth, softmax(logits / np.exp(log_t), axis=1), labels=labels),
        bounds=(-2.5, 2.5),
        method="bounded",
    )
    return float(np.exp(found.x))


def coverage_curve(probs: Array, truth: Array) -> Array:
    """Return (N, 3) float: threshold, share answered and accuracy among the answered, from the surest row down."""
    confidence, right = probs.max(axis=1), probs.argmax(axis=1) == truth
    order = np.argsort(-confidence, kind="stable")
    answered = np.arange(1, len(truth) + 1)
    return np.column_stack([confidence[order], answered / len(truth), np.cumsum(right[order]) / answered])


def threshold_for(probs: Array, truth: Array, wanted_accuracy: float) -> float:
    """Return the lowest threshold at which the answered rows reach an accuracy; 1.0 where none does."""
    curve = coverage_curve(probs, truth)
    last = np.append(curve[1:, 0] != curve[:-1, 0], np.ones(min(1, len(curve)), bool))  # of the rows that are as sure
    curve = curve[last]
    good = curve[curve[:, 2] >= wanted_accuracy]
    return float(good[-1, 0]) if len(good) else 1.0
