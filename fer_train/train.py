"""Workshop. Trains a config on Keras 3 alone, so that it runs on the tensorflow, jax and torch backends.

A run lives in its own folder: a checkpoint each epoch (a killed run goes on where it stopped), the best averaged
weights by PublicTest, and the curves.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from fer_core import FER2013
from fer_train import clean
from fer_train.augment import Augmentation, augment
from fer_train.config import Config, Schedule
from fer_train.data import FaceTable
from fer_train.networks import build

Array = npt.NDArray[Any]
Batch = tuple[Array, dict[str, Array], dict[str, Array]]


def targets(table: FaceTable, trust_label: Array) -> tuple[dict[str, Array], dict[str, Array]]:
    """Return both heads' targets and sample weights.

    A label that a copy of the same pixels contradicts, and votes for pixels that are not the published ones, weigh 0.
    """
    shares, usable = clean.vote_shares(table.votes)
    one_hot = np.eye(len(FER2013), dtype=np.float32)[table.labels]
    weights = {"fer2013": trust_label.astype(np.float32), "ferplus": (usable & table.exact).astype(np.float32)}
    return {"fer2013": one_hot, "ferplus": shares}, weights


class FaceBatches(keras.utils.PyDataset):
    """Shuffled, augmented batches; the same seed, epoch and batch number give the same pictures."""

    def __init__(self, table: FaceTable, trust_label: Array, schedule: Schedule, how: Augmentation) -> None:
        super().__init__()
        self._images, self._schedule, self._how = table.images, schedule, how
        self._targets, self._weights = targets(table, trust_label)
        self.set_epoch(0)

    def set_epoch(self, epoch: int) -> None:
        """Shuffle for an epoch."""
        self._epoch = epoch
        self._order = np.random.default_rng([self._schedule.seed, epoch]).permutation(len(self._images))

    def __len__(self) -> int:
        return len(self._images) // self._schedule.batch

    def __getitem__(self, number: int) -> Batch:
        rng = np.random.default_rng([self._schedule.seed, self._epoch, number])
        rows = self._order[number * self._schedule.batch :][: self._schedule.batch]
        chips = np.stack([augment(self._images[row], self._how, rng) for row in rows])
        pick = {name: value[rows] for name, value in self._targets.items()}
        return chips[..., None].astype(np.float32), pick, {name: value[rows] for name, value in self._weights.items()}


class _Epochs(keras.callbacks.Callback):
    """Tells the batches which epoch begins, so that a resumed run sees what an unbroken one would."""

    def __init__(self, batches: FaceBatches) -> None:
        super().__init__()
        self._batches = batches

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._batches.set_epoch(epoch)


def _optimizer(schedule: Schedule, steps: int) -> keras.optimizers.Optimizer:
    rate = keras.optimizers.schedules.CosineDecay(
        0.0,
        decay_steps=int((schedule.epochs - schedule.warmup_epochs) * steps),
        warmup_target=schedule.peak_rate,
        warmup_steps=int(schedule.warmup_epochs * steps),
    )
    optimizer = keras.optimizers.SGD(
        rate, momentum=0.9, nesterov=True, weight_decay=schedule.weight_decay, use_ema=True, ema_momentum=schedule.ema
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer


def compiled(config: Config, steps: int) -> keras.Model:
    """Build and compile a config's network for `steps` steps an epoch."""
    schedule = config.schedule
    keras.utils.set_random_seed(schedule.seed)
    keras.mixed_precision.set_global_policy(schedule.precision)
    model = build(config.network)
    model.compile(
        optimizer=_optimizer(schedule, steps),
        loss={
            "fer2013": keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=schedule.label_smoothing),
            "ferplus": keras.losses.CategoricalCrossentropy(from_logits=True),
        },
        loss_weights={"fer2013": 1.0, "ferplus": schedule.votes_weight},
        weighted_metrics={head: [keras.metrics.CategoricalAccuracy(name="accuracy")] for head in ("fer2013", "ferplus")},
        # XLA on a CPU makes this network half as fast with tensorflow; jax has no other way.
        jit_compile="auto" if keras.backend.backend() == "jax" else False,
    )
    return model


def _callbacks(batches: FaceBatches, run: Path) -> list[keras.callbacks.Callback]:
    # Order matters: the backup holds the raw weights, the best file the averaged ones.
    return [
        _Epochs(batches),
        keras.callbacks.TerminateOnNaN(),
        keras.callbacks.BackupAndRestore(str(run / "backup"), double_checkpoint=True, delete_checkpoint=False),
        keras.callbacks.SwapEMAWeights(swap_on_epoch=True),
        keras.callbacks.ModelCheckpoint(str(run / "best.keras"), monitor="val_fer2013_accuracy", mode="max", save_best_only=True),
        keras.callbacks.CSVLogger(str(run / "curves.csv"), append=True),
    ]


def train(config: Config, table: FaceTable, run: Path, *, verbose: str | int = "auto") -> keras.Model:
    """Train a config, or go on with the run of that folder.

    Args:
        config: what to train.
        table: the prepared rows; only Training teaches and only PublicTest chooses.
        run: the run's folder; made if missing.
        verbose: Keras' progress bar: "auto", 0, 1 or 2.

    Returns:
        The model with the averaged weights of its last epoch; the best by PublicTest is in run/best.keras.
    """
    os.makedirs(run, exist_ok=True)
    rows = clean.clean(table)
    batches = FaceBatches(table[rows.teach], rows.trust_label[rows.teach], config.schedule, config.augmentation)
    chosen = table[rows.choose]
    truth, weights = targets(chosen, rows.trust_label[rows.choose])
    model = compiled(config, len(batches))
    model.fit(
        batches,
        epochs=config.schedule.epochs,
        validation_data=(chosen.images[..., None].astype(np.float32), truth, weights),
        validation_batch_size=256,
        callbacks=_callbacks(batches, run),
        shuffle=False,  # the batches shuffle themselves, the same way after a restart
        verbose=verbose,
    )
    return model
