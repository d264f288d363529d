"""Workshop. Trains a config on Keras 3 alone, so that it runs on the tensorflow, jax and torch backends.

A run lives in its own folder: its config, its state after each epoch (a killed run goes on where it stopped), the best
averaged weights by PublicTest, and the curves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import numpy.typing as npt

from fer_core import InputError
from fer_train import clean
from fer_train.batches import FaceBatches
from fer_train.card import beginning
from fer_train.config import Config, Schedule
from fer_train.data import FaceTable
from fer_train.distil import kept_answers, trained
from fer_train.lesson import Lesson, lesson_of, taught_by
from fer_train.networks import begin_with, build
from fer_train.networks_baselines import remember, remembers
from fer_train.progress import CHOOSES_BY, Progress
from fer_train.runs import begin
from fer_train.sight import Sight, kept_sight

Array = npt.NDArray[Any]


class DivergedError(InputError):
    """The loss of a run is no number any more."""


class Exam(NamedTuple):
    """What chooses the best epoch: what the network sees of each face, their lesson, and the metric; the larger the better."""

    sight: Sight
    lesson: Lesson
    chooses_by: str = CHOOSES_BY


class _Epochs(keras.callbacks.Callback):
    """Tells the batches which epoch begins, so that a resumed run sees what an unbroken one would."""

    def __init__(self, batches: FaceBatches) -> None:
        super().__init__()
        self._batches = batches

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._batches.set_epoch(epoch)


def optimizer_of(schedule: Schedule, steps: int) -> keras.optimizers.Optimizer:
    """Return a schedule's optimizer, for `steps` steps an epoch."""
    if schedule.optimizer == "adam":
        return keras.optimizers.Adam(schedule.peak_rate, use_ema=True, ema_momentum=schedule.ema)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0,
        decay_steps=max(1, int((schedule.epochs - schedule.warmup_epochs) * steps)),
        warmup_target=schedule.peak_rate,
        warmup_steps=int(schedule.warmup_epochs * steps),
    )
    optimizer = keras.optimizers.SGD(
        rate, momentum=0.9, nesterov=True, weight_decay=schedule.weight_decay, use_ema=True, ema_momentum=schedule.ema
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer


def compiled(config: Config, steps: int) -> keras.Model:
    """Build and compile a config's network for `steps` steps an epoch; its precision is settled."""
    schedule = config.schedule
    keras.utils.set_random_seed(schedule.seed)
    keras.mixed_precision.set_global_policy(schedule.precision)
    return compile_heads(build(config.network, config.task), schedule, steps)


def compile_heads(model: keras.Model, schedule: Schedule, steps: int) -> keras.Model:
    """Compile a model of heads of logits, "fer2013" and perhaps "ferplus", in place, and return it."""
    knobs = {"fer2013": (1.0, schedule.label_smoothing), "ferplus": (schedule.votes_weight, 0.0)}
    heads = {head: knobs[head] for head in model.output}
    # Keras puts a head's name before its figures only where there are several.
    name = "accuracy" if len(heads) > 1 else CHOOSES_BY
    model.compile(
        optimizer=optimizer_of(schedule, steps),
        loss={
            head: keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=smoothing)
            for head, (_, smoothing) in heads.items()
        },
        loss_weights={head: weight for head, (weight, _) in heads.items()},
        weighted_metrics={head: [keras.metrics.CategoricalAccuracy(name=name)] for head in heads},
        # XLA on a CPU makes this network half as fast with tensorflow; jax has no other way.
        jit_compile="auto" if keras.backend.backend() == "jax" else False,
    )
    return model


@contextmanager
def _diverging(run: Path) -> Iterator[None]:
    """Say in a sentence that the loss is no number any more; the state of the epoch before stays."""
    try:
        yield
    except RuntimeError as fault:
        if "NaN" not in str(fault):
            raise
        need = f"expected a loss that is a number, got none in {run} any more"
        raise DivergedError(f"{need}; remove that folder, and train with a lower peak_rate") from fault


def fit(model: keras.Model, batches: FaceBatches, exam: Exam, run: Path, *, epochs: int, verbose: str | int = 0) -> None:
    """Train a compiled model, or go on with the run of that folder; a kill at any moment costs at most an epoch.

    Args:
        model: with its heads as named outputs; ends with the averaged weights of its last epoch.
        batches: what teaches.
        exam: what chooses.
        run: the run's folder; made if missing.
        epochs: in all, those of an earlier start included.
        verbose: Keras' progress bar: "auto", 0, 1 or 2.
    """
    progress = Progress(run, chooses_by=exam.chooses_by)
    if not epochs and (run / "best.keras").is_file():
        return  # a file of the same weights would have another date, and so another hash
    if not epochs:  # what it began with is judged, and kept
        targets, weights = exam.lesson
        shown = exam.sight.shown()
        model.evaluate(shown, targets, batch_size=256, sample_weight=weights, callbacks=[progress], verbose=verbose)
        progress.settle(epochs=1)
        return
    done = progress.resume(model, len(batches))
    # In this order: when a validation ends the averaged weights are still in the model, at an epoch's end no more.
    told = [_Epochs(batches), keras.callbacks.TerminateOnNaN(raise_error=True), progress, keras.callbacks.SwapEMAWeights()]
    with _diverging(run):
        model.fit(
            batches,
            epochs=epochs,
            initial_epoch=done,
            validation_data=(exam.sight.shown(), *exam.lesson),
            validation_batch_size=256,
            callbacks=told,
            shuffle=False,  # the batches shuffle themselves, the same way after a restart
            verbose=verbose,
        )


def _seen(path: Path, table: FaceTable, rows: Array, sight: str) -> tuple[Sight, Array]:
    """Return what is seen of the chosen rows, without those in which nothing was found; and which rows are left."""
    seen = kept_sight(path, table.images[rows], sight)
    return seen[seen.found], np.flatnonzero(rows)[seen.found]


def train(
    config: Config,
    table: FaceTable,
    run: Path,
    *,
    models: Path = Path("models"),
    runs: Path | None = None,
    verbose: str | int = "auto",
) -> keras.Model:
    """Train a config, or go on with the run of that folder.

    Args:
        config: what to train.
        table: the prepared rows; only Training teaches and only PublicTest chooses.
        run: the run's folder; made if missing.
        models: where the shipped models are that the config begins with or learns from.
        runs: where the runs are that it begins with or learns from; none: beside its own.
        verbose: Keras' progress bar: "auto", 0, 1 or 2.

    Returns:
        The model with the averaged weights of its last epoch; the best by PublicTest is in run/best.keras.

    Raises:
        InputError: the config carries a shipped model on; the network sees what an optional package finds, which is not
            installed; fewer faces than a batch are left; the run was begun with another recipe, other faces or other networks;
            or (`DivergedError`) the loss is no number any more.
        ModelError: a shipped model that it begins with or learns from is missing or altered.
    """
    if config.finetuning.source:
        need = f"a config of its own training, got {config.name}, which carries on {config.finetuning.source}"
        raise InputError(f"expected {need}; train it with --from and --faces (docs/TRAINING.md)")
    runs = runs or run.parent
    starts, teachers = (
        [trained(name, runs, models) for name in names] for names in (config.schedule.start, config.distillation.teachers)
    )
    theirs, taught_by_theirs = ([array for net in nets for array in net.get_weights()] for nets in (starts, teachers))
    started = [beginning(name, runs, models) for name in config.schedule.start]
    config = begin(run, config, table.read, theirs, taught_by_theirs, started)
    rows, task, schedule = clean.clean(table), config.task, config.schedule
    taught = task.taught(table.images, table.labels, rows.teach, seed=schedule.seed)
    seen, teach = _seen(run / "seen.npz", table, taught, task.sight)
    shown, chosen = _seen(run / "seen_by_the_exam.npz", table, rows.choose & task.asked(table.labels), task.sight)
    _need_batch(len(seen), schedule.batch)
    lesson = lesson_of(table[teach], rows.trust_label[teach], task)
    if teachers:  # asked once a run: the answers are kept beside the checkpoints
        answers = kept_answers(run / "teachers.npz", config, table.images[teach], teachers)
        lesson = taught_by(lesson, answers, config.distillation.share)
    batches = FaceBatches(seen, lesson, schedule, config.augmentation)
    model = compiled(config, len(batches))
    if starts:
        begin_with(model, starts)
    if remembers(model):
        remember(model, seen.images, task.merging()[table.labels[teach]], seed=schedule.seed)
    exam = Exam(shown, lesson_of(table[chosen], rows.trust_label[chosen], task))
    fit(model, batches, exam, run, epochs=schedule.epochs, verbose=verbose)
    return model


def _need_batch(faces: int, batch: int) -> None:
    if faces < batch:
        raise InputError(f"training needs at least a batch of {batch} faces, got {faces}; lower `batch`, or bring more")
