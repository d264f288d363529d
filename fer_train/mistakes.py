"""Workshop. The mistakes a network was surest of, with both label sets beside them; rows only, no picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core import FER2013, FERPLUS
from fer_core.labels import FERPLUS_AS_FER2013
from fer_train import clean
from fer_train.data import VOTE_NAMES, FaceTable
from fer_train.intervals import plain

Array = npt.NDArray[Any]
SHOWN = 24


def _mistake(table: FaceTable, row: int, probs: Array, majority: int) -> dict[str, Any]:
    votes = {name: int(n) for name, n in zip(VOTE_NAMES, table.votes[row], strict=True) if n}
    return {
        "row": int(table.rows[row]),
        "said": FER2013.names[int(probs.argmax())],
        "confidence": plain(probs.max()),
        "fer2013": FER2013.names[int(table.labels[row])],
        "ferplus_majority": FERPLUS.names[majority] if majority >= 0 else None,
        "votes": votes,
    }


def mistakes(probs: Array, table: FaceTable, *, shown: int = SHOWN) -> list[dict[str, Any]]:
    """Return the most confident mistakes by FER2013's labels, the surest first.

    Args:
        probs: (N, 7) the answers to the table's rows.
        table: the rows; `row` in the result is the row in fer2013.csv, from 0.
        shown: at most so many.
    """
    wrong = np.flatnonzero(probs.argmax(axis=1) != table.labels)
    surest = wrong[np.argsort(-probs[wrong].max(axis=1), kind="stable")][:shown]
    majority = clean.majority_labels(table.votes)
    return [_mistake(table, int(row), probs[row], int(majority[row])) for row in surest]


def sides(probs: Array, table: FaceTable) -> dict[str, Any]:
    """Return whom the FER+ majority sides with where a network's answer is not FER2013's label.

    Returns:
        n: mistakes by FER2013's labels whose image has a clear FER+ majority.
        with_answer, with_label, with_neither: shares of them.
    """
    majority = clean.majority_labels(table.votes)
    names = [FERPLUS_AS_FER2013.get(name, name) for name in FERPLUS.names]
    said, wrong = probs.argmax(axis=1), (probs.argmax(axis=1) != table.labels) & (majority >= 0)
    votes = np.array([FER2013.index(n) if n in FER2013.names else -1 for n in names])[majority[wrong]]
    answer, label = (votes == said[wrong]), (votes == table.labels[wrong])
    if not wrong.any():
        return {"n": 0, "with_answer": None, "with_label": None, "with_neither": None}
    shares = {"with_answer": answer, "with_label": label, "with_neither": ~answer & ~label}
    return {"n": int(wrong.sum()), **{name: plain(rows.mean()) for name, rows in shares.items()}}
