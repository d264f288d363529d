"""The human line, and the figures that both label sets share."""

import numpy as np
import pytest

from fer_core import FER2013
from fer_train.figures import human_line, split_figures, summary
from tests.train.test_clean import votes

VOTES = np.concatenate([votes(happiness=10), votes(happiness=7, neutral=2, NF=1), votes(neutral=4, sadness=3, fear=3)])


def test_the_human_line_is_the_majoritys_share_of_the_votes_on_the_same_images():
    found = human_line(np.repeat(VOTES, 50, axis=0), np.repeat([True, True, False], 50))
    assert found["agreement"] == pytest.approx(0.85)
    assert found["n"] == 100
    assert found["interval"]["low"] < 0.85 < found["interval"]["high"]


def test_the_human_line_is_lower_over_images_without_a_clear_majority():
    found = human_line(VOTES, np.array([True, True, False]))
    assert found["all_images"] == {"agreement": pytest.approx(0.7), "n": 3}


TRUTH = np.repeat(np.arange(7), 10)
PROBS = np.eye(7)[np.where(np.arange(70) % 10 < np.arange(70) // 10, 6, TRUTH)] * 0.93 + 0.01


def test_the_lowest_recall_is_named():
    found = summary(PROBS, PROBS, TRUTH, FER2013)
    assert found["lowest_recall"] == {"label": "surprise", "value": 0.5}
    assert [row["n"] for row in found["per_class"]] == [10] * 7
    assert found["per_class"][5]["recall"]["value"] == 0.5


def test_the_flip_average_is_not_the_plain_accuracy():
    found = summary(PROBS, np.eye(7)[TRUTH], TRUTH, FER2013)
    assert found["accuracy_flip_average"]["value"] == 1.0
    assert found["accuracy"]["value"] < 1.0


def test_a_split_tells_how_many_are_answered():
    assert split_figures(PROBS, PROBS, TRUTH, 0.5)["answered"]["share"] == 1.0
    assert split_figures(PROBS, PROBS, TRUTH, 0.99)["answered"] == {"share": 0.0, "accuracy": None}
    mirrored = split_figures(PROBS, PROBS[:, ::-1], TRUTH, 0.5)["flip_average"]
    alone = split_figures(PROBS[:, ::-1], PROBS, TRUTH, 0.5)
    assert mirrored == {"ece": alone["ece"], "answered": alone["answered"]}
