"""Networks side by side: a set answers as the mean of its members, and the sets are ordered by what PublicTest says."""

import csv
import dataclasses

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, log_loss

from fer_core import InputError
from fer_train.members import Member, sets_of
from tests.train.test_clean import table_of


def some(count=3, rows=40):
    rng = np.random.default_rng(4)
    return [Member(f"n{k}", 100 * (k + 1), rng.normal(size=(rows, 7))) for k in range(count)], rng.integers(0, 7, rows)


def test_each_set_is_measured_as_the_mean_of_its_members_logits():
    members, truth = some()
    rows = {row["members"]: row for row in sets_of(members, truth)}
    assert len(rows) == 7
    logits = (members[0].logits + members[2].logits) / 2
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    both = rows["n0+n2"]
    assert (both["parameters"], both["public_test_n"]) == (400, 40)
    assert both["log_loss"] == pytest.approx(log_loss(truth, shares, labels=range(7)), abs=1e-4)
    assert both["accuracy"] == pytest.approx(accuracy_score(truth, shares.argmax(axis=1)), abs=1e-4)


def test_the_lowest_log_loss_stands_first_and_large_sets_are_left_out():
    members, truth = some()
    rows = sets_of(members, truth, most=300)
    assert [row["log_loss"] for row in rows] == sorted(row["log_loss"] for row in rows)
    assert {row["members"] for row in rows} == {"n0", "n1", "n2", "n0+n1"}


def test_a_name_that_came_twice_and_networks_that_are_all_too_large_are_refused():
    members, truth = some()
    with pytest.raises(InputError, match="n0, n1, n2, n0; name each once"):
        sets_of([*members, members[0]], truth)
    with pytest.raises(InputError, match="10 parameters or fewer, got none among n0, n1, n2"):
        sets_of(members, truth, most=10)


@pytest.mark.reference
def test_what_the_command_says_of_a_set_is_what_the_network_of_these_bodies_says(tmp_path):
    from fer_train.__main__ import main
    from fer_train.config import to_toml
    from fer_train.data import save_table
    from fer_train.train import train
    from tests.train.test_training import TINY

    pixels = list(range(1, 57))
    usage = ["Training"] * 32 + ["PublicTest"] * 16 + ["PrivateTest"] * 8
    table = table_of(pixels, usage, labels=[p % 7 for p in pixels])
    save_table(tmp_path / "fer2013.npz", table)
    for name, seed in (("first", 1), ("second", 2)):
        config = dataclasses.replace(TINY, name=name, schedule=dataclasses.replace(TINY.schedule, seed=seed))
        train(config, table, tmp_path / "runs" / name, models=tmp_path, verbose=0)
    folders = [f"--data={tmp_path}", f"--runs={tmp_path / 'runs'}", f"--models={tmp_path}"]
    assert main(["members", "first", "second", *folders]) == 0
    with (tmp_path / "members.csv").open(newline="") as file:
        rows = {row["members"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"first", "second", "first+second"}
    joined = tmp_path / "joined.toml"
    schedule = dataclasses.replace(TINY.schedule, epochs=0, warmup_epochs=0.0, start=("first", "second"))
    network = dataclasses.replace(TINY.network, beside=(TINY.network.depths,))
    config = dataclasses.replace(TINY, name="joined", schedule=schedule, network=network)
    joined.write_text(to_toml(config))
    assert main(["train", str(joined), *folders]) == 0
    assert main(["members", "joined", *folders]) == 0
    with (tmp_path / "members.csv").open(newline="") as file:
        (alone,) = csv.DictReader(file)
    # Both gather their statistics from random views; those of the joined network and of its parts are not the same ones.
    assert float(alone["log_loss"]) == pytest.approx(float(rows["first+second"]["log_loss"]), abs=0.02)
    assert int(alone["parameters"]) == pytest.approx(int(rows["first+second"]["parameters"]), abs=15)
    assert main(["members", "nobody", *folders]) == 2
