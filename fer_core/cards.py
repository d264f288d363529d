"""Adapter. A model's folder: its card, and its files, which are read only if their hash is the card's."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fer_core.errors import InputError, ModelError, shortened, shown
from fer_core.labels import FER2013, LabelSet

MODELS_FOLDER = Path(__file__).resolve().parent.parent / "models"
_MAX_CARD_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What a model is, how it was made, and how well it does.

    Attributes:
        name: the model's name.
        labels: the names of its served outputs, in their order.
        sha256: hash of each file of the folder that may be loaded.
        threshold: a top probability below this is answered by "not sure".
        temperature: what the logits are divided by, inside the network.
        input: what the network takes.
        training: data, licence, config and commit it was made from.
        metrics: figures on data it was not trained on.
        limits: sentences on what it cannot do.
    """

    name: str
    labels: LabelSet
    sha256: dict[str, str]
    threshold: float = 0.0
    temperature: float = 1.0
    input: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    limits: tuple[str, ...] = ()


def _refuse(path: Path, expected: str, came: str) -> ModelError:
    return ModelError(f"{path.name} of the model in {path.parent} must be {expected}, got {came}; restore the folder")


def _read(path: Path, max_bytes: int | None = None) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(-1 if max_bytes is None else max_bytes + 1)
    except OSError as error:
        raise _refuse(path, "a readable file", error.strerror or type(error).__name__) from error
    if max_bytes is not None and len(content) > max_bytes:
        raise _refuse(path, f"at most {max_bytes} bytes", "more")
    return content


def _typed(path: Path, values: dict[str, Any], name: str, kind: type | tuple[type, ...]) -> Any:  # noqa: ANN401
    value = values.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise _refuse(path, f"a card with a good {name!r}", type(value).__name__)
    return value


def _names(path: Path, values: Any, name: str) -> tuple[str, ...]:  # noqa: ANN401 - straight out of JSON
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise _refuse(path, f"a card whose {name!r} is a list of texts", type(values).__name__)
    return tuple(values)


def _share(path: Path, values: dict[str, Any], name: str, most: float) -> float:
    value = _typed(path, values, name, (int, float))
    if not 0.0 <= value <= most:  # before it becomes a float, which not every whole number does
        raise _refuse(path, f"a card whose {name!r} is within 0..{most:g}", shown(value))
    return float(value)


def _hashes(path: Path, values: dict[str, Any]) -> dict[str, str]:
    hashes = _typed(path, values, "sha256", dict)
    good = all(isinstance(v, str) and Path(k).name == k != ".." for k, v in hashes.items())
    if not good:
        raise _refuse(path, "a card whose 'sha256' maps file names to hashes", shown(hashes))
    return dict(hashes)


def read_card(folder: Path) -> ModelCard:
    """Read card.json of a model's folder.

    Raises:
        ModelError: it is missing, too large, not JSON, or lacks a field.
    """
    path = folder / "card.json"
    try:
        values = json.loads(_read(path, _MAX_CARD_BYTES))
    except (ValueError, RecursionError) as error:
        raise _refuse(path, "JSON", shortened(error)) from error
    if not isinstance(values, dict):
        raise _refuse(path, "a JSON object", type(values).__name__)
    try:
        labels = LabelSet(_names(path, values.get("labels"), "labels"))
    except InputError as error:
        raise _refuse(path, "a card with distinct 'labels'", shortened(error)) from error
    return ModelCard(
        name=_typed(path, values, "name", str),
        labels=labels,
        sha256=_hashes(path, values),
        threshold=_share(path, values, "threshold", 1.0),
        temperature=_share(path, values, "temperature", 100.0),
        limits=_names(path, values.get("limits"), "limits"),
        **{name: _typed(path, values, name, dict) for name in ("input", "training", "metrics")},
    )


def read_expression_card(folder: Path) -> ModelCard:
    """Read the card of a network that names expressions, and refuse labels that could be another column's.

    Raises:
        ModelError: as `read_card`; or a label is none of FER2013's, or they stand in another order than FER2013's.
    """
    card = read_card(folder)
    if card.labels.names != tuple(name for name in FER2013.names if name in card.labels.names):
        expected = f"a card whose 'labels' are of {', '.join(FER2013.names)}, in this order"
        raise _refuse(folder / "card.json", expected, shown(card.labels.names))
    return card


def verified_bytes(folder: Path, name: str, sha256: dict[str, str]) -> bytes:
    """Read a file of a model's folder, and refuse it unless its hash is the card's.

    Args:
        folder: the model's folder.
        name: the file's name.
        sha256: the card's hashes by file name.

    Raises:
        ModelError: the file is missing, unnamed in the card, or altered.
    """
    content = _read(folder / name)
    found = hashlib.sha256(content).hexdigest()
    if sha256.get(name) != found:
        raise _refuse(folder / name, f"the file with sha256 {sha256.get(name)}", found)
    return content
