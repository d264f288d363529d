"""Workshop. A trained run → models/ages: the LiteRT file, the card that vouches for it, and its README, from the same figures."""

from __future__ import annotations

import dataclasses
import json
import tempfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from fer_core import ModelError
from fer_core.ages import AGE_RANGES, MOST_YEARS, Ages, range_name
from fer_core.estimate import AGE_CROP, FILE, LiteRtAges
from fer_core.litert import Network
from fer_train.ages.learning import HEAD, network_of, parts_of
from fer_train.ages.measuring import figures_of, measure
from fer_train.ages.people import People
from fer_train.card import commit, epochs_done, move_model, write_card
from fer_train.config import PRECISIONS, Config
from fer_train.convert import to_litert
from fer_train.runs import need_trained
from fer_train.tables import write_text

Array = npt.NDArray[Any]
KERAS_FILE = "ages.keras"
FILES = (FILE, KERAS_FILE)
_MAY_COST_YEARS = 0.05  # for the smaller and faster file
_MAY_DIFFER_YEARS = 0.5  # in the mean, from the Keras file
LIMITS = (
    "It says how old a face looks to an estimate, not how old the person is; the error per age group stands beside it.",
    "It must not be used to admit, refuse, sort or judge anybody, and is no proof of age.",
    "Old people look younger to it than they are, and are estimated worst; make-up, beards, light and blur change the answer.",
    "It sees a gray chip of 48x48 pixels.",
)
TERMS = (
    "UTKFace (Zhang et al. 2017) is offered by its makers for non-commercial research only. Mien's MIT licence covers its code, "
    "and says nothing on what those terms allow you to do with weights that learned from these pictures: ask, before you sell."
)


def _weights(run: Path, config: Config) -> keras.Model:
    """Return the best network of a run, in float32."""
    trained = keras.models.load_model(run / "best.keras", compile=False)
    keras.mixed_precision.set_global_policy("float32")
    network = network_of(config.network)
    network.set_weights(trained.get_weights())
    return network


def serving_model(network: keras.Model, *, batch: int | None = None) -> keras.Model:
    """Return what ships: (N, 48, 48, 1) uint8 gray → (N, 101) probabilities."""
    chips = keras.Input((48, 48, 1), batch_size=batch, dtype="uint8", name="chips")
    logits = network(keras.ops.cast(chips, "float32"))[HEAD]
    return keras.Model(chips, keras.layers.Softmax(name="probs")(logits), name="ages")


def _probs(content: bytes, chips: Array) -> Array:
    network = Network(content, name="the converted ages.tflite")
    return np.concatenate([network(chip[None, ..., None])[MOST_YEARS + 1] for chip in chips])


def _judged(model: keras.Model, precision: str, chips: Array, years: Array, slow: Array) -> tuple[bytes, dict[str, Any]]:
    content = to_litert(model, precision)
    fast = Ages(_probs(content, chips))
    return content, {
        "precision": precision,
        "bytes": len(content),
        "years_off": round(float(np.abs(fast.years - years).mean()), 3),
        "mean_difference_years": round(float(np.abs(fast.years - Ages(slow).years).mean()), 3),
    }


def export(config: Config, people: People, run: Path, folder: Path) -> dict[str, Any]:
    """Ship a run's best weights: int8, unless that costs more than 0.05 years on the part that chooses.

    All is made and read back elsewhere first, so that a failure leaves the folder as it was.

    Returns:
        The row of what ships.

    Raises:
        InputError: the run is missing, or another recipe or other faces trained it.
        ModelError: each file differs from Keras by more than half a year in the mean.
    """
    teach, choose = parts_of(people, AGE_CROP)
    need_trained(run, config, (*teach, *choose))
    network, (chips, years) = _weights(run, config), choose
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as unfinished:
        made = Path(unfinished)
        slow_model = serving_model(network)
        slow_model.save(made / KERAS_FILE)
        slow = slow_model.predict(chips[..., None], batch_size=256, verbose=0)
        one = serving_model(network, batch=1)
        found = [_judged(one, precision, chips, years, slow) for precision in PRECISIONS]
        like = [pair for pair in found if pair[1]["mean_difference_years"] <= _MAY_DIFFER_YEARS]
        if not like:
            rows = [row for _, row in found]
            raise ModelError(f"{FILE} must repeat {KERAS_FILE} within {_MAY_DIFFER_YEARS} years, got {rows}; train it anew")
        least = min(row["years_off"] for _, row in like)
        content, chosen = next(pair for pair in like if pair[1]["years_off"] <= least + _MAY_COST_YEARS)
        (made / FILE).write_bytes(content)
        rows = [{**row, "shipped": row is chosen} for _, row in found]
        write_card(made, _described(config, people, run, {"litert": rows}), FILES)
        LiteRtAges(made)  # what was written is what the app will read
        (folder / "README.md").unlink(missing_ok=True)  # it has the figures of the network before
        move_model(made, folder)
    return chosen


def _described(config: Config, people: People, run: Path, metrics: dict[str, Any]) -> dict[str, Any]:
    shares = {part: int((people.part[people.found] == part).sum()) for part in np.unique(people.part)}
    return {
        "name": "ages",
        "labels": [range_name(number) for number in range(len(AGE_RANGES))],
        "threshold": 0.0,
        "temperature": 1.0,
        "input": {"size_px": 48, "colour": "gray", "range": "0..255", "dtype": "uint8", "margin": AGE_CROP.margin},
        "training": {
            "data": f"UTKFace (Zhang, Song & Qi 2017), faces found by Mien's detector. {TERMS}",
            "rows": {**shares, "no face found": int((~people.found).sum())},
            "epochs_completed": epochs_done(run),
            "commit": commit(),
            "config": dataclasses.asdict(config),
        },
        "metrics": metrics,
        "limits": list(LIMITS),
    }


def evaluate(people: People, folder: Path) -> dict[str, Any]:
    """Measure the file that ships on the part that reports; write its card and README anew.

    Returns:
        The headline figures.
    """
    estimator = LiteRtAges(folder)
    found = measure(lambda some: estimator.of_chips(some.chips(AGE_CROP)), people)
    chooses = people[people.found & (people.part == "chooses")]
    found["of_the_choosing_part"] = figures_of(estimator.of_chips(chooses.chips(AGE_CROP)), chooses.years)
    values = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    values["metrics"] = {"litert": values["metrics"]["litert"], "UTKFace": found}
    write_card(folder, values, FILES)
    write_text(folder / "README.md", readme(values))
    return {name: found[name] for name in ("n", "years_off", "within_one_range", "same_range", "missed", "guessing_the_median")}


def _spread(figure: dict[str, float], scale: float = 1.0, unit: str = "") -> str:
    value, low, high = (scale * figure[name] for name in ("value", "low", "high"))
    return f"{value:.1f}{unit} ({low:.1f} to {high:.1f})"


def _group_line(row: dict[str, Any]) -> str:
    off = f"{row['years_off']:.1f} | {row['looks_older_by']:+.1f}"
    shares = f"{100 * row['same_range']:.0f} % | {100 * row['within_one_range']:.0f} %"
    return f"| {row['by']} | {row['group']} | {row['n']} | {off} | {shares} |"


def readme(values: dict[str, Any]) -> str:
    """Return the README of the model, from the card's values."""
    found, training = values["metrics"]["UTKFace"], values["training"]
    groups = "\n".join(map(_group_line, found["groups"]))
    limits = "\n".join(f"- {limit}" for limit in values["limits"])
    shares = ", ".join(f"{part} {count:,}" for part, count in training["rows"].items() if part != "reports")
    return f"""# ages: how old a face looks

A gray chip of 48x48 pixels, cut {values["input"]["margin"]:g} times as wide as the face's box, → a probability for each year
from 0 to {MOST_YEARS}. Their mean is the expected age, which falls into one of nine ranges. Written by
`python -m fer_train.ages evaluate`; `card.json` has the same figures.
No screen shows an age unless its visitor asks for it, and no session or export holds one.

## How far off it is

{found["n"]} faces of UTKFace that neither taught nor chose anything, without those that look like copies
of one that did; through Mien's own detector and crop, mean over each face and its mirror image; 95 % bootstrap intervals.

| | |
|---|---|
| mean absolute error, years | {_spread(found["years_off"])} |
| within one range | {_spread(found["within_one_range"], 100, " %")} |
| the same range | {_spread(found["same_range"], 100, " %")} |
| always guessing the median age would be off by | {found["guessing_the_median"]:.1f} years |
| pictures in which no face was found | {100 * found["missed"]:.1f} % |

| by | group | n | years off | looks older by | same range | within one range |
|---|---|---|---|---|---|---|
{groups}

{found["note"]}

## How it was made

{training["data"]}
{training["epochs_completed"]} epochs of `fer_train/ages/ages.toml` (`python -m fer_train.ages train`); faces: {shares}.

## Limits

{limits}
"""
