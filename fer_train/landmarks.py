"""Workshop. dlib's 68 landmarks of a face, where dlib and its model are installed; both are optional.

The model was trained on the 300-W faces, whose terms exclude commercial use: Mien ships neither it nor what was trained with it.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from fer_core import InputError
from fer_train.enlarged import enlarged, in_chip

Array = npt.NDArray[Any]
Finder = Callable[[Array], Array | None]
COUNT = 68
# Brows, nose, eyes and mouth, each a line from point to point; the jaw (points 0 to 16) is not drawn.
LINES = ((17, 22), (22, 27), (27, 31), (31, 36), (36, 42), (42, 48), (48, 60), (60, 68))
_CLOSED = {36, 42, 48, 60}


def landmark_finder() -> Finder:
    """Return what finds the landmarks of a (48, 48) uint8 chip: (68, 2) float32 pixels, or none where dlib finds no face.

    Raises:
        InputError: dlib or its model is not installed.
    """
    model = importlib.util.find_spec("face_recognition_models")  # never imported: it needs a package that is no more
    if model is None or model.origin is None or importlib.util.find_spec("dlib") is None:
        needed = "dlib-bin and face_recognition_models, of which one is missing"
        raise InputError(f"this network sees dlib's landmarks, which need {needed}; run pip install -r requirements-dlib.txt")
    import dlib

    detect = dlib.get_frontal_face_detector()
    predict = dlib.shape_predictor(str(Path(model.origin).parent / "models" / "shape_predictor_68_face_landmarks.dat"))

    def find(chip: Array) -> Array | None:
        picture = enlarged(chip)
        faces = list(detect(picture))
        if not faces:
            return None
        points = predict(picture, max(faces, key=lambda face: face.area())).parts()
        return in_chip(np.array([(point.x, point.y) for point in points], np.float32))

    return find


def drawing(points: Array, side: int = 48) -> Array:
    """Return (side, side) uint8, 0 or 255: (68, 2) landmarks without the jaw, as white lines on black."""
    picture = np.zeros((side, side), np.uint8)
    for first, end in LINES:
        line = np.round(points[first:end]).astype(np.int32)
        cv2.polylines(picture, [line], first in _CLOSED, 255)
    return picture
