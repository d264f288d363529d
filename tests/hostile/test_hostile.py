"""Files that mean harm meet the readers in a process of its own: each gives an answer or a sentence, soon, in little memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fer_app.album import clean_name
from fer_app.exports import safe_stem
from fer_core import ModelError, Timeline, from_json, load_analyzer, to_csv
from fer_core.cards import MODELS_FOLDER, verified_bytes
from tests.hostile.corpus import write
from tests.hostile.words import FORMULAS, NAMES, formula_sessions

ROOT = Path(__file__).resolve().parents[2]
MOST_S, MOST_MB, MOST_WORDS = 2.0, 500, 500
MEASURED = pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """What came of each file of the corpus."""
    folder = tmp_path_factory.mktemp("corpus")
    names = write(folder)
    command = [sys.executable, "-m", "tests.hostile.reading", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=500)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(names), f"it ended at {names[len(found)]}: {done.stderr[-2000:]}"
    assert "Traceback" not in done.stderr
    return [outcome | {"folder": str(folder)} for outcome in found]


def that(outcomes, holds):
    return [(o["name"], o["kind"], o["cpu_s"], o["peak_mb"], o["said"][:120]) for o in outcomes if holds(o)]


@MEASURED
@pytest.mark.timeout(600)
def test_each_hostile_file_gives_an_answer_or_a_refusal_and_no_other_error(outcomes):
    assert len(outcomes) >= 200
    assert {o["reader"] for o in outcomes if o["kind"] == "refusal"} == {"photo", "video", "session", "card"}
    assert that(outcomes, lambda o: o["kind"] == "fault") == []


@MEASURED
def test_none_takes_more_than_two_seconds_of_the_processor_or_500_mb(outcomes):
    assert that(outcomes, lambda o: o["cpu_s"] > MOST_S) == []
    assert that(outcomes, lambda o: o["peak_mb"] > MOST_MB) == []


@MEASURED
def test_each_refusal_is_one_sentence_of_three_parts_that_names_no_folder_of_the_server(outcomes):
    refused = [o for o in outcomes if o["kind"] == "refusal"]
    assert that(refused, lambda o: "\n" in o["said"] or len(o["said"]) > MOST_WORDS or ";" not in o["said"]) == []
    assert that(refused, lambda o: o["reader"] != "card" and o["folder"] in o["said"]) == []


@MEASURED
def test_an_ordinary_file_is_no_fault_to_it(outcomes):
    assert {o["reader"] for o in outcomes if o["kind"] == "answer"} >= {"photo", "video", "session"}


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_hostile_name_reaches_no_folder_and_no_line_of_a_download(name):
    clean, stem = clean_name(name), safe_stem(Path(clean_name(name)).stem)
    assert len(clean) <= 120
    assert clean.isprintable()
    assert not {"/", "\\"} & set(clean)
    assert not set(stem) & set("/\\<>\"'&$`;:|\0\r\n \u202e")
    assert not stem.startswith((".", "-"))


@pytest.mark.parametrize("number", range(len(FORMULAS)))
def test_no_cell_of_an_export_is_a_formula(number):
    text = to_csv(from_json(formula_sessions()[f"session of formula {number}"])).decode("utf-8-sig")
    assert '"' + FORMULAS[number].replace('"', '""') not in text.replace("\"'", "")
    assert "\"'" in text


def test_an_export_of_nothing_has_no_apostrophe():
    assert b"'" not in to_csv(Timeline.of([], []))


def test_a_model_whose_file_is_another_is_not_loaded(tmp_path):
    (tmp_path / "model.tflite").write_bytes(b"TFL3")
    for hashes in ({}, {"model.tflite": ""}, {"model.tflite": "0" * 64}):
        with pytest.raises(ModelError, match="sha256"):
            verified_bytes(tmp_path, "model.tflite", hashes)
    assert load_analyzer(engine="fast").card.sha256["model.tflite"]
    assert (MODELS_FOLDER / "small" / "model.tflite").is_file()
