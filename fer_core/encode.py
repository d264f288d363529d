"""Pure. Picture → bytes of a file or planes of a video; smaller or mirrored. JPEG is for photos, PNG where every pixel counts."""

from __future__ import annotations

import io
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from fer_core.errors import InputError

Array = npt.NDArray[Any]
_JPEG_QUALITY = 90


def encode_image(image: Array, *, kind: Literal["jpeg", "png"] = "jpeg") -> bytes:
    """Return a picture as the bytes of a file, without EXIF or any other words about it.

    Args:
        image: (H, W, 3) uint8 RGB, or (H, W) uint8 gray.
        kind: "jpeg" for photos, "png" where every pixel counts.

    Raises:
        InputError: another shape or dtype came.

    Example:
        >>> encode_image(np.zeros((2, 3, 3), np.uint8), kind="png")[1:4]
        b'PNG'
    """
    good = isinstance(image, np.ndarray) and image.dtype == np.uint8 and (image.ndim == 2 or image.shape[2:] == (3,))
    if not good or 0 in image.shape:
        came = f"{image.shape} {image.dtype}" if isinstance(image, np.ndarray) else type(image).__name__
        raise InputError(f"image must be (H, W, 3) or (H, W) uint8, got {came}; use fer_core.read_image")
    file = io.BytesIO()
    Image.fromarray(image).save(file, kind, **({"quality": _JPEG_QUALITY} if kind == "jpeg" else {}))
    return file.getvalue()


def shrink(image: Array, *, max_side_px: int) -> Array:
    """Return a picture whose longer side is at most so many pixels; a smaller one comes back as it is.

    Args:
        image: (H, W, 3) uint8 RGB, or (H, W) uint8 gray.
        max_side_px: at least 1.

    Example:
        >>> shrink(np.zeros((100, 400, 3), np.uint8), max_side_px=200).shape
        (50, 200, 3)
    """
    height, width = image.shape[:2]
    scale = max_side_px / max(height, width)
    if scale >= 1.0:
        return image
    size_wh = (max(1, round(width * scale)), max(1, round(height * scale)))
    smaller: Array = cv2.resize(image, size_wh, interpolation=cv2.INTER_AREA)
    return smaller


def mirror(image: Array) -> Array:
    """Return a picture as a mirror shows it.

    Args:
        image: (H, W, 3) uint8.

    Returns:
        A new (H, W, 3) uint8.
    """
    flipped: Array = cv2.flip(image, 1)
    return flipped


def yuv420(image: Array) -> Array:
    """Return a picture in the format that video encoders take.

    Args:
        image: (H, W, 3) uint8, RGB, of at least two rows and columns; a last odd row or column is left out.

    Returns:
        (H * 3 / 2, W) uint8: brightness, then both colours at half the size (I420, BT.601, 16..235).

    Example:
        >>> yuv420(np.zeros((5, 8, 3), np.uint8)).shape
        (6, 8)
    """
    height, width = (side // 2 * 2 for side in image.shape[:2])
    planes: Array = cv2.cvtColor(np.ascontiguousarray(image[:height, :width]), cv2.COLOR_RGB2YUV_I420)
    return planes
