"""Workshop. How wide a chip is best cut for ages: small networks are trained for each margin, and judged on who chooses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from fer_core.ages import MOST_YEARS
from fer_core.align import Crop
from fer_train.ages.learning import CLOSENESS, train
from fer_train.ages.people import People
from fer_train.config import Config
from fer_train.tables import read_curves, write_rows

MARGINS = (0.8, 0.9, 1.0, 1.1)  # 1.1 is the chip that expressions are read from
_WIDTHS, _EPOCHS, _SEEDS = (8, 16, 32, 64), 4, (1, 2)
_EVERY = 2  # every second of those who teach: margins are compared with each other, and with nothing else


def _small(config: Config, margin: float, seed: int) -> Config:
    network = replace(config.network, widths=_WIDTHS)
    # A short run's averages would still be those of its beginning.
    schedule = replace(config.schedule, epochs=_EPOCHS, warmup_epochs=0.5, ema=0.98, seed=seed)
    return replace(config, name=f"margin-{margin:g}-{seed}", network=network, schedule=schedule)


def margins_table(config: Config, people: People, runs: Path, target: Path) -> list[dict[str, Any]]:
    """Train each margin's networks, and write the table, the best first; what was trained before is not trained again.

    Args:
        config: the config of ages, whose augmentation counts.
        people: all of UTKFace.
        runs: where the runs live.
        target: the csv file.
    """
    fewer = _fewer(people)
    target.parent.mkdir(parents=True, exist_ok=True)
    rows = [_row(config, fewer, runs, margin) for margin in MARGINS]
    rows.sort(key=lambda row: row["years_off"])
    write_rows(target, rows)
    return rows


def _fewer(people: People) -> People:
    rows = np.arange(len(people)) % _EVERY == 0
    return people[rows | (people.part != "teaches")]


def _row(config: Config, people: People, runs: Path, margin: float) -> dict[str, Any]:
    off = []
    for seed in _SEEDS:
        small = _small(config, margin, seed)
        run = runs / "margins" / small.name
        train(small, people, run, crop=Crop(margin=margin), verbose=2)
        off.append(MOST_YEARS * (1 - float(read_curves(run / "curves.csv")[-1][f"val_{CLOSENESS}"])))
    seeds = {f"years_off_seed_{seed}": round(value, 3) for seed, value in zip(_SEEDS, off, strict=True)}
    return {"margin": margin, "years_off": round(float(np.mean(off)), 3), **seeds, "epochs": _EPOCHS}
