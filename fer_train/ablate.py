"""Workshop. Takes a recipe apart: each ingredient left out, or added, against the same base, on PublicTest alone.

Every run is kept in a folder of its own, named by what it was; a table that was broken off goes on where it stopped.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from rich.progress import track

from fer_core import FER2013, InputError
from fer_train import clean
from fer_train.config import Config, changed
from fer_train.data import FaceTable
from fer_train.networks import build
from fer_train.runs import need_trained
from fer_train.serving import head_logs, settled
from fer_train.splits import stratified
from fer_train.tables import save_arrays
from fer_train.train import train

Array = npt.NDArray[Any]
BASE = "base"
FEWEST_EPOCHS = 10
INGREDIENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "flip": ("off", {"augmentation.flip": 0.0}),
    "shift, zoom and rotation": (
        "off",
        {
            **{"augmentation.shift": 0.0, "augmentation.rotate_deg": 0.0},
            **{"augmentation.zoom_low": 1.0, "augmentation.zoom_high": 1.0},
        },
    ),
    "light": ("off", {"augmentation.light": 0.0}),
    "softening": ("off", {"augmentation.soften": 0.0}),
    "erasing": ("off", {"augmentation.erase": 0.0}),
    "mixup": ("off", {"augmentation.mixup": 0.0}),
    "label smoothing": ("off", {"schedule.label_smoothing": 0.0}),
    "FER+ votes": ("off", {"schedule.votes_weight": 0.0}),
    "averaged weights": ("off", {"schedule.ema": 0.0}),
    "weight decay": ("off", {"schedule.weight_decay": 0.0}),
    "warm-up": ("off", {"schedule.warmup_epochs": 0.0}),
    "dropout": ("off", {"network.dropout": 0.0}),
    "standardised chips": ("off", {"network.standardise": False}),
    "camera noise and JPEG": ("on", {"augmentation.grain": 16.0, "augmentation.compress": 0.25}),
    "distillation": ("on", {"distillation.teachers": ("small",), "distillation.share": 0.4, "distillation.views": 2}),
}


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large the experiment is, and what it switches.

    Attributes:
        epochs: of each run.
        rows: training faces, chosen class by class; the same for every run.
        width: filters of the first stage; each later stage has twice as many.
        seeds: of weights, order and augmentation; every variant is trained with each, two or more to tell chance from effect.
        ingredients: which of `INGREDIENTS` are switched.
    """

    epochs: int = 12
    rows: int = 8000
    width: int = 16
    seeds: tuple[int, ...] = (1, 2)
    ingredients: tuple[str, ...] = tuple(INGREDIENTS)

    def __post_init__(self) -> None:
        if self.epochs < FEWEST_EPOCHS or self.rows < 1 or self.width < 1 or len(self.seeds) < 2:
            need = f"epochs must be {FEWEST_EPOCHS} or more, rows and width 1 or more, and seeds two or more"
            raise InputError(f"{need}, got {self}; raise them")
        if unknown := sorted(set(self.ingredients) - set(INGREDIENTS)):
            raise InputError(f"ingredients must be of {', '.join(map(repr, INGREDIENTS))}, got {unknown}; correct them")

    @property
    def folder(self) -> str:
        """The name of the folder that holds runs of this size."""
        return f"epochs{self.epochs}-rows{self.rows}-width{self.width}"


@dataclass(frozen=True)
class Measured:
    """What one run says about PublicTest.

    Attributes:
        right: (N,) bool, the likeliest label of the FER2013 head is the label.
        seconds: that the run took; of its last start, if it was broken off.
    """

    right: Array
    seconds: float


def variants(config: Config, size: Size) -> dict[str, Config]:
    """Return the base recipe and, by name, the recipe with each of the size's ingredients switched."""
    widths = tuple(size.width * 2**stage for stage in range(len(config.network.widths)))
    base = changed(config, {"schedule.epochs": size.epochs, "network.widths": widths})
    return {BASE: base, **{name: changed(base, INGREDIENTS[name][1]) for name in size.ingredients}}


def experiment_table(table: FaceTable, rows: int) -> FaceTable:
    """Return so many rows that may teach, chosen class by class, and those that may choose; no row of PrivateTest."""
    may = clean.clean(table)
    teach, choose = table[may.teach & may.trust_label], table[may.choose & may.trust_label]
    chosen = np.ones(len(teach), bool)
    if rows < len(teach):
        chosen = stratified(teach.labels, clean.pixel_groups(teach.images), rows / len(teach), seed=0)
    return teach[chosen].joined(choose)


def measure(config: Config, table: FaceTable, run: Path, *, models: Path, runs: Path) -> Measured:
    """Train one variant, or read what it said when it was trained before.

    Args:
        config: the variant.
        table: the rows that teach and choose.
        run: its folder.
        models: where the shipped models are that it begins with or learns from.
        runs: where the runs are that it begins with or learns from.

    Raises:
        InputError: it was trained by another recipe or with other faces.
    """
    kept = run / "public.npz"
    if kept.is_file():
        need_trained(run, config, table.read)
    else:
        began = time.perf_counter()
        keras.utils.clear_session()
        model = train(config, table, run, models=models, runs=runs, verbose=0)
        right = _right(model, config, table)
        save_arrays(kept, right=right, seconds=np.array(time.perf_counter() - began))
    with np.load(kept) as values:
        return Measured(values["right"], float(values["seconds"]))


def _right(model: keras.Model, config: Config, table: FaceTable) -> Array:
    """Return which PublicTest faces the last epoch's averaged weights name rightly, with statistics of their own."""
    keras.mixed_precision.set_global_policy("float32")
    network = build(config.network)
    network.set_weights(model.get_weights())
    settled(network, table.split("Training").images, batches=16)
    public = table.split("PublicTest")
    logs = head_logs(network, public.images)
    return np.asarray(logs[:, : len(FER2013)].argmax(axis=1) == public.labels)


def ablate(
    config: Config,
    table: FaceTable,
    runs: Path,
    models: Path,
    size: Size,
    *,
    tell: Callable[[str], None] = lambda words: None,
) -> dict[str, list[Measured]]:
    """Train the base and every variant with each seed; what was trained before is read.

    Args:
        config: the base recipe.
        table: the prepared rows.
        runs: where the runs are kept, in a folder by their size.
        models: where the teacher of the distillation is found.
        size: epochs, rows, width, seeds and ingredients.
        tell: is told a line a run.

    Returns:
        What each variant's runs say, one a seed; the base first.

    Raises:
        InputError: the recipe has one head; or a run was trained by another recipe or with other faces.
    """
    if not config.task.votes:
        raise InputError(f"an ablation needs a recipe of both heads, got {config.name} with a [task] of its own; name another")
    few = experiment_table(table, size.rows)
    found: dict[str, list[Measured]] = {name: [] for name in variants(config, size)}
    jobs = [(seed, name, variant) for seed in size.seeds for name, variant in variants(config, size).items()]
    for seed, name, variant in track(jobs, "taking the recipe apart"):
        run = runs / config.name / size.folder / f"{name.replace(' ', '-').replace(',', '')}-seed{seed}"
        said = measure(changed(variant, {"schedule.seed": seed}), few, run, models=models, runs=runs)
        found[name].append(said)
        tell(f"{name}, seed {seed}: {said.right.mean():.4f} in {said.seconds:.0f} s")
    return found
