"""Values for tests: what `evaluate` would write about a model that does not exist. Every number here is made up."""

from itertools import pairwise

import numpy as np

from fer_core.labels import FER2013, FERPLUS

EMPTY = {"confidence": None, "accuracy": None}
GROUPS = {"age": ("0-9", "20-39", "60+"), "gender": ("female", "male")}


def interval(value, half=0.02):
    """Return a figure with an interval around it."""
    return {"value": round(value, 4), "low": round(max(0.0, value - half), 4), "high": round(min(1.0, value + half), 4)}


def per_class(names, counts):
    """Return a row a class."""
    recalls = np.linspace(0.4, 0.9, len(names))
    rows = zip(names, counts, recalls, strict=True)
    return [
        {"label": k, "n": int(n), "recall": interval(r), "precision": round(r - 0.05, 4), "f1": interval(r - 0.02)}
        for k, n, r in rows
    ]


def confusion(counts, columns):
    """Return a confusion matrix whose rows add up to the counts."""
    rng = np.random.default_rng(0)
    return [rng.multinomial(n, rng.dirichlet(np.ones(columns))).tolist() for n in counts]


def reliability():
    """Return 15 bins; the first three are empty."""
    edges = np.linspace(0, 1, 16)
    rows = [(low, high, 0 if i < 3 else 100 + i) for i, (low, high) in enumerate(pairwise(edges))]
    return [
        {"low": lo, "high": hi, "n": n, **({"confidence": (lo + hi) / 2, "accuracy": (lo + hi) / 2.1} if n else EMPTY)}
        for lo, hi, n in rows
    ]


def split(accuracy=0.7):
    """Return the figures of one split."""
    counts = (490, 55, 530, 880, 590, 416, 628)
    points = [{"threshold": t, "share": 1 - 0.7 * t, "accuracy": accuracy + 0.25 * t} for t in np.linspace(0, 1, 101).round(4)]
    return {
        "labels": list(FER2013.names),
        "n": 3589,
        "accuracy": interval(accuracy),
        "accuracy_flip_average": interval(accuracy + 0.01),
        "macro_f1": interval(accuracy - 0.04),
        "macro_recall": interval(accuracy - 0.05),
        "lowest_recall": {"label": "angry", "value": 0.4},
        "ece": 0.0123,
        "ece_by_chance": {"value": 0.0111, "low": 0.0072, "high": 0.0161},
        "per_class": per_class(FER2013.names, counts),
        "confusion": confusion(counts, 7),
        "reliability": reliability(),
        "coverage": points,
        "answered": {"share": 0.79, "accuracy": 0.77},
        "flip_average": {"ece": 0.031, "answered": {"share": 0.78, "accuracy": 0.79}},
        "keras_float32_accuracy": accuracy,
    }


def fer2013_head(accuracy=0.72):
    """Return the figures of the head trained towards FER2013's labels."""
    return {
        "accuracy": interval(accuracy),
        "accuracy_flip_average": interval(accuracy + 0.01),
        "macro_f1": interval(accuracy - 0.02),
        "lowest_recall": {"label": "fear", "value": 0.45},
        "ece": 0.019,
        "temperature": 1.2,
        "per_class": per_class(FER2013.names, (490, 55, 530, 880, 590, 416, 628)),
    }


def near_copies():
    """Return the figures without the test pictures that look like one that taught."""
    return {
        "n": 129,
        "correlation": 0.95,
        "accuracy_without": interval(0.69),
        "fer2013_head_accuracy_without": interval(0.71),
    }


def ferplus():
    """Return the figures against the voters."""
    counts = (1100, 900, 390, 390, 280, 20, 60, 13)
    return {
        "labels": list(FERPLUS.names),
        "n": 3153,
        "accuracy": interval(0.88),
        "accuracy_flip_average": interval(0.885),
        "macro_f1": interval(0.66),
        "per_class": per_class(FERPLUS.names, counts),
        "confusion": confusion(counts, 8),
        "human": {
            "agreement": 0.785,
            "interval": interval(0.785, 0.005),
            "n": 3153,
            "all_images": {"agreement": 0.74, "n": 3589},
            "method": "Counted on imagined pictures.",
        },
    }


def photos():
    """Return the whole path's figures."""
    counts = (69, 49, 4, 93, 74, 89, 84)
    return {
        "n": 462,
        "agreement": interval(0.71),
        "macro_recall": interval(0.64),
        "macro_recall_over": [name for name in FER2013.names if name != "fear"],
        "missed": 0.0173,
        "labels": list(FER2013.names),
        "per_class": per_class(FER2013.names, counts),
        "confusion": confusion(counts, 8),
    }


def robustness():
    """Return untouched pictures and two kinds of change."""
    rows = [("none", 0, "")] + [("blur", s, "px") for s in (0.5, 1, 2)] + [("rotation", d, "degrees") for d in (10, 20, 30)]
    return [
        {"kind": k, "level": v, "unit": u, "accuracy": interval(0.7 - 0.01 * i), "same_answer": 0.9}
        for i, (k, v, u) in enumerate(rows)
    ]


def groups():
    """Return the answers over groups."""
    shares = dict(zip(FER2013.names, (0.05, 0.02, 0.03, 0.45, 0.1, 0.05, 0.3), strict=True))
    pairs = [(by, name) for by, names in GROUPS.items() for name in names]
    return [
        {"by": by, "group": g, "n": 1200, "missed": 0.03, "shares": shares, "not_sure": 0.2, "confidence": 0.66}
        for by, g in pairs
    ]


def mistakes():
    """Return two confident mistakes."""
    votes = {"surprise": 6, "fear": 4, "neutral": 0}
    one = {"row": 1, "said": "surprise", "confidence": 0.987, "fer2013": "fear", "ferplus_majority": "surprise", "votes": votes}
    return [one, {**one, "row": 999, "said": "happy", "ferplus_majority": None}]


def versus():
    """By how much the model is ahead of two others; photos are known for one."""
    ahead = {"value": 0.0156, "low": -0.002, "high": 0.03}
    plain = {"model": "fast", "sha256": "0" * 64, "accuracy": ahead, "accuracy_flip_average": ahead}
    return [plain, {**plain, "model": "tiny", "photos_agreement": {"value": 0.05, "low": 0.031, "high": 0.07}}]


def make_evaluation(*, without=()):
    """Return a whole evaluation, less the named sections."""
    whole = {
        "model": "imagined",
        "splits": {"PublicTest": split(0.69), "PrivateTest": split()},
        "threshold": {"value": 0.45, "chosen_on": "PublicTest", "aim": 0.75},
        "fer2013_head": fer2013_head(),
        "near_copies": near_copies(),
        "ferplus": ferplus(),
        "photos": photos(),
        "robustness": robustness(),
        "groups": groups(),
        "groups_note": "Nobody labelled the expressions of these photos.",
        "versus": versus(),
        "mistakes": mistakes(),
        "mistakes_sides": {"n": 700, "with_answer": 0.55, "with_label": 0.4, "with_neither": 0.05},
        "latency_ms": {"one_face_one_thread": 0.81},
        "size_bytes": 2_345_678,
    }
    return {name: part for name, part in whole.items() if name not in without}
