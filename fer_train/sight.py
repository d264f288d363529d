"""Workshop. What a network sees of faces: plain chips, the face found in each, chips with landmarks, or drawings of these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from fer_core.haar import HaarDetector
from fer_core.options import Options
from fer_train.enlarged import enlarged, in_chip
from fer_train.landmarks import COUNT, drawing, landmark_finder
from fer_train.tables import save_arrays

Array = npt.NDArray[Any]
Seen = dict[str, Array] | Array
_SIDE = 48


@dataclass(frozen=True)
class Sight:
    """What a network sees of faces, a row each.

    Attributes:
        images: (N, 48, 48) uint8, gray.
        found: (N,) bool: what had to be found in the face was found; else the row shows nothing.
        points: (N, 136) float32, landmarks as shares of the side, x and y in turn; none where the network takes none.
    """

    images: Array
    found: Array
    points: Array | None = None

    @classmethod
    def plain(cls, images: Array) -> Sight:
        """Return chips as they are."""
        return cls(images, np.ones(len(images), bool))

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, rows: Array) -> Sight:
        """Return the chosen rows: a mask or an index array."""
        return Sight(self.images[rows], self.found[rows], None if self.points is None else self.points[rows])

    def shown(self, chips: Array | None = None) -> Seen:
        """Return what Keras is given; `chips`, (N, 48, 48, 1) float32, stand in for the images where they are changed views."""
        chips = self.images[..., None].astype(np.float32) if chips is None else chips
        return chips if self.points is None else {"chips": chips, "landmarks": self.points}


def see(images: Array, sight: str) -> Sight:
    """Return what a network of that sight (one of `task.SIGHTS`) sees of (N, 48, 48) uint8 chips.

    Raises:
        InputError: the sight needs a package that is not installed.
    """
    return _SEEING[sight](images)


def kept_sight(path: Path, images: Array, sight: str) -> Sight:
    """Return what is seen of a run's own faces; what takes a search is searched once and kept in a file."""
    if sight == "chip":
        return Sight.plain(images)
    if not path.is_file():
        seen = see(images, sight)
        points = {} if seen.points is None else {"points": seen.points}
        save_arrays(path, images=seen.images, found=seen.found, **points)
    with np.load(path) as kept:
        return Sight(kept["images"], kept["found"], kept.get("points"))


def _cropped(images: Array) -> Sight:
    detector = HaarDetector(Options(min_face_px=64))
    crops = [_crop(chip, detector) for chip in images]
    return _drawn(crops)


def _crop(chip: Array, detector: HaarDetector) -> Array | None:
    """Return the largest face that is found in a chip, at the chip's size; none where none is found."""
    faces = detector.detect(cv2.cvtColor(enlarged(chip), cv2.COLOR_GRAY2RGB))
    if not len(faces):
        return None
    x0, y0, x1, y1 = np.clip(np.round(in_chip(faces.boxes[0])), 0, _SIDE).astype(int)
    return np.asarray(cv2.resize(chip[y0:y1, x0:x1], (_SIDE, _SIDE), interpolation=cv2.INTER_LINEAR))


def _with_landmarks(images: Array) -> Sight:
    points = [*map(landmark_finder(), images)]
    rows = np.array([np.zeros((COUNT, 2)) if p is None else p / _SIDE for p in points], np.float32).reshape(-1, 2 * COUNT)
    return Sight(images, np.array([p is not None for p in points], bool), rows)


def _drawings(images: Array) -> Sight:
    return _drawn([None if points is None else drawing(points) for points in map(landmark_finder(), images)])


def _drawn(pictures: list[Array | None]) -> Sight:
    found = np.array([picture is not None for picture in pictures], bool)
    shown = [np.zeros((_SIDE, _SIDE), np.uint8) if picture is None else picture for picture in pictures]
    return Sight(np.array(shown, np.uint8).reshape(-1, _SIDE, _SIDE), found)


_SEEING: dict[str, Callable[[Array], Sight]] = {
    "chip": Sight.plain,
    "cropped": _cropped,
    "landmarks": _with_landmarks,
    "drawing": _drawings,
}
