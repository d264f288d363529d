"""Workshop. The report of an evaluated model, out of its evaluation.json: a page, and the README and PNG pictures that ship."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fer_core import InputError
from fer_core.cards import read_card
from fer_train import report_png as png
from fer_train.data import FaceTable
from fer_train.report_page import parts, render
from fer_train.report_parts import Section
from fer_train.report_png import draw_curves
from fer_train.report_readme import readme
from fer_train.tables import write_text
from fer_train.versus import of_today

__all__ = ["draw_curves", "draw_pictures", "read_evaluation", "write_report"]


def read_evaluation(folder: Path) -> dict[str, Any]:
    """Read what `evaluate` measured of a model.

    Raises:
        InputError: the file is missing or is not a JSON object.
    """
    path, found = folder / "evaluation.json", None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        came: object = error
    else:
        came = type(found).__name__
    if not isinstance(found, dict):
        raise InputError(f"expected figures as a JSON object at {path}, got {came}; run `python -m fer_train evaluate` first")
    return found


def draw_pictures(folder: Path, measured: dict[str, Any], sections: Sequence[Section]) -> dict[str, str]:
    """Draw the pictures that ship with a model; return their names by section. Those of parts not measured go away."""
    there = {section.anchor for section in sections}
    drawn = {}
    for anchor, draw in png.DRAWN.items():
        path = folder / f"{anchor}.png"
        path.unlink(missing_ok=True)
        if anchor in there:
            drawn[anchor] = draw(measured, path).name
    return drawn


def write_report(folder: Path, *, run: Path, table: FaceTable) -> Path:
    """Write pictures and README of an evaluated model into its folder, and the page with test pictures into its run.

    Args:
        folder: the model's folder, with card.json and evaluation.json.
        run: the run's folder, which version control ignores: test pictures are research data and may not be passed on.
        table: the prepared rows.

    Returns:
        The path of the page.

    Raises:
        InputError: the model has not been evaluated.
    """
    measured, card = read_evaluation(folder), read_card(folder)
    measured["versus"] = of_today(measured.get("versus", ()), folder.parent)
    sections = parts(measured, card.limits)
    pictures = draw_pictures(folder, measured, sections)
    if (folder / "curves.png").is_file():
        pictures["curves"] = "curves.png"
    write_text(folder / "README.md", readme(card, measured, sections, pictures))
    run.mkdir(parents=True, exist_ok=True)
    page = run / "report.html"
    write_text(page, render(measured, card, table))
    return page
