"""Workshop. Reads FER2013 and FER+ in the files in which the public distributes them.

`fer2013.csv` (emotion, pixels, Usage) and `fer2013new.csv` (votes) hold the same 35,887 rows in the same order.
An optional `fer2013_rows.csv` names rows whose pixels are known to be inexact.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core import FER2013, InputError
from fer_core.errors import shown
from fer_train.tables import read_rows, save_arrays

Array = npt.NDArray[Any]
CHIP_SIZE = 48
VOTE_NAMES = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF")
USAGES = ("Training", "PublicTest", "PrivateTest")
_MOST_VOTES = 1000  # of one label; FER+ asked ten people
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


def _need(numbers: Array, count: int, most: int, what: str, came: str) -> Array:
    """Refuse other than so many numbers of 0 to `most`."""
    if numbers.shape != (count,) or numbers.min() < 0 or numbers.max() > most:
        raise InputError(f"expected {what}: {count} of 0 to {most}, got {shown(came)}; correct the file, or fetch it again")
    return numbers


def _parsed(rows: list[dict[str, str]], columns: tuple[str, ...], most: int, what: str) -> Array:
    """Return (N, C) whole numbers of some columns."""
    found = []
    for number, row in enumerate(rows):
        texts = [row[name] or "" for name in columns]
        numbers = np.array([int(text) if text.strip().isdecimal() else -1 for text in texts])
        found.append(_need(numbers, len(columns), most, f"{what} of row {number}", " ".join(texts)))
    return np.stack(found)


def _parse_pixels(texts: list[str]) -> Array:
    count, flat = CHIP_SIZE * CHIP_SIZE, []
    for row, text in enumerate(texts):
        try:
            numbers = np.fromstring(text or "", dtype=np.int64, sep=" ")
        except ValueError:  # it holds something else
            numbers = np.zeros(0, np.int64)
        flat.append(_need(numbers, count, 255, f"pixels of row {row}", text or "").astype(np.uint8))
    return np.stack(flat).reshape(-1, CHIP_SIZE, CHIP_SIZE)


def _read_exact(path: Path, count: int) -> Array:
    if not path.is_file():
        return np.ones(count, bool)
    exact = np.array([row["pixels_exact"] == "1" for row in read_rows(path, "pixels_exact")])
    if len(exact) != count:
        raise InputError(f"expected a row in {path} for each of {count} faces, got {len(exact)}; fetch it again, or remove it")
    return exact


def read_csv_files(folder: Path) -> FaceTable:
    """Read fer2013.csv and fer2013new.csv of a folder.

    Raises:
        InputError: a file is missing, or lacks a column, or the two do not describe the same rows; or a value is none that
            belongs there, and which.
    """
    faces = read_rows(folder / "fer2013.csv", "emotion", "pixels", "Usage")
    votes = read_rows(folder / "fer2013new.csv", "Usage", *VOTE_NAMES)
    if not faces:
        raise InputError(f"expected faces in {folder / 'fer2013.csv'}, got its head alone; fetch it again")
    usage = np.array([row["Usage"] for row in faces])
    if not np.array_equal(usage, [row["Usage"] for row in votes]):
        raise InputError(f"fer2013.csv and fer2013new.csv of {folder} must list the same rows; fetch both again")
    if unknown := sorted({row["Usage"] for row in faces} - {*USAGES}):
        raise InputError(f"Usage of fer2013.csv must be one of {', '.join(USAGES)}, got {unknown[0]!r}; correct it")
    return FaceTable(
        images=_parse_pixels([row["pixels"] for row in faces]),
        labels=_parsed(faces, ("emotion",), len(FER2013) - 1, "an emotion")[:, 0],
        votes=_parsed(votes, VOTE_NAMES, _MOST_VOTES, "votes"),
        usage=usage,
        exact=_read_exact(folder / "fer2013_rows.csv", len(faces)),
        rows=np.arange(len(faces)),
    )


def save_table(path: Path, table: FaceTable) -> None:
    """Write a table as one compressed numpy file, whole or not at all."""
    save_arrays(path, **{f.name: getattr(table, f.name) for f in fields(table)})


def load_table(path: Path) -> FaceTable:
    """Read what `save_table` wrote.

    Raises:
        InputError: the file is missing or damaged.
    """
    if not path.is_file():
        raise InputError(f"expected prepared data at {path}, found none; run `python -m fer_train prepare` first")
    try:
        with path.open("rb") as file, np.load(file) as arrays:
            return FaceTable(**{f.name: arrays[f.name] for f in fields(FaceTable)})
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as fault:
        raise InputError(f"expected prepared data at {path}, got {fault}; remove it, and prepare the faces again") from fault
