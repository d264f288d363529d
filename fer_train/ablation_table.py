"""Workshop. What an ablation found, as a table, a figure and a page."""

from __future__ import annotations

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
ROUNDS = 2000


def difference(base: Array, other: Array, *, rounds: int = ROUNDS, seed: int = 0) -> tuple[float, float, float]:
    """Return how much better another variant is than the base, with its 95 % interval.

    A paired bootstrap over images (Efron 1979): the same images are drawn for both, and all seeds of an image together.

    Args:
        base: (S, N) bool, S seeds and N images, right or wrong.
        other: (S, N) bool.
        rounds: resamples.
        seed: of the draws.

    Returns:
        The difference in accuracy, and the ends of its interval.
    """
    gained = other.astype(float).mean(axis=0) - base.astype(float).mean(axis=0)
    rng = np.random.default_rng(seed)
    means = [gained[rng.integers(0, len(gained), len(gained))].mean() for _ in range(rounds)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(gained.mean()), float(low), float(high)


def _matrix(measured: list[Measured]) -> Array:
    return np.stack([one.right for one in measured])


def rows_of(found: Found, size: Size) -> list[dict[str, Any]]:
    """Return a row each of the base and every variant, the costliest change first."""
    rows = [_row(name, found, size) for name in found]
    return sorted(rows, key=lambda row: (row["ingredient"] != BASE, row["difference"]))


def _row(name: str, found: Found, size: Size) -> dict[str, Any]:
    base, mine = _matrix(found[BASE]), _matrix(found[name])
    gained, low, high = difference(base, mine)
    by_seed = mine.mean(axis=1) - base.mean(axis=1)
    return {
        "ingredient": name,
        "switched": "" if name == BASE else INGREDIENTS[name][0],
        "accuracy": round(float(mine.mean()), 4),
        "difference": round(gained, 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "matters": "" if name == BASE else _verdict(low, high, by_seed),
        **{f"difference_seed{seed}": round(float(d), 4) for seed, d in zip(size.seeds, by_seed, strict=True)},
        "public_test_n": mine.shape[1],
        "epochs": size.epochs,
        "training_rows": size.rows,
        "width": size.width,
        "seconds": round(sum(one.seconds for one in found[name])),
    }


def _verdict(low: float, high: float, by_seed: Array) -> str:
    """Return what is shown: something where the interval, which knows of images alone, and every seed have one sign."""
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
    axes.set(xlabel="accuracy on PublicTest against the base, points; 95 % interval over images")
    save(figure, target)


def page(rows: list[dict[str, Any]], command: str) -> str:
    """Return the page that says what was found, as Markdown.

    Args:
        rows: of `rows_of`.
        command: that made them.
    """
    base = rows[0]
    lines = ["# What each ingredient of the recipe does", "", f"Written by `{command}`.", ""]
    lines += [
        f"A network of width {base['width']}, {base['training_rows']} training faces, {base['epochs']} epochs, two seeds a row; "
        f"accuracy of the FER2013 head on PublicTest ({base['public_test_n']} faces) after the last epoch. "
        f"The base reaches {base['accuracy']:.1%}.",
        "",
        "Each row changes one thing. Intervals are paired over images with the seeds pooled: they say how far another set of "
        "faces might move the difference, and nothing of how far another seed might; the seeds' own differences stand beside "
        "them, and a change is shown to matter where the interval and every seed have one sign. A network this small, "
        "trained this briefly, gains less from what fights learning by heart (dropout, mixup, "
        "weight decay, augmentation) than one that ships. Batch statistics are gathered from faces as they are, where "
        "`export` gathers them from changed ones.",
        "",
    ]
    seeds = [key for key in base if key.startswith("difference_seed")]
    lines += [f"| change | points | 95 % interval | {' | '.join(seeds)} | shown to matter |", "|---" * (4 + len(seeds)) + "|"]
    for row in rows[1:]:
        by_seed = " | ".join(f"{100 * row[key]:+.1f}" for key in seeds)
        interval = f"{100 * row['low']:+.1f} to {100 * row['high']:+.1f}"
        name = f"{row['ingredient']} {row['switched']}"
        lines.append(f"| {name} | {100 * row['difference']:+.1f} | {interval} | {by_seed} | {row['matters']} |")
    return "\n".join([*lines, "", "![differences](../../models/ablation.png)", ""]).replace("difference_seed", "seed ")


def write(found: Found, size: Size, models: Path, docs: Path, command: str) -> list[dict[str, Any]]:
    """Write ablation.csv and ablation.png into `models`, ablation.md into `docs`, and return the rows."""
    rows = rows_of(found, size)
    write_rows(models / "ablation.csv", rows)
    draw(rows, models / "ablation.png")
    docs.mkdir(parents=True, exist_ok=True)
    write_text(docs / "ablation.md", page(rows, command))
    return rows
