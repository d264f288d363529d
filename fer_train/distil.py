"""Workshop. Asks trained models about faces, for a student to learn from (Hinton et al. 2015)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from fer_core import FER2013
from fer_train.augment import Augmentation, augment
from fer_train.config import Config, read_config
from fer_train.serving import finetuned_network, head_logs, network_inside, seen_in_training, served_model, settled
from fer_train.tables import save_arrays

Array = npt.NDArray[Any]


def trained(name: str, runs: Path, models: Path) -> keras.Model:
    """Return the two-headed network of a run, or else the one inside a shipped model."""
    run = runs / name
    if not (run / "best.keras").is_file():
        return network_inside(served_model(models / name))
    if read_config(run / "config.toml").finetuning.source:
        return finetuned_network(run)
    return keras.models.load_model(run / "best.keras", compile=False)


def teachers_answer(teachers: list[keras.Model], images: Array, how: Augmentation, views: int, seed: int) -> dict[str, Array]:
    """Return the teachers' mean answer over random views of each face.

    Averaging over views that the teachers never saw tells what they see, not what they learnt by heart.

    Args:
        teachers: two-headed networks.
        images: (N, 48, 48) uint8, gray.
        how: how far a view may go.
        views: views of each face.
        seed: of the views.

    Returns:
        {"fer2013": (N, 7), "ferplus": (N, 8)} float32, rows sum to 1.
    """
    total = 0.0
    for view in range(views):
        rng = np.random.default_rng([seed, view])
        chips = np.stack([augment(image, how, rng) for image in images])
        for teacher in teachers:
            total = total + np.exp(head_logs(teacher, chips))
    fer2013, ferplus = np.split(np.asarray(total) / (views * len(teachers)), [len(FER2013)], axis=1)
    return {"fer2013": fer2013.astype(np.float32), "ferplus": ferplus.astype(np.float32)}


def kept_answers(path: Path, config: Config, images: Array, teachers: list[keras.Model]) -> dict[str, Array]:
    """Return the answers of a config's teachers, asked once and kept in a file.

    A run's averaged weights have no batch statistics of their own, so each teacher gathers some first, in place, from views like
    those that it is asked about.
    """
    if not path.is_file():
        seen = seen_in_training(config, images)
        for teacher in teachers:
            settled(teacher, seen)
        answers = teachers_answer(teachers, images, config.augmentation, config.distillation.views, config.schedule.seed)
        save_arrays(path, **answers)
    with np.load(path) as kept:
        return {head: kept[head] for head in ("fer2013", "ferplus")}
