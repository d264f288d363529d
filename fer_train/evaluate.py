"""Workshop. Opens the test split, once a model is made, and writes what was found: results.csv, card and figures.

Every figure on FER2013 is of the served seven probabilities; FER+ figures are of the eight-class second output.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core import FER2013, InputError
from fer_core.cards import read_card
from fer_core.classify import LiteRtClassifier
from fer_core.detect import FaceDetector
from fer_train import clean, metrics
from fer_train.card import write_card
from fer_train.data import FaceTable
from fer_train.photos import agreement, find_faces
from fer_train.tables import write_rows

Array = npt.NDArray[Any]


def _interval(figure: Any, probs: Array, truth: Array) -> dict[str, Any]:  # noqa: ANN401 - a function of metrics
    low, high = metrics.bootstrap_interval(figure, probs, truth)
    return {"value": round(figure(probs, truth), 4), "low": round(low, 4), "high": round(high, 4)}


def _per_class(probs: Array, truth: Array) -> dict[str, dict[str, float]]:
    recalls = metrics.recalls(probs.argmax(axis=1), truth, len(FER2013))
    counts = np.bincount(truth, minlength=len(FER2013))
    return {name: {"recall": round(float(r), 4), "n": int(n)} for name, r, n in zip(FER2013.names, recalls, counts, strict=True)}


def _answered(probs: Array, truth: Array, threshold: float) -> dict[str, float]:
    sure = probs.max(axis=1) >= threshold
    right = probs.argmax(axis=1)[sure] == truth[sure]
    return {"share": round(float(sure.mean()), 4), "accuracy": round(float(right.mean()), 4)}


def split_metrics(classifier: LiteRtClassifier, table: FaceTable) -> dict[str, Any]:
    """Return the figures of one split."""
    probs, truth = classifier.predict(table.images).probs, table.labels
    majority = clean.majority_labels(table.votes)
    clear = majority >= 0
    votes = classifier.predict_ferplus(table.images[clear]).probs
    mirrored = (probs + classifier.predict(np.ascontiguousarray(table.images[:, :, ::-1])).probs) / 2
    return {
        "n": len(table),
        "accuracy": _interval(metrics.accuracy, probs, truth),
        "accuracy_flip_average": round(metrics.accuracy(mirrored, truth), 4),
        "macro_f1": _interval(metrics.macro_f1, probs, truth),
        "expected_calibration_error": round(metrics.expected_calibration_error(probs, truth), 4),
        "answered": _answered(probs, truth, classifier.card.threshold),
        "per_class": _per_class(probs, truth),
        "confusion": metrics.confusion(probs.argmax(axis=1), truth, len(FER2013)).tolist(),
        "calibration_bins": metrics.calibration_bins(probs, truth).round(4).tolist(),
        "ferplus_n": int(clear.sum()),
        "ferplus_accuracy": _interval(metrics.accuracy, votes, majority[clear]),
    }


def keras_accuracy(folder: Path, table: FaceTable) -> float:
    """Return the float Keras file's accuracy of the served answer on a split."""
    import keras

    model = keras.models.load_model(folder / "model.keras", compile=False)
    return metrics.accuracy(model.predict(table.images[..., None], batch_size=256, verbose=0)["probs"], table.labels)


def photo_metrics(classifier: LiteRtClassifier, detector: FaceDetector, photos: Path) -> dict[str, Any]:
    """Return the whole path's figures on the half of the labelled photos that reports; contempt is left out."""
    found = find_faces(photos, detector)
    said = found.answers(classifier.predict(found.chips()).probs.argmax(axis=1))
    half = ~found.chooses
    agreed, macro = agreement(said[half], found.truth[half])
    recalls = metrics.recalls(said[half], found.truth[half], len(FER2013))
    counts = np.bincount(found.truth[half], minlength=len(FER2013))
    return {
        "n": int(half.sum()),
        "agreement": round(agreed, 4),
        "macro_recall": round(macro, 4),
        "missed": round(float((~found.found[half]).mean()), 4),
        "agreement_of_the_choosing_half": round(agreement(said[~half], found.truth[~half])[0], 4),
        "per_class": {
            name: {"recall": round(float(r), 4) if n else None, "n": int(n)}
            for name, r, n in zip(FER2013.names, recalls, counts, strict=True)
        },
    }


def evaluate(folder: Path, table: FaceTable, *, photos: Path | None, detector: FaceDetector) -> dict[str, Any]:
    """Measure a shipped model and write the figures into its card and into results.csv beside the models.

    Args:
        folder: the model's folder.
        table: the prepared rows.
        photos: a folder of labelled photos, or none.
        detector: finds the faces of the photos.
    """
    classifier = LiteRtClassifier(folder)
    found = {name: split_metrics(classifier, table.split(name)) for name in ("PublicTest", "PrivateTest")}
    found["PrivateTest"]["accuracy_keras_float32"] = round(keras_accuracy(folder, table.split("PrivateTest")), 4)
    if photos is not None:
        found["photos"] = photo_metrics(classifier, detector, photos)
    values = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    values["metrics"] = {**values["metrics"], **found}
    write_card(folder, values)
    write_results(folder.parent)
    return found


def _row(folder: Path) -> dict[str, Any]:
    card = read_card(folder)
    test, photos = card.metrics["PrivateTest"], card.metrics.get("photos", {})
    return {
        "model": card.name,
        "classes": len(card.labels),
        "epochs": card.training["epochs_completed"],
        "private_test_n": test["n"],
        "accuracy": test["accuracy"]["value"],
        "accuracy_low": test["accuracy"]["low"],
        "accuracy_high": test["accuracy"]["high"],
        "accuracy_flip_average": test["accuracy_flip_average"],
        "macro_f1": test["macro_f1"]["value"],
        "expected_calibration_error": test["expected_calibration_error"],
        "ferplus_n": test["ferplus_n"],
        "ferplus_accuracy": test["ferplus_accuracy"]["value"],
        "photos_n": photos.get("n", ""),
        "photos_agreement": photos.get("agreement", ""),
        "photos_macro_recall": photos.get("macro_recall", ""),
        "photos_missed": photos.get("missed", ""),
        "bytes": (folder / "model.tflite").stat().st_size,
    }


def write_results(models: Path) -> None:
    """Write results.csv: a row for each evaluated model, out of the cards.

    Raises:
        InputError: no model has been evaluated.
    """
    folders = sorted(path.parent for path in models.glob("*/model.tflite"))
    rows = [_row(folder) for folder in folders if "PrivateTest" in read_card(folder).metrics]
    if not rows:
        raise InputError(f"expected an evaluated model under {models}, found none; run `python -m fer_train evaluate` first")
    write_rows(models / "results.csv", rows)
