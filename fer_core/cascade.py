"""Pure. The arithmetic between MTCNN's three networks (Zhang et al. 2016), rounding for rounding as in the mtcnn package.

Units: pixels of the picture. Boxes and scores are float64 here, as in the package, so that both engines keep the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from fer_core.boxes import as_boxes, clip_boxes
from fer_core.pyramid import FIELD_PX, STRIDE_PX
from fer_core.types import Faces

Array = npt.NDArray[Any]

_PAIRS_AT_ONCE = 100_000
# Where a face is looked for about its expected place: right and down of it, in sides of the expected box.
_LOOK_AT = 0.2 * np.array([(x, y) for y in (0, -1, 1) for x in (0, -1, 1)])


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Boxes on their way through the cascade.

    Attributes:
        boxes: (N, 4) float64, x0, y0, x1, y1; may reach beyond the picture.
        scores: (N,) float64, 0..1.
        points: (N, 10) landmarks, five x, then five y; (N, 0) before O-Net.
    """

    boxes: Array
    scores: Array
    points: Array

    @classmethod
    def of(cls, boxes: Array, scores: Array, points: Array | None = None) -> Candidates:
        """Return candidates in the dtypes of the arithmetic; N = 0 is ordinary."""
        points = np.zeros((len(boxes), 0)) if points is None else points
        return cls(np.asarray(boxes, np.float64), np.asarray(scores, np.float64), points)

    def __len__(self) -> int:
        return len(self.scores)

    def __getitem__(self, rows: Array) -> Candidates:
        return Candidates(self.boxes[rows], self.scores[rows], self.points[rows])

    def best_first(self) -> Candidates:
        """Return them by falling score, equal ones in the order that the package's sort gives them."""
        return self[np.argsort(self.scores)[::-1]]


def joined(parts: Sequence[Candidates]) -> Candidates:
    """Return the candidates of several pyramid levels as one."""
    boxes = np.concatenate([np.zeros((0, 4)), *(part.boxes for part in parts)])
    return Candidates.of(boxes, np.concatenate([np.zeros(0), *(part.scores for part in parts)]))


def grid_candidates(scores: Array, offsets: Array, *, above: float, scale: float, top: int = 0) -> Candidates:
    """Return the windows of a pyramid level that P-Net takes for faces.

    Args:
        scores: (h, w) float32, P-Net's.
        offsets: (h, w, 4) float32, how far each side of a window is off, in windows.
        above: the score that a face must exceed.
        scale: the level's.
        top: the level's row at which the first window begins.
    """
    rows = np.flatnonzero(scores > above)
    ys, xs = np.divmod(rows, scores.shape[1])
    first_last = np.array([1, 1 + top, FIELD_PX, FIELD_PX + top])  # pixels count from 1, as when the weights were trained
    corners = STRIDE_PX * np.stack([xs, ys, xs, ys], axis=1) + first_last
    return Candidates.of((corners + offsets.reshape(-1, 4)[rows] * np.float64(FIELD_PX - 1)) / scale, scores[ys, xs])


def nudged(boxes: Array, offsets: Array) -> Array:
    """Return the (N, 4) float64 boxes moved by (N, 4) float32 offsets, which count in widths and heights."""
    sides = np.tile(boxes[:, 2:] - boxes[:, :2] + 1, 2)
    moved: Array = boxes + offsets * sides.astype(np.float32)
    return moved


def squared(candidates: Candidates) -> Candidates:
    """Return candidates whose boxes are squares of the longer side, about the same centres."""
    corner = candidates.boxes[:, :2]
    sides = candidates.boxes[:, 2:] - corner
    longest = sides.max(axis=1, keepdims=True, initial=-np.inf)
    corner = corner + sides * 0.5 - longest * 0.5
    return Candidates(np.hstack([corner, corner + longest]), candidates.scores, candidates.points)


def proposals_about(boxes_xyxy: Array) -> Candidates:
    """Return squares about places where faces are expected, as P-Net would propose them: nine for each.

    One square lies on the expected place and eight around it, so a face that moved by a third of its width since is well
    inside one of them, and R-Net moves that one to where the face is. Larger squares, and fewer, find fewer faces.

    Args:
        boxes_xyxy: (M, 4) float, pixels.

    Raises:
        InputError: the boxes have another shape.
    """
    boxes = as_boxes(boxes_xyxy).astype(np.float64)
    sides = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0)[:, None, None]
    middles = (boxes[:, None, :2] + boxes[:, None, 2:]) / 2 + sides * _LOOK_AT
    squares = np.concatenate([middles - sides / 2, middles + sides / 2], axis=2).reshape(-1, 4)
    return Candidates.of(squares, np.ones(len(squares)))


def placed_points(boxes: Array, points: Array) -> Array:
    """Return (N, 10) landmarks in pixels.

    Args:
        boxes: (N, 4) float64, the squares that O-Net saw.
        points: (N, 10) float32, five x, then five y, in widths and heights of the squares.
    """
    sides = np.repeat(boxes[:, 2:] - boxes[:, :2] + 1, 5, axis=1)
    placed: Array = sides * points + np.repeat(boxes[:, :2], 5, axis=1) - 1
    return placed


def unbeaten(
    ranked: Candidates, *, iou: float, mode: Literal["union", "min"] = "union", apart: Array | None = None
) -> Candidates:
    """Return the candidates that none before them overlaps by more than `iou`.

    Stricter than greedy suppression: a candidate that is itself beaten still beats others. The package does it so, and
    therefore the faces above a threshold never depend on candidates below it.

    Args:
        ranked: the better ones first.
        iou: the overlap that is still allowed.
        mode: what an intersection is divided by, the union or the smaller box.
        apart: (N,) numbers; candidates of different numbers do not compete.
    """
    corners, ends = ranked.boxes[:, :2], ranked.boxes[:, 2:]
    areas = (ends - corners).prod(axis=1)
    # To share more than `iou` of a box with it, another must begin before that much of its width is left.
    reach = ends[:, 0] - (iou * (ends - corners)[:, 0] if mode == "union" else 0) + 1e-6
    shift = 0 if apart is None else apart * (np.ptp(ranked.boxes) + 1 if len(ranked) else 0)
    keep = np.ones(len(ranked), bool)
    for a, b in _meeting_pairs(corners[:, 0] + shift, reach + shift):
        shared = (np.minimum(ends[a], ends[b]) - np.maximum(corners[a], corners[b])).clip(0).prod(axis=1)
        whole = areas[a] + areas[b] - shared if mode == "union" else np.minimum(areas[a], areas[b])
        overlap = np.divide(shared, whole, out=np.zeros_like(shared), where=shared > 0)
        keep[np.maximum(a, b)[overlap > iou]] = False
    return ranked[keep]


def _meeting_pairs(begin: Array, end: Array) -> Iterator[tuple[Array, Array]]:
    """Yield, some at a time, the row numbers of all pairs in which one begins between the begin and the end of the other.

    Far fewer than all pairs, and never so many that a crowd of thousands takes gigabytes.
    """
    order, rows = np.argsort(begin), np.arange(len(begin))
    counts = (np.searchsorted(begin[order], end[order]) - rows - 1).clip(0)
    total = np.cumsum(counts)
    for some in np.split(rows, np.flatnonzero(np.diff(total // _PAIRS_AT_ONCE)) + 1):
        first = np.repeat(some, counts[some])
        second = first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(counts[some]) - counts[some], counts[some])
        yield order[first], order[second]


def tidy_faces(found: Candidates, size_wh: tuple[int, int], max_faces: int) -> Faces:
    """Return O-Net's candidates as faces: cut to the picture, the largest first, at most `max_faces`."""
    boxes = clip_boxes(found.boxes, size_wh)
    sides = boxes[:, 2:] - boxes[:, :2]
    order = np.argsort(-sides.prod(axis=1), kind="stable")
    order = order[sides[order].min(axis=1, initial=np.inf) > 0][:max_faces]
    points = found.points[order].reshape(-1, 2, 5).transpose(0, 2, 1)
    return Faces(boxes[order], found.scores[order], points, size_wh)
