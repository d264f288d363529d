"""Workshop. Measured numbers → small PNG pictures that ship beside a model, drawn without a browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fer_core.palette import colour_hex
from fer_train.report_parts import changes, reach, value_of
from fer_train.tables import read_curves

Measured = Mapping[str, Any]
_ACCENT, _SECOND, _GRAY = "#17696A", "#C2703D", "#888888"
_STYLE = {"svg.hashsalt": "mien", "font.size": 8, "axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": 9}


def save(figure: Figure, path: Path) -> Path:
    """Write a figure as a PNG that is the same for the same numbers; return its path."""
    figure.savefig(path, dpi=100, bbox_inches="tight", metadata={"Software": None})
    return path


def draw_curves(curves: Path, target: Path) -> None:
    """Draw accuracy over epochs, on training and on PublicTest, of each head; no picture where there was no epoch."""
    target.unlink(missing_ok=True)
    rows = read_curves(curves)
    if not rows:
        return
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(6, 3.5))
        axes = figure.subplots()
        epochs = [int(row["epoch"]) + 1 for row in rows]
        for column in [name for name in rows[0] if name.endswith("accuracy")]:
            style = "-" if column.startswith("val_") else ":"
            axes.plot(epochs, [float(row[column]) for row in rows], style, label=column.replace("val_", "PublicTest "))
        axes.set(xlabel="epoch", ylabel="accuracy", title="dotted: training, augmented")
        axes.legend(fontsize=7)
        save(figure, target)


def _reach(figures: Sequence[Any]) -> np.ndarray:
    """Return how far intervals reach below and above: (2, N) float."""
    return np.array([reach(figure) for figure in figures]).T


def _recalls(axes: Axes, rows: Sequence[Measured]) -> None:
    places = np.arange(len(rows))
    figures = [row["recall"] for row in rows]
    colours = [colour_hex(row["label"]) for row in rows]
    axes.barh(places, [value_of(f) for f in figures], xerr=_reach(figures), color=colours, edgecolor=_GRAY, capsize=2)
    axes.set_yticks(places, [f"{row['label']} (n {row['n']})" for row in rows])
    axes.set(xlim=(0, 1), title="recall by class, with 95 % intervals")
    axes.invert_yaxis()


def _confusion(axes: Axes, rows: Sequence[str], columns: Sequence[str], counts: Sequence[Sequence[int]], title: str) -> None:
    cells = np.array(counts, float)
    shares = cells / np.maximum(cells.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), share in np.ndenumerate(shares):
        axes.text(column, row, f"{share:.0%}", ha="center", va="center", fontsize=7, color="w" if share > 0.5 else "k")
    axes.set_xticks(range(len(columns)), columns, rotation=45, ha="right")
    axes.set_yticks(range(len(rows)), rows)
    axes.set(xlabel="answer", ylabel="label", title=title)


def _reliability(axes: Axes, bins: Sequence[Measured]) -> None:
    filled = [row for row in bins if row["n"]]
    total = sum(row["n"] for row in filled)
    axes.plot([0, 1], [0, 1], ":", color=_GRAY)
    widths = [row["high"] - row["low"] for row in filled]
    axes.bar(
        [row["low"] for row in filled], [row["n"] / total for row in filled], widths, align="edge", color=_ACCENT, alpha=0.25
    )
    axes.plot([row["confidence"] for row in filled], [row["accuracy"] for row in filled], "o-", color=_ACCENT, markersize=3)
    axes.set(xlabel="confidence", ylabel="accuracy (bars: share of faces)", title="reliability", xlim=(0, 1), ylim=(0, 1))


def _coverage(axes: Axes, points: Sequence[Measured], chosen: Measured, threshold: float) -> None:
    axes.plot([point["share"] for point in points], [point["accuracy"] for point in points], color=_ACCENT)
    axes.plot(chosen["share"], chosen["accuracy"], "D", color=_SECOND, label=f"chosen threshold {threshold:.3f}")
    axes.set(
        xlabel="share of faces answered", ylabel="accuracy among the answered", title="accuracy against coverage", xlim=(0, 1.02)
    )
    axes.legend()


def _panel(size_inches: tuple[float, float], draw: Callable[[Axes], None], path: Path) -> Path:
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=size_inches, layout="constrained")
        draw(figure.subplots())
        return save(figure, path)


def draw_classes(measured: Measured, path: Path) -> Path:
    """Draw recall by class with its intervals."""
    return _panel((6, 3), lambda axes: _recalls(axes, measured["splits"]["PrivateTest"]["per_class"]), path)


def draw_confusion(measured: Measured, path: Path) -> Path:
    """Draw the confusion matrix of the test split; a column past the labels is of faces without an answer."""
    test = measured["splits"]["PrivateTest"]
    title = f"PrivateTest, n {test['n']}"
    answers = [*test["labels"], "none"][: len(test["confusion"][0])]
    return _panel((5, 4), lambda axes: _confusion(axes, test["labels"], answers, test["confusion"], title), path)


def draw_reliability(measured: Measured, path: Path) -> Path:
    """Draw accuracy against confidence."""
    return _panel((4.5, 4), lambda axes: _reliability(axes, measured["splits"]["PrivateTest"]["reliability"]), path)


def draw_coverage(measured: Measured, path: Path) -> Path:
    """Draw accuracy against the share answered, and the chosen threshold."""
    test, threshold = measured["splits"]["PrivateTest"], measured["threshold"]["value"]
    return _panel((5, 3.5), lambda axes: _coverage(axes, test["coverage"], test["answered"], threshold), path)


def _human_line(axes: Axes, found: Measured) -> None:
    agrees = value_of(found["accuracy"])
    _recalls(axes, found.get("per_class", ()))
    axes.axvline(agrees, color=_ACCENT, label=f"this model, all classes: {agrees:.0%}")
    if human := found.get("human"):
        axes.axvline(
            human["agreement"], color=_SECOND, linestyle="--", label=f"one person, all classes: {human['agreement']:.0%}"
        )
    axes.set_title("agreement with the majority of ten people by its class, 95 % intervals")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=2, frameon=False)


def draw_ferplus(measured: Measured, path: Path) -> Path:
    """Draw agreement with the voters' majority by class, and beside it the human line: how often one person agrees."""
    return _panel((6, 3.6), lambda axes: _human_line(axes, measured["ferplus"]), path)


def draw_photos(measured: Measured, path: Path) -> Path:
    """Draw the confusion of the whole path on photos, missed faces included."""
    found = measured["photos"]
    columns, title = (*found["labels"], "missed"), f"photos in the wild, n {found['n']}"
    return _panel((5, 4), lambda axes: _confusion(axes, found["labels"], columns, found["confusion"], title), path)


def draw_robustness(measured: Measured, path: Path) -> Path:
    """Draw accuracy over the levels of each kind of change, on one scale."""
    clean, kinds = changes(measured["robustness"])
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(9, 2.1 * -(-len(kinds) // 4)), layout="constrained")
        panels = figure.subplots(-(-len(kinds) // 4), 4, sharey=True, squeeze=False).flat
        for axes, (kind, rows) in zip(panels, kinds.items(), strict=False):
            levels, figures = [str(row["level"]) for row in rows], [row["accuracy"] for row in rows]
            axes.axhline(value_of(clean), linestyle=":", color=_GRAY)
            axes.errorbar(
                levels, [value_of(f) for f in figures], _reach(figures), color=_ACCENT, marker="o", markersize=3, capsize=2
            )
            axes.set(title=kind.replace("_", " "), xlabel=rows[0]["unit"], ylim=(0, 1))
        for axes in list(figure.axes)[len(kinds) :]:
            axes.set_axis_off()
        return save(figure, path)


def draw_groups(measured: Measured, path: Path) -> Path:
    """Draw the share of each answer over groups of people."""
    rows = measured["groups"]
    names = list(dict.fromkeys(name for row in rows for name in row["shares"]))
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(8, 0.28 * len(rows) + 1), layout="constrained")
        axes, left = figure.subplots(), np.zeros(len(rows))
        for name in names:
            shares = np.array([row["shares"].get(name, 0.0) for row in rows])
            axes.barh(range(len(rows)), shares, left=left, color=colour_hex(name), label=name, edgecolor="w", linewidth=0.5)
            left += shares
        axes.set_yticks(range(len(rows)), [f"{row['by']}: {row['group']} (n {row['n']})" for row in rows])
        axes.invert_yaxis()
        axes.set(xlim=(0, 1), xlabel="share of answers")
        figure.legend(ncols=len(names), loc="outside upper center", frameon=False)
        return save(figure, path)


# What is drawn for which section of the report.
DRAWN = {
    "classes": draw_classes,
    "confusion": draw_confusion,
    "reliability": draw_reliability,
    "coverage": draw_coverage,
    "ferplus": draw_ferplus,
    "photos": draw_photos,
    "robustness": draw_robustness,
    "groups": draw_groups,
}
