"""The analyzer: one verb, two engines, and what happens where an engine is missing."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import skimage.data
import skimage.io

import fer_core as fer
from fer_core.analyze import available_engines

ROOT = Path(__file__).resolve().parents[2]
ASTRONAUT = skimage.data.astronaut()
pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def analyzer():
    return fer.load_analyzer(engine="fast")


def test_a_smiling_face_looks_happy(analyzer):
    (face,) = analyzer.analyze(ASTRONAUT)
    assert face.label == "happy"
    assert face.confidence == pytest.approx(max(face.probabilities.values()))
    assert sum(face.probabilities.values()) == pytest.approx(1, abs=1e-4)


def test_a_picture_without_a_face_gives_an_empty_result_and_no_error(analyzer):
    result = analyzer.analyze(np.full((200, 300, 3), 90, np.uint8))
    assert list(result) == []
    assert result.emotions.probs.shape == (0, 7)


def test_analyzing_twice_gives_the_same_and_leaves_the_picture_alone(analyzer):
    picture = ASTRONAUT.copy()
    first, second = analyzer.analyze(picture), analyzer.analyze(picture)
    np.testing.assert_array_equal(first.emotions.probs, second.emotions.probs)
    np.testing.assert_array_equal(picture, ASTRONAUT)


def test_a_mirrored_picture_keeps_its_label_and_mirrors_its_box(analyzer):
    (face,), (other,) = analyzer.analyze(ASTRONAUT), analyzer.analyze(np.ascontiguousarray(ASTRONAUT[:, ::-1]))
    assert face.label == other.label
    assert other.box[0] == pytest.approx(ASTRONAUT.shape[1] - face.box[2], abs=8)


def test_one_look_is_a_choice_and_both_sides_the_default(analyzer):
    once = analyzer.with_options(fer.Options(both_sides=False)).analyze(ASTRONAUT)
    np.testing.assert_array_equal(once.faces.boxes, analyzer.analyze(ASTRONAUT).faces.boxes)
    assert not np.array_equal(once.emotions.probs, analyzer.analyze(ASTRONAUT).emotions.probs)


@pytest.mark.parametrize(
    ("knobs", "words"), [({"engine": "turbo"}, "fast"), ({"model": "../small"}, "small"), ({"model": ""}, "small")]
)
def test_an_unknown_engine_or_model_is_refused_with_the_known_ones(knobs, words):
    with pytest.raises(fer.InputError, match=words):
        fer.load_analyzer(**knobs)


def run_without(packages, code):
    blocked = f"import sys\nfor name in {packages!r}: sys.modules[name] = None\n"
    return subprocess.run([sys.executable, "-c", blocked + code], capture_output=True, text=True, cwd=ROOT, check=False)


def test_a_missing_engine_says_what_to_install():
    code = "import fer_core as fer\ntry: fer.load_analyzer(engine='reference')\nexcept fer.ModelError as error: print(error)"
    assert "requirements.txt" in run_without(["tensorflow"], code).stdout


@pytest.mark.reference
def test_the_reference_engine_takes_over_where_litert_is_missing():
    code = """
import fer_core as fer, skimage.data
analyzer = fer.load_analyzer()
print(type(analyzer.classifier).__name__, analyzer.analyze(skimage.data.astronaut())[0].label)
"""
    done = run_without(["ai_edge_litert"], code)
    assert done.stdout.split() == ["KerasClassifier", "happy"], done.stderr


@pytest.mark.reference
def test_both_engines_give_one_result(analyzer):
    (fast,), (slow,) = analyzer.analyze(ASTRONAUT), fer.load_analyzer(engine="reference").analyze(ASTRONAUT)
    np.testing.assert_allclose(fast.box, slow.box, atol=1)
    assert fast.label == slow.label
    assert fast.confidence == pytest.approx(slow.confidence, abs=0.02)


@pytest.mark.reference
def test_both_engines_are_offered_where_all_is_installed():
    assert available_engines() == ("fast", "reference")


def test_the_ten_lines_of_the_readme_run_as_they_stand(tmp_path, monkeypatch, capsys):
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    skimage.io.imsave(tmp_path / "party.jpg", ASTRONAUT)
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(code, names)
    assert "happy" in capsys.readouterr().out
    assert names["picture"].shape == ASTRONAUT.shape
    assert fer.from_csv(names["table"]).same_as(names["session"].timeline())
