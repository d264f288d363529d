"""Workshop. Other people's face detectors behind `FaceDetector`, as they come: dlib's HOG, OpenCV's DNN, the mtcnn package.

`rivals` gives those that are there, and why the others are not.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from fer_core import Faces, InputError, Options
from fer_core.boxes import clip_boxes
from fer_core.detect import FaceDetector, MtcnnDetector
from fer_core.haar import HaarDetector, faces_without_landmarks

Array = npt.NDArray[Any]
Find = Callable[[Array], Faces]
MIN_FACE_PX = 30
DNN_FILES = ("deploy.prototxt", "res10_300x300_ssd_iter_140000.caffemodel")
_DNN_SIDE, _DNN_MEAN, _DNN_SURE = 300, (104.0, 177.0, 123.0), 0.5
_KEYPOINTS = ("left_eye", "right_eye", "nose", "mouth_left", "mouth_right")


@dataclass(frozen=True)
class Found:
    """A detector made of one function; it has no knobs, so other options change nothing.

    Attributes:
        detect: finds the faces of an (H, W, 3) uint8 RGB picture.
        options: what the protocol asks for.
    """

    detect: Find
    options: Options

    def with_options(self, options: Options) -> Found:
        """Return the same detector under other options."""
        return Found(self.detect, options)


@dataclass(frozen=True)
class Rival:
    """A detector to compare, or the reason why it is not here.

    Attributes:
        name: what the table calls it.
        settings: how it is asked.
        detector: None where it is not available.
        missing: why, and what to do.
    """

    name: str
    settings: str
    detector: FaceDetector | None
    missing: str = ""


def rivals(dnn: Path | None) -> list[Rival]:
    """Return every detector of the comparison, Mien's first; those that are not installed say what to do.

    Args:
        dnn: the folder of OpenCV's two files, or none.

    Raises:
        InputError: the folder has not both files, or they are no network.
    """
    options = Options(min_face_px=MIN_FACE_PX)
    return [
        Rival(
            "MTCNN fast",
            f"LiteRT, one thread, from {MIN_FACE_PX} px, score above {options.face_threshold}",
            MtcnnDetector(options),
        ),
        _stock(options),
        Rival("Haar", f"scaleFactor 1.1, minNeighbors 5, minSize {MIN_FACE_PX}", HaarDetector(options)),
        _dlib(options),
        _dnn(dnn, options),
    ]


def _stock(options: Options) -> Rival:
    said = "the mtcnn package's detect_faces as it comes, from 20 px"
    if importlib.util.find_spec("mtcnn") is None:
        return Rival("MTCNN stock", said, None, "install requirements.txt")
    from mtcnn import MTCNN

    network = MTCNN()

    def detect(image: Array) -> Faces:
        rows = network.detect_faces(image)
        size_wh = (image.shape[1], image.shape[0])
        if not rows:
            return Faces.none(size_wh)
        boxes = np.array([row["box"] for row in rows], np.float32)
        boxes = clip_boxes(np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1), size_wh)
        points = np.array([[row["keypoints"][name] for name in _KEYPOINTS] for row in rows], np.float32)
        return Faces(boxes, np.array([row["confidence"] for row in rows], np.float32), points, size_wh)

    return Rival("MTCNN stock", said, Found(detect, options))


def _dlib(options: Options) -> Rival:
    said = "get_frontal_face_detector, the picture doubled once"
    if importlib.util.find_spec("dlib") is None:
        return Rival("dlib HOG", said, None, "install requirements-dlib.txt")
    import dlib

    find = dlib.get_frontal_face_detector()

    def detect(image: Array) -> Faces:
        found = [(face.left(), face.top(), face.width(), face.height()) for face in find(image, 1)]
        return faces_without_landmarks(np.array(found, np.float32).reshape(-1, 4), options, image.shape)

    return Rival("dlib HOG", said, Found(detect, options))


def _dnn(folder: Path | None, options: Options) -> Rival:
    said = f"SSD at {_DNN_SIDE} px, score above {_DNN_SURE}"
    if folder is None:
        return Rival("OpenCV DNN", said, None, f"give --dnn a folder with {' and '.join(DNN_FILES)}")
    paths = [folder / name for name in DNN_FILES]
    if not all(path.is_file() for path in paths):
        raise InputError(f"--dnn needs a folder with {' and '.join(DNN_FILES)}, got {folder} without; put both there")
    try:
        network = cv2.dnn.readNetFromCaffe(*map(str, paths))
    except cv2.error as error:
        raise InputError(f"expected a Caffe network in {folder}, got: {error}; fetch both files again") from error

    def detect(image: Array) -> Faces:
        bgr = cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_RGB2BGR)
        network.setInput(cv2.dnn.blobFromImage(bgr, 1.0, (_DNN_SIDE, _DNN_SIDE), _DNN_MEAN))
        return faces_of_rows(network.forward()[0, 0], image.shape, options)

    return Rival("OpenCV DNN", said, Found(detect, options))


def faces_of_rows(rows: Array, shape: tuple[int, ...], options: Options) -> Faces:
    """Return the sure ones of an SSD's (N, 7) rows (picture, class, score, x0, y0, x1, y1 as shares) of an (H, W, 3) picture."""
    sure = rows[rows[:, 2] > _DNN_SURE]
    corners = sure[:, 3:7] * np.array([shape[1], shape[0], shape[1], shape[0]], np.float32)
    return faces_without_landmarks(np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1), options, shape)
