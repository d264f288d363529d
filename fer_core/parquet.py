"""Adapter. Timeline ⇄ the bytes of a Parquet file (pyarrow): the columns of the CSV, typed (docs/SCHEMA.md)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, BinaryIO, Self

import numpy as np
import numpy.typing as npt

from fer_core.document import BOX_KEYS, SCHEMA, VERSION
from fer_core.errors import InputError, shown
from fer_core.export import need_size
from fer_core.labels import LabelSet
from fer_core.people import Person
from fer_core.timeline import Timeline

if TYPE_CHECKING:
    import pyarrow as pa

Array = npt.NDArray[Any]

MOST_BYTES = 1024 * 1024 * 1024  # some 20 million faces: what large runs write


def to_parquet(timeline: Timeline) -> bytes:
    """Return a timeline as Parquet: one row per face, and one with empty face columns for a picture without faces.

    Raises:
        InputError: pyarrow is not installed.
    """
    file = io.BytesIO()
    with ParquetFile(file, timeline.labels) as rows:
        rows.add(timeline)
    return file.getvalue()


def from_parquet(data: bytes, *, max_bytes: int = MOST_BYTES) -> Timeline:
    """Return the timeline of a Parquet file that `to_parquet` wrote.

    Raises:
        InputError: the bytes are no such file, or more than `max_bytes`, or its rows contradict each other; or pyarrow is not
            installed.
    """
    need_pyarrow()
    need_size(data, max_bytes)
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.read_table(pa.BufferReader(data))
    except (pa.ArrowException, OSError) as fault:
        raise InputError(f"expected a Parquet file that Mien wrote, got {fault}; export it again") from fault
    labels = LabelSet(tuple(name.removeprefix("p_") for name in table.column_names if name.startswith("p_")) or ("none",))
    if not table.schema.equals(_schema(labels)) or (table["schema_version"].to_numpy() != VERSION).any():
        raise InputError(f"expected the columns of {SCHEMA} version {VERSION}, got {table.column_names[:30]}; export it again")
    return _timeline(table, labels)


class ParquetFile:
    """A Parquet file that timelines are added to, one after the other; a context manager.

    Args:
        file: open for writing bytes.
        labels: the label set of all of them.

    Raises:
        InputError: pyarrow is not installed.
    """

    def __init__(self, file: BinaryIO, labels: LabelSet) -> None:
        need_pyarrow()
        from pyarrow import parquet

        self._schema = _schema(labels)
        self._writer = parquet.ParquetWriter(file, self._schema, compression="zstd")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        self._writer.close()

    def add(self, timeline: Timeline) -> None:
        """Add the rows of a timeline."""
        self._writer.write_table(_table(timeline, self._schema))


def need_pyarrow() -> None:
    """Refuse to go on without pyarrow.

    Raises:
        InputError: it is not installed.
    """
    try:
        import pyarrow  # noqa: F401 - asked for here, so that the rest of the library does without it
    except ImportError as fault:
        raise InputError("Parquet needs pyarrow, which this Python lacks; run pip install pyarrow, or choose CSV") from fault


def _schema(labels: LabelSet) -> pa.Schema:
    import pyarrow as pa

    whole, text, real = pa.int64(), pa.string(), pa.float32()
    start = {"source": text, "schema_version": whole, "frame_index": whole, "time_s": pa.float64(), "width_px": whole}
    start |= {"height_px": whole, "note": text, "face_index": whole, "track_id": whole, "person": text, "hidden": pa.bool_()}
    face = dict.fromkeys((*BOX_KEYS, "face_score"), real) | {"label": text, "confidence": real}
    return pa.schema(list((start | face | {f"p_{name}": real for name in labels.names}).items()))


def _table(timeline: Timeline, schema: pa.Schema) -> pa.Table:
    """Return the rows of a timeline: `pictures` says which picture a row is of, `faces` which face, -1 for none."""
    import pyarrow as pa

    counts = np.bincount(timeline.rows, minlength=len(timeline.sources))
    pictures = np.repeat(np.arange(len(counts)), np.maximum(counts, 1))
    starts = np.cumsum(np.maximum(counts, 1)) - np.maximum(counts, 1)
    here = counts[pictures] > 0
    faces = np.full(len(pictures), -1)
    faces[here] = np.arange(len(timeline))
    said = {(person.source, person.track_id): person for person in timeline.people}
    keys = [(timeline.sources[p], int(timeline.track_ids[f])) if f >= 0 else None for p, f in zip(pictures, faces, strict=True)]
    people = [said.get(key, Person(*key)) if key else None for key in keys]
    columns: dict[str, Any] = {
        "source": [timeline.sources[p] for p in pictures],
        "schema_version": np.full(len(pictures), VERSION),
        "frame_index": timeline.frame_indices[pictures],
        "time_s": timeline.times_s[pictures],
        "width_px": timeline.sizes_wh[pictures, 0],
        "height_px": timeline.sizes_wh[pictures, 1],
        "note": [timeline.notes[p] for p in pictures],
        "person": [person.name if person else None for person in people],
        "hidden": [person.hidden if person else None for person in people],
        "label": [timeline.labels.names[i] if i >= 0 else None for i in _tops(timeline, faces)],
    }
    values = {"face_index": np.arange(len(pictures)) - starts[pictures], "track_id": _of(timeline.track_ids, faces)}
    values |= {name: _of(timeline.boxes[:, i], faces) for i, name in enumerate(BOX_KEYS)}
    values |= {"face_score": _of(timeline.scores, faces), "confidence": _of(timeline.emotions.confidence, faces)}
    values |= {f"p_{name}": _of(timeline.probs[:, i], faces) for i, name in enumerate(timeline.labels.names)}
    columns |= {name: pa.array(column, mask=~here) for name, column in values.items()}
    return pa.table({name: columns[name] for name in schema.names}, schema=schema)


def _of(column: Array, faces: Array) -> Array:
    """Return a column's values for rows of faces; any value where there is none."""
    return column[faces] if len(column) else np.zeros(len(faces), column.dtype)


def _tops(timeline: Timeline, faces: Array) -> list[int]:
    tops = timeline.probs.argmax(axis=1) if len(timeline) else np.zeros(0, np.int64)
    top: list[int] = np.where(faces >= 0, _of(tops, faces), -1).tolist()
    return top


def _timeline(table: pa.Table, labels: LabelSet) -> Timeline:
    """Return the timeline of a table of the right columns: a face numbered 0, or none, begins the next picture."""
    from pyarrow import compute

    first = compute.fill_null(compute.equal(table["face_index"], 0), True).to_numpy(zero_copy_only=False)
    there = table["face_index"].is_valid().to_numpy(zero_copy_only=False)
    begins, faces = table.filter(first), table.filter(there)
    _need_order(table, first)
    try:
        numbers = {name: begins[name].to_numpy() for name in ("frame_index", "time_s", "width_px", "height_px")}
        people = {
            Person(source, number, name, hidden)
            for source, number, name, hidden in zip(
                *(faces[key].to_pylist() for key in ("source", "track_id", "person", "hidden")), strict=True
            )
            if name or hidden
        }
        timeline = Timeline(
            tuple(begins["source"].to_pylist()),
            numbers["frame_index"],
            numbers["time_s"],
            np.stack([numbers["width_px"], numbers["height_px"]], axis=1),
            (np.cumsum(first) - 1)[there],
            faces["track_id"].to_numpy(),
            np.stack([faces[key].to_numpy() for key in BOX_KEYS], axis=1),
            faces["face_score"].to_numpy(),
            np.stack([faces[f"p_{name}"].to_numpy() for name in labels.names], axis=1),
            labels,
            tuple(begins["note"].to_pylist()),
            tuple(people),
        )
        _need_likeliest(timeline, faces)
        return timeline
    except (TypeError, AttributeError) as fault:  # empty cells where none may be
        raise InputError(f"expected no empty cells but those of faces, got {fault}; export it again") from fault


def _need_order(table: pa.Table, first: Array) -> None:
    """Refuse rows of which one is not of the picture that it follows: its faces are numbered from 0, and say the same of it."""
    starts = np.flatnonzero(first)
    picture = np.cumsum(first) - 1
    numbers = table["face_index"].fill_null(0).to_numpy()
    if len(first) and (not first[0] or (numbers != np.arange(len(first)) - starts[picture]).any()):
        raise InputError("the faces of a picture must follow each other from 0, got others; keep the rows in order")
    for name in ("source", "frame_index", "time_s", "width_px", "height_px", "note"):
        if table[name].combine_chunks() != table[name].take(starts[picture]).combine_chunks():
            raise InputError(f"the faces of a picture must share its {name}, got several; keep the rows in order")


def _need_likeliest(timeline: Timeline, faces: pa.Table) -> None:
    """Refuse a face whose label is not its likeliest."""
    tops = [timeline.labels.names[i] for i in timeline.probs.argmax(axis=1)] if len(timeline) else []
    said = (faces["label"].to_pylist(), faces["confidence"].to_numpy())
    if said[0] != tops or not np.array_equal(said[1], timeline.emotions.confidence):
        raise InputError(f"a face's label must be its likeliest, got {shown(said[0][:10])}; export it again")
