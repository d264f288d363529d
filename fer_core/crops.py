"""Pure. Squares cut from a picture as the mtcnn package has TensorFlow cut them (`tf.image.crop_and_resize`).

OpenCV's own samplers place a sample on a grid of 1/32 pixel, too coarse for two engines to keep the same faces.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

_GRAY = np.float32(127.5)  # the networks see it as 0, and the package puts 0 outside the picture


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture, ready to be cut.

    Attributes:
        pixels: (H W + W + 1,) uint32, one number a pixel: the fastest form to gather single pixels from. One row and one pixel
            are appended, so that each pixel has one after and one below it.
        size_wh: the width and height in pixels.
    """

    pixels: Array
    size_wh: tuple[int, int]

    @classmethod
    def of(cls, image: Array) -> Picture:
        """Return the picture of an (H, W, 3) uint8 RGB array, contiguous."""
        height, width = image.shape[:2]
        pixels = np.zeros(height * width + width + 1, np.uint32)
        cv2.cvtColor(image, cv2.COLOR_RGB2RGBA, dst=pixels[: height * width].view(np.uint8).reshape(height, width, 4))
        return cls(pixels, (width, height))


def crops(picture: Picture, boxes: Array, side: int) -> Array:
    """Return squares cut from a picture, bilinear.

    Args:
        picture: what to cut from.
        boxes: (N, 4) float64, x0, y0, x1, y1 in pixels; may reach beyond the picture.
        side: of the squares, in pixels.

    Returns:
        (N, side, side, 3) float32, -1..1; 0 outside the picture.
    """
    width, height = picture.size_wh
    left, part_x, inside_x = _samples(boxes[:, 0], boxes[:, 2], width, side)
    above, part_y, inside_y = _samples(boxes[:, 1], boxes[:, 3], height, side)
    part_x, part_y = part_x[:, None, :, None], part_y[:, :, None, None]
    at = above[:, :, None] * width + left[:, None, :]
    # Where no pixel is left to the right or below, its part is 0, and whatever is gathered in its place does not count.
    upper = _blend(_gather(picture.pixels, at), _gather(picture.pixels[1:], at), part_x)
    lower = _blend(_gather(picture.pixels[width:], at), _gather(picture.pixels[width + 1 :], at), part_x)
    cut = _blend(upper, lower, part_y)[..., :3]
    cut[~(inside_y[:, :, None] & inside_x[:, None, :])] = _GRAY
    return (cut - _GRAY) / np.float32(128)


def _samples(starts: Array, ends: Array, size: int, side: int) -> tuple[Array, Array, Array]:
    """Return where `side` even samples from start to end fall: pixel before, part of the way to the next, inside or not.

    In float32, as TensorFlow reckons: a sample must not change its pixel between the engines.
    """
    first, last = (starts / size).astype(np.float32)[:, None], (ends / size).astype(np.float32)[:, None]
    step = (last - first) * np.float32(size - 1) / np.float32(side - 1)
    at = first * np.float32(size - 1) + np.arange(side, dtype=np.float32) * step
    inside = (at >= 0) & (at <= size - 1)
    at = at.clip(0, size - 1)
    before = np.floor(at)
    return before.astype(np.int64), at - before, inside


def _gather(pixels: Array, at: Array) -> Array:
    """Return (N, side, side, 4) float32 pixels, RGBA, at (N, side, side) places."""
    found = pixels.take(at, mode="clip")  # all places exist; not checking them is faster
    return found.view(np.uint8).reshape(*found.shape, 4).astype(np.float32)


def _blend(a: Array, b: Array, part: Array) -> Array:
    """Return a + (b - a) part; works in `b`, which no one else holds."""
    b -= a
    b *= part
    b += a
    return b
