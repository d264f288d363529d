"""Pure. The picture at falling sizes, each pixel the mean of the area it covers: what P-Net looks at.

Units: pixels; a scale is the smaller picture's size over the picture's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

FIELD_PX = 12  # P-Net sees a face of this size, in a window of this size
STRIDE_PX = 2  # its windows lie this far apart
STEP = 0.709  # from one level to the next, about 1 / sqrt(2) (Zhang et al. 2016)
_STRIP_PX = 2**16  # P-Net takes about 170 bytes a pixel: a strip stays in the cache, and is an eighth faster for it
_SUMS_PX = 2**22  # of whose rows the sums are kept, at 12 bytes a pixel: of 25 megapixels every sixth row, and no slower for it


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


def strips(size_wh: tuple[int, int], scale: float) -> list[range]:
    """Return the rows of a level, in strips that P-Net can look at one by one.

    Strips begin at even rows and share the 10 rows by which a window reaches beyond its stride, so together they give
    exactly the windows of the whole level, and a large picture does not need memory in proportion.

    Example:
        >>> strips((640, 480), 0.3)
        [range(0, 144)]
        >>> strips((1280, 720), 0.3)
        [range(0, 170), range(160, 216)]
    """
    w, h = int(size_wh[0] * scale), int(size_wh[1] * scale)
    length = max(_STRIP_PX // w // 2 * 2, 2 * FIELD_PX)
    starts = range(0, max(h - (FIELD_PX - STRIDE_PX), 1), length - (FIELD_PX - STRIDE_PX))
    return [range(start, min(start + length, h)) for start in starts]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """A picture, ready to be shrunk.

    Attributes:
        rows: (H, 3 W) uint8, the picture's.
        sums: (ceil(H / step), 3 W) float32: row i holds, for each column and colour, the sum of the picture's rows above row
            i * step. Whole numbers below 2**24, so exact for any picture of fewer than 65,793 rows.
        step: 1, and more for a picture whose sums would take far more memory than itself.
        size_wh: its width and height in pixels.
    """

    rows: Array
    sums: Array
    step: int
    size_wh: tuple[int, int]

    @classmethod
    def of(cls, image: Array, *, most_px: int = _SUMS_PX) -> Columns:
        """Return the columns of an (H, W, 3) uint8 picture, contiguous, with the sums of at most so many pixels."""
        height, width = image.shape[:2]
        rows, step = image.reshape(height, 3 * width), math.ceil(height * width / most_px)
        sums = np.zeros((math.ceil(height / step), 3 * width), np.float32)
        for y in range(1, len(sums)):  # np.cumsum along the rows is six times as slow
            np.add(sums[y - 1], rows[step * (y - 1)], out=sums[y])
            for since in range(1, step):
                sums[y] += rows[step * (y - 1) + since]
        return cls(rows, sums, step, (width, height))

    def above(self, rows: Array) -> Array:
        """Return (N, 3 W) float32, the sum of the picture's rows above each of (N,) int rows."""
        found: Array = self.sums[rows // self.step]
        for since in range(1, self.step):
            late = rows % self.step >= since
            found[late] += self.rows[rows[late] - since]
        return found


def shrink(picture: Columns, scale: float, rows: range) -> Array:
    """Return some rows of a level as P-Net's input.

    The same means as TensorFlow's `ResizeMethod.AREA`. Rows are added up first, by differences of the column sums, so a
    level costs in proportion to its own height and not to the picture's; OpenCV then averages the columns.

    Args:
        picture: RGB.
        scale: the level's, at most 1.
        rows: which of the level's rows.

    Returns:
        (1, len(rows), w, 3) float32, about -1..1.
    """
    width, height = picture.size_wh
    span = np.float32(height / int(height * scale))
    added = _added_rows(picture, span, rows).reshape(len(rows), width, 3)
    level: Array = cv2.resize(added, (int(width * scale), len(rows)), interpolation=cv2.INTER_AREA)
    level *= 1 / (128 * span)
    level -= 127.5 / 128
    return level[None]


def _added_rows(picture: Columns, span: np.float32, rows: range) -> Array:
    """Return (len(rows), 3 W) float32: per row of the level the picture's rows of its span, added up, broken ones in part."""
    edges = np.arange(rows.start, rows.stop + 1, dtype=np.float32) * span
    above = np.minimum(edges.astype(np.int64), len(picture.rows) - 1)
    parts = (edges - above).astype(np.float32)[:, None]
    added = np.empty((len(rows), picture.rows.shape[1]), np.float32)
    for start in range(0, len(rows), 32):  # in bands that stay in the cache: half the time on a large picture
        band, out = slice(start, start + 33), added[start : start + 32]
        whole = picture.above(above[band])
        np.subtract(whole[1:], whole[:-1], out=out)
        np.multiply(picture.rows[above[band]], parts[band], out=whole)
        out += whole[1:]
        out -= whole[:-1]
    return added
