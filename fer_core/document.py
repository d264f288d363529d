"""Pure. Timeline ⇄ plain document (dicts, lists, numbers, text): the content of every export, schema version 2.

The schema is fer_core/schemas/timeline-2.json; docs/SCHEMA.md explains it. Version 1, which had no people and no notes, is still
read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core.errors import InputError, shown
from fer_core.labels import LabelSet
from fer_core.people import Person
from fer_core.timeline import Timeline

Array = npt.NDArray[Any]
Document = dict[str, Any]

SCHEMA = "mien-timeline"
VERSION = 2
BOX_KEYS = ("x0_px", "y0_px", "x1_px", "y1_px")
FRAME_KEYS_1 = ("source", "frame_index", "time_s", "width_px", "height_px")
FRAME_KEYS = (*FRAME_KEYS_1, "note")
PERSON_KEYS = ("source", "track_id", "name", "hidden")
FACE_KEYS = ("track_id", *BOX_KEYS, "face_score", "label", "confidence")
_TOO_LARGE = "expected numbers of ordinary size, got one beyond 64 bits; export the timeline again"


def document_of(timeline: Timeline) -> Document:
    """Return a timeline as a document; its numbers are the shortest that read back exactly."""
    faces: list[list[Document]] = [[] for _ in timeline.sources]
    for row, face in zip(timeline.rows.tolist(), _faces(timeline), strict=True):
        faces[row].append(face)
    values = (
        timeline.sources,
        timeline.frame_indices.tolist(),
        timeline.times_s.tolist(),
        *timeline.sizes_wh.T.tolist(),
        timeline.notes,
    )
    frames = [dict(zip(FRAME_KEYS, frame, strict=True)) for frame in zip(*values, strict=True)]
    for frame, there in zip(frames, faces, strict=True):
        frame["faces"] = there
    people = [dict(zip(PERSON_KEYS, astuple(person), strict=True)) for person in timeline.people]
    return {"schema": SCHEMA, "version": VERSION, "labels": list(timeline.labels.names), "people": people, "frames": frames}


def _faces(timeline: Timeline) -> Iterator[Document]:
    names = timeline.labels.names
    arrays = (timeline.track_ids, *(shortest(column) for column in (timeline.boxes, timeline.scores, timeline.probs)))
    tops = timeline.probs.argmax(axis=1).tolist() if len(timeline) else []
    for track_id, box, score, probs, top in zip(*(array.tolist() for array in arrays), tops, strict=True):
        values = (track_id, *box, score, names[top], probs[top])
        yield dict(zip(FACE_KEYS, values, strict=True)) | {"probabilities": dict(zip(names, probs, strict=True))}


def shortest(values: Array) -> Array:
    """Return float32 numbers as the float64 numbers of fewest digits that a reader turns back into them.

    Example:
        >>> shortest(np.array([0.1, 2.5], np.float32)).tolist()
        [0.1, 2.5]
    """
    short = values.astype(str).astype(np.float64)
    exact: Array = np.where(short.astype(np.float32) == values, short, values.astype(np.float64))
    return exact


def timeline_of(document: object) -> Timeline:
    """Return the timeline that a document describes.

    Raises:
        InputError: the document is none of schema version 1 or 2.
    """
    whole = _having(_upgraded(document), ("schema", "version", "labels", "people", "frames"), "the document")
    if (whole["schema"], whole["version"]) != (SCHEMA, VERSION):
        came = f"{shown(whole['schema'])} {shown(whole['version'])}"
        raise InputError(f"expected {SCHEMA!r} version 1 or {VERSION}, got {came}; update Mien, or export it again")
    labels = LabelSet(tuple(_text(name) for name in _list(whole["labels"])))
    frames = [_having(frame, (*FRAME_KEYS, "faces"), "a frame") for frame in _list(whole["frames"])]
    faces = [(row, face) for row, frame in enumerate(frames) for face in _list(frame["faces"])]
    checked = [_face(face, labels) for _, face in faces]
    return Timeline(
        tuple(_text(frame["source"]) for frame in frames),
        np.array([_integer(frame["frame_index"]) for frame in frames], np.int64),
        np.array([_number(frame["time_s"]) for frame in frames], np.float64),
        np.array([[_integer(frame[key]) for key in ("width_px", "height_px")] for frame in frames], np.int64).reshape(-1, 2),
        np.array([row for row, _ in faces], np.int64),
        np.array([_integer(face["track_id"]) for face in checked], np.int64),
        np.array([[_number(face[key]) for key in BOX_KEYS] for face in checked], np.float64).reshape(-1, 4),
        np.array([_number(face["face_score"]) for face in checked], np.float64),
        np.array([list(face["probabilities"].values()) for face in checked], np.float64).reshape(-1, len(labels)),
        labels,
        tuple(_text(frame["note"]) for frame in frames),
        tuple(_person(person) for person in _list(whole["people"])),
    )


def _upgraded(document: object) -> object:
    """Return a document of version 1 as one of version 2; anything else as it is."""
    if not isinstance(document, dict) or document.get("version") != 1 or isinstance(document["version"], bool):
        return document
    whole = _having(document, ("schema", "version", "labels", "frames"), "the document")
    frames = [_having(frame, (*FRAME_KEYS_1, "faces"), "a frame") | {"note": ""} for frame in _list(whole["frames"])]
    return whole | {"version": VERSION, "people": [], "frames": frames}


def _person(value: object) -> Person:
    given = _having(value, PERSON_KEYS, "a person")
    if not isinstance(given["hidden"], bool):
        raise InputError(f"hidden must be true or false, got {shown(given['hidden'])}; export the timeline again")
    return Person(_text(given["source"]), _integer(given["track_id"]), _text(given["name"]), given["hidden"])


def _face(value: object, labels: LabelSet) -> Document:
    """Return a face with its probabilities in the order of the labels; its label must be the likeliest."""
    face = _having(value, (*FACE_KEYS, "probabilities"), "a face")
    given = _having(face["probabilities"], labels.names, "a face's probabilities")
    probabilities = {name: _number(given[name]) for name in labels.names}
    top = max(probabilities, key=lambda name: probabilities[name])
    if (face["label"], face["confidence"]) != (top, probabilities[top]):
        came = f"{shown(face['label'])} at {shown(face['confidence'])}"
        raise InputError(f"a face's label must be its likeliest, {top!r} at {probabilities[top]}, got {came}; export it again")
    return face | {"probabilities": probabilities}


def _having(value: object, keys: tuple[str, ...], what: str) -> Document:
    if not isinstance(value, dict) or set(value) != set(keys):
        came = ", ".join(sorted(map(str, value))[:20]) if isinstance(value, dict) else type(value).__name__
        raise InputError(f"{what} must have exactly {', '.join(keys)}, got {came[:200]}; export it again")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise InputError(f"expected a list, got {type(value).__name__}; export the timeline again")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise InputError(f"expected text, got {type(value).__name__}; export the timeline again")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"expected a number, got {type(value).__name__}; export the timeline again")
    try:
        return float(value)
    except OverflowError as fault:
        raise InputError(_TOO_LARGE) from fault


def _integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"expected a whole number, got {shown(value)}; export the timeline again")
    if not -(2**63) <= value < 2**63:
        raise InputError(_TOO_LARGE)
    return value
