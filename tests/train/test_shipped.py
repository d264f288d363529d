"""The shipped models' cards, recomputed from the shipped files; each part where its data is at hand."""

import csv
import json

import numpy as np
import pytest

from fer_core import load_analyzer
from fer_core.cards import MODELS_FOLDER, read_card
from fer_core.classify import LiteRtClassifier
from fer_train import card, clean, metrics, wild
from fer_train.data import load_table
from fer_train.photos import find_faces

pytestmark = [pytest.mark.model, pytest.mark.data]
FOLDERS = sorted(path.parent for path in MODELS_FOLDER.glob("*/model.tflite"))


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name, scope="module")
def folder(request):
    return request.param


@pytest.fixture(scope="module")
def test(prepared_faces):
    """The test split."""
    return load_table(prepared_faces).split("PrivateTest")


@pytest.fixture(scope="module")
def probs(folder, test):
    """What a shipped file says of the test split."""
    return LiteRtClassifier(folder).predict(test.images).probs


@pytest.fixture(scope="module")
def photos(labelled_photos):
    """The labelled photos with their faces, by the detector that all models share."""
    return find_faces(labelled_photos, load_analyzer(engine="fast").detector)


def test_fer2013_and_ferplus_figures_are_those_of_the_file(folder, test, probs):
    classifier = LiteRtClassifier(folder)
    said = read_card(folder).metrics["PrivateTest"]
    assert metrics.accuracy(probs, test.labels) == pytest.approx(said["accuracy"]["value"], abs=0.002)
    assert metrics.macro_f1(probs, test.labels) == pytest.approx(said["macro_f1"]["value"], abs=0.003)
    assert metrics.expected_calibration_error(probs, test.labels) == pytest.approx(said["expected_calibration_error"], abs=0.003)
    majority = clean.majority_labels(test.votes)
    clear = majority >= 0
    assert clear.sum() == said["ferplus_n"] == 3153
    votes = classifier.predict_ferplus(test.images[clear]).probs
    assert metrics.accuracy(votes, majority[clear]) == pytest.approx(said["ferplus_accuracy"]["value"], abs=0.002)


def test_photo_figures_are_those_of_the_whole_path(folder, photos):
    found = wild.photo_figures(LiteRtClassifier(folder).predict, photos)
    said = read_card(folder).metrics["photos"]
    for name, slack in (("agreement", 0.01), ("macro_recall", 0.015)):
        assert found[name]["value"] == pytest.approx(said[name], abs=slack), name
    assert found["missed"] == pytest.approx(said["missed"], abs=0.005)


def test_the_evaluation_is_of_the_shipped_file_and_the_card_repeats_it(folder):
    found, shipped = json.loads((folder / "evaluation.json").read_text()), read_card(folder)
    assert found["sha256"] == shipped.sha256["model.tflite"]
    assert found["threshold"]["value"] == shipped.threshold
    assert card.summary(found).items() <= shipped.metrics.items()


def test_results_table_repeats_the_cards(folder):
    with (MODELS_FOLDER / "results.csv").open(newline="") as file:
        row = {row["model"]: row for row in csv.DictReader(file)}[folder.name]
    test = read_card(folder).metrics["PrivateTest"]
    assert float(row["accuracy"]) == test["accuracy"]["value"]
    assert int(row["bytes"]) == (folder / "model.tflite").stat().st_size


def test_every_class_of_the_card_has_its_count(folder):
    per_class = read_card(folder).metrics["PrivateTest"]["per_class"]
    assert sum(row["n"] for row in per_class.values()) == 3589
    assert np.sum(read_card(folder).metrics["PrivateTest"]["confusion"]) == 3589


@pytest.mark.reference
@pytest.mark.timeout(300)  # the float file takes its time where other tests run beside it
def test_the_float_file_and_the_shipped_one_score_alike(folder, test, probs):
    from fer_train.serving import served_model

    floats = served_model(folder).predict(test.images[..., None], batch_size=256, verbose=0)["probs"]
    assert abs(metrics.accuracy(floats, test.labels) - metrics.accuracy(probs, test.labels)) <= 0.003
