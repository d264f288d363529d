"""Workshop. Decides which rows may teach, choose and report, and says why.

Copies are found by pixels, never by name, so the same holds for anybody's copy of the files.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_train.data import PUBLISHED_COUNTS, VOTE_NAMES, FaceTable

Array = npt.NDArray[Any]
_UNKNOWN, _NOT_A_FACE = VOTE_NAMES.index("unknown"), VOTE_NAMES.index("NF")


def outlier_free_votes(votes: Array) -> Array:
    """Drop single votes, as the FER+ code does (Barsoum et al. 2016): (N, 10) → (N, 10) int."""
    return np.where(votes > 1, votes, 0)


def majority_labels(votes: Array) -> Array:
    """Return each row's FER+ label under the majority protocol.

    Single votes are dropped; a row whose winner is unknown or not-a-face, or has half of the remaining votes or
    less, has no label.

    Args:
        votes: (N, 10) int, in the order of `VOTE_NAMES`.

    Returns:
        (N,) int64, index into the eight FER+ labels; -1 = no label.
    """
    kept = outlier_free_votes(votes)
    winner, most = kept.argmax(axis=1), kept.max(axis=1)
    clear = (most * 2 > kept.sum(axis=1)) & (winner < _UNKNOWN)
    return np.where(clear, winner, -1)


def vote_shares(votes: Array) -> tuple[Array, Array]:
    """Return soft targets over the eight FER+ labels, and which rows have any.

    Returns:
        shares: (N, 8) float32, rows sum to 1 where usable, else 0.
        usable: (N,) bool.
    """
    kept = outlier_free_votes(votes)
    emotions = kept[:, :_UNKNOWN].astype(np.float32)
    usable = (kept.argmax(axis=1) < _UNKNOWN) & (emotions.sum(axis=1) > 0)
    total = np.maximum(emotions.sum(axis=1, keepdims=True), 1.0)
    return np.where(usable[:, None], emotions / total, 0.0).astype(np.float32), usable


@dataclass(frozen=True)
class Cleaning:
    """What may be used for what; masks over the whole table.

    Attributes:
        teach: (N,) bool, Training rows that may train.
        choose: (N,) bool, PublicTest rows that may select a model.
        report: (N,) bool, PrivateTest rows: all of them.
        trust_label: (N,) bool, the FER2013 label is not contradicted by a copy of the same pixels.
        counts: what was dropped, and why.
    """

    teach: Array
    choose: Array
    report: Array
    trust_label: Array
    counts: dict[str, int]


def pixel_groups(images: Array) -> Array:
    """Return (N,) int64 group numbers; rows with the same pixels share one."""
    numbers: dict[bytes, int] = defaultdict(lambda: len(numbers))
    return np.array([numbers[hashlib.sha256(image.tobytes()).digest()] for image in images])


def _contradicted(groups: Array, labels: Array) -> Array:
    """Return (N,) bool: some row with the same pixels carries another label."""
    lowest, highest = np.full(groups.max() + 1, 99), np.full(groups.max() + 1, -1)
    np.minimum.at(lowest, groups, labels)
    np.maximum.at(highest, groups, labels)
    return (lowest != highest)[groups]


def clean(table: FaceTable) -> Cleaning:
    """Decide which rows may teach, choose and report."""
    groups = pixel_groups(table.images)
    train, public, private = (table.usage == name for name in PUBLISHED_COUNTS)
    in_public, in_private = np.isin(groups, groups[public]), np.isin(groups, groups[private])
    not_a_face = table.votes.argmax(axis=1) == _NOT_A_FACE
    contradicted = _contradicted(groups, table.labels)
    counts = {
        "rows": len(table),
        "training_copies_of_public_test": int((train & in_public).sum()),
        "training_copies_of_private_test": int((train & in_private).sum()),
        "training_not_a_face": int((train & not_a_face & ~in_public & ~in_private).sum()),
        "public_test_copies_of_private_test": int((public & in_private).sum()),
        "public_test_images_in_training": int((public & np.isin(groups, groups[train])).sum()),
        "private_test_images_in_training": int((private & np.isin(groups, groups[train])).sum()),
        "groups_with_contradicting_labels": len(np.unique(groups[contradicted])),
        "rows_with_inexact_pixels": int((~table.exact).sum()),
    }
    teach = train & ~in_public & ~in_private & ~not_a_face
    counts["training_kept"], counts["public_test_kept"] = int(teach.sum()), int((public & ~in_private).sum())
    return Cleaning(teach, public & ~in_private, private, ~contradicted, counts)


def choosing(table: FaceTable) -> FaceTable:
    """Return the faces that choose and calibrate: PublicTest's, without those whose label a copy contradicts."""
    rows = clean(table)
    return table[rows.choose & rows.trust_label]


def dropped(table: FaceTable) -> dict[str, dict[str, int]]:
    """Return how many rows each split loses and to what; the first reason that holds counts."""
    groups = pixel_groups(table.images)
    copies = {name: np.isin(groups, groups[table.usage == name]) for name in PUBLISHED_COUNTS}
    not_a_face = table.votes.argmax(axis=1) == _NOT_A_FACE
    reasons = {
        "Training": {
            "copies of PrivateTest": copies["PrivateTest"],
            "copies of PublicTest": copies["PublicTest"],
            "not a face, by most FER+ votes": not_a_face,
        },
        "PublicTest": {"copies of PrivateTest": copies["PrivateTest"]},
        "PrivateTest": {},
    }
    return {usage: _first_reasons(table.usage == usage, why) for usage, why in reasons.items()}


def _first_reasons(left: Array, reasons: dict[str, Array]) -> dict[str, int]:
    counts = {}
    for why, holds in reasons.items():
        counts[why] = int((left & holds).sum())
        left = left & ~holds
    return counts


def weightless(table: FaceTable) -> list[dict[str, Any]]:
    """Return which kept rows teach a head nothing, and why."""
    kept = clean(table)
    rows = kept.teach | kept.choose
    _, voted = vote_shares(table.votes)
    return [
        _weightless("label", "the same pixels carry another label as well", rows & ~kept.trust_label),
        _weightless("votes", "the pixels are not exactly the published ones", rows & ~table.exact),
        _weightless("votes", "no votes, or most say unknown or not a face", rows & table.exact & ~voted),
    ]


def _weightless(what: str, why: str, rows: Array) -> dict[str, Any]:
    return {"what": what, "why": why, "rows": int(rows.sum())}
