"""The surest mistakes, and whom the votes side with."""

import dataclasses

import numpy as np

from fer_core import FER2013
from fer_train.data import VOTE_NAMES
from fer_train.mistakes import mistakes, sides
from tests.train.test_clean import table_of

HAPPY, SAD, FEAR = (FER2013.index(name) for name in ("happy", "sad", "fear"))


def answers(*pairs):
    probs = np.full((len(pairs), 7), 0.0)
    for row, (label, confidence) in enumerate(pairs):
        probs[row] = (1 - confidence) / 6
        probs[row, label] = confidence
    return probs


def voted(*names):
    votes = np.zeros((len(names), 10), int)
    votes[np.arange(len(names)), [VOTE_NAMES.index(name) for name in names]] = 10
    return votes


TABLE = dataclasses.replace(
    table_of([1, 2, 3, 4], ["PrivateTest"] * 4, labels=[HAPPY, SAD, SAD, SAD]),
    votes=voted("happiness", "happiness", "sadness", "contempt"),
    rows=np.array([70, 71, 72, 73]),
)
PROBS = answers((HAPPY, 0.99), (HAPPY, 0.8), (FEAR, 0.9), (FEAR, 0.5))


def test_only_mistakes_are_shown_and_the_surest_comes_first():
    found = mistakes(PROBS, TABLE)
    assert [row["row"] for row in found] == [72, 71, 73]
    assert found[1] == {
        "row": 71,
        "said": "happy",
        "confidence": 0.8,
        "fer2013": "sad",
        "ferplus_majority": "happiness",
        "votes": {"happiness": 10},
    }


def test_no_more_than_asked_for_are_shown():
    assert len(mistakes(PROBS, TABLE, shown=2)) == 2


def test_the_votes_side_with_the_answer_the_label_or_neither():
    third = round(1 / 3, 4)
    assert sides(PROBS, TABLE) == {"n": 3, "with_answer": third, "with_label": third, "with_neither": third}


def test_without_a_mistake_there_are_no_sides():
    right = answers((HAPPY, 0.9), (SAD, 0.9), (SAD, 0.9), (SAD, 0.9))
    assert sides(right, TABLE)["n"] == 0
    assert mistakes(right, TABLE) == []
