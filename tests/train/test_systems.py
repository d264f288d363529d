"""Systems beside Mien: trained by the same loop, gone on with after a stop, and measured on the same faces as Mien."""

import csv
import dataclasses
import json

import numpy as np
import pytest

from fer_core import InputError
from fer_core.analyze import DEFAULT_MODEL
from fer_core.cards import MODELS_FOLDER
from fer_train import clean
from fer_train.augment import STILL
from fer_train.config import Config, Network, Schedule, changed, to_toml
from fer_train.task import Task
from tests.train.test_clean import table_of

pytestmark = pytest.mark.reference
SIX = Config(
    name="six",
    task=Task(classes=("angry+disgust", "fear", "happy", "sad", "surprise"), votes=False),
    network=Network(kind="six-convolutions", widths=(2,), dropout=0.0, standardise=False),
    schedule=Schedule(
        epochs=2, warmup_epochs=0, batch=8, optimizer="adam", peak_rate=1e-3, ema=0.0, label_smoothing=0, precision="float32"
    ),
    augmentation=STILL,
)


@pytest.fixture(scope="module")
def table():
    pixels = list(range(1, 71))
    return table_of(pixels, ["Training"] * 42 + ["PublicTest"] * 14 + ["PrivateTest"] * 14, labels=[p % 7 for p in pixels])


def weights(model):
    return np.concatenate([np.asarray(weight).ravel() for weight in model.get_weights()])


def test_a_single_head_under_adam_goes_on_after_a_stop_and_keeps_its_own_weights(table, tmp_path):
    from fer_train.train import train

    whole = weights(train(SIX, table, tmp_path / "a", verbose=0))
    train(changed(SIX, {"schedule.epochs": 1}), table, tmp_path / "b", verbose=0)
    resumed = train(SIX, table, tmp_path / "b", verbose=0)
    np.testing.assert_allclose(whole, weights(resumed), atol=1e-4)
    with (tmp_path / "b" / "curves.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["0", "1"]
    assert {"fer2013_accuracy", "val_fer2013_accuracy"} <= set(rows[0])


def test_neighbours_remember_and_learn_nothing(table, tmp_path):
    from fer_train.train import train

    knn = changed(SIX, {"network.kind": "neighbours", "network.widths": (30,), "network.depths": (1,), "schedule.peak_rate": 0.0})
    model = train(knn, table, tmp_path / "run", verbose=0)
    assert set(np.unique(model.get_layer("fer2013").get_weights()[0])) == {0, 1}


def test_fewer_faces_than_a_batch_are_refused(table, tmp_path):
    from fer_train.train import train

    with pytest.raises(InputError, match="batch of 500"):
        train(changed(SIX, {"schedule.batch": 500}), table, tmp_path / "run", verbose=0)


def test_answers_that_were_not_found_are_left_out_of_one_figure_and_wrong_in_the_other():
    from fer_train.systems import figures_of

    task = Task(classes=("angry", "happy"), votes=False)
    found = figures_of(np.array([0, 1, 2, 2]), np.array([0, 0, 1, 1]), task)
    assert (found["n"], found["not_found"]) == (4, 2)
    assert (found["accuracy_found"]["value"], found["accuracy"]["value"]) == (0.5, 0.25)
    assert figures_of(np.array([2]), np.array([0]), task)["accuracy_found"] is None


@pytest.fixture(scope="module")
def evaluated(table, tmp_path_factory):
    import shutil

    from fer_train.systems import evaluate
    from fer_train.train import train

    folder = tmp_path_factory.mktemp("systems")
    shutil.copytree(MODELS_FOLDER, folder / "models")
    path = folder / "models" / DEFAULT_MODEL / "card.json"
    values = json.loads(path.read_text())
    values["training"]["rows"] = clean.clean(table).counts
    path.write_text(json.dumps(values))
    train(SIX, table, folder / "runs" / "six", verbose=0)
    return evaluate(SIX, table, folder / "runs" / "six", folder / "models")


def test_mien_is_scored_on_the_identical_faces_with_the_same_merging(evaluated, table):
    from fer_core.classify import LiteRtClassifier

    test = json.loads((evaluated / "evaluation.json").read_text())["splits"]["PrivateTest"]
    asked = table.split("PrivateTest")
    asked = asked[asked.labels != 6]
    assert test["n"] == test["mien"]["n"] == len(asked) == 12
    probs = LiteRtClassifier(MODELS_FOLDER / DEFAULT_MODEL).predict(asked.images).probs
    merged = np.column_stack([probs[:, 0] + probs[:, 1], probs[:, 2:6]]).argmax(axis=1)
    truth = np.maximum(asked.labels - 1, 0)
    assert test["mien"]["accuracy"]["value"] == pytest.approx((merged == truth).mean(), abs=1e-4)
    assert np.sum(test["confusion"]) == 12


def test_card_pictures_and_results_of_a_system_are_written_and_no_weights(evaluated):
    card = json.loads((evaluated / "card.json").read_text())
    assert (card["labels"], card["training"]["epochs_completed"]) == (list(SIX.task.classes), 2)
    assert {path.name for path in evaluated.iterdir()} == {"card.json", "evaluation.json", "curves.png", "confusion.png"}
    with (evaluated.parents[1] / "results.csv").open(newline="") as file:
        rows = {row["model"]: row for row in csv.DictReader(file)}
    assert (rows["six"]["classes"], rows["six"]["epochs"], rows["six"]["private_test_n"]) == ("5", "2", "12")
    assert rows["six"]["mien"] == DEFAULT_MODEL
    assert rows[DEFAULT_MODEL]["mien"] == ""


def test_without_its_run_a_system_keeps_its_figures_and_mien_is_asked_anew(evaluated, table, tmp_path):
    import shutil

    from fer_train.systems import evaluate

    models = tmp_path / "models"
    shutil.copytree(evaluated.parents[1], models)
    kept = models / "systems" / "six" / "evaluation.json"
    before = json.loads(kept.read_text())
    spoilt = json.loads(kept.read_text())
    for split in spoilt["splits"].values():
        split["mien"]["accuracy"]["value"] = split["mien_found"] = None
    kept.write_text(json.dumps(spoilt | {"compared_with": "an older one"}))
    assert evaluate(SIX, table, tmp_path / "runs" / "six", models) == kept.parent
    assert json.loads(kept.read_text()) == before


def test_an_untrained_system_is_refused_and_export_names_the_other_way(evaluated, table, tmp_path, capsys):
    from fer_train.__main__ import main
    from fer_train.systems import evaluate

    with pytest.raises(InputError, match="train seven"):
        evaluate(dataclasses.replace(SIX, name="seven"), table, tmp_path / "nothing", evaluated.parents[1])
    with pytest.raises(InputError, match="the faces that mien was made from"):
        evaluate(SIX, table, tmp_path / "nothing", MODELS_FOLDER)
    (tmp_path / "six.toml").write_text(to_toml(SIX))
    assert main(["export", str(tmp_path / "six.toml")]) == 2
    assert "evaluate" in capsys.readouterr().err


def test_every_published_figure_names_whose_it_is_and_has_its_config():
    from fer_train.making import CONFIGS

    with (MODELS_FOLDER / "published.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert all((CONFIGS / f"{row['model']}.toml").is_file() and row["whose"] for row in rows)
    assert len(rows) == len({row["model"] for row in rows}) == 11
