"""The workshop from a folder of faces to a measured model, by the commands that its documents name."""

import csv
import json
import shutil

import cv2
import numpy as np
import pytest

from fer_core import FER2013
from fer_core.cards import MODELS_FOLDER, read_card
from fer_train.__main__ import main
from fer_train.config import to_toml
from tests.train.test_training import TINY

pytestmark = pytest.mark.reference


def put_faces(folder, count, *, seed):
    """Chips whose class is plain to see: a bright bar at its own height, on noise."""
    rng = np.random.default_rng(seed)
    for label, name in enumerate(FER2013.names):
        (folder / name).mkdir(parents=True)
        for number in range(count):
            chip = rng.integers(0, 60, (48, 48), dtype=np.uint8)
            chip[6 * label : 6 * label + 6] += 150
            cv2.imwrite(str(folder / name / f"{number}.png"), chip)


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    root = tmp_path_factory.mktemp("workshop")
    put_faces(root / "faces" / "train", 40, seed=0)
    put_faces(root / "faces" / "test", 6, seed=1)
    (root / "models").mkdir()
    shutil.copytree(MODELS_FOLDER / "mtcnn", root / "models" / "mtcnn")
    (root / "tiny.toml").write_text(to_toml(TINY))
    return root


def run(places, *words):
    """Run a command in the given places; it must succeed."""
    folders = [f"--{name}={places / name}" for name in ("data", "runs", "models")]
    assert main([*map(str, words), *folders]) == 0


@pytest.fixture(scope="module")
def tiny(places):
    """The folder of a model that was trained on a folder of faces and exported, and whose heads no photo joined."""
    (places / "data").mkdir()
    assert main(["prepare", "--folder", str(places / "faces"), f"--data={places / 'data'}"]) == 0
    for command in ("train", "heads", "export"):
        run(places, command, places / "tiny.toml")
    return places / "models" / "tiny"


def test_a_folder_of_faces_becomes_a_measured_model(places, tiny, capsys):
    training = read_card(tiny).training
    assert training["data"] == "labelled faces of class folders; no picture is shipped"
    assert not any("web photos" in limit for limit in read_card(tiny).limits), "nobody knows where these faces are from"
    assert (training["joint_answer"]["photos"], training["joint_answer"]["photos_weight"]) == (0, 0.0)
    run(places, "evaluate", places / "tiny.toml")
    row = json.loads(capsys.readouterr().out.partition("\nreport:")[0])
    assert (row["model"], row["private_test_n"], row["ferplus_n"]) == ("tiny", 42, "")
    with (places / "models" / "results.csv").open(newline="") as file:
        assert next(csv.DictReader(file))["model"] == "tiny"
    assert "ten people" not in (tiny / "README.md").read_text().casefold()


def test_a_model_is_carried_on_with_other_faces_and_ships(places, tiny, capsys):
    put_faces(places / "mine" / "train", 30, seed=2)
    put_faces(places / "mine" / "test", 4, seed=3)
    words = ("train", "mine", "--from", tiny / "model.keras", "--faces", places / "mine", "--epochs", "2")
    run(places, *words)
    told = capsys.readouterr().out
    assert "238 faces read; left out: none" in told
    assert "28 faces in the test folder: tiny agrees with" in told
    run(places, "export", "mine")
    assert read_card(places / "models" / "mine").training["epochs_completed"] == 2
    assert read_card(places / "models" / "mine").training["data"].endswith(read_card(tiny).training["data"])
    readme = (places / "models" / "mine" / "README.md").read_text()
    assert "On the 28 faces of the test folder, which chose nothing, tiny agreed" in readme
    put_faces(places / "mine" / "validation", 4, seed=4)
    assert main([*map(str, words), f"--runs={places / 'runs'}", f"--models={places / 'models'}"]) == 2
    assert "was begun otherwise (other faces)" in capsys.readouterr().err
