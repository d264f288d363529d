"""Adapter. OpenCV's Haar cascade, for comparison: fast and old, and it knows no landmarks (Viola & Jones 2001)."""

from __future__ import annotations

import copy
import threading
from pathlib import Path
from typing import Any, Self

import cv2
import numpy as np
import numpy.typing as npt

from fer_core.boxes import clip_boxes
from fer_core.errors import ModelError
from fer_core.options import Options
from fer_core.types import Faces, need_image

Array = npt.NDArray[Any]
STEP, NEIGHBOURS = 1.1, 5
CASCADE = "haarcascade_frontalface_default.xml"


class HaarDetector:
    """OpenCV's frontal face cascade behind `FaceDetector`.

    It scores no face, so every score is 1; it places no landmarks, so every landmark is nan.

    Args:
        options: the knobs; `min_face_px` and `max_faces` count here, the others do not.

    Raises:
        ModelError: OpenCV came without its cascades.
    """

    def __init__(self, options: Options | None = None) -> None:
        self.options = options or Options()
        self._threads = threading.local()
        self._cascade()

    def _cascade(self) -> Any:  # noqa: ANN401 - OpenCV has no type for it
        """Return this thread's cascade: it keeps its working picture inside, so two threads cannot share one."""
        if not hasattr(self._threads, "cascade"):
            self._threads.cascade = _loaded()
        return self._threads.cascade

    def with_options(self, options: Options) -> Self:
        """Return a detector with other knobs; nothing is loaded."""
        other = copy.copy(self)
        other.options = options
        return other

    def detect(self, image: Array) -> Faces:
        """Find the frontal faces of a picture.

        Args:
            image: (H, W, 3) uint8, RGB.

        Returns:
            Faces, the largest first, with scores of 1 and landmarks of nan; N = 0 where there is none.

        Raises:
            InputError: the image is not RGB uint8.
        """
        need_image(image)
        gray = cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_RGB2GRAY)
        side = (self.options.min_face_px, self.options.min_face_px)
        found = self._cascade().detectMultiScale(gray, scaleFactor=STEP, minNeighbors=NEIGHBOURS, minSize=side)
        return faces_without_landmarks(np.array(found, np.float32).reshape(-1, 4), self.options, image.shape)


def _path() -> Path:
    return Path(getattr(getattr(cv2, "data", None), "haarcascades", "")) / CASCADE


def has_haar() -> bool:
    """Return whether the installed OpenCV brings the cascade, and what reads it."""
    return hasattr(cv2, "CascadeClassifier") and _path().is_file()


def _loaded() -> Any:  # noqa: ANN401 - as above
    if not has_haar():
        wanted = f"{CASCADE}, which opencv-python-headless brings below version 5"
        raise ModelError(f"the Haar detector needs {wanted}, got OpenCV {cv2.__version__}; run pip install -r requirements.txt")
    return cv2.CascadeClassifier(str(_path()))


def faces_without_landmarks(boxes_xywh: Array, options: Options, shape: tuple[int, ...]) -> Faces:
    """Return (N, 4) boxes x, y, width, height of an (H, W, ...) picture as faces, the largest first."""
    size_wh = (shape[1], shape[0])
    largest = np.argsort(-boxes_xywh[:, 2] * boxes_xywh[:, 3], kind="stable")[: options.max_faces]
    boxes = boxes_xywh[largest]
    boxes = clip_boxes(np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1), size_wh)
    return Faces(boxes, np.ones(len(boxes), np.float32), np.full((len(boxes), 5, 2), np.nan, np.float32), size_wh)
