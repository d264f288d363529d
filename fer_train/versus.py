"""Workshop. By how much one model is more often right than the others that ship, on the very same faces.

Two models mostly err on the same faces. The interval of a difference on the same faces is therefore narrower than those of
the two figures, and says what they cannot: which of the two is ahead. On photos, people are drawn, as in `wild`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core import FER2013
from fer_core.cards import read_card
from fer_core.classify import LiteRtClassifier
from fer_train.answers import Predict, ask, ask_mirrored
from fer_train.data import FaceTable
from fer_train.intervals import Interval, by_person, interval, resampled_people
from fer_train.photos import FoundPhotos

Array = npt.NDArray[Any]


def lead(counts: Array) -> Array:
    """Return by how much more often the first of two is right, as a share of all faces.

    Args:
        counts: (..., 2, 2): [[both right, the first alone], [the second alone, neither]].
    """
    return np.asarray((counts[..., 0, 1] - counts[..., 1, 0]) / counts.sum(axis=(-2, -1)))


def _counts(first: Array, second: Array) -> Array:
    """Return the table that `lead` takes: two (N,) bool, whether each is right."""
    cells = ((first & second, first & ~second), (~first & second, ~first & ~second))
    return np.array([[cell.sum() for cell in row] for row in cells])


def ahead(first: Array, second: Array, people: Array | None = None) -> Interval:
    """Return how far the first of two is ahead, with its 95 % interval.

    Args:
        first: (N,) bool, it is right.
        second: (N,) bool.
        people: (N,) str, who is in each picture: people are drawn; none: pictures are.
    """
    if people is None:
        return interval(lead, _counts(first, second))
    tables = by_person(lambda rows: _counts(first[rows], second[rows]), people)
    return interval(lead, tables.sum(axis=0), resampled_people(tables))


def _right(predict: Predict, table: FaceTable, photos: FoundPhotos | None, chips: Array | None) -> dict[str, Array]:
    """Return on which faces a model is right, one pass and as photos are answered, and on which photos that report."""
    found = {
        "accuracy": ask(predict, table.images).argmax(axis=1) == table.labels,
        "accuracy_flip_average": ask_mirrored(predict, table.images).argmax(axis=1) == table.labels,
    }
    if photos and chips is not None:
        said = photos.answers(ask_mirrored(predict, chips).argmax(axis=1))
        found["photos_agreement"] = (said == photos.truth)[~photos.chooses]
    return found


def rivals(folder: Path) -> list[LiteRtClassifier]:
    """Return the other models of the seven expressions that ship beside a model's folder.

    Raises:
        ModelError: a file of one of them is missing or altered.
    """
    folders = [path.parent for path in sorted(folder.parent.glob("[!.]*/model.tflite"))]
    others = [LiteRtClassifier(other) for other in folders if other != folder]
    return [other for other in others if other.card.labels == FER2013]


def of_today(rows: Sequence[dict[str, Any]], models: Path) -> list[dict[str, Any]]:
    """Return the rows about files that still ship; another one has taken the place of the others, or none."""
    ships = {path.parent.name: read_card(path.parent).sha256 for path in models.glob("[!.]*/card.json")}
    return [row for row in rows if ships.get(row["model"], {}).get("model.tflite") == row["sha256"]]


def versus(
    mine: LiteRtClassifier, others: list[LiteRtClassifier], table: FaceTable, photos: FoundPhotos | None
) -> list[dict[str, Any]]:
    """Return by how much a model is ahead of each other one.

    Args:
        mine: the model.
        others: those that it is held against.
        table: the faces of the test split.
        photos: labelled photos with their faces found, or none.

    Returns:
        A row a model: its name, the hash of its file, and `accuracy`, `accuracy_flip_average` and, with photos,
        `photos_agreement`: {"value", "low", "high"}, above 0 where `mine` is ahead.
    """
    if not others:
        return []
    chips, rows = photos.chips() if photos else None, []
    people = {"photos_agreement": photos.people[~photos.chooses]} if photos else {}
    right = _right(mine.predict, table, photos, chips)
    for other in others:
        theirs = _right(other.predict, table, photos, chips)
        leads = {name: ahead(right[name], theirs[name], people.get(name)) for name in right}
        rows.append({"model": other.card.name, "sha256": other.card.sha256["model.tflite"], **leads})
    return rows
