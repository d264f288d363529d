"""Adapter. What `evaluate` wrote: evaluation.json of the default model, results.csv of all and of the systems beside them."""

from __future__ import annotations

import csv
import json
import logging
from typing import Any

from fer_core.analyze import DEFAULT_MODEL
from fer_core.cards import MODELS_FOLDER, ModelCard


def evaluation(card: ModelCard) -> dict[str, Any]:
    """Return all figures of the model that the screens use; empty where they are missing, unreadable, or of another file."""
    path = MODELS_FOLDER / DEFAULT_MODEL / "evaluation.json"
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        logging.getLogger(__name__).exception("the figures at %s cannot be read", path)
        return {}
    if not isinstance(found, dict) or found.get("sha256") != card.sha256.get("model.tflite"):
        logging.getLogger(__name__).warning("the figures at %s are not of the file that ships", path)
        return {}
    return found


def results() -> list[dict[str, str]]:
    """Return a row a model and a system, as results.csv has it; none where it is missing."""
    return _rows("results.csv")


def published() -> list[dict[str, str]]:
    """Return a row a system that others built: whose it is, and the figure that they published; none where it is missing."""
    return _rows("published.csv")


def _rows(name: str) -> list[dict[str, str]]:
    path = MODELS_FOLDER / name
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
