"""Workshop. Random views of a chip: what crops, cameras and light do to a face.

numpy and OpenCV only, so that every Keras backend trains on the same pictures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from fer_train.toml import need_within

Array = npt.NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """How far a chip may be changed.

    Attributes:
        flip: probability of mirroring.
        shift: largest shift, as a share of the side.
        zoom_low: smallest zoom; below 1 the face becomes smaller.
        zoom_high: largest zoom. The two span the crop margins that serving may use.
        rotate_deg: largest rotation, degrees.
        light: largest relative change of contrast, and of brightness in shares of 255.
        soften: probability of a blur, or of shrinking to 24..40 px and back.
        grain: largest standard deviation of added noise, gray levels; half of the faces get some. Cameras in little light.
        compress: probability of passing through a JPEG of quality 25..90.
        erase: probability of hiding a rectangle.
        mixup: how much two faces of a batch are blended, the parameter of a symmetric Beta distribution; 0: not.
    """

    flip: float = 0.5
    shift: float = 0.1
    zoom_low: float = 0.85
    zoom_high: float = 1.2
    rotate_deg: float = 12.0
    light: float = 0.12
    soften: float = 0.15
    grain: float = 0.0
    compress: float = 0.0
    erase: float = 0.25
    mixup: float = 0.0

    def __post_init__(self) -> None:
        need_within(self, 0, 1, "flip", "shift", "light", "soften", "compress", "erase")
        need_within(self, 0, math.inf, "rotate_deg", "grain", "mixup")
        need_within(self, 0.1, self.zoom_high, "zoom_low")


STILL = Augmentation(flip=0, shift=0, zoom_low=1, zoom_high=1, rotate_deg=0, light=0, soften=0, erase=0)
"""Every chip as it is."""


def augment(chip: Array, how: Augmentation, rng: np.random.Generator) -> Array:
    """Return a random view of a chip.

    Args:
        chip: (H, W) uint8, gray.
        how: the limits.
        rng: the source of randomness; the same state gives the same view.

    Returns:
        (H, W) uint8, gray.
    """
    view = _move(chip, how, rng)
    if rng.random() < how.soften:
        view = _soften(view, rng)
    view = _relight(view, how.light, rng)
    if how.grain and rng.random() < 0.5:
        view = _grain(view, rng.uniform(0, how.grain), rng)
    if how.compress and rng.random() < how.compress:
        view = _compress(view, int(rng.integers(25, 91)))
    return _erase(view, rng) if rng.random() < how.erase else view


def _move(chip: Array, how: Augmentation, rng: np.random.Generator) -> Array:
    side = chip.shape[0]
    centre = (side - 1) / 2
    matrix = cv2.getRotationMatrix2D(
        (centre, centre), rng.uniform(-how.rotate_deg, how.rotate_deg), rng.uniform(how.zoom_low, how.zoom_high)
    )
    matrix[:, 2] += rng.uniform(-how.shift, how.shift, 2) * side
    if rng.random() < how.flip:
        matrix = matrix @ np.array([[-1, 0, side - 1], [0, 1, 0], [0, 0, 1]], np.float64)
    return cv2.warpAffine(chip, matrix, chip.shape[::-1], flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _soften(chip: Array, rng: np.random.Generator) -> Array:
    if rng.random() < 0.5:
        return cv2.GaussianBlur(chip, (0, 0), rng.uniform(0.5, 1.2))
    side = int(rng.integers(24, 41))
    small = cv2.resize(chip, (side, side), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, chip.shape[::-1], interpolation=cv2.INTER_LINEAR)


def _relight(chip: Array, light: float, rng: np.random.Generator) -> Array:
    contrast, brightness = 1 + rng.uniform(-light, light), 255 * rng.uniform(-light, light)
    return cv2.convertScaleAbs(np.maximum(chip * contrast + brightness, 0))


def _grain(chip: Array, deviation: float, rng: np.random.Generator) -> Array:
    return cv2.convertScaleAbs(np.maximum(chip + rng.normal(scale=deviation, size=chip.shape), 0))


def _compress(chip: Array, quality: int) -> Array:
    _, jpeg = cv2.imencode(".jpg", chip, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE)


def _erase(chip: Array, rng: np.random.Generator) -> Array:
    height, width = rng.integers(chip.shape[0] // 8, chip.shape[0] // 3, 2)
    top, left = rng.integers(0, chip.shape[0] - height), rng.integers(0, chip.shape[1] - width)
    erased = chip.copy()
    erased[top : top + height, left : left + width] = rng.integers(0, 256, (height, width))
    return erased
