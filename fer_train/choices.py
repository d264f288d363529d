"""Workshop. The two choices that photos decide, as tables: how a chip is cut, and how the two heads make one answer.

The crop is the one with the best sum of agreement and macro recall. The joint answer is the one with the best sum whose
accuracy on PublicTest is at most `MAY_COST` below the best there: FER2013's labels and people's votes disagree in a
quarter of the faces, so what is gained on photos is paid for there.

Both are decided on the half of the photos that chooses and on PublicTest; the other half is printed beside it, and
PrivateTest is never opened.
"""

from __future__ import annotations

import csv
import dataclasses
import itertools
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from fer_core import FER2013
from fer_core.align import Crop
from fer_core.classify import LiteRtClassifier
from fer_train import clean, metrics
from fer_train.data import FaceTable
from fer_train.export import log_priors
from fer_train.photos import FoundPhotos, agreement
from fer_train.serving import Pool, head_logs

Array = npt.NDArray[Any]
MAY_COST = 0.01
CROPS = [
    *(Crop(margin=m) for m in (0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15, 1.2, 1.3, 1.45)),
    *(Crop(margin=m, level_eyes=True) for m in (0.95, 1.0, 1.05, 1.1)),
    *(Crop(margin=m, side="mean") for m in (1.0, 1.1, 1.2, 1.3)),
    *(Crop(margin=m, side="stretch") for m in (1.0, 1.1)),
]


def _halves(found: FoundPhotos, said: Array) -> dict[str, Any]:
    """Return agreement and macro recall of both halves."""
    row: dict[str, Any] = {}
    for name, half in (("chooses", found.chooses), ("reports", ~found.chooses)):
        agreed, macro = agreement(said[half], found.truth[half])
        row |= {f"{name}_n": int(half.sum()), f"{name}_agreement": round(agreed, 4), f"{name}_macro_recall": round(macro, 4)}
    return row


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def crops_table(classifier: LiteRtClassifier, found: FoundPhotos, target: Path) -> list[dict[str, Any]]:
    """Measure every crop through the whole path, and write the table, the best of the choosing half first."""
    rows = []
    for crop in CROPS:
        said = found.answers(classifier.predict(found.chips(crop)).probs.argmax(axis=1))
        rows.append({**dataclasses.asdict(crop), **_halves(found, said)})
    rows.sort(key=_merit, reverse=True)
    _write(target, rows)
    return rows


def _merit(row: dict[str, Any]) -> float:
    return float(row["chooses_agreement"] + row["chooses_macro_recall"])


def heads_table(network: keras.Model, table: FaceTable, found: FoundPhotos, target: Path) -> list[dict[str, Any]]:
    """Measure every way to join the heads, on PublicTest and on the photos, and write the table, the best first."""
    rows = clean.clean(table)
    public = table[rows.choose & rows.trust_label]
    priors = log_priors(table.labels[rows.teach])
    logs, photo_logs = head_logs(network, public.images), head_logs(network, found.chips())
    measured = []
    for share, boost in itertools.product(np.linspace(0, 1, 21).round(2), (0.0, 0.1, 0.2, 0.3)):
        pool = Pool(votes_share=float(share), rare_boost=boost, temperature=1.0, log_priors=priors)
        measured.append({"votes_share": float(share), "rare_boost": boost, **_public(pool, logs, public.labels)})
        measured[-1] |= _halves(found, found.answers(pool.logits(*photo_logs).argmax(axis=1)))
    floor = max(row["public_accuracy"] for row in measured) - MAY_COST
    measured.sort(key=lambda row: (row["public_accuracy"] >= floor, _merit(row)), reverse=True)
    _write(target, measured)
    return measured


def _public(pool: Pool, logs: tuple[Array, Array], truth: Array) -> dict[str, Any]:
    logits = pool.logits(*logs)
    probs = metrics.softmax(logits / metrics.fit_temperature(logits, truth))
    lowest = float(np.nanmin(metrics.recalls(probs.argmax(axis=1), truth, len(FER2013))))
    return {
        "public_accuracy": round(metrics.accuracy(probs, truth), 4),
        "public_macro_f1": round(metrics.macro_f1(probs, truth), 4),
        "public_lowest_recall": round(lowest, 4),
        "public_calibration_error": round(metrics.expected_calibration_error(probs, truth), 4),
    }
