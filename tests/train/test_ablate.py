"""The ablation: what differs, what stays equal, and that a table goes on where it stopped."""

import csv

import numpy as np
import pytest

from fer_core import InputError
from fer_train.config import read_config
from tests.train.test_clean import table_of

pytestmark = pytest.mark.reference
CONFIG = "fer_train/configs/ablation.toml"


def table():
    pixels = list(range(1, 101))
    usage = ["Training"] * 70 + ["PublicTest"] * 15 + ["PrivateTest"] * 15
    return table_of(pixels, usage, labels=[p % 7 for p in pixels])


def base():
    from pathlib import Path

    return read_config(Path(CONFIG))


def test_every_ingredient_changes_the_base_and_nothing_else_does():
    from fer_train.ablate import BASE, INGREDIENTS, Size, variants

    found = variants(base(), Size())
    assert len(INGREDIENTS) >= 8
    assert set(found) == {BASE, *INGREDIENTS}
    assert all(found[name] != found[BASE] for name in INGREDIENTS)
    assert {variant.schedule.epochs for variant in found.values()} == {12}
    assert {variant.network.widths for variant in found.values()} == {(16, 32, 64, 128)}


def test_private_test_never_enters_an_experiment():
    from fer_train.ablate import experiment_table

    few = experiment_table(table(), 35)
    assert set(few.usage) == {"Training", "PublicTest"}
    assert 30 <= (few.usage == "Training").sum() <= 40
    assert len(set(few.labels[few.usage == "Training"])) == 7


def test_too_short_a_run_is_refused():
    from fer_train.ablate import Size

    with pytest.raises(InputError, match="10 or more"):
        Size(epochs=3)


def test_a_difference_is_paired_and_its_interval_holds_it():
    from fer_train.ablation_table import difference

    rng = np.random.default_rng(0)
    first = rng.random((2, 2000)) < 0.6
    better = first | (rng.random((2, 2000)) < 0.1)
    gained, low, high = difference(first, better)
    assert 0.02 < low < gained < high < 0.06
    assert difference(first, first) == (0.0, 0.0, 0.0)


def test_what_seeds_disagree_on_is_not_shown_however_narrow_the_interval():
    from fer_train.ablate import BASE, Measured, Size
    from fer_train.ablation_table import rows_of

    def said(*rights):
        """What is said of a change by which so many of 1,000 more are right, with one seed and with the other."""
        base = np.arange(1000) < 500
        found = {BASE: [Measured(base, 1.0)] * 2, "flip": [Measured(np.arange(1000) < 500 + more, 1.0) for more in rights]}
        return rows_of(found, Size(ingredients=("flip",)))[1]["matters"]

    assert said(-40, -20) == "worse with the change"
    assert said(40, 20) == "better with the change"
    assert said(5, -60) == said(1, 0) == "not shown"


def test_an_unknown_ingredient_is_refused_and_the_known_ones_are_named():
    from fer_train.ablate import Size

    with pytest.raises(InputError, match=r"'erasing', 'mixup'.*got \['salt'\]"):
        Size(ingredients=("mixup", "salt"))


def test_a_table_goes_on_where_it_stopped_and_is_written(tmp_path, monkeypatch):
    from fer_train import ablate
    from fer_train.ablation_table import write
    from fer_train.config import changed

    monkeypatch.setattr(ablate, "FEWEST_EPOCHS", 1)
    tiny = changed(base(), {"network.widths": (4, 4), "network.depths": (1, 1), "schedule.batch": 16})
    tiny = changed(tiny, {"schedule.precision": "float32", "schedule.warmup_epochs": 0.0})
    size = ablate.Size(epochs=1, rows=35, width=2, seeds=(1,), ingredients=("averaged weights",))
    told = []
    found = ablate.ablate(tiny, table(), tmp_path / "runs", tmp_path, size, tell=told.append)
    assert len(told) == 2
    monkeypatch.setattr(ablate, "train", None)  # a second start trains nothing
    again = ablate.ablate(tiny, table(), tmp_path / "runs", tmp_path, size)
    for name, measured in found.items():
        for one, other in zip(measured, again[name], strict=True):
            np.testing.assert_array_equal(one.right, other.right)
    write(found, size, tmp_path, tmp_path / "docs", "a command")
    with (tmp_path / "ablation.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["ingredient"] == "base"
    assert {row["ingredient"] for row in rows[1:]} == {"averaged weights"}
    assert (tmp_path / "ablation.png").stat().st_size > 5000
    assert "a command" in (tmp_path / "docs" / "ablation.md").read_text()


def test_a_recipe_without_its_ingredients_still_trains(tmp_path):
    from fer_train.ablate import INGREDIENTS
    from fer_train.config import changed
    from fer_train.train import train
    from tests.train.test_training import TINY

    off = {key: value for _, changes in INGREDIENTS.values() for key, value in changes.items() if "distillation" not in key}
    model = train(changed(TINY, {**off, "schedule.epochs": 2}), table(), tmp_path, verbose=0)
    assert all(np.isfinite(weight).all() for weight in model.get_weights())
