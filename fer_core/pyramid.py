"""Pure. The picture at falling sizes, each pixel the mean of the area it covers: what P-Net looks at.

Units: pixels; a scale is the smaller picture's size over the picture's.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

FIELD_PX = 12  # P-Net sees a face of this size, in a window of this size
STEP = 0.709  # from one level to the next, about 1 / sqrt(2) (Zhang et al. 2016)


def pyramid_scales(size_wh: tuple[int, int], min_face_px: int) -> Array:
    """Return (L,) float64 scales at which faces of `min_face_px` and more come down to P-Net's field, the largest first.

    Args:
        size_wh: the picture's width and height in pixels.
        min_face_px: the smallest face looked for, in pixels.

    Returns:
        Scales that leave the smaller side at 12 pixels or more; L = 0 for a picture too small for any.

    Example:
        >>> pyramid_scales((64, 48), 20).round(3).tolist()
        [0.6, 0.425, 0.302]
    """
    count, first = 0, FIELD_PX / min_face_px
    while min(size_wh) * (first * STEP**count) >= FIELD_PX:
        count += 1
    return first * STEP ** np.arange(count)


def column_sums(image: Array) -> Array:
    """Return (H, 3 W) float32: row y holds, for each column and colour, the sum of the picture's rows above y.

    Whole numbers below 2**24, so exact for any picture of fewer than 65,793 rows.

    Args:
        image: (H, W, 3) uint8.
    """
    rows = image.reshape(len(image), -1)
    sums = np.zeros(rows.shape, np.float32)
    for y in range(1, len(rows)):  # np.cumsum along the rows is six times as slow
        np.add(sums[y - 1], rows[y - 1], out=sums[y])
    return sums


def shrink(image: Array, sums: Array, scale: float) -> Array:
    """Return the picture at a scale as P-Net's input.

    The same means as TensorFlow's `ResizeMethod.AREA`. Rows are added up first, by differences of the column sums, so a
    level costs in proportion to its own height and not to the picture's; OpenCV then averages the columns.

    Args:
        image: (H, W, 3) uint8, RGB.
        sums: its column sums.
        scale: at most 1.

    Returns:
        (1, h, w, 3) float32, about -1..1.
    """
    height, width = image.shape[:2]
    h, w = int(height * scale), int(width * scale)
    rows = _added_rows(image.reshape(height, -1), sums, h).reshape(h, width, 3)
    level: Array = cv2.resize(rows, (w, h), interpolation=cv2.INTER_AREA)
    level *= h / height / 128
    level -= 127.5 / 128
    return level[None]


def _added_rows(rows: Array, sums: Array, count: int) -> Array:
    """Return (count, 3 W) float32: the rows between `count` + 1 even edges, each added up, parts of rows included."""
    edges = np.arange(count + 1, dtype=np.float32) * np.float32(len(rows) / count)
    above = np.minimum(edges.astype(np.int64), len(rows) - 1)
    parts = (edges - above).astype(np.float32)[:, None]
    added = np.empty((count, rows.shape[1]), np.float32)
    for start in range(0, count, 32):  # in bands that stay in the cache: half the time on a large picture
        band, out = slice(start, start + 33), added[start : start + 32]
        whole = sums[above[band]]
        np.subtract(whole[1:], whole[:-1], out=out)
        np.multiply(rows[above[band]], parts[band], out=whole)
        out += whole[1:]
        out -= whole[:-1]
    return added
