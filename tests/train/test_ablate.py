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


def test_fewer_than_two_seeds_are_refused_for_they_tell_nothing_of_chance():
    from fer_train.ablate import Size

    with pytest.raises(InputError, match="seeds two or more"):
        Size(seeds=(1,))


def test_a_difference_is_paired_and_its_error_is_that_of_a_bootstrap():
    from fer_train.ablation_table import difference

    rng = np.random.default_rng(0)
    first = rng.random((2, 2000)) < 0.6
    better = first | (rng.random((2, 2000)) < 0.1)
    gained, error = difference(first, better)
    by_image = better.mean(axis=0) - first.mean(axis=0)
    drawn = [by_image[rng.integers(0, 2000, 2000)].mean() for _ in range(2000)]
    assert gained == pytest.approx(by_image.mean())
    assert error == pytest.approx(np.std(drawn), rel=0.1)
    assert difference(first, first) == (0.0, 0.0)


def test_an_interval_adds_the_variance_between_seeds_pooled_over_the_changes():
    from fer_train.ablation_table import with_intervals

    def row(name, first, second):
        seeds = {"difference_seed1": first, "difference_seed2": second}
        return {"ingredient": name, "difference": (first + second) / 2, "low": 0, "high": 0, "error_images": 0.003, **seeds}

    base, steady, shaky = with_intervals([row("base", 0, 0), row("flip", 0.012, 0.012), row("mixup", 0.02, 0.0)])
    reach = 1.96 * np.sqrt(0.003**2 + (0 + 0.0002) / 2 / 2)
    assert (base["low"], base["high"]) == (0, 0)
    for found in (steady, shaky):
        ends = (found["difference"] - reach, found["difference"] + reach)
        assert (found["low"], found["high"]) == pytest.approx(ends, abs=1e-4)
    assert steady["matters"] == "not shown", "its own two seeds agree, but those of others do not"
    (_, alone) = with_intervals([row("base", 0, 0), row("flip", 0.012, 0.012)])
    assert alone["matters"] == "better with the change"


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
    size = ablate.Size(epochs=1, rows=35, width=2, seeds=(1, 2), ingredients=("averaged weights",))
    told = []
    found = ablate.ablate(tiny, table(), tmp_path / "runs", tmp_path, size, tell=told.append)
    assert len(told) == 4
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
