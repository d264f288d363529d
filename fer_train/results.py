"""Workshop. results.csv: a row for each evaluated model and each system beside it, out of their evaluation.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fer_core.cards import read_card
from fer_train.card import need_measured
from fer_train.tables import write_rows


def _photos(found: dict[str, Any]) -> dict[str, Any]:
    photos = found.get("photos")
    if photos is None:
        return dict.fromkeys(("photos_n", "photos_agreement", "photos_macro_recall", "photos_missed"), "")
    figures = {f"photos_{name}": photos[name]["value"] for name in ("agreement", "macro_recall")}
    return {"photos_n": photos["n"], **figures, "photos_missed": photos["missed"]}


def _votes(votes: dict[str, Any] | None) -> dict[str, Any]:
    figures = {f"ferplus_{name}": votes[name]["value"] if votes else "" for name in ("accuracy", "accuracy_flip_average")}
    return {"ferplus_n": votes["n"] if votes else "", **figures}


def _head(head: dict[str, Any] | None) -> dict[str, Any]:
    names = ("accuracy", "accuracy_flip_average", "macro_f1", "lowest_recall")
    figures = {f"head_{name}": head[name]["value"] if head else "" for name in names}
    return {**figures, "head_calibration_error": head["ece"] if head else ""}


def _apart(near: dict[str, Any] | None) -> dict[str, Any]:
    names = ("accuracy_without", "fer2013_head_accuracy_without")
    served, head = (near[name]["value"] if near and near[name] else "" for name in names)
    return {"near_copies": near["n"] if near else "", "accuracy_without_them": served, "head_accuracy_without_them": head}


def _epochs(training: dict[str, Any]) -> str:
    """Return how many epochs a network learned, those of the networks that it began with before its own: "48+3"."""
    begun, own = [start["epochs_completed"] for start in training.get("began_with", ())], training.get("epochs_completed", "")
    return "+".join(str(count) for count in (*begun, own) if count or not begun)


def row_of(folder: Path) -> dict[str, Any]:
    """Return an evaluated model's row: its headline figures.

    Raises:
        ModelError: what was evaluated is another file than the folder's.
    """
    found = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
    need_measured(folder, found)
    card, test = read_card(folder), found["splits"]["PrivateTest"]
    return {
        "model": card.name,
        "classes": len(card.labels),
        "epochs": _epochs(card.training),
        "private_test_n": test["n"],
        "accuracy": test["accuracy"]["value"],
        "accuracy_low": test["accuracy"]["low"],
        "accuracy_high": test["accuracy"]["high"],
        "accuracy_flip_average": test["accuracy_flip_average"]["value"],
        "macro_f1": test["macro_f1"]["value"],
        "macro_recall": test["macro_recall"]["value"],
        "lowest_recall": test["lowest_recall"]["value"],
        "lowest_recall_label": test["lowest_recall"]["label"],
        "expected_calibration_error": test["ece"],
        **_votes(found.get("ferplus")),
        **_head(found.get("fer2013_head")),
        **_apart(found.get("near_copies")),
        **_photos(found),
        "latency_ms": found["latency_ms"]["one_face_one_thread"],
        "bytes": found["size_bytes"],
    }


COMPARED = ("not_found", "accuracy_found", "accuracy_both_tests", "mien", "mien_accuracy", "mien_accuracy_found")


def row_of_system(folder: Path) -> dict[str, Any]:
    """Return the row of a system that does not ship, with what Mien answers to the identical faces.

    `accuracy` counts faces in which the system found nothing as wrong, `accuracy_found` leaves them out; `both_tests` is the
    protocol that merges FER2013's tests.
    """
    found, card = (json.loads((folder / name).read_text(encoding="utf-8")) for name in ("evaluation.json", "card.json"))
    test, mien = found["splits"]["PrivateTest"], found["splits"]["PrivateTest"]["mien_found"]
    return {
        "model": found["model"],
        "classes": len(test["labels"]),
        "epochs": card["training"]["epochs_completed"],
        "private_test_n": test["n"],
        "accuracy": test["accuracy"]["value"],
        "accuracy_low": test["accuracy"]["low"],
        "accuracy_high": test["accuracy"]["high"],
        "macro_f1": test["macro_f1"]["value"],
        "not_found": test["not_found"],
        "accuracy_found": test["accuracy_found"]["value"] if test["accuracy_found"] else "",
        "accuracy_both_tests": found["splits"]["both tests merged"]["accuracy"]["value"],
        "mien": found["compared_with"],
        "mien_accuracy": test["mien"]["accuracy"]["value"],
        "mien_accuracy_found": mien["accuracy"]["value"] if mien else "",
    }


def write_results(models: Path) -> None:
    """Write results.csv of a folder of models; where none has been evaluated there is no such file."""
    rows = [{**row_of(path.parent), **dict.fromkeys(COMPARED, "")} for path in sorted(models.glob("*/evaluation.json"))]
    if not rows:
        (models / "results.csv").unlink(missing_ok=True)
        return
    systems = [row_of_system(path.parent) for path in sorted(models.glob("systems/*/evaluation.json"))]
    write_rows(models / "results.csv", [*rows, *(dict.fromkeys(rows[0], "") | row for row in systems)])
