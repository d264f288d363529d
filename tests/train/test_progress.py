"""Resumption: a run that is cut or killed at any moment goes on, and ends as if nothing had happened."""

import multiprocessing
import os
import random
import signal
import threading

import numpy as np
import pytest

from fer_train.config import changed
from fer_train.tables import read_curves
from tests.train.test_clean import table_of
from tests.train.test_training import TINY, weights

pytestmark = pytest.mark.reference


def small_table():
    pixels = list(range(1, 41))
    return table_of(pixels, ["Training"] * 32 + ["PublicTest"] * 8, labels=[p % 7 for p in pixels])


def epochs_of(run):
    return [int(row["epoch"]) for row in read_curves(run / "curves.csv")]


class PowerCutError(Exception):
    """Stands for a kill in the test's own process."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    run = tmp_path_factory.mktemp("whole")
    return trained_in(run)


def trained_in(run):
    """Train, or go on; the weights of the last epoch, and those of the best."""
    import keras

    from fer_train.train import train

    last = train(TINY, small_table(), run, verbose=0)
    assert not list(run.glob("best.*.keras"))
    return [weights(last), weights(keras.models.load_model(run / "best.keras", compile=False))]


# The first two moves are of what the run is begun with, the next three of the first epoch; before the first, nothing is there.
@pytest.mark.parametrize("cut_at", range(1, 8))
def test_a_cut_between_any_two_files_changes_nothing(cut_at, whole, tmp_path, monkeypatch):
    from fer_train.train import train

    moves, replace = [], os.replace

    def failing(source, target):
        moves.append(target)
        if len(moves) == cut_at + 1:
            raise PowerCutError
        replace(source, target)

    monkeypatch.setattr("fer_train.progress.os.replace", failing)
    with pytest.raises(PowerCutError):
        train(TINY, small_table(), tmp_path, verbose=0)
    monkeypatch.undo()
    for mine, theirs in zip(trained_in(tmp_path), whole, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-4)
    assert epochs_of(tmp_path) == [0, 1, 2]


def train_until_killed(run, delay_s):
    """Train in a process of its own, which kills itself so long after an epoch's end began; below 0: never."""
    from fer_train import progress
    from fer_train.train import train

    write = progress.Progress.on_epoch_end

    def armed(self, epoch, logs=None):
        if delay_s >= 0:
            threading.Timer(delay_s, os.kill, (os.getpid(), signal.SIGKILL)).start()
        write(self, epoch, logs)

    progress.Progress.on_epoch_end = armed
    train(changed(TINY, {"schedule.epochs": 8}), small_table(), run, verbose=0)


def exit_code(context, run, delay_s):
    process = context.Process(target=train_until_killed, args=(run, delay_s))
    process.start()
    process.join()
    return process.exitcode


@pytest.mark.timeout(600)  # two processes that each import Keras and compile a network
def test_a_run_that_is_killed_at_a_random_moment_ends_with_each_epoch_once(tmp_path):
    # Not forked: a copy of a process that has loaded TensorFlow may crash by itself.
    context, rng = multiprocessing.get_context("spawn"), random.Random(7)
    assert exit_code(context, tmp_path, rng.uniform(0.0, 0.2)) == -signal.SIGKILL
    seen = epochs_of(tmp_path)
    assert seen == list(range(len(seen)))
    assert exit_code(context, tmp_path, -1) == 0
    assert epochs_of(tmp_path) == list(range(8))
    assert (tmp_path / "best.keras").is_file()


def test_a_worse_epoch_after_a_restart_does_not_replace_the_best(tmp_path):
    from fer_train.train import train

    steady = changed(TINY, {"schedule.optimizer": "adam", "schedule.peak_rate": 1e-3})  # it may be trained for longer
    train(steady, small_table(), tmp_path, verbose=0)
    curves = tmp_path / "curves.csv"
    lines = curves.read_text().splitlines()
    column = lines[0].split(",").index("val_fer2013_accuracy")
    first = lines[1].split(",")
    first[column] = "1.0"
    curves.write_text("\n".join([lines[0], ",".join(first), *lines[2:]]) + "\n")
    best = (tmp_path / "best.keras").read_bytes()
    train(changed(steady, {"schedule.epochs": 5}), small_table(), tmp_path, verbose=0)
    assert epochs_of(tmp_path) == [0, 1, 2, 3, 4]
    assert (tmp_path / "best.keras").read_bytes() == best
