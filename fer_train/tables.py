"""Workshop. Rows ↔ csv, the one form in which every measurement is kept; and files that are whole or not there at all."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core import InputError
from fer_core.files import replacing

Array = npt.NDArray[Any]


def read_rows(path: Path, *columns: str) -> list[dict[str, str]]:
    """Return the rows of a csv file with a head; blanks about the names of columns, and Excel's mark, do not count.

    Raises:
        InputError: the file is missing, is no text in UTF-8, or lacks a column.
    """
    need = f"expected {path} with the columns {', '.join(columns)}"
    if not path.is_file():
        raise InputError(f"{need}, found no such file; put it there (docs/TRAINING.md)")
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            head = [name.strip() for name in next(csv.reader(file), [])]
            if lacking := [name for name in columns if name not in head]:
                raise InputError(f"{need}, got none named {', '.join(lacking)}; rename or add them")
            return list(csv.DictReader(file, head))
    except (UnicodeDecodeError, csv.Error) as fault:
        raise InputError(f"{need}, as text in UTF-8, got {fault}; save it anew as CSV in UTF-8") from fault


def write_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows that share their keys as csv, the keys first."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_text(path, text.getvalue())


def write_text(path: Path, text: str) -> None:
    """Write a file in one step, so that a kill leaves the old one or the new.

    Raises:
        WriteError: it cannot be written.
    """
    with replacing(path) as file:
        file.write(text.encode())


def save_arrays(path: Path, **arrays: Array) -> None:
    """Write a compressed numpy file in one step.

    Raises:
        WriteError: it cannot be written.
    """
    with replacing(path) as file:
        np.savez_compressed(file, **arrays)


def read_curves(path: Path) -> list[dict[str, str]]:
    """Return the epochs of a run's curves, a row each; none where there is no file."""
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
