"""Workshop. Searches a declared space of recipes with Keras Tuner; the judge is accuracy on PublicTest, and nothing else.

A search is kept in a folder, trial by trial, and each trial is a run that goes on after a kill; so does the search.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import keras
import keras_tuner

from fer_core import InputError
from fer_train import clean
from fer_train.ablate import experiment_table
from fer_train.config import Config, changed, to_toml
from fer_train.data import FaceTable
from fer_train.distil import trained
from fer_train.progress import CHOOSES_BY
from fer_train.runs import digest
from fer_train.tables import read_curves, write_rows, write_text
from fer_train.toml import read_toml, section
from fer_train.train import DivergedError, train

OBJECTIVE = "public_accuracy"
SEARCHES = ("random", "hyperband")


@dataclass(frozen=True, kw_only=True)
class Knob:
    """The values that one key of a config may take.

    Attributes:
        choices: listed values, the only way for whole numbers; or
        low: the smallest value, and
        high: the largest.
        log: draw evenly over orders of magnitude.
    """

    choices: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 0.0
    log: bool = False

    @property
    def some(self) -> tuple[Any, ...]:
        """Its choices, or its smallest and its largest value and one between them."""
        return self.choices or (self.low, self.low + 0.4999 * (self.high - self.low), self.high)

    def __post_init__(self) -> None:
        if bool(self.choices) == (self.low < self.high) or (self.log and self.low <= 0):
            raise InputError(f"a knob must have choices, or low < high (and low > 0 with log), got {self}; correct the space")


@dataclass(frozen=True, kw_only=True)
class Search:
    """A declared search.

    Attributes:
        search: "random" or "hyperband" (Li et al. 2018; each rung is trained anew, for its rate falls to zero at its own end).
        trials: of a random search.
        epochs: of a random search, and of hyperband's longest trials.
        rows: training faces.
        seed: of the search.
        space: a knob for each key, as "schedule.peak_rate".
    """

    search: str = "random"
    trials: int = 24
    epochs: int = 12
    rows: int = 8000
    seed: int = 1
    space: dict[str, Knob] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.search not in SEARCHES or not self.space or min(self.trials, self.epochs, self.rows) < 1:
            raise InputError(
                f"a search must be one of {', '.join(SEARCHES)}, with trials, epochs, rows of 1 or more and a space, got {self}; "
                "correct the file"
            )


def read_search(path: Path, config: Config) -> Search:
    """Read a search's TOML file for a config.

    Raises:
        InputError: the file is missing, is not TOML, or holds an unknown key or a knob of no values.
    """
    values = read_toml(path)
    knobs = {key: section(Knob, said, f"{key} of {path.name}") for key, said in values.pop("space", {}).items()}
    for key, knob in knobs.items():
        for value in knob.some:
            changed(config, {key: value})  # refuses a key that no config has, and a value that the key may not take
    return section(Search, {**values, "space": knobs}, path.name)


def shortened(config: Config, epochs: int, row_share: float) -> Config:
    """Return a recipe for a shorter run: warm-up and averaging span as large a share of it as they do of the recipe's own.

    Args:
        config: the recipe.
        epochs: of the shorter run.
        row_share: of the training rows, 0..1.
    """
    schedule = config.schedule
    warmup = schedule.warmup_epochs * epochs / schedule.epochs
    ema = max(0.0, 1 - (1 - schedule.ema) * schedule.epochs / (epochs * row_share))
    return replace(config, schedule=replace(schedule, epochs=epochs, warmup_epochs=warmup, ema=ema))


def _hyperparameters(space: dict[str, Knob]) -> keras_tuner.HyperParameters:
    declared = keras_tuner.HyperParameters()
    for key, knob in space.items():
        if knob.choices:
            # Keras Tuner takes choices of one type.
            mixed = {type(choice) for choice in knob.choices} == {int, float}
            declared.Choice(key, [float(choice) for choice in knob.choices] if mixed else list(knob.choices))
        else:
            declared.Float(key, knob.low, knob.high, sampling="log" if knob.log else "linear")
    return declared


def _oracle(search: Search) -> keras_tuner.Oracle:
    common = {
        "objective": keras_tuner.Objective(OBJECTIVE, "max"),
        "hyperparameters": _hyperparameters(search.space),
        "seed": search.seed,
        "allow_new_entries": True,
        "tune_new_entries": False,
    }
    if search.search == "random":
        return keras_tuner.oracles.RandomSearchOracle(max_trials=search.trials, **common)
    return keras_tuner.oracles.HyperbandOracle(max_epochs=search.epochs, **common)


class _Trials(keras_tuner.engine.base_tuner.BaseTuner):
    """Trains what the oracle proposes; Keras Tuner asks for a subclass."""

    def __init__(self, search: Search, config: Config, table: FaceTable, folder: Path, **places: Path) -> None:
        self._search, self._config, self._folder, self._places = search, config, folder, places
        self._table = experiment_table(table, search.rows)
        self._row_share = float((self._table.usage == "Training").sum() / clean.clean(table).teach.sum())
        super().__init__(_oracle(search), directory=str(folder), project_name="search")
        self.oracle.verbose = 0

    def proposed(self, values: dict[str, Any]) -> Config:
        """Return the config of a trial's values."""
        return changed(self._config, {key: values[key] for key in self._search.space})

    def run_trial(self, trial: Any) -> dict[str, float]:  # noqa: ANN401 - Keras Tuner's Trial is not public
        values = trial.hyperparameters.values
        epochs = int(values.get("tuner/epochs", self._search.epochs))
        config = shortened(self.proposed(values), epochs, self._row_share)
        run = self._folder / f"trial-{trial.trial_id}"
        keras.utils.clear_session()
        try:
            train(config, self._table, run, **self._places, verbose=0)
        except DivergedError:  # the recipe is at fault, and the search goes on
            return {OBJECTIVE: 0.0}
        return {OBJECTIVE: float(read_curves(run / "curves.csv")[-1][f"val_{CHOOSES_BY}"])}

    def on_trial_end(self, trial: Any) -> None:  # noqa: ANN401 - Keras Tuner's Trial is not public
        super().on_trial_end(trial)
        write_rows(self._folder / "trials.csv", self.rows())

    def rows(self) -> list[dict[str, Any]]:
        """Return a row a trial, in the order of their numbers."""
        return [
            {
                "trial": number,
                "status": trial.status,
                "epochs": trial.hyperparameters.values.get("tuner/epochs", self._search.epochs),
                OBJECTIVE: "" if trial.score is None else round(float(trial.score), 4),
                **{key: trial.hyperparameters.values[key] for key in self._search.space},
            }
            for number, trial in sorted(self.oracle.trials.items())
        ]


def _need_same_space(folder: Path, text: str) -> None:
    """Refuse to go on with a search that was begun with another space, another recipe or other faces."""
    kept = folder / "space.toml"
    if kept.is_file() and kept.read_text(encoding="utf-8") != text:
        need = f"expected the space, recipe and faces that {folder} was begun with"
        raise InputError(f"{need}, got others; name the search anew or remove it")
    folder.mkdir(parents=True, exist_ok=True)
    write_text(kept, text)


def tune(config: Config, space: Path, table: FaceTable, folder: Path, *, models: Path, runs: Path) -> list[dict[str, Any]]:
    """Search a space, or go on with the search of that folder.

    Args:
        config: the recipe that the space changes.
        space: a search's TOML file.
        table: the prepared rows; of them Training teaches and PublicTest judges.
        folder: where the search is kept: trials.csv, best.toml, and a run a trial.
        models: where the shipped models are that the recipe begins with or learns from.
        runs: where the runs are that it begins with or learns from.

    Returns:
        A row a trial.

    Raises:
        InputError: the space is wrong, or not the one that the folder was begun with; the recipe trains nothing; or no trial
            ended.
        ModelError: the recipe names a model that is missing or altered.
    """
    if not config.schedule.epochs:
        raise InputError(f"a search needs a recipe that trains, got {config.name} of 0 epochs; name another")
    search = read_search(space, config)
    for name in (*config.schedule.start, *config.distillation.teachers):
        trained(name, runs, models)  # Keras Tuner would hide what is wrong
    faces = f"# faces: {digest(table.read)}\n"
    _need_same_space(folder, space.read_text(encoding="utf-8") + to_toml(config) + faces)
    tuner = _Trials(search, config, table, folder, models=models, runs=runs)
    tuner.search()
    best = tuner.oracle.get_best_trials(1)
    if not best:
        raise InputError(f"expected a trial that ended, got none in {folder}; see its trials.csv")
    write_rows(folder / "trials.csv", tuner.rows())
    # Under a name of its own, or its run and its model would take the place of the base's.
    chosen = replace(tuner.proposed(best[0].hyperparameters.values), name=f"{config.name}-tuned")
    write_text(folder / "best.toml", to_toml(chosen))
    return tuner.rows()
