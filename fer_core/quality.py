"""Pure. Is a face large and sharp enough to be read?

The two limits come from models/legibility.csv, which `python -m fer_train legibility` writes: photos in the wild, blurred and
shrunk step by step, and the share of faces that keep their label at each step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from fer_core.boxes import clip_boxes
from fer_core.types import Faces, need_image

Array = npt.NDArray[Any]

SMALL_BELOW_PX = 32  # below it, more than one face in ten changes its label
BLURRED_BELOW = 0.10  # no sharp face in a hundred falls below it, nearly all that lose their label to blur do
_SIDE = 48  # what the network sees; blur that is finer does no harm


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """How well a face can be read.

    Attributes:
        size_px: the shorter side of its box, in pixels of the picture.
        sharpness: from 0 for a plain surface; real sharp faces have 0.15 to 0.9. It does not depend on light or contrast.
        too_small: the face has fewer pixels than a sound answer needs.
        blurred: the face is large enough, but blurred.
    """

    size_px: float
    sharpness: float
    too_small: bool
    blurred: bool


def face_quality(image: Array, faces: Faces) -> tuple[FaceQuality, ...]:
    """Return how well each face of a picture can be read.

    Args:
        image: (H, W, 3) uint8, RGB.
        faces: the N faces in it.

    Returns:
        N values, in the order of the faces.

    Raises:
        InputError: the image is not RGB uint8.
    """
    need_image(image)
    boxes = clip_boxes(faces.boxes, (image.shape[1], image.shape[0])).round().astype(int)
    return tuple(_quality(image[y0:y1, x0:x1]) for x0, y0, x1, y1 in boxes)


def _quality(face: Array) -> FaceQuality:
    size_px = float(min(face.shape[:2]))
    sharpness = _sharpness(face) if size_px else 0.0
    too_small = size_px < SMALL_BELOW_PX
    return FaceQuality(size_px, sharpness, too_small, not too_small and sharpness < BLURRED_BELOW)


def _sharpness(face: Array) -> float:
    """Return the variance of the Laplacian over the variance of the gray values, at the network's resolution.

    The variance of the Laplacian is the focus measure of Pech-Pacheco et al. (2000); the division makes it blind to contrast.
    """
    shrinks = min(face.shape[:2]) > _SIDE
    gray = cv2.cvtColor(np.ascontiguousarray(face), cv2.COLOR_RGB2GRAY)
    seen = cv2.resize(gray, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR).astype(np.float32)
    edges = cv2.Laplacian(seen, cv2.CV_32F, ksize=1)
    return float(edges.var() / max(float(seen.var()), 1.0))
