"""Workshop. Holds a copy of FER2013 against the one that Mien was built with.

`published.json` has its counts, and the hashes of pixels, labels and votes of the rows whose pixels are known to be exact;
`python -m fer_train prepare --publish` writes it.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core import FER2013, InputError
from fer_train.data import USAGES, FaceTable
from fer_train.tables import write_text

Array = npt.NDArray[Any]
PUBLISHED = Path(__file__).with_name("published.json")


def counts_of(table: FaceTable) -> dict[str, dict[str, int]]:
    """Return rows per split and class."""
    numbers = {usage: np.bincount(table.labels[table.usage == usage], minlength=len(FER2013)) for usage in USAGES}
    return {usage: dict(zip(FER2013.names, map(int, found), strict=True)) for usage, found in numbers.items()}


def hashes_of(table: FaceTable, inexact_rows: list[int]) -> dict[str, dict[str, str]]:
    """Return the sha256 of pixels, labels and votes of each split, in the order of the rows, without the inexact ones."""
    exact = table[~np.isin(table.rows, inexact_rows)]
    columns = {"pixels": exact.images, "labels": exact.labels.astype("<i8"), "votes": exact.votes.astype("<i8")}
    return {
        column: {usage: hashlib.sha256(values[exact.usage == usage].tobytes()).hexdigest() for usage in USAGES}
        for column, values in columns.items()
    }


def publish(table: FaceTable, path: Path = PUBLISHED) -> None:
    """Write the counts and hashes of a copy as the ones that others are held against."""
    inexact = table.rows[~table.exact].tolist()
    values = {"counts": counts_of(table), "sha256": hashes_of(table, inexact), "inexact_rows": inexact}
    write_text(path, json.dumps(values) + "\n")


def wrong_counts(table: FaceTable, path: Path = PUBLISHED) -> list[str]:
    """Return what is wrong with the counts per split and class, a sentence each."""
    wanted, found = json.loads(path.read_text(encoding="utf-8"))["counts"], counts_of(table)
    return [
        f"{usage} should have {wanted[usage][name]} rows of {name}, and has {found[usage][name]}"
        for usage in USAGES
        for name in FER2013.names
        if wanted[usage][name] != found[usage][name]
    ]


def need_counts(table: FaceTable, path: Path = PUBLISHED) -> None:
    """Refuse a copy with other counts than the published ones.

    Raises:
        InputError: a split has more or fewer rows of a class.
    """
    wrong = wrong_counts(table, path)
    if wrong:
        raise InputError(f"expected FER2013's official splits, got others: {'; '.join(wrong)}; fetch it again, or pass --any")


def differing(table: FaceTable, path: Path = PUBLISHED) -> list[str]:
    """Return which hashes differ from those of the copy that Mien was built with, a sentence each."""
    published = json.loads(path.read_text(encoding="utf-8"))
    found = hashes_of(table, published["inexact_rows"])
    return [
        f"the {column} of {usage} are not those of the copy that Mien was built with"
        for column, splits in published["sha256"].items()
        for usage, wanted in splits.items()
        if found[column][usage] != wanted
    ]
