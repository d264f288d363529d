"""Pure. Where a face's chip lies in the picture: box and landmarks → affine transform.

Units: pixels of the picture, shares of a side, radians.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
LEFT_EYE, RIGHT_EYE = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """How a chip is cut around a detected box.

    Attributes:
        margin: the chip's side as a share of the box's side.
        side: which side of the box counts: "longer", "mean", or "stretch" (both, so that the box fills the chip).
        level_eyes: turn the picture so that the eyes stand level.
    """

    margin: float = 1.0
    side: Literal["longer", "mean", "stretch"] = "longer"
    level_eyes: bool = False


def tilt(landmarks: Array) -> float:
    """Return how far the eyes' line is turned, clockwise on the screen, in radians; 0 where the eyes are unknown.

    Args:
        landmarks: (5, 2) float, as in `Faces`.

    Example:
        >>> round(tilt(np.array([[0, 0], [10, 10], [5, 12], [2, 20], [8, 20]])), 3)
        0.785
    """
    dx, dy = landmarks[RIGHT_EYE] - landmarks[LEFT_EYE]
    return float(np.nan_to_num(np.arctan2(dy, dx)))


def crop_size(box: Array, crop: Crop) -> tuple[float, float]:
    """Return the width and height in pixels of the area that a chip shows of a box (4,) xyxy."""
    width, height = float(box[2] - box[0]), float(box[3] - box[1])
    if crop.side == "stretch":
        return crop.margin * width, crop.margin * height
    side = crop.margin * (max(width, height) if crop.side == "longer" else (width + height) / 2)
    return side, side


def chip_transform(box: Array, landmarks: Array, chip_px: int, crop: Crop) -> Array:
    """Return the (2, 3) float64 matrix that maps a chip's pixels to the picture's.

    Args:
        box: (4,) float, xyxy.
        landmarks: (5, 2) float.
        chip_px: the chip's side.
        crop: how it is cut.
    """
    width, height = crop_size(box, crop)
    angle = tilt(landmarks) if crop.level_eyes else 0.0
    scale = np.array([width, height]) / chip_px
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * scale
    # Pixel centres: chip pixel i covers [i, i + 1), and the picture's pixel j is sampled at j + 0.5.
    centre = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]) - 0.5
    offset = centre - turn @ np.full(2, (chip_px - 1) / 2)
    return np.column_stack([turn, offset])
