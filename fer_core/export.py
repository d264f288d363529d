"""Pure. Timeline ⇄ the bytes of a CSV or JSON file, schema version 1 (docs/SCHEMA.md). Both read back exactly.

A CSV begins with a byte-order mark, by which Excel knows UTF-8; pandas and Python ("utf-8-sig") skip it.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterator
from typing import Any, NoReturn

from fer_core.document import FACE_KEYS, FRAME_KEYS, SCHEMA, VERSION, Document, document_of, timeline_of
from fer_core.errors import InputError
from fer_core.timeline import Timeline

MAX_BYTES = 64 * 1024 * 1024  # some 400,000 faces

# The source stands first, in quotes: there a quote counts in every locale, so that no separator in a file name can begin a cell.
CSV_COLUMNS = ("source", "schema_version", *FRAME_KEYS[1:], "face_index", *FACE_KEYS)
"""The columns of every CSV; one "p_<label>" per label follows."""

_WHOLE = {"frame_index", "width_px", "height_px", "face_index", "track_id"}
_FORMULA_STARTS = tuple("=+-@＝＋－＠")  # the full-width forms too: spreadsheets take them for the plain ones


def to_csv(timeline: Timeline) -> bytes:
    """Return a timeline as CSV: one row per face, and one with empty face columns for a picture without faces.

    Text that a spreadsheet could take for a formula gets an apostrophe in front; `from_csv` takes it away again.

    Returns:
        UTF-8 with a byte-order mark, lines ended by CR LF (RFC 4180).
    """
    document = document_of(timeline)
    lines = [(*CSV_COLUMNS, *(f"p_{name}" for name in document["labels"])), *_csv_rows(document)]
    text = "".join(",".join(map(_cell, line)) + "\r\n" for line in lines)
    return b"\xef\xbb\xbf" + text.encode()


def from_csv(data: bytes, *, max_bytes: int = MAX_BYTES) -> Timeline:
    """Return the timeline of a CSV file that `to_csv` wrote.

    Raises:
        InputError: the bytes are no such file, or more than `max_bytes`.
    """
    _need_size(data, max_bytes)
    try:
        header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        return timeline_of(_csv_document(header, rows))
    except InputError:
        raise
    except (ValueError, csv.Error) as fault:
        raise InputError(f"expected a CSV file that Mien wrote (schema {VERSION}), got {fault}; export it again") from fault


def to_json(timeline: Timeline) -> bytes:
    """Return a timeline as JSON (UTF-8); fer_core/schemas/timeline-1.json describes it."""
    return json.dumps(document_of(timeline), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def from_json(data: bytes, *, max_bytes: int = MAX_BYTES) -> Timeline:
    """Return the timeline of a JSON file that `to_json` wrote.

    Raises:
        InputError: the bytes are no such file, or more than `max_bytes`.
    """
    _need_size(data, max_bytes)
    try:
        document = json.loads(data, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as fault:
        raise InputError(f"expected a JSON file that Mien wrote (schema {VERSION}), got {fault}; export it again") from fault
    return timeline_of(document)


def _need_size(data: bytes, max_bytes: int) -> None:
    if not data:
        raise InputError("expected a file that Mien wrote, got an empty one; export it again")
    if len(data) > max_bytes:
        raise InputError(f"expected at most {max_bytes / 2**20:g} MB, got {len(data) / 2**20:.1f} MB; export a shorter timeline")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name}, which is no number")


def _csv_rows(document: Document) -> Iterator[tuple[Any, ...]]:
    blank = (None,) * (1 + len(FACE_KEYS) + len(document["labels"]))
    for frame in document["frames"]:
        start = (frame["source"], VERSION, *(frame[key] for key in FRAME_KEYS[1:]))
        for number, face in enumerate(frame["faces"]):
            yield (*start, number, *(face[key] for key in FACE_KEYS), *face["probabilities"].values())
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


def _unguarded(text: str) -> str:
    return text.removeprefix("'")


def _csv_document(header: list[str], rows: list[list[str]]) -> Document:
    """Return the document behind a CSV's rows; a face numbered 0, or none, begins the next picture."""
    labels = [name.removeprefix("p_") for name in header[len(CSV_COLUMNS) :]]
    if header != [*CSV_COLUMNS, *(f"p_{name}" for name in labels)]:
        raise InputError(f"expected the columns {', '.join(CSV_COLUMNS)} and p_<label>, got {header[:20]}; export it again")
    frames: list[Document] = []
    for row in rows:
        values = dict(zip(header, row, strict=True))
        if values["schema_version"] != str(VERSION):
            raise InputError(f"expected schema version {VERSION}, got {values['schema_version']!r}; export it again")
        frame = {key: _value(key, values[key]) for key in FRAME_KEYS}
        if values["face_index"] in ("", "0"):
            frames.append(frame | {"faces": []})
        _add_face(frames, frame, values, labels)
    return {"schema": SCHEMA, "version": VERSION, "labels": labels, "frames": frames}


def _add_face(frames: list[Document], frame: Document, values: dict[str, str], labels: list[str]) -> None:
    """Add a row's face, if it has one, to the last picture, which must be its own."""
    if values["face_index"] == "":
        if any(values[key] for key in (*FACE_KEYS, *(f"p_{name}" for name in labels))):
            raise InputError("a row without face_index must have no face, got some of its columns filled; export it again")
        return
    last = frames[-1] if frames else {"faces": []}
    if {**last, "faces": []} != {**frame, "faces": []} or int(values["face_index"]) != len(last["faces"]):
        raise InputError(
            f"the faces of a picture must follow each other from 0, got {values['face_index']!r}; keep the rows in order"
        )
    face = {key: _value(key, values[key]) for key in FACE_KEYS}
    last["faces"].append(face | {"probabilities": {name: float(values[f"p_{name}"]) for name in labels}})


def _value(key: str, text: str) -> str | int | float:
    if key in ("source", "label"):
        return _unguarded(text)
    return int(text) if key in _WHOLE else float(text)
