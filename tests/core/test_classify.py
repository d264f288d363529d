"""The emotion classifier: the shipped files, on both engines, and files that must be refused."""

import hashlib
import json
import shutil

import numpy as np
import pytest

from fer_core import FER2013, FERPLUS, InputError, ModelError
from fer_core.analyze import DEFAULT_MODEL
from fer_core.cards import MODELS_FOLDER, read_card
from fer_core.classify import LiteRtClassifier, predict_both_sides

FOLDER = MODELS_FOLDER / DEFAULT_MODEL
CHIPS = np.random.default_rng(0).integers(0, 256, (6, 48, 48), dtype=np.uint8)

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def classifier():
    return LiteRtClassifier(FOLDER)


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(FOLDER, tmp_path / "copy")


def test_both_outputs_have_their_labels_and_sum_to_one(classifier):
    for emotions, labels in ((classifier.predict(CHIPS), FER2013), (classifier.predict_ferplus(CHIPS), FERPLUS)):
        assert emotions.labels == labels
        np.testing.assert_allclose(emotions.probs.sum(axis=1), 1, atol=1e-4)


def test_no_chip_gives_no_row(classifier):
    assert classifier.predict(CHIPS[:0]).probs.shape == (0, 7)


def test_a_batch_equals_one_by_one(classifier):
    alone = np.concatenate([classifier.predict(CHIPS[i : i + 1]).probs for i in range(len(CHIPS))])
    np.testing.assert_array_equal(classifier.predict(CHIPS).probs, alone)


def test_a_face_and_its_mirror_image_get_one_answer(classifier):
    chips = np.random.default_rng(6).integers(0, 256, (4, 48, 48), dtype=np.uint8)
    mirrored = np.ascontiguousarray(chips[:, :, ::-1])
    answer = predict_both_sides(classifier, chips)
    np.testing.assert_allclose(answer.probs, predict_both_sides(classifier, mirrored).probs, atol=1e-6)
    np.testing.assert_allclose(answer.probs.sum(axis=1), 1, atol=1e-5)
    assert not np.allclose(answer.probs, classifier.predict(chips).probs, atol=1e-3)


@pytest.mark.parametrize("chips", [CHIPS.astype(np.float32), CHIPS[:, :40], CHIPS[0], CHIPS[..., None], None])
def test_what_is_no_chip_is_refused(classifier, chips):
    with pytest.raises(InputError, match="face_chips"):
        classifier.predict(chips)


def test_many_threads_get_what_one_gets(classifier):
    from concurrent.futures import ThreadPoolExecutor

    expected = classifier.predict(CHIPS).probs
    with ThreadPoolExecutor(8) as pool:
        for emotions in pool.map(classifier.predict, [CHIPS] * 40):
            np.testing.assert_array_equal(emotions.probs, expected)


def test_an_altered_file_is_refused_by_name(copy):
    content = bytearray((copy / "model.tflite").read_bytes())
    content[len(content) // 2] ^= 1
    (copy / "model.tflite").write_bytes(content)
    with pytest.raises(ModelError, match=r"model\.tflite"):
        LiteRtClassifier(copy)


@pytest.mark.parametrize("name", ["model.tflite", "card.json"])
def test_a_missing_file_is_refused_by_name(copy, name):
    (copy / name).unlink()
    with pytest.raises(ModelError, match=name):
        LiteRtClassifier(copy)


def test_labels_that_do_not_fit_the_network_are_refused(copy):
    values = json.loads((copy / "card.json").read_text())
    values["labels"] = values["labels"][:5]
    (copy / "card.json").write_text(json.dumps(values))
    with pytest.raises(ModelError, match="5"):
        LiteRtClassifier(copy)


def relabel(folder, labels):
    values = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps({**values, "labels": labels}))


@pytest.mark.parametrize(
    "labels",
    [
        [*FER2013.names[1:], FER2013.names[0]],
        ["angry", "disgust", "fear", "sad", "happy", "surprise", "neutral"],
        [*FER2013.names[:6], "contempt"],
        [name.upper() for name in FER2013.names],
    ],
)
def test_labels_that_could_be_another_columns_are_refused(copy, labels):
    relabel(copy, labels)
    with pytest.raises(ModelError, match=r"card\.json .* in this order"):
        LiteRtClassifier(copy)


def test_labels_as_they_were_exported_are_not_refused(copy):
    relabel(copy, list(FER2013.names))
    assert LiteRtClassifier(copy).predict(CHIPS).labels == FER2013


def test_a_file_that_the_card_does_not_vouch_for_is_refused_by_name(copy):
    values = json.loads((copy / "card.json").read_text())
    del values["sha256"]["model.tflite"]
    (copy / "card.json").write_text(json.dumps(values))
    with pytest.raises(ModelError, match=r"model\.tflite"):
        LiteRtClassifier(copy)


def vouched_for(folder, name, content):
    (folder / name).write_bytes(content)
    values = json.loads((folder / "card.json").read_text())
    values["sha256"][name] = hashlib.sha256(content).hexdigest()
    (folder / "card.json").write_text(json.dumps(values))


@pytest.mark.parametrize("content", [b"", b"no network", (MODELS_FOLDER / "mtcnn" / "rnet.tflite").read_bytes()])
def test_a_file_that_is_another_network_is_refused_although_the_hash_fits(copy, content):
    vouched_for(copy, "model.tflite", content)
    with pytest.raises(ModelError, match=r"model\.tflite"):
        LiteRtClassifier(copy)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "null",
        "[" * 100_000,
        '{"name": "x"}',
        '{"name": 3, "labels": ["a"]}',
        '{"name": "x", "labels": ["a", "a"]}',
    ],
)
def test_a_card_that_is_none_is_refused(tmp_path, text):
    (tmp_path / "card.json").write_text(text)
    with pytest.raises(ModelError, match=r"card\.json"):
        read_card(tmp_path)


def test_a_card_cannot_name_a_file_outside_its_folder(copy):
    values = json.loads((copy / "card.json").read_text())
    values["sha256"] = {"../../etc/passwd": "0"}
    (copy / "card.json").write_text(json.dumps(values))
    with pytest.raises(ModelError, match="sha256"):
        read_card(copy)


@pytest.mark.reference
def test_both_engines_say_the_same(classifier):
    from fer_core.reference import KerasClassifier

    slow = KerasClassifier(FOLDER)
    for verb in ("predict", "predict_ferplus"):
        fast_rows, slow_rows = getattr(classifier, verb)(CHIPS), getattr(slow, verb)(CHIPS)
        assert np.abs(fast_rows.probs - slow_rows.probs).mean() <= 0.01
        assert fast_rows.labels == slow_rows.labels
    assert slow.predict(CHIPS[:0]).probs.shape == (0, 7)


@pytest.mark.reference
def test_labels_that_do_not_fit_the_keras_file_are_refused(copy):
    from fer_core.reference import KerasClassifier

    relabel(copy, list(FER2013.names[:5]))
    with pytest.raises(ModelError, match=r"model\.keras"):
        KerasClassifier(copy)
    (copy / "model.keras").unlink()
    with pytest.raises(ModelError, match=r"model\.keras"):
        KerasClassifier(copy)


@pytest.mark.reference
def test_an_altered_keras_file_is_refused(copy):
    from fer_core.reference import KerasClassifier

    (copy / "model.keras").write_bytes(b"PK" + (copy / "model.keras").read_bytes())
    with pytest.raises(ModelError, match=r"model\.keras"):
        KerasClassifier(copy)
