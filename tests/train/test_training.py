"""Training, joining and converting on real Keras: tiny networks, a few steps."""

import dataclasses
import shutil

import numpy as np
import pytest
from scipy.special import softmax

from fer_core import FER2013, FERPLUS, InputError, ModelError
from fer_core.cards import MODELS_FOLDER, read_card
from fer_train.augment import STILL, Augmentation
from fer_train.config import Config, Network, Schedule, changed
from fer_train.sight import Sight
from fer_train.task import Task
from tests.train.test_clean import table_of

pytestmark = pytest.mark.reference

TINY = Config(
    name="tiny",
    network=Network(widths=(4, 8), depths=(1, 1), dropout=0.0),  # the state of dropout is not restored
    schedule=Schedule(epochs=3, warmup_epochs=1, batch=8, precision="float32"),
    augmentation=Augmentation(),
)


def faces_of_pixels(pixels):
    """48 faces of the given gray values: 32 teach, 8 choose, 8 report."""
    usage = ["Training"] * 32 + ["PublicTest"] * 8 + ["PrivateTest"] * 8
    return table_of(list(pixels), usage, labels=[p % 7 for p in pixels])


@pytest.fixture(scope="module")
def table():
    return faces_of_pixels(range(1, 49))


def ship(folder, served):
    """Save a served model as a model's folder has it, with the card that vouches for it."""
    from fer_train.card import write_card

    folder.mkdir(parents=True)
    served.save(folder / "model.keras")
    nothing = {"threshold": 0.0, "temperature": 1.0, "input": {}, "training": {}, "metrics": {}, "limits": []}
    write_card(folder, {"name": folder.name, "labels": list(FER2013.names), **nothing}, names=("model.keras",))


def weights(model):
    return np.concatenate([w.ravel() for w in model.get_weights()])


def test_a_seed_gives_the_same_weights_and_another_seed_others(table, tmp_path):
    from fer_train.train import train

    first = weights(train(TINY, table, tmp_path / "a", verbose=0))
    again = weights(train(TINY, table, tmp_path / "b", verbose=0))
    other = dataclasses.replace(TINY, schedule=dataclasses.replace(TINY.schedule, seed=2))
    np.testing.assert_allclose(first, again, atol=1e-5)
    assert not np.allclose(first, weights(train(other, table, tmp_path / "c", verbose=0)), atol=1e-3)


class TaughtError(Exception):
    """Carries what would have taught."""


def test_training_rows_alone_teach(table, tmp_path, monkeypatch):
    from fer_train.train import train

    def taught(seen, *_):
        raise TaughtError(seen.images)

    monkeypatch.setattr("fer_train.train.FaceBatches", taught)
    with pytest.raises(TaughtError) as stopped:
        train(TINY, table, tmp_path, verbose=0)
    (images,) = stopped.value.args
    assert len(images) >= 4 * TINY.schedule.batch
    teaching = {image.tobytes() for image in table.split("Training").images}
    others = {image.tobytes() for usage in ("PublicTest", "PrivateTest") for image in table.split(usage).images}
    assert {image.tobytes() for image in images} <= teaching - others


def test_mixup_blends_faces_and_their_targets_alike(table):
    from fer_train.batches import FaceBatches
    from fer_train.lesson import lesson_of

    lesson = lesson_of(table, np.ones(len(table), bool))
    sight = Sight.plain(table.images)
    plain, truth, _ = FaceBatches(sight, lesson, TINY.schedule, STILL)[0]
    blended, mixed, weights = FaceBatches(sight, lesson, TINY.schedule, dataclasses.replace(STILL, mixup=0.4))[0]
    other = np.roll(plain, 1, axis=0)
    share = (blended - other).sum(axis=(1, 2, 3)) / (plain - other).sum(axis=(1, 2, 3))
    expected = share[:, None] * truth["fer2013"] + (1 - share[:, None]) * np.roll(truth["fer2013"], 1, axis=0)
    np.testing.assert_allclose(mixed["fer2013"], expected, atol=1e-4)
    np.testing.assert_allclose(weights["fer2013"], 1, atol=1e-6)


def test_a_student_is_taught_by_its_teacher_and_asks_it_once(network, table, tmp_path):
    from fer_train.config import Distillation
    from fer_train.serving import serving_model
    from fer_train.train import train

    ship(tmp_path / "models" / "teacher", serving_model(network, random_pool()))
    student = dataclasses.replace(TINY, distillation=Distillation(teachers=("teacher",), views=2))
    first = weights(train(student, table, tmp_path / "a", models=tmp_path / "models", verbose=0))
    kept = (tmp_path / "a" / "teachers.npz").stat().st_mtime_ns
    assert not np.allclose(first, weights(train(TINY, table, tmp_path / "b", verbose=0)), atol=1e-3)
    train(student, table, tmp_path / "a", models=tmp_path / "models", verbose=0)
    assert (tmp_path / "a" / "teachers.npz").stat().st_mtime_ns == kept
    with pytest.raises(ModelError, match="nobody"):
        train(dataclasses.replace(TINY, distillation=Distillation(teachers=("nobody",))), table, tmp_path / "c", models=tmp_path)


def test_teachers_answer_with_statistics_that_fit_their_weights(network, table, tmp_path):
    import keras

    from fer_train.distil import kept_answers, teachers_answer

    def teacher(shift):
        copy = keras.models.clone_model(network)
        copy.set_weights(network.get_weights())
        for layer in copy.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.moving_mean.assign(layer.moving_mean + shift)  # as the averaged weights of a run have them: others'
        return copy

    raw, spoilt = (
        teachers_answer([teacher(shift)], table.images, TINY.augmentation, 1, TINY.schedule.seed)["fer2013"] for shift in (0, 2)
    )
    assert np.abs(raw - spoilt).max() > 0.05
    own, others = (kept_answers(tmp_path / f"{shift}.npz", TINY, table.images, [teacher(shift)]) for shift in (0, 2))
    np.testing.assert_allclose(own["fer2013"], others["fer2013"], atol=1e-5)


def test_a_run_begins_with_the_weights_that_its_config_names_and_with_no_other_network(network, table, tmp_path):
    from fer_train.serving import serving_model
    from fer_train.train import train

    ship(tmp_path / "small", serving_model(network, random_pool()))
    still = dataclasses.replace(TINY.schedule, start=("small",), peak_rate=1e-6, weight_decay=0.0)
    ends = train(dataclasses.replace(TINY, schedule=still), table, tmp_path / "run", models=tmp_path, verbose=0)
    kernels = [
        (ends.layers[i].get_weights(), layer.get_weights()) for i, layer in enumerate(network.layers) if "conv" in layer.name
    ]
    for mine, theirs in kernels:
        np.testing.assert_allclose(mine[0], theirs[0], atol=1e-3)
    deeper = dataclasses.replace(TINY, network=dataclasses.replace(TINY.network, depths=(2, 1)), schedule=still)
    with pytest.raises(InputError, match="side by side"):
        train(deeper, table, tmp_path / "deeper", models=tmp_path, verbose=0)


def altered(network, seed: int):
    """Return the network with other weights, in place; those of a new one are too small to tell answers apart."""
    rng = np.random.default_rng(seed)
    network.set_weights([array + 0.1 * rng.random(array.shape) for array in network.get_weights()])
    return network


def test_bodies_side_by_side_answer_as_the_mean_of_the_networks_that_they_began_with(network, table):
    from fer_train.networks import begin_with, build

    deeper = altered(build(dataclasses.replace(TINY.network, depths=(1, 2))), 5)
    joined = build(dataclasses.replace(TINY.network, beside=((1, 2), (1, 1))))
    third = altered(build(TINY.network), 6)
    begin_with(joined, [network, deeper, third])
    chips = table.images[:16, :, :, None].astype(np.float32)
    answers = [model.predict(chips, verbose=0) for model in (network, deeper, third, joined)]
    for head, logits in answers[3].items():
        assert np.abs(answers[0][head] - answers[1][head]).max() > 0.1, "two that agree would show nothing"
        np.testing.assert_allclose(logits, sum(answer[head] for answer in answers[:3]) / 3, atol=1e-4)
    pair = build(dataclasses.replace(TINY.network, beside=((1, 2),)))
    begin_with(pair, [network, deeper])
    again = build(dataclasses.replace(TINY.network, beside=((1, 2), (1, 1))))
    begin_with(again, [pair, third])  # a source of two bodies counts twice
    for head, logits in again.predict(chips, verbose=0).items():
        np.testing.assert_allclose(logits, answers[3][head], atol=1e-4)


def test_a_network_begins_with_no_others_than_those_whose_bodies_it_has(network):
    from fer_train.networks import begin_with, build

    pair = build(dataclasses.replace(TINY.network, beside=((1, 1),)))
    deeper = build(dataclasses.replace(TINY.network, depths=(1, 2)))
    mapped = build(dataclasses.replace(TINY.network, kind="mini-xception", widths=(4, 4, 8, 8, 8), depths=(1,)))
    seven, six = (build(TINY.network, Task(votes=False, classes=FER2013.names[:count])) for count in (7, 6))
    before = weights(pair)
    others = ([network, deeper], [network, mapped], [mapped, mapped], [seven, seven], [pair, network])
    for starts in ([network], [network] * 3, *others):
        with pytest.raises(InputError, match="side by side"):
            begin_with(pair, starts)
    before_six = weights(six)
    with pytest.raises(InputError, match="side by side"):
        begin_with(six, [seven])
    np.testing.assert_array_equal(weights(six), before_six)
    np.testing.assert_array_equal(weights(pair), before)


def test_a_run_of_no_epochs_keeps_what_it_began_with(network, table, tmp_path):
    import keras

    from fer_train.serving import serving_model
    from fer_train.train import train

    for name in ("one", "two"):
        ship(tmp_path / name, serving_model(network, random_pool()))
    still = dataclasses.replace(TINY.schedule, start=("one", "two"), epochs=0, warmup_epochs=0)
    config = dataclasses.replace(TINY, schedule=still, network=dataclasses.replace(TINY.network, beside=(TINY.network.depths,)))
    train(config, table, tmp_path / "run", models=tmp_path, verbose=0)
    kept = keras.models.load_model(tmp_path / "run" / "best.keras", compile=False)
    chips = table.images[:16, :, :, None].astype(np.float32)
    for head, logits in network.predict(chips, verbose=0).items():
        np.testing.assert_allclose(kept.predict(chips, verbose=0)[head], logits, atol=1e-3)
    before = (tmp_path / "run" / "best.keras").read_bytes()
    train(config, table, tmp_path / "run", models=tmp_path, verbose=0)
    assert (tmp_path / "run" / "best.keras").read_bytes() == before, "heads that were joined for it fit no other file"
    with pytest.raises(InputError, match="0 epochs"):
        dataclasses.replace(TINY.schedule, epochs=0, warmup_epochs=0)


def test_the_faster_arithmetic_of_this_machine_is_taken_unless_one_is_named(monkeypatch):
    from fer_train import precision

    taken = {}
    for fast in (precision.BFLOAT16, precision.FLOAT32):
        monkeypatch.setattr(precision, "_step_s", lambda policy, fast=fast: 1.0 if policy == fast else 2.0)
        taken[fast] = precision.policy_for("auto")
        assert precision.policy_for("float32") == "float32"
    assert all(policy == fast for fast, policy in taken.items())


def test_a_step_is_timed_in_both_arithmetics():
    from fer_train import precision

    assert all(precision._step_s(policy, tries=1) > 0 for policy in (precision.BFLOAT16, precision.FLOAT32))


@pytest.fixture(scope="module")
def network():
    import keras

    from fer_train.networks import build

    keras.mixed_precision.set_global_policy("float32")
    keras.utils.set_random_seed(0)
    return build(TINY.network)


CHIPS = np.random.default_rng(0).integers(0, 256, (5, 48, 48), dtype=np.uint8)


def random_pool(temperature=1.3, *, seed=4):
    from fer_train.pool import Pool

    rng = np.random.default_rng(seed)
    return Pool(rng.normal(size=(15, 7)), rng.normal(size=7), temperature)


def test_the_graph_serves_what_the_pool_says_on_paper(network):
    from fer_train.serving import head_logs, serving_model

    served = serving_model(network, random_pool()).predict(CHIPS[..., None], verbose=0)
    expected = softmax(random_pool().logits(head_logs(network, CHIPS)), axis=1)
    np.testing.assert_allclose(served["probs"], expected, atol=1e-5)
    assert served["ferplus"].shape == (5, len(FERPLUS))
    np.testing.assert_allclose(served["probs"].sum(axis=1), 1, atol=1e-5)


def test_brighter_light_does_not_change_the_answer(network):
    from fer_train.serving import head_logs

    chips = CHIPS // 2
    np.testing.assert_allclose(head_logs(network, chips), head_logs(network, chips + 100), atol=1e-3)


def test_a_settled_network_normalises_by_the_faces_it_saw():
    import keras

    from fer_train.networks import build
    from fer_train.serving import settled

    keras.utils.set_random_seed(0)
    network = build(TINY.network)
    chips = np.random.default_rng(1).integers(0, 256, (600, 48, 48), dtype=np.uint8)
    norm = next(layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization))
    before = np.asarray(norm.moving_variance).copy()
    settled(network, chips)
    inner = keras.Model(network.inputs, norm.output)
    ends = np.asarray(inner.predict(chips[..., None].astype(np.float32), verbose=0))
    np.testing.assert_allclose(ends.mean(axis=(0, 1, 2)), 0, atol=0.05)
    np.testing.assert_allclose(ends.std(axis=(0, 1, 2)), 1, atol=0.05)
    assert not np.allclose(before, np.asarray(norm.moving_variance))


def test_a_run_ships_as_a_folder_whose_files_agree(table, tmp_path):
    import keras

    from fer_core.classify import LiteRtClassifier
    from fer_train.export import export
    from fer_train.pool import write_pool
    from fer_train.train import train

    train(TINY, table, tmp_path / "run", verbose=0)
    with pytest.raises(InputError, match="heads"):
        export(TINY, table, tmp_path / "run", tmp_path / "tiny")
    write_pool(tmp_path / "run" / "pool.json", random_pool())
    with pytest.raises(InputError, match=r"schedule\.epochs = 3, not 5"):
        export(changed(TINY, {"schedule.epochs": 5}), table, tmp_path / "run", tmp_path / "tiny")
    assert not (tmp_path / "tiny").exists()
    found = export(TINY, table, tmp_path / "run", tmp_path / "tiny")
    classifier = LiteRtClassifier(tmp_path / "tiny")
    slow = keras.models.load_model(tmp_path / "tiny" / "model.keras").predict(CHIPS[..., None], verbose=0)
    np.testing.assert_allclose(classifier.predict(CHIPS).probs, slow["probs"], atol=0.05)
    assert found["same_top_label"] >= 0.99
    assert classifier.card.labels == FER2013
    assert classifier.card.training["epochs_completed"] == 3
    assert "began_with" not in classifier.card.training
    readme = (tmp_path / "tiny" / "README.md").read_text()
    assert f"| int8 | {found['bytes'] / 1e6:.2f} MB |" in readme


def test_a_failed_export_leaves_the_folder_as_it_was_and_another_takes_old_figures_away(table, tmp_path, monkeypatch):
    from fer_train import export as exporting
    from fer_train.pool import write_pool
    from fer_train.train import train

    train(TINY, table, tmp_path / "run", verbose=0)
    write_pool(tmp_path / "run" / "pool.json", random_pool())
    folder = tmp_path / "tiny"
    exporting.export(TINY, table, tmp_path / "run", folder)
    (folder / "evaluation.json").write_text("{}")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    write_pool(tmp_path / "run" / "pool.json", random_pool(seed=1))
    with monkeypatch.context() as broken:
        broken.setattr("fer_train.convert.to_litert", lambda *_: (folder / "model.tflite").read_bytes())  # of another network
        with pytest.raises(ModelError, match=r"must repeat model\.keras"):
            exporting.export(TINY, table, tmp_path / "run", folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert {path.name for path in tmp_path.iterdir()} == {"run", "tiny"}
    exporting.export(TINY, table, tmp_path / "run", folder)
    assert {path.name for path in folder.iterdir()} == {"model.keras", "model.tflite", "card.json", "README.md"}
    assert (folder / "model.tflite").read_bytes() != before["model.tflite"]


def test_a_card_says_what_its_network_began_with_also_where_that_is_gone(table, tmp_path):
    from fer_train.card import describe
    from fer_train.train import train

    def training(name, epochs, *starts):
        schedule = dataclasses.replace(TINY.schedule, epochs=epochs, warmup_epochs=0.5, start=starts)
        config = dataclasses.replace(TINY, name=name, schedule=schedule)
        train(config, table, tmp_path / "runs" / name, models=tmp_path / "models", verbose=0)
        return describe(config, table, tmp_path / "runs" / name)["training"]

    assert "began_with" not in training("first", 2)
    (first,) = training("second", 1, "first")["began_with"]
    assert (first["model"], first["epochs_completed"], first["config"]["schedule"]["epochs"]) == ("first", 2, 2)
    shutil.rmtree(tmp_path / "runs" / "first")
    found = training("third", 3, "second")
    (second,) = found["began_with"]
    assert (found["epochs_completed"], second["model"], second["epochs_completed"]) == (3, "second", 3)
    assert (second["config"]["schedule"]["start"], second["began_with"]) == (["first"], [first])
    shutil.rmtree(tmp_path / "runs" / "second")
    again = describe(dataclasses.replace(TINY, name="third"), table, tmp_path / "runs" / "third")
    assert again["training"]["began_with"] == found["began_with"]
    with pytest.raises(ModelError, match=r"card\.json of the model in .*nobody"):
        training("fourth", 1, "nobody")


def test_the_epochs_of_a_shipped_model_are_those_of_its_card(tmp_path):
    from fer_train.card import beginning

    began = [start["epochs_completed"] for start in read_card(MODELS_FOLDER / "mien").training["began_with"]]
    assert beginning("mien", tmp_path, MODELS_FOLDER)["epochs_completed"] == sum(began) > 0
    small = beginning("small", tmp_path, MODELS_FOLDER)
    assert (small["epochs_completed"], small["config"]) == (48, read_card(MODELS_FOLDER / "small").training["config"])
