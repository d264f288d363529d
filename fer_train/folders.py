"""Workshop. Reads labelled faces from folders, a folder a class: train/angry/*.jpg, or angry/*.jpg alone.

Folders carry no FER+ votes, so votes weigh nothing there.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from rich.progress import track

from fer_core import FER2013, InputError, MediaError, face_chips, read_image
from fer_core.detect import FaceDetector
from fer_train.data import CHIP_SIZE, VOTE_NAMES, FaceTable
from fer_train.photos import main_face

Array = npt.NDArray[Any]
Cut = Callable[[Array], Array | None]

SYNONYMS = {
    **{name: name for name in FER2013.names},
    **{"anger": "angry", "disgusted": "disgust", "fearful": "fear", "afraid": "fear", "happiness": "happy"},
    **{"sadness": "sad", "surprised": "surprise"},
}
SPLITS = {
    **{"train": "Training", "training": "Training"},
    **{"val": "PublicTest", "valid": "PublicTest", "validation": "PublicTest", "publictest": "PublicTest"},
    **{"test": "PrivateTest", "testing": "PrivateTest", "privatetest": "PrivateTest"},
}


@dataclass(frozen=True)
class FolderFaces:
    """Faces read from folders, and what could not be used.

    Attributes:
        table: a row a face; `usage` as the folders say.
        left_out: why files were left out, and how many.
    """

    table: FaceTable
    left_out: dict[str, int]


def _folders(folder: Path) -> list[tuple[str, Path]]:
    """Return the folders of a folder with their lower-case names, hidden ones left out."""
    if not folder.is_dir():
        raise InputError(f"expected a folder of class folders at {folder}, found none; name one that has angry/, happy/ …")
    return [(path.name.lower(), path) for path in sorted(folder.iterdir()) if path.is_dir() and path.name[0] not in "._"]


def class_folders(folder: Path) -> list[tuple[str, str, Path]]:
    """Return (split, class, folder) of each class folder, where the split is one of FER2013's usages.

    Args:
        folder: holds class folders, or folders named train, test, validation that hold them.

    Raises:
        InputError: there is no such folder, it is empty, or folders have names that stand for no class.
    """
    inside = _folders(folder)
    split = bool(inside) and {name for name, _ in inside} <= set(SPLITS)
    parts = [(SPLITS[name], _folders(path)) for name, path in inside] if split else [("Training", inside)]
    found = [(usage, name, path) for usage, classes in parts for name, path in classes]
    unknown = sorted({str(path.relative_to(folder)) for _, name, path in found if name not in SYNONYMS})
    if unknown or not found:
        came = ", ".join(unknown) or "no folders"
        raise InputError(f"class folders of {folder} must be named {', '.join(FER2013.names)}; got {came}; rename or move them")
    return [(usage, SYNONYMS[name], path) for usage, name, path in found]


def chip_of(image: Array) -> Array:
    """Return a face's picture, (H, W, 3) uint8 RGB, as a (48, 48) uint8 gray chip."""
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    side = (CHIP_SIZE, CHIP_SIZE)
    return gray if gray.shape == side else cv2.resize(gray, side, interpolation=cv2.INTER_AREA)


def cutter(detector: FaceDetector) -> Cut:
    """Return what makes a chip of a picture as serving does: chips as they are, the main face of anything larger."""

    def cut(image: Array) -> Array | None:
        if image.shape[:2] == (CHIP_SIZE, CHIP_SIZE):
            return chip_of(image)
        chips = face_chips(image, main_face(detector.detect(image)))
        return chips[0] if len(chips) else None

    return cut


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def _read(path: Path, cut: Cut) -> Array | str:
    """Return a file's chip, or why it has none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a decoder grumbles about and reads all the same
            chip = cut(read_image(path))
    except MediaError:
        return "unreadable"
    return "no face found" if chip is None else chip


def read_faces(folder: Path, cut: Cut = chip_of) -> FolderFaces:
    """Read every picture of the class folders of a folder.

    Args:
        folder: see `class_folders`.
        cut: makes a chip of a picture; `chip_of` takes every picture for a face, `cutter` looks for one.

    Raises:
        InputError: see `class_folders`; or no picture could be used.
    """
    classes = class_folders(folder)
    files = [(usage, name, path) for usage, name, inside in classes for path in _files(inside)]
    read = [(usage, name, _read(path, cut)) for usage, name, path in track(files, "reading faces")]
    kept = [(usage, name, chip) for usage, name, chip in read if not isinstance(chip, str)]
    left_out = dict(Counter(chip for _, _, chip in read if isinstance(chip, str)))
    if not kept:
        came = f"none of {len(files)} files ({left_out})"
        raise InputError(f"expected pictures of faces in {folder}, got {came}; check the files")
    table = table_of([chip for *_, chip in kept], [name for _, name, _ in kept], [usage for usage, *_ in kept])
    return FolderFaces(table, left_out)


def table_of(chips: list[Array], names: list[str], usage: list[str]) -> FaceTable:
    """Return a table of (48, 48) chips, their class names and splits; without votes."""
    count = len(chips)
    return FaceTable(
        images=np.stack(chips),
        labels=np.array([FER2013.index(name) for name in names]),
        votes=np.zeros((count, len(VOTE_NAMES)), np.int64),
        usage=np.array(usage),
        exact=np.ones(count, bool),
        rows=np.arange(count),
    )
