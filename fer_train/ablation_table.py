"""Workshop. What an ablation found, as a table, a figure and a page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from fer_train.ablate import BASE, INGREDIENTS, Measured, Size
from fer_train.report_png import save
from fer_train.tables import write_rows, write_text

Array = npt.NDArray[Any]
Found = dict[str, list[Measured]]
SEED = "difference_seed"


def difference(base: Array, other: Array) -> tuple[float, float]:
    """Return how much better another variant is than the base, and the standard error of that over images.

    The images are paired, all seeds of an image together. The error is that of a bootstrap without end (Efron & Tibshirani
    1993, chapter 5).

    Args:
        base: (S, N) bool, S seeds and N images, right or wrong.
        other: (S, N) bool.

    Returns:
        The difference in accuracy, and its standard error.
    """
    gained = other.astype(float).mean(axis=0) - base.astype(float).mean(axis=0)
    return float(gained.mean()), float(gained.std() / np.sqrt(len(gained)))


def _matrix(measured: list[Measured]) -> Array:
    return np.stack([one.right for one in measured])


def rows_of(found: Found, size: Size) -> list[dict[str, Any]]:
    """Return a row each of the base and every variant, the costliest change first."""
    rows = with_intervals([_row(name, found, size) for name in found])
    return sorted(rows, key=lambda row: (row["ingredient"] != BASE, row["difference"]))


def with_intervals(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with the 95 % interval of each difference, and what is shown by it and by every seed.

    A difference differs from one set of images to the next (`error_images`) and from one seed to the next. Two or three seeds
    tell little of the latter, so it is pooled over all changes: the mean variance of one seed's difference within a row.

    Args:
        rows: with `difference`, `error_images` and a difference a seed; `low`, `high` and `matters` are written anew.
    """
    by_seed = np.array([_by_seed(row) for row in rows if row["ingredient"] != BASE])
    between = by_seed.var(axis=1, ddof=1).mean() / by_seed.shape[1] if len(by_seed) else 0.0
    return [row if row["ingredient"] == BASE else _with_interval(row, float(between)) for row in rows]


def _by_seed(row: dict[str, Any]) -> list[float]:
    return [value for name, value in row.items() if name.startswith(SEED)]


def _with_interval(row: dict[str, Any], between: float) -> dict[str, Any]:
    reach = 1.96 * np.sqrt(row["error_images"] ** 2 + between)
    low, high = (round(float(row["difference"] + side * reach), 4) for side in (-1, 1))
    return {**row, "low": low, "high": high, "matters": _verdict(low, high, np.array(_by_seed(row)))}


def _row(name: str, found: Found, size: Size) -> dict[str, Any]:
    base, mine = _matrix(found[BASE]), _matrix(found[name])
    gained, error = difference(base, mine)
    by_seed = mine.mean(axis=1) - base.mean(axis=1)
    return {
        "ingredient": name,
        "switched": "" if name == BASE else INGREDIENTS[name][0],
        "accuracy": round(float(mine.mean()), 4),
        "difference": round(gained, 4),
        "low": 0.0,
        "high": 0.0,
        "error_images": round(error, 5),
        "matters": "",
        **{f"{SEED}{seed}": round(float(d), 4) for seed, d in zip(size.seeds, by_seed, strict=True)},
        "public_test_n": mine.shape[1],
        "epochs": size.epochs,
        "training_rows": size.rows,
        "width": size.width,
        "seconds": round(sum(one.seconds for one in found[name])),
    }


def _verdict(low: float, high: float, by_seed: Array) -> str:
    """Return what is shown: something where the interval and every seed have one sign."""
    if low <= 0 <= high or by_seed.min() <= 0 <= by_seed.max():
        return "not shown"
    return "better with the change" if low > 0 else "worse with the change"


def draw(rows: list[dict[str, Any]], target: Path) -> None:
    """Draw each difference with its interval, in points, as PNG."""
    changes = [row for row in rows if row["ingredient"] != BASE][::-1]
    figure = Figure(figsize=(7, 0.35 * len(changes) + 1.2))
    axes = figure.subplots()
    middle = 100 * np.array([row["difference"] for row in changes])
    ends = 100 * np.array([[row["difference"] - row["low"], row["high"] - row["difference"]] for row in changes]).T
    axes.errorbar(middle, range(len(changes)), xerr=ends, fmt="o", capsize=3)
    axes.axvline(0, color="gray", linestyle=":")
    axes.set_yticks(range(len(changes)), [f"{row['ingredient']} {row['switched']}" for row in changes], fontsize=8)
    axes.set(xlabel="accuracy on PublicTest against the base, points; 95 % interval over images and seeds")
    save(figure, target)


def page(rows: list[dict[str, Any]], command: str, picture: str) -> str:
    """Return the page that says what was found, as Markdown.

    Args:
        rows: of `rows_of`.
        command: that made them.
        picture: where the figure is, as seen from the page.
    """
    base = rows[0]
    lines = ["# What each ingredient of the recipe does", "", f"Written by `{command}`.", ""]
    lines += [
        f"A network of width {base['width']}, {base['training_rows']} training faces, {base['epochs']} epochs, two seeds a row; "
        f"accuracy of the FER2013 head on PublicTest ({base['public_test_n']} faces) after the last epoch. "
        f"The base reaches {base['accuracy']:.1%}.",
        "",
        "Each row changes one thing. An interval says how far another set of faces and other seeds might move the difference: "
        "it adds the variance over images, which are paired, and that between seeds, which is pooled over all rows, for two "
        "seeds tell little of one row. The seeds' own differences stand beside it, and a change is shown to matter where the "
        "interval and every seed have one sign. Many rows are looked at, so one that is barely shown may be chance; and all are "
        "set against the same runs of the base, so that a lucky one moves every row. A network this small, trained this "
        "briefly, gains less from what fights learning by heart (dropout, mixup, weight decay, augmentation) than one that "
        "ships. Batch statistics are gathered from faces as they are, where `export` gathers them from changed ones.",
        "",
    ]
    seeds = [key for key in base if key.startswith(SEED)]
    lines += [f"| change | points | 95 % interval | {' | '.join(seeds)} | shown to matter |", "|---" * (4 + len(seeds)) + "|"]
    for row in rows[1:]:
        by_seed = " | ".join(f"{100 * row[key]:+.1f}" for key in seeds)
        interval = f"{100 * row['low']:+.1f} to {100 * row['high']:+.1f}"
        name = f"{row['ingredient']} {row['switched']}"
        lines.append(f"| {name} | {100 * row['difference']:+.1f} | {interval} | {by_seed} | {row['matters']} |")
    return "\n".join([*lines, "", f"![differences]({picture})", ""]).replace(SEED, "seed ")


def write(found: Found, size: Size, models: Path, docs: Path, command: str) -> list[dict[str, Any]]:
    """Write ablation.csv and ablation.png into `models`, ablation.md into `docs`, and return the rows."""
    rows = rows_of(found, size)
    write_rows(models / "ablation.csv", rows)
    draw(rows, models / "ablation.png")
    docs.mkdir(parents=True, exist_ok=True)
    picture = Path(os.path.relpath(models / "ablation.png", docs)).as_posix()
    write_text(docs / "ablation.md", page(rows, command, picture))
    return rows
