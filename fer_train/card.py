"""Workshop. Writes a model's card: what it is, how it was made, and how well it does."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

from fer_core import FER2013, InputError, ModelError
from fer_core.cards import ModelCard, read_card
from fer_train import clean
from fer_train.config import Config, read_config
from fer_train.data import FaceTable
from fer_train.pool import Pool
from fer_train.runs import AGREEMENT, began_with
from fer_train.tables import read_curves, write_text

LIMITS = (
    "It names what a face looks like to an observer, not what the person feels.",
    "It must not be used to judge people at work or in education (EU AI Act, Art. 5(1)(f)).",
    "It sees a gray chip of 48x48 pixels: small, turned, covered, blurred or noisy faces are read poorly.",
)
LIMIT_OF_FER2013 = "It learned from web photos labelled by a few people; disgust and fear are rare there and often confused."


def epochs_done(run: Path) -> int:
    """Return how many epochs a run has completed, by its curves; 0 where there are none."""
    return len(read_curves(run / "curves.csv"))


def commit() -> str:
    """Return the commit that the workshop stands at; "+" after it: its code was changed since. "unknown" without git."""
    git = ["git", "-C", str(Path(__file__).parent.parent)]
    try:
        said = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)  # noqa: S603
        code = subprocess.run([*git, "diff", "--quiet", "HEAD", "--", "fer_core", "fer_train"], check=False)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{said.stdout.strip()}{'+' if code.returncode else ''}"


def _data(config: Config, table: FaceTable, source: dict[str, Any], pool: Pool | None) -> str:
    """Return what taught a model, and under which terms that is."""
    if name := config.finetuning.source:
        theirs = source.get("data", "not stated")
        return f"a folder of labelled faces, none of them shipped; and what {name}, carried on, learned from: {theirs}"
    taught = "labelled faces of class folders"
    if table.votes.any():
        taught = "FER2013 (Goodfellow et al. 2013; published for research) with the FER+ votes (Barsoum et al. 2016; MIT licence)"
    photos = "; labelled photos took part in joining its two heads" if pool and pool.fitted.get("photos") else ""
    return f"{taught}{photos}; no picture is shipped"


def _limits(table: FaceTable, source: dict[str, Any]) -> list[str]:
    """Return what a model must not be taken for; one that carries another on has that one's limits."""
    return source.get("limits") or [*LIMITS, *([LIMIT_OF_FER2013] if table.votes.any() else [])]


def fitted_on_photos(model: ModelCard) -> bool:
    """Return whether labelled photos took part in joining a model's heads."""
    training = model.training
    earlier = training.get("config", {}).get("serving", {}).get("photos_weight", 0)  # of cards that do not count them
    return bool(training.get("joint_answer", {}).get("photos", earlier))


def beginning(name: str, runs: Path, models: Path) -> dict[str, Any]:
    """Return how a run, or else a shipped model, was made, for the card of a network that begins with it.

    Returns:
        `model`; `epochs_completed`, those of its own beginnings included; `config` and `began_with`, as far as they are known;
        and of a shipped model its `data` and `limits`.

    Raises:
        ModelError: neither the run nor the model's card is there.
    """
    run = runs / name
    if not (run / "best.keras").is_file():
        return shipped_beginning(models / name)
    return _noted(name, _made(read_config(run / "config.toml"), run))


def shipped_beginning(folder: Path) -> dict[str, Any]:
    """Return how a shipped model was made, as `beginning` does.

    Raises:
        ModelError: its card is missing or says nothing of use.
    """
    card = read_card(folder)
    return _noted(folder.name, {**card.training, "limits": list(card.limits)})


def _noted(name: str, made: dict[str, Any]) -> dict[str, Any]:
    own = made.get("epochs_completed", 0)  # a card of somebody else's may not say
    epochs = int(own + sum(start["epochs_completed"] for start in made.get("began_with", ())))
    told = {key: made[key] for key in ("config", "began_with", "data", "limits") if key in made}
    return {"model": name, "epochs_completed": epochs, **told}


def _made(config: Config, run: Path) -> dict[str, Any]:
    """Return what makes a run's network anew, with the faces and the code."""
    begun = began_with(run)
    return {
        "epochs_completed": epochs_done(run),
        **({"began_with": begun} if begun else {}),
        "config": dataclasses.asdict(config),
    }


def own_faces(run: Path) -> dict[str, Any]:
    """Return what a fine-tuning says of the faces that were set aside, as the card's metrics; nothing of other runs."""
    note = run / AGREEMENT
    return {"own_faces": json.loads(note.read_text(encoding="utf-8"))} if note.is_file() else {}


def write_card(folder: Path, values: dict[str, Any], names: tuple[str, ...] = ("model.tflite", "model.keras")) -> None:
    """Write card.json with the hashes of the files that stand beside it."""
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    write_text(folder / "card.json", json.dumps({**values, "sha256": hashes}, indent=1) + "\n")


def move_model(made: Path, folder: Path) -> None:
    """Move the files of a finished model's folder into another, over those of the same names; the card, which vouches, last."""
    folder.mkdir(exist_ok=True)
    for path in sorted(made.iterdir(), key=lambda path: path.name == "card.json"):
        path.replace(folder / path.name)


def describe(config: Config, table: FaceTable, run: Path, *, pool: Pool | None = None, threshold: float = 0.0) -> dict[str, Any]:
    """Return the values of a fresh card, without hashes, and without figures but those of a fine-tuning.

    Args:
        config: what was trained.
        table: the prepared rows.
        run: the run's folder.
        pool: how its two heads make one answer; none: it has one.
        threshold: a top probability below this is answered by "not sure".
    """
    source = next(iter(began_with(run)), {}) if config.finetuning.source else {}
    joined = {"joint_answer": pool.fitted} if pool and pool.fitted else {}
    faces = {"data": _data(config, table, source, pool), "rows": clean.clean(table).counts}
    return {
        "name": config.name,
        "labels": list(FER2013.names),
        "threshold": threshold,
        "temperature": pool.temperature if pool else 1.0,
        "input": {"size_px": 48, "colour": "gray", "range": "0..255", "dtype": "uint8"},
        "training": {**faces, **_made(config, run), "commit": commit(), **joined},
        "metrics": own_faces(run),
        "limits": _limits(table, source),
    }


def _votes_summary(votes: dict[str, Any]) -> dict[str, Any]:
    return {
        "ferplus_n": votes["n"],
        "ferplus_accuracy": votes["accuracy"],
        "ferplus_accuracy_flip_average": votes["accuracy_flip_average"]["value"],
    }


def _head_summary(head: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of the output trained towards FER2013's labels."""
    flipped, scaled = head["accuracy_flip_average"]["value"], {"expected_calibration_error": head["ece"]}
    plainly = {name: head[name] for name in ("accuracy", "macro_f1", "lowest_recall", "temperature")}
    return {**plainly, "accuracy_flip_average": flipped, **scaled}


def _split_summary(split: dict[str, Any], votes: dict[str, Any] | None) -> dict[str, Any]:
    plain_names = ("n", "accuracy", "macro_f1", "macro_recall", "lowest_recall", "answered", "confusion")
    bins = [[row["confidence"] or 0.0, row["accuracy"] or 0.0, round(row["n"] / split["n"], 4)] for row in split["reliability"]]
    return {
        **{name: split[name] for name in plain_names},
        "accuracy_flip_average": split["accuracy_flip_average"]["value"],
        "expected_calibration_error": split["ece"],
        "per_class": _recalls(split["per_class"]),
        "calibration_bins": bins,
        **(_votes_summary(votes) if votes else {}),
    }


def _recalls(per_class: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["label"]: {"recall": row["recall"]["value"], "n": row["n"]} for row in per_class}


def summary(evaluation: dict[str, Any]) -> dict[str, Any]:
    """Return the card's metrics of an evaluation: few, small and stable; evaluation.json has the rest."""
    splits, votes = evaluation["splits"], {"PublicTest": "ferplus_public_test", "PrivateTest": "ferplus"}
    found = {name: _split_summary(split, evaluation.get(votes[name])) for name, split in splits.items()}
    found["PrivateTest"]["accuracy_keras_float32"] = splits["PrivateTest"]["keras_float32_accuracy"]
    if head := evaluation.get("fer2013_head"):
        found["PrivateTest"]["fer2013_head"] = _head_summary(head)
    found["latency_ms"] = evaluation["latency_ms"]["one_face_one_thread"]
    if photos := evaluation.get("photos"):
        shares = {name: photos[name]["value"] for name in ("agreement", "macro_recall")}
        plainly = {name: photos[name] for name in ("n", "missed", "agreement_of_the_choosing_half")}
        found["photos"] = {**plainly, **shares, "per_class": _recalls(photos["per_class"])}
    return found


def need_own_faces(model: ModelCard, table: FaceTable) -> None:
    """Refuse faces that were split or cleaned otherwise than those that a model learned from: some may have taught or chosen.

    Raises:
        InputError: they were.
    """
    made, came = model.training.get("rows", {}), clean.clean(table).counts
    if others := [f"{what} {came.get(what, 'none')}, not {n}" for what, n in made.items() if came.get(what) != n]:
        need = f"expected the faces that {model.name} was made from, got others ({'; '.join(others)})"
        raise InputError(f"{need}; some of its own could test it: prepare those again, or train a model on these")


def need_measured(folder: Path, evaluation: dict[str, Any]) -> None:
    """Refuse an evaluation of another file than the card of a folder vouches for.

    Raises:
        ModelError: it is one.
    """
    if evaluation["sha256"] != read_card(folder).sha256["model.tflite"]:
        raise ModelError(f"what was measured must be model.tflite of {folder}, got another file; run `evaluate` again")


def add_metrics(folder: Path, evaluation: dict[str, Any]) -> None:
    """Write an evaluation's summary into the card of the evaluated folder, beside what `export` measured.

    Raises:
        ModelError: the folder holds another model by now.
    """
    need_measured(folder, evaluation)
    values = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    exported = {name: values["metrics"][name] for name in ("litert",) if name in values["metrics"]}
    values["metrics"] = {**exported, **summary(evaluation)}
    write_text(folder / "card.json", json.dumps(values, indent=1) + "\n")
