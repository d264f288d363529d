"""A run goes on with what it was begun with, or not at all."""

import dataclasses

import numpy as np
import pytest

from fer_core import InputError
from fer_train.config import Serving, changed, read_config
from tests.train.test_training import TINY

pytestmark = pytest.mark.reference

FACES = (np.zeros((4, 48, 48), np.uint8), np.arange(4))
MORE = (np.zeros((5, 48, 48), np.uint8), np.arange(5))
RELABELLED = (np.zeros((4, 48, 48), np.uint8), np.array([0, 1, 2, 2]))


def trained(run):
    """A folder of a run of which an epoch is behind."""
    from fer_train.runs import begin

    begin(run, TINY, FACES)
    (run / "best.keras").touch()
    return run


@pytest.mark.parametrize("faces", [MORE, RELABELLED])
def test_a_run_does_not_go_on_with_other_faces(tmp_path, faces):
    from fer_train.runs import begin

    run = trained(tmp_path / "mine")
    with pytest.raises(InputError, match=r"mine was begun otherwise \(other faces\); name the model anew"):
        begin(run, TINY, faces)
    begin(run, TINY, FACES)


def test_a_run_does_not_go_on_with_another_recipe_and_says_what_differs(tmp_path):
    from fer_train.runs import begin

    run = trained(tmp_path / "mine")
    longer = changed(TINY, {"schedule.epochs": 5, "network.dropout": 0.4})
    with pytest.raises(InputError, match=r"network\.dropout = 0\.0, not 0\.4; schedule\.epochs = 3, not 5"):
        begin(run, longer, FACES)
    assert read_config(run / "config.toml") == TINY


def test_how_a_run_is_shipped_may_change(tmp_path):
    from fer_train.runs import begin

    run = trained(tmp_path / "mine")
    shipped = dataclasses.replace(TINY, serving=Serving(precision="float16"))
    begin(run, shipped, FACES)
    assert read_config(run / "config.toml") == shipped


def test_how_others_are_carried_on_is_nothing_to_a_run_that_carries_nobody_on(tmp_path):
    from fer_train.runs import begin

    run = trained(tmp_path / "mine")
    begin(run, changed(TINY, {"finetuning.frozen": 0.25}), FACES)
    carried = changed(TINY, {"finetuning.source": "small"})
    begin(tmp_path / "carried", carried, FACES)
    (tmp_path / "carried" / "best.keras").touch()
    with pytest.raises(InputError, match=r"finetuning\.frozen = 1\.0, not 0\.25"):
        begin(tmp_path / "carried", changed(carried, {"finetuning.frozen": 0.25}), FACES)


def test_a_run_of_which_no_epoch_ended_is_begun_anew(tmp_path):
    from fer_train.runs import begin

    run = tmp_path / "mine"
    begin(run, TINY, FACES)
    (run / "teachers.npz").touch()
    begin(run, TINY, FACES)
    assert (run / "teachers.npz").is_file()
    begin(run, TINY, MORE)
    assert not (run / "teachers.npz").exists(), "answers about other faces"
    with pytest.raises(InputError, match="other faces"):
        begin(trained_in_place(run), TINY, FACES)


def test_what_lies_in_a_folder_where_nothing_was_begun_is_not_taken_for_the_runs_own(tmp_path):
    from fer_train.runs import begin

    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "seen_by_the_tests.npz").touch()
    begin(tmp_path / "mine", TINY, FACES)
    assert not (tmp_path / "mine" / "seen_by_the_tests.npz").exists()


def test_a_run_does_not_go_on_with_other_networks_to_begin_with(tmp_path):
    from fer_train.runs import begin

    begin(tmp_path / "mine", TINY, FACES, [np.zeros(3)])
    trained_in_place(tmp_path / "mine")
    begin(tmp_path / "mine", TINY, FACES, [np.zeros(3)])
    with pytest.raises(InputError, match="other source"):
        begin(tmp_path / "mine", TINY, FACES, [np.ones(3)])


def trained_in_place(run):
    (run / "backup").mkdir()
    (run / "backup" / "latest.weights.h5").touch()
    return run


def test_the_arithmetic_is_chosen_once_a_run(tmp_path, monkeypatch):
    from fer_train import runs

    auto = changed(TINY, {"schedule.precision": "auto"})
    for faster in ("mixed_bfloat16", "float32"):
        monkeypatch.setattr(runs, "policy_for", lambda _, faster=faster: faster)
        assert runs.begin(tmp_path, auto, FACES).schedule.precision == "mixed_bfloat16"
    assert read_config(tmp_path / "config.toml") == auto


def test_training_refuses_a_run_of_other_faces_and_a_loss_that_is_no_number(tmp_path):
    from fer_train.train import train
    from tests.train.test_training import faces_of_pixels

    table, other = faces_of_pixels(range(1, 49)), faces_of_pixels(range(2, 50))
    train(TINY, table, tmp_path / "run", verbose=0)
    state = (tmp_path / "run" / "backup" / "latest.weights.h5").read_bytes()
    with pytest.raises(InputError, match="other faces"):
        train(TINY, other, tmp_path / "run", verbose=0)
    assert (tmp_path / "run" / "backup" / "latest.weights.h5").read_bytes() == state
    wild = changed(TINY, {"schedule.peak_rate": 1e30, "schedule.warmup_epochs": 0.0})
    with pytest.raises(InputError, match="lower peak_rate"):
        train(wild, table, tmp_path / "wild", verbose=0)
    assert not (tmp_path / "wild" / "backup" / "latest.weights.h5").exists()


def test_a_variant_of_an_ablation_is_not_read_where_another_recipe_made_it(tmp_path):
    from fer_train.ablate import measure
    from tests.train.test_training import faces_of_pixels

    table = faces_of_pixels(range(1, 49))
    first = measure(TINY, table, tmp_path / "run", models=tmp_path, runs=tmp_path)
    np.testing.assert_array_equal(measure(TINY, table, tmp_path / "run", models=tmp_path, runs=tmp_path).right, first.right)
    with pytest.raises(InputError, match=r"schedule\.ema"):
        measure(changed(TINY, {"schedule.ema": 0.5}), table, tmp_path / "run", models=tmp_path, runs=tmp_path)
