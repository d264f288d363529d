"""Pure. A decoded Pillow image → (H, W, 3) uint8 RGB: transparency on white, wide samples scaled, upright.

The picture is converted in strips, so that a very large photo needs its own pixels twice at most.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

Array = npt.NDArray[Any]

_STRIP_ROWS = 256
_ORIENTATION_TAG = 0x0112
_WHITE_LEVELS = (1.0, 255.0, 65535.0)  # float samples in use: 0..1, and integers of 8 and 16 bits kept as float


def rgb_array(image: Image.Image) -> Array:
    """Return the pixels of a loaded image.

    Transparent parts show white. Samples of 16 bits are scaled by their full range; 32-bit and float samples, whose
    range no header tells, by the smallest of 1 (float only), 255, 65535 and their own maximum that holds them all.

    Returns:
        (H, W, 3) uint8, RGB, not yet turned upright.

    Raises:
        ValueError: the image has a colour space that Pillow cannot convert.
    """
    rgb = np.empty((image.height, image.width, 3), np.uint8)
    white = _white_level(image)
    for top, strip in _strips(image):
        rgb[top : top + strip.height] = _strip_rgb(strip, white)
    return rgb


def _strips(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    for top in range(0, image.height, _STRIP_ROWS):
        yield top, image.crop((0, top, image.width, min(top + _STRIP_ROWS, image.height)))


def _white_level(image: Image.Image) -> float:
    """Return the sample value that shows as white, for images of one wide channel."""
    if image.mode.startswith("I;16"):
        return 65535.0
    if image.mode not in ("I", "F"):
        return 255.0
    peak = max(_finite(strip).max() for _, strip in _strips(image))
    levels = _WHITE_LEVELS if image.mode == "F" else _WHITE_LEVELS[1:]
    return next((level for level in levels if peak <= level), float(peak))


def _finite(strip: Image.Image) -> Array:
    """Return the samples as float64, with 0 where a float image holds no number."""
    return np.nan_to_num(np.asarray(strip, dtype=np.float64), nan=0.0, posinf=0.0, neginf=0.0)


def _strip_rgb(strip: Image.Image, white: float) -> Array:
    if strip.mode[0] in "IF":
        gray = (_finite(strip) * (255.0 / white) + 0.5).clip(0, 255).astype(np.uint8)
        return np.broadcast_to(gray[..., None], (*gray.shape, 3))
    if strip.has_transparency_data:
        return _on_white(np.asarray(strip.convert("RGBA")))
    return np.asarray(strip.convert("RGB"))


def _on_white(rgba: Array) -> Array:
    alpha = rgba[..., 3:].astype(np.uint16)
    mixed: Array = (rgba[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return mixed.astype(np.uint8)


def orientation(image: Image.Image) -> int:
    """Return the EXIF orientation of a loaded image, 1..8; 1 where it has none.

    Raises:
        Exception: whatever Pillow raises on damaged EXIF; the caller decides what that means.
    """
    value = image.getexif().get(_ORIENTATION_TAG, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def upright(rgb: Array, exif_orientation: int) -> Array:
    """Return a picture as its EXIF orientation wants it seen.

    Args:
        rgb: (H, W, 3) uint8.
        exif_orientation: 1..8, as the EXIF standard (CIPA DC-008) numbers them.

    Returns:
        (H, W, 3) or (W, H, 3) uint8, contiguous.

    Example:
        >>> upright(np.zeros((2, 5, 3), np.uint8), 6).shape
        (5, 2, 3)
    """
    turned = rgb.transpose(1, 0, 2) if exif_orientation >= 5 else rgb
    if exif_orientation in (3, 4, 7, 8):
        turned = turned[::-1]
    if exif_orientation in (2, 3, 6, 7):
        turned = turned[:, ::-1]
    return np.ascontiguousarray(turned)
