"""Pure. The rows of a CSV → the document behind them (schema versions 1 and 2, docs/SCHEMA.md)."""

from __future__ import annotations

from collections.abc import Iterable

from fer_core.document import FACE_KEYS, FRAME_KEYS, SCHEMA, VERSION, Document
from fer_core.errors import InputError, shown

PERSON_COLUMNS = ("person", "hidden")
# The source stands first, in quotes: there a quote counts in every locale, so that no separator in a file name can begin a cell.
CSV_COLUMNS = ("source", "schema_version", *FRAME_KEYS[1:], "face_index", "track_id", *PERSON_COLUMNS, *FACE_KEYS[1:])
"""The columns of every CSV; one "p_<label>" per label follows."""

_SINCE_2 = ("note", *PERSON_COLUMNS)
_MAX_LABELS = 100
_WHOLE = {"frame_index", "width_px", "height_px", "face_index", "track_id"}


def document_of_rows(header: list[str], rows: Iterable[list[str]]) -> Document:
    """Return the document behind a CSV's rows; a face numbered 0, or none, begins the next picture.

    Args:
        header: the names of the columns.
        rows: as many cells each, taken one at a time, without what protects spreadsheets from formulas only where text is read.

    Raises:
        InputError: the columns are of no version, a row is too short or too long, or the rows contradict each other.
        ValueError: a cell is no number.
    """
    version = 2 if "note" in header else 1
    columns = [name for name in CSV_COLUMNS if version == 2 or name not in _SINCE_2]
    labels = [name.removeprefix("p_") for name in header[len(columns) :]]
    if len(labels) > _MAX_LABELS or header != [*columns, *(f"p_{name}" for name in labels)]:
        raise InputError(f"expected the columns {', '.join(columns)} and p_<label>, got {shown(header)}; export it again")
    frames: list[Document] = []
    people: dict[tuple[object, object], tuple[str, str]] = {}
    for row in rows:
        if len(row) != len(header):
            raise InputError(f"expected {len(header)} cells in every row, got {len(row)} in one; export it again")
        values = dict.fromkeys(_SINCE_2, "") | dict(zip(header, row, strict=True))
        if values["schema_version"] != str(version):
            raise InputError(f"expected schema version {version}, got {shown(values['schema_version'])}; export it again")
        frame = {key: _value(key, values[key]) for key in FRAME_KEYS}
        if values["face_index"] in ("", "0"):
            frames.append(frame | {"faces": []})
        _add_face(frames, frame, values, labels)
        _add_person(people, frame, values)
    return {"schema": SCHEMA, "version": VERSION, "labels": labels, "people": _listed(people), "frames": frames}


def unguarded(text: str) -> str:
    """Return text without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return text.removeprefix("'")


def _add_face(frames: list[Document], frame: Document, values: dict[str, str], labels: list[str]) -> None:
    """Add a row's face, if it has one, to the last picture, which must be its own."""
    if values["face_index"] == "":
        if any(values[key] for key in (*FACE_KEYS, *PERSON_COLUMNS, *(f"p_{name}" for name in labels))):
            raise InputError("a row without face_index must have no face, got some of its columns filled; export it again")
        return
    last = frames[-1] if frames else {"faces": []}
    if {**last, "faces": []} != {**frame, "faces": []} or int(values["face_index"]) != len(last["faces"]):
        raise InputError(
            f"the faces of a picture must follow each other from 0, got {shown(values['face_index'])}; keep the rows in order"
        )
    face = {key: _value(key, values[key]) for key in FACE_KEYS}
    last["faces"].append(face | {"probabilities": {name: float(values[f"p_{name}"]) for name in labels}})


def _add_person(people: dict[tuple[object, object], tuple[str, str]], frame: Document, values: dict[str, str]) -> None:
    """Note what a row says about its person, which all rows of that person must say."""
    if values["face_index"] == "":
        return
    said = (values["person"], values["hidden"])
    before = people.setdefault((frame["source"], int(values["track_id"])), said)
    if said[1] not in ("", "1") or before != said:
        raise InputError(
            f"each row of a person must say the same, and hidden be 1 or empty, got {shown(said)}; correct the columns"
        )


def _listed(people: dict[tuple[object, object], tuple[str, str]]) -> list[Document]:
    told = {key: said for key, said in people.items() if any(said)}
    return [
        {"source": source, "track_id": track_id, "name": unguarded(name), "hidden": hidden == "1"}
        for (source, track_id), (name, hidden) in told.items()
    ]


def _value(key: str, text: str) -> str | int | float:
    if key in ("source", "label", "note"):
        return unguarded(text)
    return int(text) if key in _WHOLE else float(text)
