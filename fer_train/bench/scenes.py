"""Workshop. Pictures to time a detector on: real faces on a real background, one or five, in two sizes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy.typing as npt

from fer_core import read_image
from fer_core.detect import MtcnnDetector
from fer_core.inputs import PHOTO_SUFFIXES

Array = npt.NDArray[Any]

SIZES_WH = ((640, 480), (1280, 720))
_Place = tuple[float, float, float]
PLACES: dict[int, tuple[_Place, ...]] = {  # by number of faces: middle x, middle y, side over the picture's height
    1: ((0.5, 0.5, 0.5),),
    5: ((0.17, 0.27, 0.42), (0.5, 0.25, 0.38), (0.83, 0.27, 0.34), (0.3, 0.75, 0.4), (0.7, 0.75, 0.36)),
}


def photo_files(folder: Path) -> list[Path]:
    """Return the photos of a folder, by name; whatever else lies there, such as a table of labels, is none."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in PHOTO_SUFFIXES)


def portraits(photos: Path | None) -> list[Array]:
    """Return squares of faces with their surroundings, (S, S, 3) uint8 RGB: the astronaut's, and those of a folder of photos."""
    from skimage.data import astronaut

    paths = photo_files(photos) if photos else []
    detector, found = MtcnnDetector(), []
    for image in [astronaut(), *map(read_image, paths)]:
        found += [square for box in detector.detect(image).boxes if (square := _square(image, box)) is not None]
    return found


def _square(image: Array, box: Array) -> Array | None:
    """Return the square of 1.8 times a face's height about it; none if it is small or leaves the picture."""
    centre, half = (box[:2] + box[2:]) / 2, 0.9 * (box[3] - box[1])
    (x0, y0), (x1, y1) = (centre - half).astype(int), (centre + half).astype(int)
    if half < 70 or min(x0, y0) < 0 or x1 > image.shape[1] or y1 > image.shape[0]:
        return None
    square: Array = image[y0:y1, x0:x1]
    return square


def scene(size_wh: tuple[int, int], count: int, faces: list[Array]) -> Array:
    """Return an (H, W, 3) uint8 RGB picture of one or five faces before a table with a cup of coffee."""
    from skimage.data import coffee

    picture: Array = cv2.resize(coffee(), size_wh, interpolation=cv2.INTER_AREA)
    for i, (x, y, share) in enumerate(PLACES[count]):
        side = int(share * size_wh[1])
        left, top = int(x * size_wh[0] - side / 2), int(y * size_wh[1] - side / 2)
        face = cv2.resize(faces[i % len(faces)], (side, side), interpolation=cv2.INTER_AREA)
        picture[top : top + side, left : left + side] = face
    return picture
