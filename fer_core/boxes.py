"""Pure. Geometry of face boxes.

Boxes are x0, y0, x1, y1 in pixels, half-open: a box as wide as the picture ends at the picture's width.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core.errors import InputError

Array = npt.NDArray[Any]


def as_boxes(boxes: Array) -> Array:
    """Return boxes as (N, 4) float32; an empty list counts as N = 0.

    Raises:
        InputError: the boxes have another shape.
    """
    array = np.asarray(boxes, dtype=np.float32)
    if array.size == 0:
        return array.reshape(0, 4)
    if array.ndim != 2 or array.shape[1] != 4:
        raise InputError(f"boxes must have shape (N, 4), got {array.shape}; wrap a single box in a list")
    return array


def clip_boxes(boxes_xyxy: Array, size_wh: tuple[int, int]) -> Array:
    """Return the boxes cut to a picture of this size; a box outside becomes an empty one on the border.

    Args:
        boxes_xyxy: (N, 4) float, pixels.
        size_wh: the picture's width and height in pixels.

    Returns:
        (N, 4) float32, a new array.

    Raises:
        InputError: the boxes have another shape.

    Example:
        >>> clip_boxes(np.array([[-5, 10, 50, 90]]), (40, 80)).tolist()
        [[0.0, 10.0, 40.0, 80.0]]
    """
    width, height = size_wh
    return as_boxes(boxes_xyxy).clip(0, np.array([width, height, width, height], np.float32))


def box_areas(boxes_xyxy: Array) -> Array:
    """Return (N,) float32 areas in square pixels; a box turned inside out has none.

    Raises:
        InputError: the boxes have another shape than (N, 4).

    Example:
        >>> box_areas(np.array([[0, 0, 4, 5], [4, 5, 0, 0]])).tolist()
        [20.0, 0.0]
    """
    boxes = as_boxes(boxes_xyxy)
    areas: Array = (boxes[:, 2:] - boxes[:, :2]).clip(0).prod(axis=1)
    return areas


def _intersections(a: Array, b: Array) -> Array:
    """Return the (N, M) float32 area that each box of `a` shares with each of `b`."""
    top_left = np.maximum(a[:, None, :2], b[None, :, :2])
    bottom_right = np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared: Array = (bottom_right - top_left).clip(0).prod(axis=2)
    return shared


def iou_matrix(a_xyxy: Array, b_xyxy: Array) -> Array:
    """Return how much each box of `a` overlaps each of `b`: intersection over union.

    Args:
        a_xyxy: (N, 4) float, pixels.
        b_xyxy: (M, 4) float, pixels.

    Returns:
        (N, M) float32, 0..1; an empty box overlaps nothing, itself included.

    Raises:
        InputError: boxes have another shape.

    Example:
        >>> iou_matrix(np.array([[0, 0, 2, 2]]), np.array([[0, 0, 2, 2], [1, 0, 3, 2]])).round(2).tolist()
        [[1.0, 0.33000001311302185]]
    """
    a, b = as_boxes(a_xyxy), as_boxes(b_xyxy)
    shared = _intersections(a, b)
    union = box_areas(a)[:, None] + box_areas(b)[None, :] - shared
    overlap: Array = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return overlap.clip(0, 1)
