"""A whole evaluation on a copy of a shipped model: what it writes, and what it leaves alone."""

import csv
import dataclasses
import json
import shutil

import numpy as np
import pytest

from fer_core import FER2013, FERPLUS, InputError, ModelError
from fer_core.analyze import DEFAULT_MODEL
from fer_core.cards import MODELS_FOLDER, read_card
from fer_core.classify import LiteRtClassifier
from fer_train import clean, metrics
from fer_train.data import FaceTable
from tests.train.test_clean import votes

pytestmark = [pytest.mark.model, pytest.mark.reference]


def faces():
    rng = np.random.default_rng(2)
    return FaceTable(
        images=rng.integers(0, 256, (56, 48, 48), dtype=np.uint8),
        labels=np.tile(np.arange(7), 8),
        votes=np.repeat(votes(neutral=7, sadness=3), 56, axis=0),
        usage=np.repeat(["PublicTest", "PrivateTest"], 28),
        exact=np.ones(56, bool),
        rows=np.arange(56),
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    from fer_train.evaluate import evaluate

    models = tmp_path_factory.mktemp("models")
    folder = shutil.copytree(MODELS_FOLDER / DEFAULT_MODEL, models / "copy")
    (folder / "evaluation.json").unlink(missing_ok=True)
    values = json.loads((folder / "card.json").read_text())
    values["metrics"] = {"litert": [{"precision": "int8"}], "of an older release": 1}
    values["training"]["rows"] = clean.clean(faces()).counts
    (folder / "card.json").write_text(json.dumps(values))
    shutil.copytree(MODELS_FOLDER / "tiny", models / "tiny")
    (models / ".other-unfinished").mkdir()  # what a killed export leaves
    (models / ".other-unfinished" / "model.tflite").touch()
    evaluate(folder, faces(), photos=None, detector=None, people=models)
    return folder


def test_the_file_has_what_the_report_and_the_app_read(written):
    found = json.loads((written / "evaluation.json").read_text(), parse_constant=pytest.fail)
    test, votes_of = found["splits"]["PrivateTest"], found["ferplus"]
    assert (test["labels"], votes_of["labels"]) == (list(FER2013.names), list(FERPLUS.names))
    for figure in ("accuracy", "accuracy_flip_average", "macro_f1", "macro_recall"):
        assert test[figure]["low"] <= test[figure]["value"] <= test[figure]["high"]
    assert np.sum(test["confusion"]) == sum(row["n"] for row in test["reliability"]) == test["n"] == 28
    assert {row["kind"] for row in found["robustness"]} >= {"none", "blur", "jpeg", "downscale"}
    assert found["threshold"]["chosen_on"] == "PublicTest"
    assert found["latency_ms"]["one_face_one_thread"] > 0
    assert found["latency_ms"]["processor"].endswith("int8 dot products")
    assert found["size_bytes"] == (written / "model.tflite").stat().st_size
    assert 0 < len(found["mistakes"]) <= 24
    assert {"keras_float32_accuracy", "coverage", "ece", "lowest_recall"} <= set(test)


def test_the_lead_over_another_model_is_the_difference_of_the_two_on_the_same_faces(written):
    (row,) = json.loads((written / "evaluation.json").read_text())["versus"]
    test, classifiers = faces().split("PrivateTest"), [LiteRtClassifier(folder) for folder in (written, written.parent / "tiny")]
    mine, theirs = ((c.predict(test.images).probs.argmax(axis=1) == test.labels).mean() for c in classifiers)
    assert row["model"] == "tiny"
    assert row["accuracy"]["value"] == round(float(mine - theirs), 4)
    assert row["accuracy"]["low"] <= row["accuracy"]["value"] <= row["accuracy"]["high"]
    assert "photos_agreement" not in row


def test_an_altered_model_beside_it_is_named_before_anything_is_measured(written, tmp_path):
    from fer_train.evaluate import evaluate

    for name in ("copy", "tiny"):
        shutil.copytree(written.parent / name, tmp_path / name)
    with (tmp_path / "tiny" / "model.tflite").open("ab") as file:
        file.write(b"x")
    before = (tmp_path / "copy" / "evaluation.json").read_bytes()
    with pytest.raises(ModelError, match="tiny"):
        evaluate(tmp_path / "copy", faces(), photos=None, detector=None, people=tmp_path)
    assert (tmp_path / "copy" / "evaluation.json").read_bytes() == before


def test_the_fer2013_head_is_measured_by_itself(written):
    import keras

    from fer_train.serving import network_inside, served_model

    found = json.loads((written / "evaluation.json").read_text())
    images, truth = (getattr(faces().split("PrivateTest"), name) for name in ("images", "labels"))
    logits = network_inside(served_model(written)).predict(images[..., None].astype(np.float32), verbose=0)["fer2013"]
    shares = np.asarray(keras.ops.softmax(logits / found["fer2013_head"]["temperature"]))
    assert found["fer2013_head"]["accuracy"]["value"] == round(float((shares.argmax(axis=1) == truth).mean()), 4)
    assert found["fer2013_head"]["confusion"] != found["splits"]["PrivateTest"]["confusion"]
    assert found["fer2013_head"]["n"] == len(truth)
    assert found["fer2013_head"]["ece"] == pytest.approx(metrics.expected_calibration_error(shares, truth), abs=1e-3)


def test_the_temperature_of_the_fer2013_head_is_fitted_on_faces_that_choose(written):
    from fer_train.serving import head_logs, network_inside, served_model

    public = clean.choosing(faces())
    logs = head_logs(network_inside(served_model(written)), public.images)[:, : len(FER2013)]
    fitted = json.loads((written / "evaluation.json").read_text())["fer2013_head"]["temperature"]
    assert fitted == pytest.approx(metrics.fit_temperature(logs, public.labels), rel=1e-3)
    assert fitted > 1.2, "noise that has nothing of a face deserves no confidence"


def test_faces_of_another_split_are_refused_and_nothing_is_written(written):
    from fer_train.evaluate import evaluate

    other = dataclasses.replace(faces(), usage=np.repeat(["PrivateTest", "PublicTest"], 28)[::-1])
    other = other.joined(dataclasses.replace(faces()[np.arange(3)], usage=np.array(["Training"] * 3)))
    before = {path.name: path.read_bytes() for path in written.iterdir()}
    with pytest.raises(InputError, match=r"expected the faces that mien was made from, got others \(rows 59, not 56"):
        evaluate(written, other, photos=None, detector=None, people=written.parent)
    assert before == {path.name: path.read_bytes() for path in written.iterdir()}


def test_test_pictures_that_look_like_one_that_taught_are_left_out_of_a_second_figure(written):
    from fer_core.classify import LiteRtClassifier
    from fer_train.evaluate import keras_figures, measure
    from fer_train.near import near_copies

    assert "near_copies" not in json.loads((written / "evaluation.json").read_text())
    table = faces()
    lighter = dataclasses.replace(table[table.usage == "PrivateTest"][np.arange(5)], usage=np.array(["Training"] * 5))
    lighter = dataclasses.replace(lighter, images=(lighter.images * 0.9).astype(np.uint8))
    near = near_copies(table.joined(lighter))
    classifier, left = LiteRtClassifier(written), table.split("PrivateTest")[np.arange(5, 28)]
    found = measure(classifier, table, near)["near_copies"]
    right = classifier.predict(left.images).probs.argmax(axis=1) == left.labels
    assert (found["n"], found["accuracy_without"]["value"]) == (5, round(float(right.mean()), 4))
    head = keras_figures(written, table, near)["fer2013_head_accuracy_without"]
    without = keras_figures(written, table.split("PublicTest").joined(left), np.zeros(len(left), bool))
    assert head == without["fer2013_head"]["accuracy"]
    assert without["fer2013_head_accuracy_without"] is None


def test_what_was_not_measured_is_said_and_not_invented(written):
    found = json.loads((written / "evaluation.json").read_text())
    assert "photos" not in found
    assert (found["groups"], found["groups_note"][:12]) == ([], "Not measured")


def test_card_and_results_repeat_the_evaluation(written):
    found, card = json.loads((written / "evaluation.json").read_text()), read_card(written)
    assert card.metrics["PrivateTest"]["accuracy"] == found["splits"]["PrivateTest"]["accuracy"]
    head = card.metrics["PrivateTest"]["fer2013_head"]
    assert (head["accuracy"], head["expected_calibration_error"]) == (
        found["fer2013_head"]["accuracy"],
        found["fer2013_head"]["ece"],
    )
    with (written.parent / "results.csv").open(newline="") as file:
        row = next(csv.DictReader(file))
    assert float(row["accuracy"]) == found["splits"]["PrivateTest"]["accuracy"]["value"]
    assert row["photos_n"] == ""
    assert float(row["head_calibration_error"]) == head["expected_calibration_error"]


def test_the_card_keeps_what_export_measured_and_nothing_older(written):
    metrics = read_card(written).metrics
    assert metrics["litert"] == [{"precision": "int8"}]
    assert "of an older release" not in metrics


def test_an_evaluation_does_not_change_the_model(written):
    before, after = read_card(MODELS_FOLDER / DEFAULT_MODEL), read_card(written)
    assert (before.sha256, before.threshold, before.labels) == (after.sha256, after.threshold, after.labels)


def test_what_was_measured_of_another_file_is_no_row_and_goes_into_no_card(written, tmp_path):
    from fer_train.card import add_metrics
    from fer_train.results import row_of

    folder = shutil.copytree(written, tmp_path / "other")
    found = json.loads((folder / "evaluation.json").read_text()) | {"sha256": "0" * 64}
    (folder / "evaluation.json").write_text(json.dumps(found))
    before = (folder / "card.json").read_bytes()
    for refused in (lambda: row_of(folder), lambda: add_metrics(folder, found)):
        with pytest.raises(ModelError, match="got another file; run `evaluate` again"):
            refused()
    assert (folder / "card.json").read_bytes() == before


def test_the_time_is_measured_anew_and_the_rest_stays(written, tmp_path):
    from fer_train.evaluate import time_anew

    folder = shutil.copytree(written, tmp_path / "copy")
    before = json.loads((folder / "evaluation.json").read_text())
    (folder / "evaluation.json").write_text(json.dumps(before | {"latency_ms": {"one_face_one_thread": 99.0}}))
    time_anew(folder, faces())
    after = json.loads((folder / "evaluation.json").read_text())
    assert 0 < after["latency_ms"]["one_face_one_thread"] < 99
    assert {**after, "latency_ms": before["latency_ms"]} == before
    assert read_card(folder).metrics["latency_ms"] == after["latency_ms"]["one_face_one_thread"]
    (folder / "evaluation.json").unlink()
    with pytest.raises(InputError, match="without --time-only"):
        time_anew(folder, faces())


def test_an_altered_keras_file_is_not_blessed_by_an_evaluation(tmp_path):
    from fer_train.evaluate import keras_figures

    folder = shutil.copytree(MODELS_FOLDER / DEFAULT_MODEL, tmp_path / "copy")
    (folder / "model.keras").write_bytes(b"PK" + (folder / "model.keras").read_bytes())
    with pytest.raises(ModelError, match=r"model\.keras"):
        keras_figures(folder, faces(), np.zeros(28, bool))


@pytest.fixture(scope="module")
def of_folders(tmp_path_factory):
    """A model measured on faces that were read from folders: nobody voted, and nobody is disgusted."""
    from fer_train.evaluate import evaluate

    models = tmp_path_factory.mktemp("folders")
    folder = shutil.copytree(MODELS_FOLDER / "small", models / "copy")
    table = dataclasses.replace(faces(), votes=np.zeros((56, 10), np.int64))
    table = table[table.labels != FER2013.index("disgust")]
    values = json.loads((folder / "card.json").read_text())
    values["training"]["rows"] = clean.clean(table).counts
    (folder / "card.json").write_text(json.dumps(values))
    evaluate(folder, table, photos=None, detector=None, people=models)
    return folder, table


def test_faces_of_folders_are_measured_without_votes(of_folders):
    folder, _ = of_folders
    found, test = json.loads((folder / "evaluation.json").read_text()), read_card(folder).metrics["PrivateTest"]
    assert not {"ferplus", "ferplus_public_test"} & set(found)
    assert not any(name.startswith("ferplus") for name in test)
    assert test["n"] == 24
    with (folder.parent / "results.csv").open(newline="") as file:
        row = next(csv.DictReader(file))
    assert (row["ferplus_n"], row["ferplus_accuracy"]) == ("", "")


def test_their_report_and_the_about_screen_say_what_is_there(of_folders, tmp_path):
    from fer_app import model_summary
    from fer_train.report import write_report

    folder, table = of_folders
    assert "ten people" not in write_report(folder, run=tmp_path, table=table).read_text().casefold()
    card = read_card(folder)
    assert len(model_summary.sentences(card.metrics["PrivateTest"], {})) == 2
    assert "votes" not in model_summary.figures(card, {})


def test_an_evaluation_needs_faces_that_test(tmp_path):
    from fer_train.evaluate import measure

    with pytest.raises(InputError, match="folder named test"):
        measure(None, faces().split("PublicTest"), np.zeros(0, bool))
