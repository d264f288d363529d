"""Workshop. What a run was begun with: its recipe, its faces, its arithmetic. It goes on with the same, or not at all.

A run that was taken up with other faces could be judged on faces that had taught it; with another recipe, its card would
tell of one that nobody trained.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy.typing as npt

from fer_core import InputError
from fer_train.config import Config, Serving, changed, read_config, to_toml
from fer_train.precision import policy_for

Array = npt.NDArray[Any]
STATES = ("best.keras", "backup/latest.weights.h5")  # one of them is there once an epoch was trained


def _digest(arrays: Sequence[Array]) -> str:
    """Return a SHA-256 of arrays: kinds, shapes and values."""
    found = hashlib.sha256()
    for array in arrays:
        found.update(f"{array.dtype.str}{array.shape}".encode())
        found.update(array.tobytes())
    return found.hexdigest()


def _trained(config: Config) -> dict[str, Any]:
    """Return a config without what may change: how it is shipped, and how long Adam trains, whose rate never falls."""
    schedule = config.schedule
    if schedule.optimizer == "adam":
        schedule = replace(schedule, epochs=1, warmup_epochs=0.0)
    return asdict(replace(config, schedule=schedule, serving=Serving()))


def _other_recipe(run: Path, config: Config) -> str:
    """Return what a run's recipe has that the config has not; "" where they are one, or nothing is known."""
    kept = run / "config.toml"
    if not kept.is_file():
        return ""
    was, now = _trained(read_config(kept)), _trained(config)
    flat = {"name": (was["name"], now["name"])}
    for part, values in now.items():
        if isinstance(values, dict):
            flat |= {f"{part}.{key}": (was[part][key], value) for key, value in values.items()}
    return "; ".join(f"{key} = {old!r}, not {new!r}" for key, (old, new) in flat.items() if old != new)


def need_same_recipe(run: Path, config: Config) -> None:
    """Refuse a config that is not the one which a run was trained by.

    Raises:
        InputError: it is another.
    """
    if differs := _other_recipe(run, config):
        raise InputError(f"{run} was trained otherwise ({differs}); name {run}/config.toml, or train the model anew")


def _other_faces(note: Path, came: str) -> str:
    begun = json.loads(note.read_text(encoding="utf-8")) if note.is_file() else {}
    return "other faces" if begun.get("faces", came) != came else ""


def begin(run: Path, config: Config, faces: Sequence[Array]) -> Config:
    """Note in a run's folder what it begins with, or hold that against what it was begun with.

    Args:
        run: the run's folder; made if missing.
        config: the recipe; its [serving] may change from start to start, and with Adam the number of epochs.
        faces: all that it learns from and is judged on: pictures, and what is known of them.

    Returns:
        The config with its precision settled, once for the whole run.

    Raises:
        InputError: an epoch of the run was trained by another recipe, or with other faces.
    """
    run.mkdir(parents=True, exist_ok=True)
    note, came = run / "begun.json", _digest(faces)
    differs = _other_recipe(run, config) or _other_faces(note, came)
    if differs and any((run / name).is_file() for name in STATES):
        raise InputError(f"{run} was begun otherwise ({differs}); name the model anew, or remove that folder")
    if differs:  # nothing was trained yet
        for path in (note, *run.glob("*.npz")):
            path.unlink(missing_ok=True)
    (run / "config.toml").write_text(to_toml(config), encoding="utf-8")
    if not note.is_file():
        part = run / "begun.part.json"
        begun = {"faces": came, "precision": policy_for(config.schedule.precision)}
        part.write_text(json.dumps(begun, indent=1) + "\n", encoding="utf-8")
        part.replace(note)
    return changed(config, {"schedule.precision": json.loads(note.read_text(encoding="utf-8"))["precision"]})
