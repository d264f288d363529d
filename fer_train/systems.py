"""Workshop. Measures a system that does not ship, as a run holds it, and Mien on the identical faces with the same merging.

Every face of the task's classes counts. Where a system must first find something in a face, both figures are given: the
faces in which it found nothing left out, and counted as wrong answers. Nothing here chooses anything.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from fer_core import InputError
from fer_core.analyze import DEFAULT_MODEL
from fer_core.classify import LiteRtClassifier
from fer_train import card, clean, intervals, metrics, report_png
from fer_train.answers import Predict, ask
from fer_train.config import Config
from fer_train.data import FaceTable
from fer_train.figures import by_class
from fer_train.intervals import interval
from fer_train.results import write_results
from fer_train.runs import need_trained
from fer_train.sight import Sight, kept_sight, see
from fer_train.tables import write_text
from fer_train.task import Task

Array = npt.NDArray[Any]
FOLDER = "systems"
# The merged one is the protocol of some published figures: they also chose by it, so it is named and never chosen by.
SPLITS = {"PrivateTest": ("PrivateTest",), "PublicTest": ("PublicTest",), "both tests merged": ("PublicTest", "PrivateTest")}
LIMITS = (
    "It is here to be compared with, and no screen of Mien uses it.",
    "It names what a face looks like to an observer, not what the person feels.",
)


def answers_of(network: keras.Model, seen: Sight) -> Array:
    """Return a network's answer to each face, (N,) int; as many as it has classes, past the last, where nothing was found."""
    logits = network.predict(seen.shown(), batch_size=256, verbose=0)["fer2013"]
    return np.where(seen.found, logits.argmax(axis=1), logits.shape[1])


def figures_of(said: Array, truth: Array, task: Task) -> dict[str, Any]:
    """Return what answers are worth.

    Args:
        said: (N,) int, index into the task's classes; as many as these: no answer.
        truth: (N,) int.
        task: whose classes.
    """
    classes = len(task.classes)
    counts = metrics.confusion(said, truth, classes + 1)[:classes]
    answered = counts[:, :classes]
    return {
        "labels": list(task.classes),
        "n": len(truth),
        "not_found": int(counts[:, classes].sum()),
        "accuracy_found": interval(intervals.accuracy, answered) if answered.any() else None,
        "accuracy": interval(intervals.accuracy, counts),
        "macro_f1": interval(intervals.macro_f1, counts),
        "per_class": by_class(counts, task.classes),
        "confusion": counts.tolist(),
    }


@dataclass(frozen=True)
class Answers:
    """What a system and Mien answer to the same faces, a row each.

    Attributes:
        truth: (N,) int, index into the task's classes.
        said: (N,) int, the system's answer; as many as there are classes where it found nothing.
        served: (N,) int, Mien's answer, merged as the task merges.
        found: (N,) bool, whether the system found what it looks for in the face.
    """

    truth: Array
    said: Array
    served: Array
    found: Array

    def __getitem__(self, rows: Array) -> Answers:
        """Return the chosen rows."""
        return Answers(self.truth[rows], self.said[rows], self.served[rows], self.found[rows])


def asked(network: keras.Model, mien: Predict, part: FaceTable, task: Task, run: Path) -> Answers:
    """Ask a system and Mien about faces, all of which the task asks about; what the system sees of them is kept in its run."""
    seen = kept_sight(run / "seen_by_the_tests.npz", part.images, task.sight)
    return Answers(task.answers(part.labels), answers_of(network, seen), _served(mien, part, task), seen.found)


def _served(mien: Predict, part: FaceTable, task: Task) -> Array:
    """Return Mien's answers to faces, (N,) int, merged as the task merges."""
    return np.asarray(task.merged(ask(mien, part.images)).argmax(axis=1))


def compared(answers: Answers, task: Task) -> dict[str, Any]:
    """Return a system's figures, and Mien's on the same faces."""
    return {**figures_of(answers.said, answers.truth, task), **of_mien(answers.served, answers.truth, answers.found, task)}


def of_mien(served: Array, truth: Array, found: Array, task: Task) -> dict[str, Any]:
    """Return Mien's figures on all faces, and on those in which a system found what it looks for."""
    return {
        "mien": figures_of(served, truth, task),
        "mien_found": figures_of(served[found], truth[found], task) if found.any() else None,
    }


def taught(config: Config, table: FaceTable) -> dict[str, dict[str, int]]:
    """Return how many faces of each class the task leaves: of those that may teach, and of all splits, as projects count."""
    task, answers = config.task, config.task.answers(table.labels)
    among = {"training": clean.clean(table).teach, "all splits": np.ones(len(table), bool)}
    kept = {name: task.taught(table.images, table.labels, rows, seed=config.schedule.seed) for name, rows in among.items()}
    return {
        name: {answer: int((rows & (answers == number)).sum()) for number, answer in enumerate(task.classes)}
        for name, rows in kept.items()
    }


def evaluate(config: Config, table: FaceTable, run: Path, models: Path) -> Path:
    """Measure a run, and write evaluation.json, its card, its pictures, and results.csv beside the models.

    Where the run is gone and its figures are there, they stay, and what Mien answers to the same faces is measured anew.

    Returns:
        The folder of the system.

    Raises:
        InputError: the run has not been trained, or by another recipe or other faces; or it sees what an optional package
            finds, which is not installed; or Mien was made from faces that are split or cleaned otherwise.
    """
    folder, mien = models / FOLDER / config.name, LiteRtClassifier(models / DEFAULT_MODEL)
    card.need_own_faces(mien.card, table)
    tests = table[np.isin(table.usage, SPLITS["both tests merged"]) & config.task.asked(table.labels)]
    if not (run / "best.keras").is_file():
        _renew(folder, mien, tests, config)
        write_results(models)
        return folder
    need_trained(run, config, table.read)
    network = keras.models.load_model(run / "best.keras", compile=False)
    answers = asked(network, mien.predict, tests, config.task, run)
    splits = {name: compared(answers[np.isin(tests.usage, usages)], config.task) for name, usages in SPLITS.items()}
    folder.mkdir(parents=True, exist_ok=True)
    found = {"model": config.name, "compared_with": mien.card.name, "splits": splits, "faces_taught": taught(config, table)}
    _write(folder / "card.json", _card(config, table, run, splits) | {"parameters": network.count_params()})
    _write(folder / "evaluation.json", found)  # last: a folder that has one counts as measured
    report_png.draw_curves(run / "curves.csv", folder / "curves.png")
    report_png.draw_confusion(found, folder / "confusion.png")
    write_results(models)
    return folder


def _renew(folder: Path, mien: LiteRtClassifier, tests: FaceTable, config: Config) -> None:
    if not (folder / "evaluation.json").is_file():
        name = config.name
        raise InputError(f"expected a trained run of {name}, got no best.keras; run python -m fer_train train {name}")
    task, values = config.task, json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
    served, truth, found = _served(mien.predict, tests, task), task.answers(tests.labels), see(tests.images, task.sight).found
    for name, usages in SPLITS.items():
        rows = np.isin(tests.usage, usages)
        values["splits"][name] |= of_mien(served[rows], truth[rows], found[rows], task)
    _write(folder / "evaluation.json", values | {"compared_with": mien.card.name})


def _card(config: Config, table: FaceTable, run: Path, splits: dict[str, Any]) -> dict[str, Any]:
    values = card.describe(config, table, run)
    shown = ("n", "not_found", "accuracy_found", "accuracy", "macro_f1")
    return {
        **values,
        "labels": list(config.task.classes),
        "metrics": {name: {figure: split[figure] for figure in shown} for name, split in splits.items()},
        "limits": list(LIMITS),
    }


def _write(path: Path, values: dict[str, Any]) -> None:
    write_text(path, json.dumps(values, indent=1, allow_nan=False) + "\n")
