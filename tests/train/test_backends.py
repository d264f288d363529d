"""Training needs Keras alone: it runs on other backends than TensorFlow, and TensorFlow exports what they trained."""

import dataclasses
import importlib.util
import os
import subprocess
import sys

import pytest

from fer_core.cards import read_card
from fer_train.__main__ import main
from fer_train.config import Distillation, to_toml
from fer_train.tables import read_curves
from tests.train.test_training import TINY
from tests.train.test_workshop import places  # noqa: F401 - a fixture

pytestmark = [pytest.mark.reference, pytest.mark.timeout(600)]


@pytest.fixture(params=["jax", "torch"])
def backend(request):
    if importlib.util.find_spec(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    return request.param


def obey(backend, *words):
    """Run a command of the workshop on another backend; it must succeed."""
    done = subprocess.run(
        [sys.executable, "-m", "fer_train", *map(str, words)],
        env=os.environ | {"KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_another_backend_trains_and_what_it_trained_ships(backend, places):  # noqa: F811 - the fixture
    run = places / f"runs-{backend}"
    folders = [f"--data={places / 'data'}", f"--runs={run}", f"--models={places / 'models'}"]
    config = str(places / "tiny.toml")
    assert main(["prepare", "--folder", str(places / "faces"), folders[0]]) == 0
    for command in ("train", "heads"):
        obey(backend, command, config, *folders)
    assert [row["epoch"] for row in read_curves(run / "tiny" / "curves.csv")] == ["0", "1", "2"]
    assert main(["export", config, *folders]) == 0
    assert read_card(places / "models" / "tiny").training["epochs_completed"] == 3

    schedule = dataclasses.replace(TINY.schedule, epochs=1, warmup_epochs=0.5, start=("tiny",))
    student = dataclasses.replace(TINY, name="student", schedule=schedule, distillation=Distillation(teachers=("tiny",), views=1))
    (places / "student.toml").write_text(to_toml(student))
    obey(backend, "train", places / "student.toml", *folders)
    assert (run / "student" / "teachers.npz").is_file()
    source = places / "models" / "tiny" / "model.keras"
    obey(backend, "train", "mine", "--from", source, "--faces", places / "faces", "--epochs", 1, *folders[1:])
    assert main(["export", "mine", *folders]) == 0
