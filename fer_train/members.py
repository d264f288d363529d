"""Workshop. Which trained networks answer best side by side: every set of them that is small enough, on PublicTest alone.

A network of several bodies answers as the mean of theirs (`networks.begin_with`), so a set is measured without being built.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax

from fer_core import FER2013, InputError
from fer_train.config import read_config
from fer_train.data import FaceTable

Array = npt.NDArray[Any]
MOST = 5_000_000


@dataclass(frozen=True)
class Member:
    """What one network says of the faces that choose.

    Attributes:
        name: of its run or its model.
        parameters: how many it has.
        logits: (N, 7) float, of the FER2013 head, up to a number a row.
    """

    name: str
    parameters: int
    logits: Array


def member(name: str, table: FaceTable, images: Array, runs: Path, models: Path) -> Member:
    """Ask a run's network, with batch statistics of its own, or else the one inside a shipped model.

    Args:
        name: of the run or the model.
        table: the prepared rows, which a run learned from.
        images: (N, 48, 48) uint8, the faces that choose.
        runs: where the runs are.
        models: where the shipped models are.

    Raises:
        InputError: the run was trained by another recipe or with other faces.
        ModelError: there is neither a run nor a model of that name, or the model was altered.
    """
    from fer_train.serving import head_logs, network_inside, served_model, trained_network

    run = runs / name
    if (run / "best.keras").is_file():
        network = trained_network(read_config(run / "config.toml"), run, table)
    else:
        network = network_inside(served_model(models / name))
    logs = head_logs(network, images)[:, : len(FER2013)]
    return Member(name, network.count_params(), logs)


def sets_of(members: list[Member], truth: Array, most: int = MOST) -> list[dict[str, Any]]:
    """Measure every set of networks that have no more than so many parameters together.

    Args:
        members: the networks; no two of one name.
        truth: (N,) int, the labels.
        most: parameters.

    Returns:
        A row a set, the lowest log-loss first.

    Raises:
        InputError: a name came twice, or no network is small enough.
    """
    names = [one.name for one in members]
    if len(set(names)) < len(names):
        raise InputError(f"members must be different networks, got {', '.join(names)}; name each once")
    every = itertools.chain.from_iterable(itertools.combinations(members, size + 1) for size in range(len(members)))
    rows = [_row(chosen, truth) for chosen in every if sum(one.parameters for one in chosen) <= most]
    if not rows:
        raise InputError(f"expected a network of {most:,} parameters or fewer, got none among {', '.join(names)}; raise --most")
    return sorted(rows, key=lambda row: row["log_loss"])


def _row(chosen: tuple[Member, ...], truth: Array) -> dict[str, Any]:
    logs = log_softmax(np.mean([one.logits for one in chosen], axis=0), axis=1)
    return {
        "members": "+".join(one.name for one in chosen),
        "parameters": sum(one.parameters for one in chosen),
        "public_test_n": len(truth),
        "log_loss": round(float(-logs[np.arange(len(truth)), truth].mean()), 4),
        "accuracy": round(float((logs.argmax(axis=1) == truth).mean()), 4),
    }
