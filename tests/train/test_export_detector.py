"""The three networks are converted again to the very files that are shipped."""

import subprocess
import sys

import pytest

from fer_core.cards import MODELS_FOLDER

pytestmark = [pytest.mark.model, pytest.mark.reference]


def test_converting_again_gives_the_shipped_files(tmp_path):
    code = f"from pathlib import Path; from fer_train.export_detector import *; export_detector(Path({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-c", code], cwd=MODELS_FOLDER.parent, check=True, capture_output=True)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"pnet.tflite", "rnet.tflite", "onet.tflite", "card.json"}
    for name in names:
        assert (tmp_path / name).read_bytes() == (MODELS_FOLDER / "mtcnn" / name).read_bytes(), name
