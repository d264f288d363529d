"""Workshop. What is answered for people of different age, gender and ethnicity, on UTKFace (Zhang et al. 2017).

UTKFace has no expression labels. So this can show that answers differ between groups, not which of them are wrong; only a
missed face is an error here, because each picture holds one.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core import FER2013, read_image
from fer_core.detect import FaceDetector
from fer_core.preprocess import face_chips
from fer_train.answers import Predict, ask_mirrored, cores
from fer_train.intervals import plain
from fer_train.photos import main_face
from fer_train.tables import read_rows

Array = npt.NDArray[Any]
AGES = ((0, 9), (10, 19), (20, 34), (35, 49), (50, 64), (65, 120))
GENDERS = {"0": "male", "1": "female"}
ETHNICITIES = {"0": "White", "1": "Black", "2": "Asian", "3": "Indian", "4": "other"}
FACES = 6000
NOTE = (
    "UTKFace says who is in a picture (its own words for age, gender and ethnicity), not what the face looks like: people of "
    "one group may smile more in these photos. So a difference here is a difference of answers, and not a rate of errors; "
    "agreement with people cannot be measured. Only a missed face is an error. The pictures are aligned gray chips of 64 px, "
    "found by another detector first. Mien predicts neither gender nor ethnicity."
)


@dataclass(frozen=True)
class People:
    """Pictures of one person each, and the groups they are in.

    Attributes:
        paths: the N files.
        groups: "age", "gender", "ethnicity" → (N,) str, the group's name; "" = not known.
    """

    paths: list[Path]
    groups: dict[str, Array]

    def __len__(self) -> int:
        return len(self.paths)


def _age_group(age: str) -> str:
    years = int(age) if age.isdigit() else -1
    return next((f"{low} to {high}" for low, high in AGES if low <= years <= high), "")


def table_rows(folder: Path) -> list[dict[str, str]]:
    """Return the rows of a folder's utkface.csv: name, age, gender, ethnicity; none where there is no such file.

    Raises:
        InputError: it lacks a column.
    """
    table = folder / "utkface.csv"
    if not table.is_file():
        return []
    return read_rows(table, "name", "age", "gender", "ethnicity")


def read_people(folder: Path, *, faces: int = FACES, seed: int = 0) -> People | None:
    """Read a sample of UTKFace, or return None where the folder has none.

    Args:
        folder: holds utkface.csv (name, age, gender, ethnicity) and utkface/.
        faces: at most so many; a smaller sample keeps the evaluation short.
        seed: of the sample; the same for every model.

    Raises:
        InputError: utkface.csv lacks a column.
    """
    rows = table_rows(folder)
    if not rows:
        return None
    chosen = [rows[i] for i in np.sort(np.random.default_rng(seed).permutation(len(rows))[:faces])]
    groups = {
        "age": np.array([_age_group(row["age"]) for row in chosen]),
        "gender": np.array([GENDERS.get(row["gender"], "") for row in chosen]),
        "ethnicity": np.array([ETHNICITIES.get(row["ethnicity"], "") for row in chosen]),
    }
    return People([folder / "utkface" / row["name"] for row in chosen], groups)


def find_people(people: People, detector: FaceDetector) -> tuple[Array, Array]:
    """Find each picture's face as the app would.

    Returns:
        found: (N,) bool.
        chips: (M, 48, 48) uint8, gray, of the M found.
    """

    def chip(path: Path) -> Array:
        image = read_image(path)
        return face_chips(image, main_face(detector.detect(image)))

    with ThreadPoolExecutor(cores()) as pool:
        chips = list(pool.map(chip, people.paths))
    return np.array([len(c) > 0 for c in chips]), np.concatenate(chips)


def _figures(probs: Array, threshold: float) -> dict[str, Any]:
    shares = np.bincount(probs.argmax(axis=1), minlength=len(FER2013)) / len(probs)
    confidence = probs.max(axis=1)
    return {
        "shares": {name: plain(share) for name, share in zip(FER2013.names, shares, strict=True)},
        "not_sure": plain((confidence < threshold).mean()),
        "confidence": plain(confidence.mean()),
    }


def group_figures(people: People, found: Array, probs: Array, threshold: float) -> list[dict[str, Any]]:
    """Return the answers' shares within each group.

    Args:
        people: the N pictures.
        found: (N,) bool, a face was found.
        probs: (M, 7) the answers to the faces found.
        threshold: below this top probability the answer is "not sure".

    Returns:
        A row a group with a found face; `n` counts found faces, `missed` is the share of its pictures without one.
    """
    return list(_group_rows(people, found, probs, threshold))


def _group_rows(people: People, found: Array, probs: Array, threshold: float) -> Iterator[dict[str, Any]]:
    orders = {"age": [f"{low} to {high}" for low, high in AGES], "gender": GENDERS.values(), "ethnicity": ETHNICITIES.values()}
    for by, names in orders.items():
        for name in names:
            inside = people.groups[by] == name
            rows = inside[found]
            if rows.any():
                head = {"by": by, "group": name, "n": int(rows.sum()), "missed": plain((~found[inside]).mean())}
                yield {**head, **_figures(probs[rows], threshold)}


def groups(predict: Predict, threshold: float, folder: Path, detector: FaceDetector) -> dict[str, Any]:
    """Return {"groups", "groups_note"}, as they stand in evaluation.json; no groups where UTKFace is absent."""
    people = read_people(folder)
    if people is None:
        return {"groups": [], "groups_note": "Not measured: UTKFace was not at hand."}
    found, chips = find_people(people, detector)
    return {"groups": group_figures(people, found, ask_mirrored(predict, chips), threshold), "groups_note": NOTE}
