"""Workshop. The whole path, from photo to label, on a folder of labelled photos (labels.csv: file, perceived_emotion).

A hash of the file name splits the photos: one half chooses, the other reports. Who is in a photo (the column `person`, or
else the file's name) does not: some people are in both halves.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.progress import track

from fer_core import FER2013, Faces, InputError, read_image
from fer_core.align import Crop
from fer_core.detect import FaceDetector
from fer_core.labels import FERPLUS_AS_FER2013
from fer_core.preprocess import SERVED_CROP, face_chips
from fer_train.data import CHIP_SIZE
from fer_train.tables import read_rows

Array = npt.NDArray[Any]
CONTEMPT = -2
COLUMNS = ("file", "perceived_emotion")


@dataclass(frozen=True)
class Photo:
    """One labelled photo.

    Attributes:
        path: the file.
        truth: index into FER2013's labels; `CONTEMPT` has none.
        chooses: it is in the half that chooses.
        person: who is in it.
    """

    path: Path
    truth: int
    chooses: bool
    person: str


def chooses(name: str) -> bool:
    """Return whether a file name belongs to the half that chooses."""
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 0


def person_of(name: str) -> str:
    """Return who a file is named after: its stem without the number at its end, as in Labeled Faces in the Wild.

    A stem that no name begins is a picture of somebody else than all others; cameras number theirs.

    Example:
        >>> [person_of(name) for name in ("Ada_Example_0004.jpg", "IMG_0004.jpg", "portrait_2.png")]
        ['Ada_Example', 'IMG_0004', 'portrait_2']
    """
    stem = Path(name).stem
    named = re.fullmatch(r"([A-Z].*[a-z].*)_[0-9]+", stem)
    return named[1] if named else stem


def _truth(word: str) -> int:
    if word == "contempt":
        return CONTEMPT
    plain = FERPLUS_AS_FER2013.get(word, word)
    return FER2013.index(plain)


def read_photos(folder: Path) -> list[Photo]:
    """Read labels.csv of a folder; photos of contempt are left out. Where there is no `person`, `person_of` tells.

    Raises:
        InputError: there is no labels.csv, it lacks a column or names an unknown expression, or no photo is left.
    """
    table = folder / "labels.csv"
    rows = [(row["file"], row.get("person"), _truth(row["perceived_emotion"])) for row in read_rows(table, *COLUMNS)]
    photos = [
        Photo(folder / name, truth, chooses(name), (person or "").strip() or person_of(name))
        for name, person, truth in rows
        if truth != CONTEMPT
    ]
    if not photos:
        raise InputError(f"expected photos of the seven expressions in {table}, got none; label some")
    return photos


def main_face(faces: Faces) -> Faces:
    """Return the one face that a labelled photo is about: the largest, weighted by nearness to the centre; or none."""
    if len(faces) == 0:
        return faces
    centres = (faces.boxes[:, :2] + faces.boxes[:, 2:]) / 2 / np.array(faces.size_wh)
    areas = np.prod(faces.boxes[:, 2:] - faces.boxes[:, :2], axis=1)
    off_centre = np.linalg.norm(centres - 0.5, axis=1)
    return faces[[int(np.argmax(areas * (1 - off_centre)))]]


@dataclass(frozen=True)
class FoundPhotos:
    """Photos with the main face found in each.

    Attributes:
        truth: (N,) int64, index into FER2013's labels.
        chooses: (N,) bool.
        faces: N values of one face or none.
        paths: the N files.
        people: (N,) str, who is in each.
    """

    truth: Array
    chooses: Array
    faces: list[Faces]
    paths: list[Path]
    people: Array

    @property
    def found(self) -> Array:
        """(N,) bool, a face was found."""
        return np.array([len(faces) > 0 for faces in self.faces], bool)

    def chips(self, crop: Crop = SERVED_CROP) -> Array:
        """Return (M, 48, 48) uint8: the chips of the M photos with a face."""
        pairs = [(path, faces) for path, faces in zip(self.paths, self.faces, strict=True) if len(faces)]
        chips = [face_chips(read_image(path), faces, crop=crop) for path, faces in pairs]
        return np.concatenate([np.zeros((0, CHIP_SIZE, CHIP_SIZE), np.uint8), *chips])

    def answers(self, top: Array) -> Array:
        """Spread (M,) int answers of the found faces over all N photos; -1 = missed."""
        said = np.full(len(self.truth), -1)
        said[self.found] = top
        return said


def find_faces(folder: Path, detector: FaceDetector) -> FoundPhotos:
    """Find the main face of each labelled photo of a folder."""
    photos = read_photos(folder)
    faces = [main_face(detector.detect(read_image(photo.path))) for photo in track(photos, "finding faces")]
    truth, half = np.array([p.truth for p in photos]), np.array([p.chooses for p in photos])
    return FoundPhotos(truth, half, faces, [p.path for p in photos], np.array([p.person for p in photos]))


def no_photos() -> FoundPhotos:
    """Return what there is without any labelled photo."""
    return FoundPhotos(np.zeros(0, np.int64), np.zeros(0, bool), [], [], np.zeros(0, str))


def covered_classes(truth: Array) -> Array:
    """Return the classes that macro recall covers: those with more than 20 photos, or all there are if none has so many."""
    counts = np.bincount(truth, minlength=len(FER2013))
    return np.flatnonzero(counts > 20) if (counts > 20).any() else np.flatnonzero(counts)


def agreement(said: Array, truth: Array) -> tuple[float, float]:
    """Return agreement and macro recall over `covered_classes`; a missed face (-1) counts as wrong."""
    per_class = [(said[truth == k] == k).mean() for k in covered_classes(truth)]
    return float((said == truth).mean()), float(np.mean(per_class))
