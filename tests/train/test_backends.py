"""Training needs Keras alone: it runs on other backends than TensorFlow, and TensorFlow exports what they trained."""

import importlib.util
import os
import subprocess
import sys

import pytest

from fer_core.cards import read_card
from fer_train.__main__ import main
from fer_train.tables import read_curves
from tests.train.test_workshop import places  # noqa: F401 - a fixture

pytestmark = [pytest.mark.reference, pytest.mark.timeout(300)]


@pytest.fixture(params=["jax", "torch"])
def backend(request):
    if importlib.util.find_spec(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    return request.param


def test_another_backend_trains_and_what_it_trained_ships(backend, places):  # noqa: F811 - the fixture
    run = places / f"runs-{backend}"
    folders = [f"--data={places / 'data'}", f"--runs={run}", f"--models={places / 'models'}"]
    config = str(places / "tiny.toml")
    assert main(["prepare", "--folder", str(places / "faces"), folders[0]]) == 0
    for command in ("train", "heads"):
        words = [sys.executable, "-m", "fer_train", command, config, *folders]
        done = subprocess.run(words, env=os.environ | {"KERAS_BACKEND": backend}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert [row["epoch"] for row in read_curves(run / "tiny" / "curves.csv")] == ["0", "1", "2"]
    assert main(["export", config, *folders]) == 0
    assert read_card(places / "models" / "tiny").training["epochs_completed"] == 3
