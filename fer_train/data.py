"""Workshop. Reads FER2013 and FER+ in the files in which the public distributes them.

`fer2013.csv` (emotion, pixels, Usage) and `fer2013new.csv` (votes) hold the same 35,887 rows in the same order.
An optional `fer2013_rows.csv` names rows whose pixels are known to be inexact.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core import InputError
from fer_train.tables import read_rows

Array = npt.NDArray[Any]
CHIP_SIZE = 48
VOTE_NAMES = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF")
USAGES = ("Training", "PublicTest", "PrivateTest")
PUBLISHED_COUNTS = {"Training": 28709, "PublicTest": 3589, "PrivateTest": 3589}


@dataclass(frozen=True)
class FaceTable:
    """Labelled faces, a row each.

    Attributes:
        images: (N, 48, 48) uint8, gray.
        labels: (N,) int64, index into FER2013's labels.
        votes: (N, 10) int64, FER+ votes in the order of `VOTE_NAMES`.
        usage: (N,) str, the official split.
        exact: (N,) bool, the pixels are those of the published file.
        rows: (N,) int64, the row in fer2013.csv, from 0.
    """

    images: Array
    labels: Array
    votes: Array
    usage: Array
    exact: Array
    rows: Array

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, rows: Array) -> FaceTable:
        """Return the chosen rows: a mask or an index array."""
        return FaceTable(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    @property
    def read(self) -> tuple[Array, ...]:
        """All of it that training reads."""
        return self.images, self.labels, self.votes, self.usage, self.exact

    def joined(self, other: FaceTable) -> FaceTable:
        """Return the rows of both, these first."""
        return FaceTable(**{f.name: np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)})

    def split(self, usage: str) -> FaceTable:
        """Return the rows of one official split."""
        return self[self.usage == usage]


def _parse_pixels(texts: list[str]) -> Array:
    flat = np.stack([np.fromstring(t, dtype=np.uint8, sep=" ") for t in texts])
    return flat.reshape(-1, CHIP_SIZE, CHIP_SIZE)


def _read_exact(path: Path, count: int) -> Array:
    if not path.is_file():
        return np.ones(count, bool)
    return np.array([row["pixels_exact"] == "1" for row in read_rows(path, "pixels_exact")])


def read_csv_files(folder: Path) -> FaceTable:
    """Read fer2013.csv and fer2013new.csv of a folder.

    Raises:
        InputError: a file is missing, or lacks a column, or the two do not describe the same rows.
    """
    faces = read_rows(folder / "fer2013.csv", "emotion", "pixels", "Usage")
    votes = read_rows(folder / "fer2013new.csv", "Usage", *VOTE_NAMES)
    usage = np.array([row["Usage"] for row in faces])
    if not np.array_equal(usage, [row["Usage"] for row in votes]):
        raise InputError(f"fer2013.csv and fer2013new.csv of {folder} must list the same rows; fetch both again")
    return FaceTable(
        images=_parse_pixels([row["pixels"] for row in faces]),
        labels=np.array([int(row["emotion"]) for row in faces]),
        votes=np.array([[int(row[name]) for name in VOTE_NAMES] for row in votes]),
        usage=usage,
        exact=_read_exact(folder / "fer2013_rows.csv", len(faces)),
        rows=np.arange(len(faces)),
    )


def save_table(path: Path, table: FaceTable) -> None:
    """Write a table as one compressed numpy file."""
    np.savez_compressed(path, **{f.name: getattr(table, f.name) for f in fields(table)})


def load_table(path: Path) -> FaceTable:
    """Read what `save_table` wrote.

    Raises:
        InputError: the file is missing.
    """
    if not path.is_file():
        raise InputError(f"expected prepared data at {path}, found none; run `python -m fer_train prepare` first")
    with np.load(path) as arrays:
        return FaceTable(**{f.name: arrays[f.name] for f in fields(FaceTable)})
