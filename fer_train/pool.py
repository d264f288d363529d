"""Workshop. How a network's two heads make the one answer that people see.

A logistic regression on both heads' log-probabilities (stacked generalization, Wolpert 1992): linear, so that it is one
layer of the exported graph. It is fitted on PublicTest and on the half of the labelled photos that chooses, because
FER2013's labels and what people see in photos disagree in a quarter of the faces, and an answer has to serve both.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from fer_core import FER2013, FERPLUS, InputError
from fer_train.tables import write_text

Array = npt.NDArray[Any]
LOOSENESS = 0.1  # inverse of the penalty on large weights; a tenth of it changes no figure by more than chance


@dataclass(frozen=True)
class Pool:
    """The joint answer: logits = (both heads' log-probabilities @ kernel + bias) / temperature.

    Attributes:
        kernel: (15, 7) float, seven rows of FER2013 and eight of FER+.
        bias: (7,) float.
        temperature: what the sum is divided by.
        fitted: on how many faces of PublicTest and how many photos, and how these were weighed.
    """

    kernel: Array
    bias: Array
    temperature: float = 1.0
    fitted: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        wanted = (len(FER2013) + len(FERPLUS), len(FER2013))
        if self.kernel.shape != wanted or self.bias.shape != wanted[1:]:
            came = f"{self.kernel.shape} and {self.bias.shape}"
            raise InputError(f"kernel and bias must have shapes {wanted} and {wanted[1:]}, got {came}; run `heads` again")

    def logits(self, logs: Array) -> Array:
        """Return the (N, 7) pooled logits of (N, 15) log-probabilities."""
        return np.asarray((logs @ self.kernel + self.bias) / self.temperature)


@dataclass(frozen=True)
class Labelled:
    """Log-probabilities and what the faces were labelled.

    Attributes:
        logs: (N, 15) float, both heads' log-probabilities.
        truth: (N,) int, index into FER2013's labels.
    """

    logs: Array
    truth: Array

    def __len__(self) -> int:
        return len(self.truth)

    def __getitem__(self, rows: Array) -> Labelled:
        """Return the chosen rows."""
        return Labelled(self.logs[rows], self.truth[rows])


def fit_pool(public: Labelled, photos: Labelled, *, photos_weight: float) -> Pool:
    """Fit the joint answer.

    Args:
        public: PublicTest; every class must occur.
        photos: labelled photos; may be none.
        photos_weight: weight of all photos together, PublicTest having 1.

    Raises:
        InputError: a class does not occur on PublicTest.
    """
    share = photos_weight * len(public) / max(1, len(photos))
    weights = np.concatenate([np.ones(len(public)), np.full(len(photos), share)])
    truth = np.concatenate([public.truth, photos.truth])
    model = LogisticRegression(C=LOOSENESS, max_iter=2000)
    model.fit(np.concatenate([public.logs, photos.logs]), truth, sample_weight=weights)
    if len(model.classes_) != len(FER2013):
        raise InputError(f"PublicTest must hold all {len(FER2013)} classes, got {len(model.classes_)}; check the data")
    fitted = {"public_test": len(public), "photos": len(photos), "photos_weight": photos_weight}
    return Pool(model.coef_.T, model.intercept_, fitted=fitted)


def _sha256(network: Path) -> str:
    return hashlib.sha256(network.read_bytes()).hexdigest()


def write_pool(path: Path, pool: Pool, network: Path | None = None) -> None:
    """Write a pool's weights, and what it was fitted on, as JSON.

    Args:
        path: the file.
        pool: how the heads are joined.
        network: the file of the network whose heads these are, and no other's; none: it stays with whatever is trained beside it.
    """
    of = {"network": _sha256(network)} if network else {}
    values = {"fitted": pool.fitted, "kernel": pool.kernel.round(6).tolist(), "bias": pool.bias.round(6).tolist(), **of}
    write_text(path, json.dumps(values) + "\n")


def read_pool(path: Path, network: Path) -> Pool:
    """Read what `write_pool` wrote for a network.

    Raises:
        InputError: the file is missing, or was written for another network.
    """
    if not path.is_file():
        raise InputError(f"expected the joint answer at {path}, found none; run `python -m fer_train heads` first")
    values = json.loads(path.read_text(encoding="utf-8"))
    if values.get("network", now := _sha256(network)) != now:
        raise InputError(f"{path} joins the heads of a network that was trained on since; run `python -m fer_train heads` again")
    return Pool(np.array(values["kernel"]), np.array(values["bias"]), fitted=values.get("fitted", {}))
