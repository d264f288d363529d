"""Workshop. A chip as detectors can see it: most look for faces larger than 48 px, with something around them."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
TIMES, BORDER_PX = 4, 48


def enlarged(chip: Array) -> Array:
    """Return a (48, 48) uint8 chip four times as large, its edges drawn out into a border: (288, 288) uint8."""
    large = cv2.resize(chip, None, fx=TIMES, fy=TIMES, interpolation=cv2.INTER_CUBIC)
    return cv2.copyMakeBorder(large, BORDER_PX, BORDER_PX, BORDER_PX, BORDER_PX, cv2.BORDER_REPLICATE)


def in_chip(places: Array) -> Array:
    """Return pixels of the enlarged chip as pixels of the chip: (N, 2) or (N, 4) float32."""
    return np.asarray((places - BORDER_PX) / TIMES, np.float32)
