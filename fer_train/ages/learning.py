"""Workshop. Trains the network of ages: distributions over years are learnt, and their means (Gao et al. 2017 and 2018)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import layers, ops

from fer_core.ages import MOST_YEARS
from fer_core.align import Crop
from fer_train.ages.people import People
from fer_train.batches import FaceBatches
from fer_train.config import Config, Network
from fer_train.lesson import Lesson
from fer_train.networks import standardised, vgg
from fer_train.runs import begin
from fer_train.sight import Sight
from fer_train.train import Exam, fit, optimizer_of

Array = npt.NDArray[Any]
HEAD = "age"
CLOSENESS = "closeness"
SPREAD_YEARS = 2.0  # of what is learnt about a face: nobody looks exactly of an age
_MEAN_WEIGHT = 0.1  # of a year that the mean is off, beside the distribution's loss
_YEARS = np.arange(MOST_YEARS + 1, dtype=np.float32)


def targets(years: Array) -> Array:
    """Return what is learnt about (N,) years: (N, 101) float32, a bell about each."""
    bells = np.exp(-((_YEARS - years[:, None]) ** 2) / (2 * SPREAD_YEARS**2))
    return np.asarray(bells / bells.sum(axis=1, keepdims=True), np.float32)


def _years_off(target: Array, logits: Array) -> Array:
    """Return by how many years each expected age is off, (N,)."""
    return ops.abs(ops.sum((ops.softmax(logits) - ops.cast(target, logits.dtype)) * _YEARS, axis=-1))


def _loss(target: Array, logits: Array) -> Array:
    unlike = keras.losses.categorical_crossentropy(target, logits, from_logits=True)
    return unlike + _MEAN_WEIGHT * _years_off(target, logits)


def closeness(target: Array, logits: Array) -> Array:
    """Return 1 minus the error as a share of a hundred years: the larger the better, as everything that chooses an epoch."""
    return 1 - _years_off(target, logits) / MOST_YEARS


def network_of(shape: Network) -> keras.Model:
    """Build the network of ages: (N, 48, 48, 1) gray 0..255 → {"age": (N, 101)} logits."""
    chips = keras.Input((48, 48, 1), name="chips")
    features = vgg(standardised(chips, shape), shape)
    return keras.Model(chips, {HEAD: layers.Dense(MOST_YEARS + 1, dtype="float32", name=HEAD)(features)}, name="ages")


def compiled(config: Config, steps: int) -> keras.Model:
    """Build and compile a config's network of ages for `steps` steps an epoch."""
    keras.utils.set_random_seed(config.schedule.seed)
    keras.mixed_precision.set_global_policy(config.schedule.precision)
    model = network_of(config.network)
    # XLA on a CPU makes this network slower with tensorflow; jax has no other way.
    jit = "auto" if keras.backend.backend() == "jax" else False
    metric = keras.metrics.MeanMetricWrapper(closeness, name=CLOSENESS)
    model.compile(optimizer_of(config.schedule, steps), loss={HEAD: _loss}, metrics={HEAD: [metric]}, jit_compile=jit)
    return model


def lesson_of(years: Array) -> Lesson:
    """Return what is taught about people of (N,) years; every face counts alike."""
    return Lesson({HEAD: targets(years)}, {HEAD: np.ones(len(years), np.float32)})


def parts_of(people: People, crop: Crop) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Return the (N, 48, 48) chips and (N,) years of those found that teach, and of those found that choose."""
    found = people[people.found]
    teach, choose = found[found.part == "teaches"], found[found.part == "chooses"]
    return (teach.chips(crop), teach.years), (choose.chips(crop), choose.years)


def train(config: Config, people: People, run: Path, *, crop: Crop, verbose: str | int = "auto") -> keras.Model:
    """Train a network of ages, or go on with the run of that folder.

    Args:
        config: network, schedule and augmentation.
        people: all of them; those found in the part that teaches teach, those in the part that chooses choose the epoch.
        run: the run's folder; made if missing.
        crop: how chips are cut.
        verbose: Keras' progress bar: "auto", 0, 1 or 2.

    Returns:
        The model with the averaged weights of its last epoch; the best is in run/best.keras.

    Raises:
        InputError: the run was begun with another recipe or other faces.
    """
    teach, choose = parts_of(people, crop)
    config = begin(run, config, (*teach, *choose))
    batches = FaceBatches(Sight.plain(teach[0]), lesson_of(teach[1]), config.schedule, config.augmentation)
    model = compiled(config, len(batches))
    exam = Exam(Sight.plain(choose[0]), lesson_of(choose[1]), CLOSENESS)
    fit(model, batches, exam, run, epochs=config.schedule.epochs, verbose=verbose)
    return model
