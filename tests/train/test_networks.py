"""The networks of the student projects: their parameters are the published ones, and each answers what its task asks."""

import numpy as np
import pytest

from fer_core import InputError
from fer_train.config import Network, read_config
from fer_train.making import CONFIGS
from fer_train.task import Task

pytestmark = pytest.mark.reference
SYSTEMS = sorted(path for path in CONFIGS.glob("*.toml") if not read_config(path).task.votes)
ALL, TRAINABLE = "all", "trainable"
PUBLISHED = {
    "ntds-6conv": (ALL, 91_482),
    "cap-small": (TRAINABLE, 2_863_495),
    "cap-big": (TRAINABLE, 4_474_759),
    "concordia-vgg": (ALL, 2_240_063),
    "landmark-binary": (ALL, 1_913_926),
}


@pytest.fixture(autouse=True)
def _float32():
    import keras

    keras.mixed_precision.set_global_policy("float32")


def built(name):
    from fer_train.networks import build

    config = read_config(CONFIGS / f"{name}.toml")
    return build(config.network, config.task)


def parameters(weights):
    return sum(int(np.prod(weight.shape)) for weight in weights)


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_network_has_exactly_the_published_parameters(name):
    which, count = PUBLISHED[name]
    model = built(name)
    assert parameters(model.weights if which == ALL else model.trainable_weights) == count


def test_mini_xception_has_about_sixty_thousand_parameters():
    assert parameters(built("mini-xception").weights) == pytest.approx(60_000, rel=0.05)


@pytest.mark.parametrize("path", SYSTEMS, ids=lambda path: path.stem)
def test_each_system_gives_a_logit_for_each_of_its_classes_and_no_votes(path):
    model, task = built(path.stem), read_config(path).task
    assert {name: head.shape[-1] for name, head in model.output.items()} == {"fer2013": len(task.classes)}


def test_a_few_epochs_of_a_well_known_network_are_judged_by_statistics_of_their_own():
    from keras import layers

    inner = [layer for layer in built("mobilenetv2").layers if hasattr(layer, "layers")]
    norms = [layer for layer in inner[0].layers if isinstance(layer, layers.BatchNormalization)]
    assert norms
    assert {norm.momentum for norm in norms} == {0.9}


def test_any_network_ends_in_both_heads_where_the_task_has_votes():
    from fer_train.networks import build

    for kind, widths in (("mini-xception", (4, 8)), ("cap-small", (4, 4, 4))):
        model = build(Network(kind=kind, widths=widths), Task())
        assert {name: head.shape[-1] for name, head in model.output.items()} == {"fer2013": 7, "ferplus": 8}


def test_an_unknown_network_is_refused_by_the_known_ones():
    from fer_train.networks import build

    with pytest.raises(InputError, match="mini-xception"):
        build(Network(kind="mini"))


def test_neighbours_answer_as_the_nearest_faces_do_and_not_as_the_empty_places():
    from fer_train.networks import build
    from fer_train.networks_baselines import remember, remembers

    model = build(Network(kind="neighbours", widths=(50,), depths=(3,), standardise=False), Task(votes=False))
    rng = np.random.default_rng(0)
    faces, answers = rng.integers(0, 256, (20, 48, 48)).astype(np.uint8), np.eye(7, dtype=np.float32)[rng.integers(0, 7, 20)]
    assert remembers(model)
    remember(model, faces, answers, seed=1)
    asked = np.clip(faces[:6].astype(int) + rng.integers(-9, 10, (6, 48, 48)), 0, 255)
    far = ((asked[:, None] - faces[None].astype(int)) ** 2).sum(axis=(2, 3))
    expected = np.array([answers[np.argsort(row)[:3]].mean(axis=0) for row in far])
    said = model.predict(asked[..., None].astype(np.float32), verbose=0)["fer2013"]
    np.testing.assert_allclose(said, expected, atol=1e-5)
    assert not remembers(built("cap-small"))
