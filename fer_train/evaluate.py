"""Workshop. Opens the test split, once a model is made, and measures what ships: the LiteRT file.

Writes evaluation.json (everything; the report page and the app read it), the card's short summary, and results.csv beside
the models. Nothing here chooses anything.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from fer_core import FER2013, InputError
from fer_core.cards import ModelCard
from fer_core.classify import LiteRtClassifier
from fer_core.detect import FaceDetector
from fer_train import card, clean, intervals, metrics
from fer_train.answers import Predict, ask, ask_mirrored
from fer_train.data import FaceTable
from fer_train.figures import ferplus_figures, split_figures, summary
from fer_train.groups import groups
from fer_train.intervals import Interval, interval, plain
from fer_train.mistakes import mistakes, sides
from fer_train.near import CORRELATION, near_copies
from fer_train.photos import find_faces
from fer_train.processor import processor
from fer_train.results import write_results
from fer_train.robustness import robustness
from fer_train.tables import write_text
from fer_train.versus import rivals, versus
from fer_train.wild import photo_figures

Array = npt.NDArray[Any]
EVALUATION = "evaluation.json"


def keras_figures(folder: Path, table: FaceTable, near: Array) -> dict[str, Any]:
    """Return the float Keras file's accuracy on PrivateTest, and the figures of its FER2013 head where the graph shows it.

    The head was trained towards FER2013's labels, as published networks are; its network also learned FER+'s votes. Its
    probabilities are scaled by a temperature of its own, fitted on the faces that choose.

    Args:
        folder: the model's folder.
        table: the prepared rows.
        near: (N,) bool, the pictures of PrivateTest that look like one that taught.
    """
    import keras

    from fer_train.serving import served_model

    model = served_model(folder)
    outputs = {"served": model.output["probs"]}
    if any(layer.name == "log_fer2013" for layer in model.layers):
        outputs["head"] = model.get_layer("log_fer2013").output
    asked, test = keras.Model(model.input, outputs), table.split("PrivateTest")
    said, mirrored = (
        asked.predict(images[..., None], batch_size=256, verbose=0) for images in (test.images, test.images[:, :, ::-1])
    )
    found: dict[str, Any] = {"keras_float32_accuracy": plain(metrics.accuracy(said["served"], test.labels))}
    if "head" not in said:
        return found
    chosen = clean.choosing(table)
    logs = asked.predict(chosen.images[..., None], batch_size=256, verbose=0)["head"]
    temperature = metrics.fit_temperature(logs, chosen.labels)
    probs, flipped = (softmax(one["head"] / temperature, axis=1) for one in (said, mirrored))
    head = {**summary(probs, (probs + flipped) / 2, test.labels, FER2013), "temperature": plain(temperature)}
    return {**found, "fer2013_head": head, "fer2013_head_accuracy_without": _without(near, probs, test.labels)}


def _without(near: Array, probs: Array, labels: Array) -> Interval | None:
    """Return accuracy on the pictures that look like none that taught; None where all or none do."""
    if near.all() or not near.any():
        return None
    return interval(intervals.accuracy, metrics.confusion(probs[~near].argmax(axis=1), labels[~near], len(FER2013)))


def latency_ms(predict: Predict, chip: Array, *, turns: int = 10, rounds: int = 50) -> float:
    """Return the milliseconds that one face takes on one thread, (1, 48, 48) uint8: the least median of some turns.

    Whatever else the machine does makes a median larger, never smaller.
    """
    medians = []
    for _ in range(turns):
        costs = []
        for _ in range(rounds):
            start = time.perf_counter()
            predict(chip)
            costs.append(time.perf_counter() - start)
        medians.append(np.median(costs))
    return round(float(min(medians)) * 1000, 3)


def time_of(classifier: LiteRtClassifier, chip: Array) -> dict[str, Any]:
    """Return how long one face takes, (1, 48, 48) uint8, and on which processor."""
    return {"one_face_one_thread": latency_ms(classifier.predict, chip), "processor": processor()}


def measure(classifier: LiteRtClassifier, table: FaceTable, near: Array) -> dict[str, Any]:
    """Return what the shipped file says about the validation and the test split; what nobody voted on has no FER+ figures.

    Args:
        classifier: the shipped file.
        table: the prepared rows.
        near: (N,) bool, the pictures of PrivateTest that look like one that taught.

    Raises:
        InputError: there is no test split.
    """
    if not (table.usage == "PrivateTest").any():
        raise InputError("expected faces that test, got none; put some into a folder named test beside train, and prepare them")
    answers, public, private = {}, table.split("PublicTest"), table.split("PrivateTest")
    splits = {}
    for name, part in (("PublicTest", public), ("PrivateTest", private)):
        answers[name] = ask(classifier.predict, part.images)
        mirrored = ask_mirrored(classifier.predict, part.images)
        splits[name] = split_figures(answers[name], mirrored, part.labels, classifier.card.threshold)
    votes = {"ferplus": private, "ferplus_public_test": public}
    voted = {name: ferplus_figures(classifier.predict_ferplus, part) for name, part in votes.items()}
    without = _without(near, answers["PrivateTest"], private.labels)
    apart = {"n": int(near.sum()), "correlation": CORRELATION, "accuracy_without": without}
    return {
        "splits": splits,
        **{name: figures for name, figures in voted.items() if figures},
        "robustness": robustness(classifier.predict, private.images, private.labels),
        "mistakes": mistakes(answers["PrivateTest"], private),
        "mistakes_sides": sides(answers["PrivateTest"], private),
        "latency_ms": time_of(classifier, private.images[:1]),
        **({"near_copies": apart} if without else {}),
    }


def _head(model: ModelCard, folder: Path) -> dict[str, Any]:
    config = model.training.get("config", {})
    aim = config.get("serving", {}).get("sure_accuracy")
    return {
        "model": model.name,
        "sha256": model.sha256["model.tflite"],
        "size_bytes": (folder / "model.tflite").stat().st_size,
        "threshold": {"value": model.threshold, "chosen_on": "PublicTest", "aim": aim},
    }


def evaluate(folder: Path, table: FaceTable, *, photos: Path | None, detector: FaceDetector, people: Path) -> dict[str, Any]:
    """Measure a shipped model and write evaluation.json, the card's summary, and results.csv beside the models.

    Args:
        folder: the model's folder.
        table: the prepared rows.
        photos: a folder of labelled photos, or none.
        detector: finds the faces of photos and of UTKFace.
        people: the folder of utkface.csv; its part is left out where it has none.

    Raises:
        InputError: the rows are not split and cleaned as those that the model was made from.
        ModelError: the folder's files, or those of another model beside it, were altered; or it became another model meanwhile.
    """
    classifier = LiteRtClassifier(folder)
    card.need_own_faces(classifier.card, table)
    others, looked = rivals(folder), find_faces(photos, detector) if photos else None
    fitted = card.fitted_on_photos(classifier.card)
    wild = {"photos": {**photo_figures(classifier.predict, looked), "fitted_on_photos": fitted}} if looked else {}
    near = near_copies(table)
    found = {**_head(classifier.card, folder), **measure(classifier, table, near)}
    floats = keras_figures(folder, table, near)
    found["splits"]["PrivateTest"]["keras_float32_accuracy"] = floats.pop("keras_float32_accuracy")
    head_without = floats.pop("fer2013_head_accuracy_without", None)
    if "near_copies" in found:
        found["near_copies"]["fer2013_head_accuracy_without"] = head_without
    found |= floats
    found |= {**wild, "versus": versus(classifier, others, table.split("PrivateTest"), looked)}
    found |= groups(classifier.predict, classifier.card.threshold, people, detector)
    return _written(folder, found)


def time_anew(folder: Path, table: FaceTable) -> dict[str, Any]:
    """Measure on this machine how long one face takes, and let everything else that was measured of a shipped model stay.

    Raises:
        InputError: it was not evaluated yet, or with other faces.
        ModelError: its files were altered, or what was measured is another file.
    """
    classifier, path = LiteRtClassifier(folder), folder / EVALUATION
    card.need_own_faces(classifier.card, table)
    if not path.is_file():
        raise InputError(f"expected an evaluation at {path}, found none; run `evaluate` without --time-only first")
    found = json.loads(path.read_text(encoding="utf-8"))
    return _written(folder, found | {"latency_ms": time_of(classifier, table.split("PrivateTest").images[:1])})


def _written(folder: Path, found: dict[str, Any]) -> dict[str, Any]:
    card.add_metrics(folder, found)
    write_text(folder / EVALUATION, json.dumps(found, indent=1, allow_nan=False) + "\n")
    write_results(folder.parent)
    return found
