"""Fine-tuning: what is carried on, what stays, and that the result ships."""

import json
import shutil

import numpy as np
import pytest

from fer_core import FER2013, InputError, ModelError
from fer_train.config import changed, read_config
from fer_train.folders import table_of
from tests.train.test_training import TINY, random_pool, ship

pytestmark = pytest.mark.reference


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A folder with one shipped model, "tiny"."""
    import keras

    from fer_train.networks import build
    from fer_train.serving import serving_model

    keras.mixed_precision.set_global_policy("float32")
    keras.utils.set_random_seed(0)
    folder = tmp_path_factory.mktemp("models")
    ship(folder / "tiny", serving_model(build(TINY.network), random_pool()))
    return folder


def faces(count=120):
    """Chips whose class is plain to see: a bright bar at its own height, on noise."""
    rng = np.random.default_rng(0)
    names = [("happy", "sad", "surprise")[k % 3] for k in range(count)]
    chips = [rng.integers(0, 60, (48, 48), dtype=np.uint8) for _ in names]
    for chip, name in zip(chips, names, strict=True):
        top = 4 + 14 * ("happy", "sad", "surprise").index(name)
        chip[top : top + 10] += 150
    return table_of(chips, names, ["Training"] * count)


def config(**changes):
    from fer_train.finetune import config_for

    plain = {"augmentation.erase": 0.0, "finetuning.frozen": 0.0, "finetuning.keep": 0.0, "schedule.peak_rate": 0.05}
    return changed(config_for("mine", "tiny", epochs=6), {**plain, **changes})


def test_ones_own_faces_are_learned_and_the_run_ships(models, tmp_path):
    import keras

    from fer_core.classify import LiteRtClassifier
    from fer_train.data import load_table
    from fer_train.export import export
    from fer_train.finetune import finetune

    run = tmp_path / "runs" / "mine"
    (found,) = finetune(config(), models, faces(), run)
    assert json.loads((run / "agreement.json").read_text()) == [found]
    assert (found["faces"], found["n"]) == ("held back", 24)
    assert found["after"] > found["before"] + 0.2
    again = read_config(run / "config.toml")
    assert again == config()
    export(again, load_table(run / "faces.npz"), run, tmp_path / "mine")
    classifier = LiteRtClassifier(tmp_path / "mine")
    held = load_table(run / "faces.npz").split("PublicTest")
    assert (classifier.predict(held.images).probs.argmax(axis=1) == held.labels).mean() == pytest.approx(found["after"], abs=0.05)
    assert "tiny" in classifier.card.training["data"]
    assert classifier.card.metrics["own_faces"] == [found]
    assert f"mine does in {100 * found['after']:.1f}" in (tmp_path / "mine" / "README.md").read_text()
    slow = keras.models.load_model(tmp_path / "mine" / "model.keras").predict(held.images[..., None], verbose=0)["probs"]
    np.testing.assert_allclose(slow, classifier.predict(held.images).probs, atol=0.1)


@pytest.mark.parametrize(("kind", "widths"), [("mini-xception", (4, 4, 8, 8, 8)), ("mobilenetv2", (4,))])
def test_convolutions_are_frozen_whatever_their_kind_and_wherever_they_lie(kind, widths):
    import dataclasses

    from keras import layers

    from fer_train.finetune import CONVOLUTIONS, freeze
    from fer_train.networks import build, every_layer

    network = build(dataclasses.replace(TINY.network, kind=kind, widths=widths, depths=(1,)))
    freeze(network, 0.5)
    found = every_layer(network)
    convolutions = [layer.trainable for layer in found if isinstance(layer, CONVOLUTIONS)]
    half = round(len(convolutions) / 2)
    assert len(convolutions) > 8
    assert convolutions == [False] * half + [True] * (len(convolutions) - half)
    assert not any(layer.trainable for layer in found if isinstance(layer, layers.BatchNormalization))


def test_frozen_convolutions_and_every_batch_statistic_stay(models, tmp_path):
    import keras
    from keras import layers

    from fer_train.data import load_table
    from fer_train.finetune import finetune, source_of
    from fer_train.serving import trained_network

    how = config(**{"finetuning.frozen": 0.5, "schedule.epochs": 1, "schedule.warmup_epochs": 0.0})
    finetune(how, models, faces(), tmp_path / "run")
    before, _ = source_of(models / "tiny")
    after = trained_network(how, tmp_path / "run", load_table(tmp_path / "run" / "faces.npz"))
    moved = {}
    for old, new in zip(before.layers, after.layers, strict=True):
        pairs = zip(old.get_weights(), new.get_weights(), strict=True)
        moved[type(new), new.name] = any(not np.allclose(a, b) for a, b in pairs)
    convolutions = [changed_ for (kind, _), changed_ in moved.items() if kind is layers.Conv2D]
    assert convolutions == [False, True]
    assert not any(changed_ for (kind, _), changed_ in moved.items() if kind is layers.BatchNormalization)
    assert isinstance(after, keras.Model)


def test_too_few_faces_are_refused(models, tmp_path):
    from fer_train.finetune import finetune

    with pytest.raises(InputError, match="20 faces"):
        finetune(config(), models, faces(30), tmp_path)


def test_a_source_that_is_not_there_is_refused(tmp_path):
    from fer_train.finetune import finetune

    with pytest.raises(ModelError, match="tiny"):
        finetune(config(), tmp_path, faces(), tmp_path / "run")


def test_a_source_that_was_altered_is_refused(models, tmp_path):
    from fer_train.finetune import finetune

    shutil.copytree(models / "tiny", tmp_path / "tiny")
    (tmp_path / "tiny" / "model.keras").write_bytes(b"PK" + (models / "tiny" / "model.keras").read_bytes())
    with pytest.raises(ModelError, match=r"model\.keras"):
        finetune(config(), tmp_path, faces(), tmp_path / "run")


def test_folds_keep_a_group_together_and_are_what_they_were_without_groups():
    from fer_train.splits import folds_of

    rng = np.random.default_rng(0)
    labels, groups = rng.integers(0, 7, 300), rng.integers(0, 90, 300).astype(str)
    fold = folds_of(labels, 5, groups)
    assert all(len(set(fold[groups == group])) == 1 for group in set(groups))
    assert all(3 <= (fold[labels == label] == k).sum() <= 16 for label in range(7) for k in range(5))
    assert np.bincount(fold).min() >= 50
    assert folds_of(np.array([0, 0, 0, 1, 1, 1, 1]), 3).tolist() == [1, 2, 0, 0, 2, 1, 0]
    assert folds_of(labels[:0], 5, groups[:0]).tolist() == []


def test_folds_hold_each_class_evenly():
    from fer_train.splits import folds_of

    fold = folds_of(np.repeat(np.arange(len(FER2013)), 9), 3)
    assert np.bincount(fold).tolist() == [21, 21, 21]
