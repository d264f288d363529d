"""Workshop. Figures for people: a run's curves, and a model's confusion and reliability, as PNG."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from fer_core import FER2013
from fer_core.cards import read_card


def _save(figure: Figure, path: Path) -> None:
    with mpl.rc_context({"svg.hashsalt": "mien"}):
        figure.savefig(path, dpi=110, bbox_inches="tight", metadata={"Software": None})


def draw_curves(curves: Path, target: Path) -> None:
    """Draw accuracy over epochs, on training and on PublicTest, of both heads."""
    with curves.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    figure = Figure(figsize=(6, 3.5))
    axes = figure.subplots()
    epochs = [int(row["epoch"]) + 1 for row in rows]
    for column in [name for name in rows[0] if name.endswith("accuracy")]:
        style = "-" if column.startswith("val_") else ":"
        axes.plot(epochs, [float(row[column]) for row in rows], style, label=column.replace("val_", "PublicTest "))
    axes.set(xlabel="epoch", ylabel="accuracy", title="dotted: training, augmented")
    axes.legend(fontsize=7)
    _save(figure, target)


def _draw_confusion(axes: Any, counts: np.ndarray) -> None:  # noqa: ANN401 - matplotlib's Axes
    shares = counts / counts.sum(axis=1, keepdims=True)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), share in np.ndenumerate(shares):
        axes.text(column, row, f"{share:.0%}", ha="center", va="center", fontsize=7, color="w" if share > 0.5 else "k")
    ticks = range(len(FER2013))
    axes.set_xticks(ticks, FER2013.names, rotation=45, ha="right", fontsize=8)
    axes.set_yticks(ticks, FER2013.names, fontsize=8)
    axes.set(xlabel="answer", ylabel="label", title="PrivateTest")


def _draw_reliability(axes: Any, bins: np.ndarray) -> None:  # noqa: ANN401 - matplotlib's Axes
    filled = bins[bins[:, 2] > 0]
    axes.plot([0, 1], [0, 1], ":", color="gray")
    axes.plot(filled[:, 0], filled[:, 1], "o-")
    axes.bar(filled[:, 0], filled[:, 2], width=0.05, alpha=0.25)
    axes.set(xlabel="confidence", ylabel="accuracy (bars: share of faces)", title="reliability", xlim=(0, 1), ylim=(0, 1))


def draw_model(folder: Path) -> None:
    """Draw confusion and reliability of an evaluated model into its folder, as evaluation.png."""
    test = read_card(folder).metrics["PrivateTest"]
    figure = Figure(figsize=(10, 4.5))
    left, right = figure.subplots(1, 2)
    _draw_confusion(left, np.array(test["confusion"]))
    _draw_reliability(right, np.array(test["calibration_bins"]))
    _save(figure, folder / "evaluation.png")


def write_readme(folder: Path) -> None:
    """Write README.md of an evaluated model out of its card."""
    card = read_card(folder)
    test, photos = card.metrics["PrivateTest"], card.metrics.get("photos")
    lines = [f"# {card.name}", "", "Perceived expressions of 48x48 gray faces; figures by `python -m fer_train evaluate`.", ""]
    lines += ["| PrivateTest (FER2013's official test split) | figure | 95 % interval |", "|---|---|---|"]
    for name, words in (
        ("accuracy", "accuracy"),
        ("macro_f1", "macro F1"),
        ("ferplus_accuracy", "FER+ accuracy, majority protocol"),
    ):
        lines.append(f"| {words} | {test[name]['value']} | {test[name]['low']} to {test[name]['high']} |")
    lines += [
        f"| calibration error (15 bins) | {test['expected_calibration_error']} | |",
        "",
        "| class | recall | n |",
        "|---|---|---|",
    ]
    lines += [f"| {name} | {row['recall']} | {row['n']} |" for name, row in test["per_class"].items()]
    if photos:
        lines += ["", f"Whole path on {photos['n']} photos in the wild: agreement with one annotator {photos['agreement']}, "]
        lines[-1] += f"macro recall {photos['macro_recall']}, faces missed {photos['missed']}."
    lines += [
        "",
        f'Below a top probability of {card.threshold} the answer is "not sure".',
        "",
        "![evaluation](evaluation.png)",
        "",
    ]
    lines += ["## Limits", "", *(f"- {limit}" for limit in card.limits), "", "## Training", "", f"{card.training['data']}."]
    (folder / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
