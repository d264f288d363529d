"""Pure. Faces made unrecognisable in a new picture."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from fer_core.boxes import clip_boxes
from fer_core.types import need_image

Array = npt.NDArray[Any]

_CELLS = 6  # across the widened box: a face keeps about four, far below what anyone or any network recognises


def blur_faces(image: Array, boxes: Array, *, margin: float = 0.25) -> Array:
    """Return a new picture in which each box shows a few mixed colours instead of a face.

    The colours are the means of coarse cells, with smooth steps between them: nothing finer is left to be restored.

    Args:
        image: (H, W, 3) uint8, RGB.
        boxes: (N, 4) x0, y0, x1, y1 in pixels; parts outside the picture are ignored.
        margin: what is added on each side, as a share of the box's side: hair and chin are part of a face too.

    Returns:
        (H, W, 3) uint8, RGB.

    Raises:
        InputError: the image is not RGB uint8.

    Example:
        >>> picture = np.eye(40, dtype=np.uint8)[..., None].repeat(3, 2) * 255
        >>> bool(blur_faces(picture, np.array([[0, 0, 40, 40]])).max() < 60)
        True
    """
    need_image(image)
    new = image.copy()
    more = margin * (np.asarray(boxes, np.float64).reshape(-1, 4)[:, 2:] - np.asarray(boxes).reshape(-1, 4)[:, :2])
    wide = clip_boxes(np.asarray(boxes).reshape(-1, 4) + np.hstack([-more, more]), (image.shape[1], image.shape[0]))
    for x0, y0, x1, y1 in np.rint(wide).astype(int).tolist():
        if x1 > x0 and y1 > y0:
            new[y0:y1, x0:x1] = _coarse(image[y0:y1, x0:x1])
    return new


def _coarse(part: Array) -> Array:
    height, width = part.shape[:2]
    few = cv2.resize(part, (min(width, _CELLS), min(height, _CELLS)), interpolation=cv2.INTER_AREA)
    if min(height, width) <= _CELLS:  # so small that its cells would be its pixels
        few = cv2.resize(part, (1, 1), interpolation=cv2.INTER_AREA)
    coarse: Array = cv2.resize(few, (width, height), interpolation=cv2.INTER_LINEAR)
    return coarse
