"""Tuning: the space is checked, PublicTest judges, and a search goes on."""

import csv
import json

import pytest

from fer_core import InputError, ModelError
from fer_train.config import changed, read_config
from tests.train.test_ablate import table
from tests.train.test_training import TINY

pytestmark = pytest.mark.reference
SPACE = """
search = "{search}"
trials = 2
epochs = 2
rows = 35
[space]
"schedule.peak_rate" = {{ low = 0.01, high = 0.1, log = true }}
"augmentation.mixup" = {{ choices = [0.0, 0.2] }}
"""


def space(tmp_path, search="random", more=""):
    path = tmp_path / "space.toml"
    path.write_text(SPACE.format(search=search) + more)
    return path


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ('"schedule.speed" = { low = 1, high = 2 }', "speed"),
        ('"network.dropout" = { low = 0.1, hihg = 0.2 }', "hihg"),
        ('"network.dropout" = { low = 0.5, high = 0.1 }', "low < high"),
        ('"schedule.weight_decay" = { low = 0.0, high = 0.1, log = true }', "log"),
        ('"schedule.batch" = { low = 64, high = 256 }', "batch .* must be of the kind int"),
    ],
)
def test_an_unknown_key_or_an_empty_knob_is_refused(more, word, tmp_path):
    from fer_train.tune import read_search

    with pytest.raises(InputError, match=word):
        read_search(space(tmp_path, more=more), TINY)


def test_whole_and_broken_numbers_may_be_listed_together(tmp_path):
    from fer_train.tune import _hyperparameters, read_search

    search = read_search(space(tmp_path, more='"augmentation.light" = { choices = [0, 0.2, 1] }'), TINY)
    (declared,) = (knob for knob in _hyperparameters(search.space).space if knob.name == "augmentation.light")
    assert declared.values == [0.0, 0.2, 1.0]


def test_a_short_trial_warms_up_and_averages_over_the_same_share_of_its_steps():
    from fer_train.tune import shortened

    recipe = changed(TINY, {"schedule.epochs": 48, "schedule.warmup_epochs": 3.0, "schedule.ema": 0.999})
    short = shortened(recipe, 12, 0.25).schedule
    assert (short.epochs, short.warmup_epochs) == (12, 0.75)
    assert short.ema == pytest.approx(1 - 0.001 * 16)
    assert shortened(recipe, 48, 1.0) == recipe


def test_an_unknown_search_is_refused(tmp_path):
    from fer_train.tune import read_search

    with pytest.raises(InputError, match="hyperband"):
        read_search(space(tmp_path, search="grid"), TINY)


def test_the_shipped_space_fits_the_shipped_configs():
    from fer_train.making import CONFIGS, SPACES
    from fer_train.tune import read_search

    for path in CONFIGS.glob("*.toml"):
        config = read_config(path)
        if config.task.sight == "landmarks":
            with pytest.raises(InputError, match="landmarks do not move"):
                read_search(SPACES / "recipe.toml", config)
        else:
            assert len(read_search(SPACES / "recipe.toml", config).space) >= 6


@pytest.mark.timeout(600)
@pytest.mark.parametrize("search", ["random", "hyperband"])
def test_a_search_writes_its_trials_and_the_best_recipe_and_goes_on(search, tmp_path, monkeypatch):
    from fer_train import tune

    path, folder = space(tmp_path, search), tmp_path / "search"
    places = {"models": tmp_path, "runs": tmp_path}
    rows = tune.tune(TINY, path, table(), folder, **places)
    with (folder / "trials.csv").open(newline="") as file:
        written = list(csv.DictReader(file))
    assert [row["trial"] for row in written] == [row["trial"] for row in rows]
    assert {row["status"] for row in rows} == {"COMPLETED"}
    best = max(rows, key=lambda row: row["public_accuracy"])["public_accuracy"]
    chosen = read_config(folder / "best.toml")
    assert any(row["schedule.peak_rate"] == chosen.schedule.peak_rate and row["public_accuracy"] == best for row in rows)
    assert chosen.network == TINY.network
    assert chosen.name == f"{TINY.name}-tuned", "trained, it takes the place of no other model"
    asked = []
    monkeypatch.setattr(tune, "train", lambda *args, **knobs: asked.append(args))
    # As if it had been killed in the last trial: Keras Tuner still counts that one as under way.
    state = folder / "search" / "oracle.json"
    said = json.loads(state.read_text())
    assert tune.tune(TINY, path, table(), folder, **places) == rows
    assert len(asked) <= len(said["ongoing_trials"])
    with pytest.raises(InputError, match="got others"):
        tune.tune(TINY, space(tmp_path, search, "# a word more\n"), table(), folder, **places)


@pytest.mark.timeout(600)
def test_a_recipe_that_begins_with_a_run_is_searched_and_one_that_trains_nothing_is_refused(tmp_path):
    from fer_train import tune
    from fer_train.train import train

    places, path = {"models": tmp_path / "models", "runs": tmp_path / "runs"}, space(tmp_path, "random")
    on = changed(TINY, {"schedule.start": ("first",)})
    with pytest.raises(ModelError, match="first"):
        tune.tune(on, path, table(), tmp_path / "search", **places)
    train(TINY, table(), tmp_path / "runs" / "first", verbose=0)
    assert {row["status"] for row in tune.tune(on, path, table(), tmp_path / "search", **places)} == {"COMPLETED"}
    still = changed(on, {"schedule.epochs": 0, "schedule.warmup_epochs": 0.0})
    with pytest.raises(InputError, match="0 epochs"):
        tune.tune(still, path, table(), tmp_path / "other", **places)
