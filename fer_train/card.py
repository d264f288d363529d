"""Workshop. Writes a model's card: what it is, how it was made, and how well it does."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

from fer_core import FER2013
from fer_train import clean
from fer_train.config import Config
from fer_train.data import FaceTable

LIMITS = (
    "It names what a face looks like to an observer, not what the person feels.",
    "It learned from web photos labelled by a few people; disgust and fear are rare there and often confused.",
    "It must not be used to judge people at work or in education (EU AI Act, Art. 5(1)(f)).",
    "It sees a gray chip of 48x48 pixels: small, turned, covered or blurred faces are read poorly.",
)


def _epochs_done(run: Path) -> int:
    """Return how many epochs a run has completed, by its curves."""
    return len((run / "curves.csv").read_text(encoding="utf-8").splitlines()) - 1


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)  # noqa: S607
    return done.stdout.strip() or "unknown"


def _training(config: Config, table: FaceTable, run: Path) -> dict[str, Any]:
    return {
        "data": "FER2013 (Goodfellow et al. 2013) with the FER+ votes (Barsoum et al. 2016); research data, not shipped",
        "rows": clean.clean(table).counts,
        "epochs_completed": _epochs_done(run),
        "commit": _commit(),
        "config": dataclasses.asdict(config),
    }


def write_card(folder: Path, values: dict[str, Any]) -> None:
    """Write card.json with the hashes of the files that stand beside it."""
    names = ("model.tflite", "model.keras")
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    (folder / "card.json").write_text(json.dumps({**values, "sha256": hashes}, indent=1) + "\n", encoding="utf-8")


def describe(config: Config, table: FaceTable, run: Path, *, temperature: float, threshold: float) -> dict[str, Any]:
    """Return the values of a fresh card, without hashes and figures."""
    return {
        "name": config.name,
        "labels": list(FER2013.names),
        "threshold": threshold,
        "temperature": temperature,
        "input": {"size_px": 48, "colour": "gray", "range": "0..255", "dtype": "uint8"},
        "training": _training(config, table, run),
        "metrics": {},
        "limits": list(LIMITS),
    }
