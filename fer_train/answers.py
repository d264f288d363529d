"""Workshop. Asks a classifier about many chips, on every core that this process may use."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core import Emotions

Array = npt.NDArray[Any]
Predict = Callable[[Array], Emotions]


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ask(predict: Predict, chips: Array) -> Array:
    """Return the (N, K) float32 probabilities of (N, 48, 48) uint8 chips; LiteRT leaves other threads free meanwhile."""
    count = max(1, min(cores(), len(chips)))
    with ThreadPoolExecutor(count) as pool:
        return np.concatenate([emotions.probs for emotions in pool.map(predict, np.array_split(chips, count))])


def ask_mirrored(predict: Predict, chips: Array) -> Array:
    """Return the (N, K) mean of the answers to chips and to their mirror images."""
    mirrored = np.ascontiguousarray(chips[:, :, ::-1])
    return np.asarray((ask(predict, chips) + ask(predict, mirrored)) / 2)
