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
from fer_train.config import Config, Finetuning, Serving, changed, read_config, to_toml
from fer_train.precision import policy_for
from fer_train.tables import write_text

Array = npt.NDArray[Any]
AGREEMENT = "agreement.json"  # what a fine-tuning says of the faces that were set aside, before and after
STATES = ("best.keras", "backup/latest.weights.h5")  # one of them is there once an epoch was trained


def digest(arrays: Sequence[Array]) -> str:
    """Return a SHA-256 of arrays: kinds, shapes and values."""
    found = hashlib.sha256()
    for array in arrays:
        found.update(f"{array.dtype.str}{array.shape}".encode())
        found.update(array.tobytes())
    return found.hexdigest()


def _trained(config: Config) -> dict[str, Any]:
    """Return a config without what may change: how it ships, how long Adam trains, whose rate never falls; and what is unused."""
    schedule, carried_on = config.schedule, config.finetuning if config.finetuning.source else Finetuning()
    if schedule.optimizer == "adam":
        schedule = replace(schedule, epochs=1, warmup_epochs=0.0)
    return asdict(replace(config, schedule=schedule, finetuning=carried_on, serving=Serving()))


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


def _differs(run: Path, config: Config, came: dict[str, str]) -> str:
    """Return what of a run's beginning is another than what came; "" where it is one, or nothing was begun."""
    note, trained = run / "begun.json", any((run / name).is_file() for name in STATES)
    if trained and not note.is_file():
        return "with faces that nothing is known of"
    begun = json.loads(note.read_text(encoding="utf-8")) if note.is_file() else came
    others = [f"other {name}" for name, value in came.items() if begun.get(name) != value]
    return "; ".join([*filter(None, [_other_recipe(run, config)]), *others])


def need_trained(run: Path, config: Config, faces: Sequence[Array]) -> None:
    """Refuse to use a run that is not there, or that another recipe or other faces trained.

    Args:
        run: the run's folder.
        config: the recipe.
        faces: as in `begin`.

    Raises:
        InputError: best.keras is missing, or what trained it was another.
    """
    if not (run / "best.keras").is_file():
        raise InputError(f"expected a trained run at {run}, got no best.keras; train it first")
    if differs := _differs(run, config, {"faces": digest(faces)}):
        raise InputError(f"{run} was trained otherwise ({differs}); name {run}/config.toml, or train the model anew")


def began_with(run: Path) -> list[dict[str, Any]]:
    """Return what a run began with, as it noted then (`card.beginning`); its beginnings may be gone by now."""
    note = run / "begun.json"
    return list(json.loads(note.read_text(encoding="utf-8")).get("began_with", ())) if note.is_file() else []


def begin(
    run: Path,
    config: Config,
    faces: Sequence[Array],
    source: Sequence[Array] = (),
    teachers: Sequence[Array] = (),
    started: Sequence[dict[str, Any]] = (),
) -> Config:
    """Note in a run's folder what it begins with, or hold that against what it was begun with.

    Args:
        run: the run's folder; made if missing.
        config: the recipe; its [serving] may change from start to start, and with Adam the number of epochs.
        faces: all that it learns from and is judged on: pictures, and what is known of them.
        source: the weights that it begins with, if these were trained.
        teachers: the weights of the networks that it learns from, if any.
        started: what `began_with` will say.

    Returns:
        The config with its precision settled, once for the whole run.

    Raises:
        InputError: an epoch of the run was trained by another recipe, with other faces, from another source, or by other
            teachers.
    """
    run.mkdir(parents=True, exist_ok=True)
    came = {"faces": digest(faces), "source": digest(source), **({"teachers": digest(teachers)} if teachers else {})}
    differs = _differs(run, config, came)
    if differs and any((run / name).is_file() for name in STATES):
        raise InputError(f"{run} was begun otherwise ({differs}); name the model anew, or remove that folder")
    if differs or not (run / "begun.json").is_file():  # nothing was trained yet, and what lies there is of other faces
        for path in (*run.glob("*.npz"), run / "begun.json", run / AGREEMENT):
            path.unlink(missing_ok=True)
    if not (run / "begun.json").is_file():
        precision = policy_for(config.schedule.precision)
        write_text(run / "begun.json", json.dumps({**came, "precision": precision, "began_with": list(started)}, indent=1) + "\n")
    write_text(run / "config.toml", to_toml(config))
    return changed(config, {"schedule.precision": json.loads((run / "begun.json").read_text(encoding="utf-8"))["precision"]})
