"""Workshop. The two choices that photos decide, as tables: how a chip is cut, and how the two heads make one answer.

The crop was chosen by hand: the simplest of those that chance does not tell from the best sum of agreement and macro
recall. The joint answer is the one with the best sum of those two and of accuracy and macro F1 on PublicTest, of those that
agree with people on as many photos as Mien asks of itself: FER2013's labels and people's votes disagree in a quarter of the
faces, so what is gained on photos is paid for there. Classes count as often as they occur: an answer that names the rare
ones more often has probabilities that do not hold.

Both are decided on the half of the photos that chooses and on PublicTest; the other half is printed beside it, and
PrivateTest is never opened.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from fer_core import FER2013, InputError
from fer_core.align import Crop
from fer_core.classify import LiteRtClassifier
from fer_train import metrics
from fer_train.photos import FoundPhotos, agreement
from fer_train.pool import Labelled, fit_pool
from fer_train.splits import folds_of
from fer_train.tables import write_rows

Array = npt.NDArray[Any]
PHOTOS_WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 2.0)
ASKED_OF_PHOTOS = 0.68  # agreement below which a joint answer comes after all those above
FOLDS = 5
CROPS = [
    *(Crop(margin=m) for m in (0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15, 1.2, 1.3, 1.45)),
    *(Crop(margin=m, level_eyes=True) for m in (0.95, 1.0, 1.05, 1.1)),
    *(Crop(margin=m, side="mean") for m in (1.0, 1.1, 1.2, 1.3)),
    *(Crop(margin=m, side="stretch") for m in (1.0, 1.1)),
]


def _halves(found: FoundPhotos, said: Array) -> dict[str, Any]:
    """Return agreement and macro recall of both halves; nothing where there are no photos."""
    if not len(found.truth):
        return {}
    row: dict[str, Any] = {}
    for name, half in (("chooses", found.chooses), ("reports", ~found.chooses)):
        agreed, macro = agreement(said[half], found.truth[half])
        row |= {f"{name}_n": int(half.sum()), f"{name}_agreement": round(agreed, 4), f"{name}_macro_recall": round(macro, 4)}
    return row


def crops_table(classifier: LiteRtClassifier, found: FoundPhotos, target: Path) -> list[dict[str, Any]]:
    """Measure every crop through the whole path, and write the table, the best of the choosing half first."""
    rows = []
    for crop in CROPS:
        said = found.answers(classifier.predict(found.chips(crop)).probs.argmax(axis=1))
        rows.append({"model": classifier.card.name, **dataclasses.asdict(crop), **_halves(found, said)})
    rows.sort(key=_merit, reverse=True)
    write_rows(target, rows)
    return rows


def _merit(row: dict[str, Any]) -> float:
    return float(row.get("chooses_agreement", 0.0) + row.get("chooses_macro_recall", 0.0))


def heads_table(public: Labelled, photos: Labelled, found: FoundPhotos, target: Path) -> list[dict[str, Any]]:
    """Measure ways to fit the joint answer by five-fold cross-validation, and write the table, the chosen one first.

    A person's photos are all in one fold, so that no fit is asked about a person whom it knows.

    Args:
        public: PublicTest.
        photos: the photos in which a face was found, of both halves; without any, PublicTest alone chooses.
        found: all the labelled photos.
        target: the csv file.

    Raises:
        InputError: PublicTest has less than two faces of a class; or the photos that choose show fewer people than folds.
    """
    if (fewest := np.bincount(public.truth, minlength=len(FER2013)).min()) < 2:
        raise InputError(f"joining the heads needs two PublicTest faces of each class or more, got {fewest} of one; add some")
    measured = [_crossed(public, photos, found, weight) for weight in (PHOTOS_WEIGHTS if len(photos) else (0.0,))]
    measured.sort(key=heads_merit, reverse=True)
    write_rows(target, measured)
    return measured


def heads_merit(row: dict[str, Any]) -> tuple[bool, float]:
    """Return what a row of the heads' table is ordered by: enough agreement on photos, then a sum of four shares."""
    shares = row["public_accuracy"] + row["public_macro_f1"] + _merit(row)
    return row.get("chooses_agreement", 1.0) >= ASKED_OF_PHOTOS, shares


def _crossed(public: Labelled, photos: Labelled, found: FoundPhotos, weight: float) -> dict[str, Any]:
    """Return the figures of one way: out of fold for what fits, by the whole fit for the half that reports."""
    choosing = np.flatnonzero(found.chooses[found.found])
    logits = fit_pool(public, photos[choosing], photos_weight=weight).logits(photos.logs)
    public_logits = np.zeros((len(public), len(FER2013)))
    people = found.people[found.found][choosing]
    fold, photo_fold = folds_of(public.truth, FOLDS), folds_of(photos.truth[choosing], FOLDS, people)
    for number in range(FOLDS):
        rows, held = fold == number, photo_fold == number
        pool = fit_pool(public[~rows], photos[choosing[~held]], photos_weight=weight)
        public_logits[rows], logits[choosing[held]] = pool.logits(public.logs[rows]), pool.logits(photos.logs[choosing[held]])
    probs = softmax(public_logits / metrics.fit_temperature(public_logits, public.truth), axis=1)
    return {
        "photos_weight": weight,
        "public_accuracy": round(metrics.accuracy(probs, public.truth), 4),
        "public_lowest_recall": round(float(metrics.recalls(probs.argmax(axis=1), public.truth, len(FER2013)).min()), 4),
        "public_macro_f1": round(metrics.macro_f1(probs, public.truth), 4),
        "public_calibration_error": round(metrics.expected_calibration_error(probs, public.truth), 4),
        **_halves(found, found.answers(logits.argmax(axis=1))),
    }
