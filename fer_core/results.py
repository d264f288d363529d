"""Adapter. The outcomes of many files → one file of results, written whole and with little memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from fer_core.document import document_of
from fer_core.errors import InputError
from fer_core.export import csv_head, from_csv
from fer_core.files import replacing
from fer_core.labels import LabelSet
from fer_core.parquet import ParquetFile, need_pyarrow
from fer_core.timeline import Timeline
from fer_core.work import Outcome

KINDS = (".csv", ".json", ".parquet")


def need_kind(out: Path) -> str:
    """Return the suffix that says what kind of file results go to.

    Raises:
        InputError: no such kind, or pyarrow is needed and not installed.
    """
    if out.suffix.lower() not in KINDS:
        raise InputError(f"expected a file of results that ends in {', '.join(KINDS)}, got {str(out)!r}; rename it")
    if out.suffix.lower() == ".parquet":  # said before hours of work, not after
        need_pyarrow()
    return out.suffix.lower()


def write_results(out: Path, outcomes: Iterable[Outcome], labels: LabelSet) -> None:
    """Write the results of files, one after the other, to a file of the kind that its suffix says.

    Args:
        out: ends in .csv, .json or .parquet; replaced when the new one is whole.
        outcomes: in the order in which they should stand; taken one at a time.
        labels: the label set of all of them.

    Raises:
        InputError: the suffix is another one, or pyarrow is needed and not installed.
        WriteError: the file cannot be written.
    """
    kind = need_kind(out)
    with replacing(out) as file:
        if kind == ".csv":
            file.write(csv_head(labels))
            file.writelines(outcome.lines for outcome in outcomes)
        elif kind == ".json":
            _write_json(file, _timelines(outcomes, labels), labels)
        else:
            _write_parquet(file, _timelines(outcomes, labels), labels)


def _timelines(outcomes: Iterable[Outcome], labels: LabelSet) -> Iterator[Timeline]:
    for outcome in outcomes:
        data = csv_head(labels) + outcome.lines
        yield from_csv(data, max_bytes=len(data))


def _write_json(file: BinaryIO, timelines: Iterable[Timeline], labels: LabelSet) -> None:
    """Write what `to_json` would of all of them together: the same document with its pictures put in one by one."""
    start = json.dumps(document_of(Timeline.of([], [], labels=labels)), ensure_ascii=False, separators=(",", ":"))
    assert start.endswith('"frames":[]}')
    file.write(start[:-2].encode())
    comma = b""
    for timeline in timelines:
        for frame in document_of(timeline)["frames"]:
            file.write(comma + json.dumps(frame, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode())
            comma = b","
    file.write(b"]}")


def _write_parquet(file: BinaryIO, timelines: Iterable[Timeline], labels: LabelSet) -> None:
    with ExitStack() as stack:
        rows = stack.enter_context(ParquetFile(file, labels))
        for timeline in timelines:
            rows.add(timeline)
