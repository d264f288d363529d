"""Workshop. What fine-tuning gains, and how it is best done: labelled photos stand for a user's own folder.

    python -m fer_train.bench.finetuning --photos DIR

Only the half of the photos that chooses is used. Each fold is kept from a fine-tuning that knows nothing of it, nor of the
people in it, and that holds a share of the rest back to choose its epoch on, as it does for a user. The source's joint layer
was fitted on all of these photos, so the source looks better here than on photos it never met, and the gain smaller.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core import FER2013
from fer_core.analyze import DEFAULT_MODEL
from fer_train.config import Config, changed
from fer_train.data import FaceTable, load_table
from fer_train.folders import table_of
from fer_train.making import detector_of, obey
from fer_train.photos import agreement
from fer_train.splits import folds_of
from fer_train.tables import write_rows
from fer_train.versus import ahead

Array = npt.NDArray[Any]
VARIANTS: dict[str, dict[str, Any]] = {
    "as shipped": {},
    "last quarter": {"finetuning.frozen": 0.75},
    "second half": {"finetuning.frozen": 0.5},
    "all layers": {"finetuning.frozen": 0.0},
    "slower": {"schedule.peak_rate": 0.0015},
    "faster": {"schedule.peak_rate": 0.015},
    "labels alone": {"finetuning.keep": 0.0},
}


def _said(config: Config, models: Path, faces: FaceTable) -> Array:
    """Fine-tune on the Training rows and return what is said of the PrivateTest rows, (N,) int."""
    from fer_train.finetune import answering, answers_of, finetune, source_of
    from fer_train.serving import trained_network

    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / config.name
        finetune(config, models, faces, run)
        network = trained_network(config, run, load_table(run / "faces.npz"))
    model = answering(network, source_of(models / config.finetuning.source)[1])
    return answers_of(model, faces.split("PrivateTest").images)["fer2013"].argmax(axis=1)


def measure(config: Config, models: Path, faces: FaceTable, people: Array, folds: int) -> dict[str, Any]:
    """Return agreement before and after, out of fold, with the 95 % interval of the difference over people.

    Args:
        config: the fine-tuning.
        models: where its source ships from.
        faces: the labelled faces.
        people: (N,) str, who each is; a person's faces are all in one fold.
        folds: how many.
    """
    from fer_train.finetune import answering, answers_of, source_of

    began, fold, said = time.perf_counter(), folds_of(faces.labels, folds, people), np.full(len(faces), -1)
    before = answers_of(answering(*source_of(models / config.finetuning.source)), faces.images)["fer2013"].argmax(axis=1)
    for number in range(folds):
        usage = np.where(fold == number, "PrivateTest", "Training")
        named = [FER2013.names[label] for label in faces.labels]
        said[fold == number] = _said(config, models, table_of(list(faces.images), named, list(usage)))
    gained = ahead(said == faces.labels, before == faces.labels, people)
    return {
        "n": len(faces),
        "people": len(np.unique(people)),
        "before": round(float((before == faces.labels).mean()), 4),
        "after": round(float((said == faces.labels).mean()), 4),
        "difference": gained["value"],
        "low": gained["low"],
        "high": gained["high"],
        "macro_recall_before": round(agreement(before, faces.labels)[1], 4),
        "macro_recall_after": round(agreement(said, faces.labels)[1], 4),
        "folds": folds,
        "epochs": config.schedule.epochs,
        "seconds": round(time.perf_counter() - began),
    }


def _faces(args: argparse.Namespace) -> tuple[FaceTable, Array]:
    """Return the faces found in the photos that choose, and who each is."""
    from fer_train.photos import find_faces

    found = find_faces(args.photos, detector_of(args))
    chooses, truth = found.chooses[found.found], found.truth[found.found]
    chips = found.chips()[chooses]
    table = table_of(list(chips), [FER2013.names[k] for k in truth[chooses]], ["Training"] * len(chips))
    return table, found.people[found.found][chooses]


def finetuning(args: argparse.Namespace) -> None:
    """Measure the variants and write models/finetuning.csv, a row after each."""
    from fer_train.finetune import config_for

    (faces, people), rows = _faces(args), []
    for name in args.variants:
        config = changed(config_for("bench", args.source, epochs=args.epochs), VARIANTS[name])
        knobs = {"rate": config.schedule.peak_rate, "frozen": config.finetuning.frozen, "keep": config.finetuning.keep}
        rows.append({"variant": name, "source": args.source, **knobs, **measure(config, args.models, faces, people, args.folds)})
        write_rows(args.models / "finetuning.csv", rows)


def main(words: list[str] | None = None) -> int:
    """Run the command; return 0, or 2 with one sentence on the error stream."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--photos", type=Path, required=True, help="a folder of photos with labels.csv")
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--source", default=DEFAULT_MODEL, help="the model to carry on")
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--variants", nargs="*", choices=list(VARIANTS), default=list(VARIANTS))
    parser.set_defaults(command=finetuning)
    return obey(parser, words)


if __name__ == "__main__":
    sys.exit(main())
