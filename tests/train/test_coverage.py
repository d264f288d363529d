"""Reliability and coverage, against hand-made answers."""

import numpy as np
import pytest

from fer_train import metrics
from fer_train.coverage import answered, coverage, reliability

RNG = np.random.default_rng(5)
PROBS = RNG.dirichlet([0.7] * 7, 500)
TRUTH = np.where(RNG.random(500) < 0.6, PROBS.argmax(axis=1), RNG.integers(0, 7, 500))


def test_bins_hold_every_face_once_and_give_the_calibration_error():
    bins = reliability(PROBS, TRUTH)
    assert len(bins) == 15
    assert sum(row["n"] for row in bins) == 500
    gaps = [row["n"] * abs(row["confidence"] - row["accuracy"]) for row in bins if row["n"]]
    assert sum(gaps) / 500 == pytest.approx(metrics.expected_calibration_error(PROBS, TRUTH), abs=1e-3)


def test_an_empty_bin_has_no_figures():
    first = reliability(PROBS, TRUTH)[0]
    assert (first["n"], first["confidence"], first["accuracy"]) == (0, None, None)


def test_coverage_ends_with_every_face_answered():
    curve = coverage(PROBS, TRUTH)
    assert len(curve) == 100
    assert curve[-1]["share"] == 1.0
    assert curve[-1]["accuracy"] == pytest.approx(metrics.accuracy(PROBS, TRUTH), abs=1e-4)


def test_a_point_of_the_curve_is_what_its_threshold_answers():
    point = coverage(PROBS, TRUTH)[49]
    found = answered(PROBS, TRUTH, point["threshold"] - 1e-4)
    assert found["share"] == pytest.approx(point["share"], abs=0.005)
    assert found["accuracy"] == pytest.approx(point["accuracy"], abs=0.01)


def test_a_threshold_that_nobody_reaches_answers_nobody():
    assert answered(PROBS, TRUTH, 1.1) == {"share": 0.0, "accuracy": None}


def test_fewer_faces_than_points_give_a_point_a_face():
    assert len(coverage(PROBS[:3], TRUTH[:3])) == 3
