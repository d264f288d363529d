"""Workshop. UTKFace (Zhang et al. 2017) as Mien meets it: faces by its own detector, chips by its own crop.

A hash of the file's name splits it once and for all: eight tenths teach, one chooses, one reports. Whose picture is in
another part as well neither chooses nor reports.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from rich.progress import track

from fer_core import Faces, InputError, read_image
from fer_core.ages import MOST_YEARS
from fer_core.align import Crop
from fer_core.detect import FaceDetector
from fer_core.preprocess import face_chips
from fer_train.answers import cores
from fer_train.groups import table_rows
from fer_train.near import CORRELATION, likeness
from fer_train.photos import main_face
from fer_train.tables import save_arrays

Array = npt.NDArray[Any]
PARTS = ("teaches", "chooses", "reports")
_TIMES = 3  # the pictures are shown to the detector so much larger: a face of 45 px is one of a good photo's 135 then
_SIDE = 64


def part_of(name: str) -> str:
    """Return which part a picture belongs to, by its file's name alone."""
    tenth = hashlib.sha256(name.encode()).digest()[0] * 10 // 256
    return PARTS[max(0, tenth - 7)]


@dataclass(frozen=True)
class People:
    """Pictures of one person each, a row each.

    Attributes:
        images: (N, 64, 64) uint8, gray: the pictures.
        boxes: (N, 4) float32, xyxy in the picture's pixels; nan where no face was found.
        years: (N,) int64, at most 100.
        gender: (N,) str, UTKFace's code.
        ethnicity: (N,) str, UTKFace's code.
        part: (N,) str, one of `PARTS`.
    """

    images: Array
    boxes: Array
    years: Array
    gender: Array
    ethnicity: Array
    part: Array

    def __len__(self) -> int:
        return len(self.years)

    def __getitem__(self, rows: Array) -> People:
        """Return the chosen rows: a mask or an index array."""
        return People(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    @property
    def found(self) -> Array:
        """(N,) bool, whether a face was found in the picture."""
        return ~np.isnan(self.boxes[:, 0])

    def chips(self, crop: Crop) -> Array:
        """Return (N, 48, 48) uint8 of people all of whom were found."""
        return np.concatenate([_chip(image, box, crop) for image, box in zip(self.images, self.boxes, strict=True)])


def _chip(image: Array, box: Array, crop: Crop) -> Array:
    face = Faces(box[None], np.ones(1), np.full((1, 5, 2), np.nan), (_SIDE, _SIDE))
    return face_chips(cv2.cvtColor(image, cv2.COLOR_GRAY2RGB), face, crop=crop)


def _box(picture: Array, detector: FaceDetector) -> Array:
    """Return the (4,) box of a picture's main face; nan where there is none."""
    faces = main_face(detector.detect(cv2.resize(picture, None, fx=_TIMES, fy=_TIMES, interpolation=cv2.INTER_CUBIC)))
    return np.asarray(faces.boxes[0] / _TIMES if len(faces) else np.full(4, np.nan, np.float32))


def find_people(folder: Path, detector: FaceDetector) -> People:
    """Read UTKFace and find the face of each picture.

    Args:
        folder: holds utkface.csv (name, age, gender, ethnicity) and utkface/.
        detector: as the app uses it.

    Raises:
        InputError: utkface.csv is missing, or lacks a column.
    """
    rows = [row for row in table_rows(folder) if row["age"].isdigit()]
    if not rows:
        raise InputError(f"expected utkface.csv and utkface/ in {folder}, found none; put them there (docs/TRAINING.md)")
    pictures = [read_image(folder / "utkface" / row["name"]) for row in track(rows, "reading")]
    with ThreadPoolExecutor(cores()) as pool:
        found = pool.map(lambda picture: _box(picture, detector), pictures)
        boxes = np.stack([*track(found, "finding faces", total=len(rows))])
    return People(
        images=np.stack([picture[..., 0] for picture in pictures]),
        boxes=boxes.astype(np.float32),
        years=np.minimum([int(row["age"]) for row in rows], MOST_YEARS),
        gender=np.array([row["gender"] for row in rows]),
        ethnicity=np.array([row["ethnicity"] for row in rows]),
        part=np.array([part_of(row["name"]) for row in rows]),
    )


def without_copies(people: People) -> People:
    """Leave out whoever chooses or reports in a picture of an earlier part, be it moved, mirrored or encoded anew.

    UTKFace has some pictures twice: a split that ignores it would report on faces that it knows.
    """
    teaches, chooses, reports = (people.part == part for part in PARTS)
    kept = teaches.copy()
    for part, earlier in ((chooses, teaches), (reports, teaches | chooses)):
        kept[part] = likeness(people.images[part], people.images[earlier]) < CORRELATION
    return people[kept]


def kept_people(data: Path, detector: FaceDetector) -> People:
    """Return everyone of UTKFace but `without_copies`; what was found is kept beside it, in people.npz."""
    path = data / "people.npz"
    if not path.is_file():
        people = find_people(data, detector)
        save_arrays(path, **{f.name: getattr(people, f.name) for f in fields(people)})
    with np.load(path) as kept:
        return without_copies(People(**{f.name: kept[f.name] for f in fields(People)}))
