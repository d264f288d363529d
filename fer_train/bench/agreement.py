"""Workshop. Do two detectors find the same faces? The rule that the tests and the benchmark share.

Two detections are the same face if their boxes overlap with IoU >= 0.9 and no landmark is off by more than 3 % of the face's
width. Every face of one detector is one of the other's, except that a face scored within 0.001 of the threshold may fall on
either side of it: the engines add up thousands of products in different orders, and so round differently.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fer_core import Faces
from fer_core.boxes import iou_matrix

SAME_IOU, LANDMARK_SHARE, ROUNDING = 0.9, 0.03, 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How two results on one picture, or on many, differ.

    Attributes:
        faces: what the second detector finds.
        lost: of these, those that the first does not find.
        added: what only the first finds.
        worst_iou: the least overlap of a pair.
        worst_landmark: the farthest landmark of a pair, as a share of the face's width.
        worst_score: the largest difference between the scores of a pair.
    """

    faces: int = 0
    lost: int = 0
    added: int = 0
    worst_iou: float = 1.0
    worst_landmark: float = 0.0
    worst_score: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether the rule is kept."""
        return self.lost == self.added == 0 and self.worst_landmark <= LANDMARK_SHARE

    def __add__(self, other: Agreement) -> Agreement:
        """Return both, taken together."""
        return Agreement(
            faces=self.faces + other.faces,
            lost=self.lost + other.lost,
            added=self.added + other.added,
            worst_iou=min(self.worst_iou, other.worst_iou),
            worst_landmark=max(self.worst_landmark, other.worst_landmark),
            worst_score=max(self.worst_score, other.worst_score),
        )


def agreement(one: Faces, other: Faces, *, threshold: float) -> Agreement:
    """Return how two results on one picture differ.

    Args:
        one: the result that is held against the other.
        other: the reference.
        threshold: the face threshold of both.
    """
    overlap = iou_matrix(one.boxes, other.boxes)
    pairs = np.argwhere(overlap >= SAME_IOU)
    alone, missed = (np.delete(f.scores, rows) for f, rows in ((one, pairs[:, 0]), (other, pairs[:, 1])))
    a, b = one[pairs[:, 0]], other[pairs[:, 1]]
    widths = (b.boxes[:, 2] - b.boxes[:, 0])[:, None, None]
    return Agreement(
        faces=len(other),
        lost=int((missed > threshold + ROUNDING).sum()),
        added=int((alone > threshold + ROUNDING).sum()) + len(pairs) - len(np.unique(pairs[:, 0])),
        worst_iou=float(overlap[tuple(pairs.T)].min(initial=1.0)),
        worst_landmark=float((np.abs(a.landmarks - b.landmarks) / widths).max(initial=0.0)),
        worst_score=float(np.abs(a.scores - b.scores).max(initial=0.0)),
    )
