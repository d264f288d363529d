"""Pure. Timeline ⇄ the bytes of a CSV or JSON file, schema version 2 (docs/SCHEMA.md). Both read back exactly.

Files of version 1 are still read. A CSV begins with a byte-order mark, by which Excel knows UTF-8; pandas and Python
("utf-8-sig") skip it.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterator
from typing import Any, NoReturn

from fer_core.document import FACE_KEYS, FRAME_KEYS, VERSION, Document, document_of, timeline_of
from fer_core.errors import InputError, shortened
from fer_core.labels import LabelSet
from fer_core.table import CSV_COLUMNS, PERSON_COLUMNS, document_of_rows
from fer_core.timeline import Timeline

MAX_BYTES = 64 * 1024 * 1024  # some 400,000 faces

_MAX_HEAD_BYTES = 16_384
_BYTES_A_VALUE = 10  # of the JSON that Mien writes: a picture takes 91 bytes or more and 9 values, a face some 350 and 17

_FORMULA_STARTS = tuple("=+-@＝＋－＠")  # the full-width forms too: spreadsheets take them for the plain ones


def to_csv(timeline: Timeline) -> bytes:
    """Return a timeline as CSV: one row per face, and one with empty face columns for a picture without faces.

    Text that a spreadsheet could take for a formula gets an apostrophe in front; `from_csv` takes it away again.

    Returns:
        UTF-8 with a byte-order mark, lines ended by CR LF (RFC 4180).
    """
    return csv_head(timeline.labels) + csv_body(timeline)


def csv_head(labels: LabelSet) -> bytes:
    """Return the byte-order mark and the line of column names with which a CSV begins."""
    return b"\xef\xbb\xbf" + _line((*CSV_COLUMNS, *(f"p_{name}" for name in labels.names))).encode()


def csv_body(timeline: Timeline) -> bytes:
    """Return the lines of a CSV below its column names; those of several timelines may follow each other."""
    return "".join(map(_line, _csv_rows(document_of(timeline)))).encode()


def from_csv(data: bytes, *, max_bytes: int = MAX_BYTES) -> Timeline:
    """Return the timeline of a CSV file that `to_csv` wrote.

    Raises:
        InputError: the bytes are no such file, or more than `max_bytes`.
    """
    need_size(data, max_bytes)
    if len(data) > _MAX_HEAD_BYTES and b"\n" not in data[:_MAX_HEAD_BYTES]:
        raise InputError("expected a first line of column names, got a far longer line; export the timeline again")
    try:
        # Decoded line by line: a text of the whole would take up to four times the memory.
        rows = csv.reader(io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", newline=""), strict=True)
        document = document_of_rows(next(rows, []), rows)
    except InputError:
        raise
    except (ValueError, csv.Error) as fault:
        raise InputError(
            f"expected a CSV file that Mien wrote (schema 1 or {VERSION}), got {shortened(fault)}; export it again"
        ) from fault
    return timeline_of(document)


def to_json(timeline: Timeline) -> bytes:
    """Return a timeline as JSON (UTF-8); fer_core/schemas/timeline-2.json describes it."""
    return json.dumps(document_of(timeline), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def from_json(data: bytes, *, max_bytes: int = MAX_BYTES) -> Timeline:
    """Return the timeline of a JSON file that `to_json` wrote.

    Raises:
        InputError: the bytes are no such file, or more than `max_bytes`.
    """
    need_size(data, max_bytes)
    _need_parts(data, max_bytes)
    try:
        document = json.loads(data, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as fault:
        raise InputError(
            f"expected a JSON file that Mien wrote (schema 1 or {VERSION}), got {shortened(fault)}; export it again"
        ) from fault
    return timeline_of(document)


def _need_parts(data: bytes, max_bytes: int) -> None:
    """Refuse JSON of so many values that they would take many times its size: an empty object costs 36 times its bytes."""
    most = max_bytes // _BYTES_A_VALUE
    if (came := sum(map(data.count, (b",", b"{", b"[")))) > most:
        raise InputError(f"expected at most {most} values, got {came}; export a shorter timeline")


def need_size(data: bytes, max_bytes: int) -> None:
    """Refuse a file of results that is empty, or larger than allowed.

    Raises:
        InputError: it is.
    """
    if not data:
        raise InputError("expected a file that Mien wrote, got an empty one; export it again")
    if len(data) > max_bytes:
        raise InputError(f"expected at most {max_bytes / 2**20:g} MB, got {len(data) / 2**20:.1f} MB; export a shorter timeline")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name}, which is no number")


def _line(cells: tuple[Any, ...]) -> str:
    return ",".join(map(_cell, cells)) + "\r\n"


def _csv_rows(document: Document) -> Iterator[tuple[Any, ...]]:
    said = {(p["source"], p["track_id"]): (p["name"] or None, int(p["hidden"]) or None) for p in document["people"]}
    blank = (None,) * (1 + len(PERSON_COLUMNS) + len(FACE_KEYS) + len(document["labels"]))
    for frame in document["frames"]:
        start = (frame["source"], VERSION, *(frame[key] for key in FRAME_KEYS[1:-1]), frame["note"] or None)
        for number, face in enumerate(frame["faces"]):
            person = said.get((frame["source"], face["track_id"]), (None, None))
            values = (face["track_id"], *person, *(face[key] for key in FACE_KEYS[1:]))
            yield (*start, number, *values, *face["probabilities"].values())
        if not frame["faces"]:
            yield (*start, *blank)


def _cell(value: str | float | None) -> str:
    if value is None:
        return ""
    return '"' + _guarded(value).replace('"', '""') + '"' if isinstance(value, str) else repr(value)


def _guarded(text: str) -> str:
    """Return text that no spreadsheet takes for a formula; an apostrophe at its start is doubled, to be reversible."""
    unseen = text[:1].isspace() or unicodedata.category(text[0])[0] == "C" if text else False  # it may hide a formula's start
    return "'" + text if unseen or text.startswith(("'", *_FORMULA_STARTS)) else text
