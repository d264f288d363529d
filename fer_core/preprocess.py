"""Pure. RGB picture and faces → 48x48 gray chips: the one function that training and serving share."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from fer_core.align import Crop, chip_transform, crop_size
from fer_core.types import Faces, need_image

Array = npt.NDArray[Any]
CHIP_SIZE = 48  # FER2013's pixels; each model's card says the same
# models/crops.csv (`python -m fer_train crops`): no other row is better by more than chance on the photos that choose.
SERVED_CROP = Crop(margin=1.1)
_MAX_OVERSAMPLING = 16  # a face of 768 px and more is sampled at 768 px before it is averaged down


def _chip(image: Array, box: Array, landmarks: Array, crop: Crop) -> Array:
    """Return one (48, 48) uint8 chip; sampled at about the picture's resolution, then averaged down."""
    finest = max(crop_size(box, crop)) / CHIP_SIZE
    side = CHIP_SIZE * int(np.clip(round(finest), 1, _MAX_OVERSAMPLING))
    matrix = chip_transform(box, landmarks, side, crop)
    around, start = _around(image, matrix, side)
    matrix[:, 2] -= start
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    sampled = cv2.warpAffine(around, matrix, (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    gray = cv2.cvtColor(sampled, cv2.COLOR_RGB2GRAY)
    chip: Array = cv2.resize(gray, (CHIP_SIZE, CHIP_SIZE), interpolation=cv2.INTER_AREA)
    return chip


def _around(image: Array, matrix: Array, side: int) -> tuple[Array, Array]:
    """Return the part of a picture that a chip is sampled from, and where it begins; OpenCV warps no 32,767 pixels of a side."""
    corners = matrix @ np.array([[0, side, 0, side], [0, 0, side, side], [1, 1, 1, 1]])
    last = np.array(image.shape[1::-1]) - 1
    low = np.clip(np.floor(corners.min(axis=1)).astype(int) - 2, 0, last)
    high = np.clip(np.ceil(corners.max(axis=1)).astype(int) + 2, low, last)
    return image[low[1] : high[1] + 1, low[0] : high[0] + 1], low


def face_chips(image: Array, faces: Faces, *, crop: Crop = SERVED_CROP) -> Array:
    """Cut each face's chip out of a picture.

    Args:
        image: (H, W, 3) uint8, RGB.
        faces: the N faces in it.
        crop: how a chip is cut; leave it alone unless you measure.

    Returns:
        (N, 48, 48) uint8, gray, 0..255.

    Raises:
        InputError: the image is not RGB uint8.

    Example:
        >>> image = np.zeros((100, 100, 3), np.uint8)
        >>> face_chips(image, Faces.none((100, 100))).shape
        (0, 48, 48)
    """
    need_image(image)
    chips = [_chip(image, box, points, crop) for box, points in zip(faces.boxes, faces.landmarks, strict=True)]
    return np.stack(chips) if chips else np.zeros((0, CHIP_SIZE, CHIP_SIZE), np.uint8)
