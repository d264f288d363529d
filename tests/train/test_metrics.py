"""Figures: against hand-made cases, and against themselves."""

import numpy as np
import pytest

from fer_train import metrics

PROBS = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.3, 0.7]])
TRUTH = np.array([0, 1, 1, 1])


def test_accuracy_counts_the_likeliest_column():
    assert metrics.accuracy(PROBS, TRUTH) == 0.75


def test_macro_f1_weighs_classes_not_rows():
    assert metrics.macro_f1(PROBS, TRUTH) == pytest.approx((2 / 3 + 0.8) / 2)


def test_a_missing_answer_is_wrong_and_not_left_out():
    assert metrics.recalls(np.array([0, -1, 1, 1]), TRUTH, 2).tolist() == [1.0, pytest.approx(2 / 3)]


def test_a_class_without_rows_has_no_recall():
    assert np.isnan(metrics.recalls(TRUTH, TRUTH, 3)[2])


def test_calibration_error_of_a_perfectly_honest_model_is_zero():
    probs = np.tile([0.75, 0.25], (4, 1))
    assert metrics.expected_calibration_error(probs, np.array([0, 0, 0, 1])) == pytest.approx(0.0)


def test_calibration_error_of_a_braggart_is_the_gap():
    probs = np.tile([1.0, 0.0], (4, 1))
    assert metrics.expected_calibration_error(probs, np.array([0, 0, 1, 1])) == pytest.approx(0.5)


def test_bins_hold_every_row_once():
    assert metrics.calibration_bins(PROBS, TRUTH)[:, 2].sum() == pytest.approx(1.0)


def test_temperature_cools_an_overconfident_model():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 3000)
    said = np.where(rng.random(3000) < 0.6, truth, rng.integers(0, 3, 3000))
    assert metrics.fit_temperature(np.eye(3)[said] * 6.0, truth) > 1.5


def test_threshold_reaches_the_wanted_accuracy_and_the_next_row_would_not():
    probs = np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.6, 0.4]])
    truth = np.array([0, 0, 1, 1])
    assert metrics.threshold_for(probs, truth, 0.66) == pytest.approx(0.7)
    assert metrics.threshold_for(probs, truth, 1.0) == pytest.approx(0.8)


@pytest.mark.parametrize(("off", "within"), [(0.0, True), (0.06, False)])
def test_a_calibration_error_is_held_against_that_of_chance(off, within):
    rng = np.random.default_rng(1)
    confidence = rng.uniform(0.5, 0.93, 3000)
    probs = np.column_stack([confidence + off, 1 - confidence - off])
    truth = (rng.random(3000) >= confidence).astype(int)
    middle, low, high = metrics.calibration_error_by_chance(probs)
    assert 0 < low < middle < high < 0.04
    assert (low <= metrics.expected_calibration_error(probs, truth) <= high) == within


def test_rows_as_sure_as_each_other_are_answered_together():
    probs, truth = np.array([[0.9, 0.1], [0.6, 0.4], [0.6, 0.4], [0.6, 0.4]]), np.array([0, 0, 1, 1])
    assert metrics.threshold_for(probs, truth, 0.9) == pytest.approx(0.9)
    assert metrics.threshold_for(probs, truth, 0.5) == pytest.approx(0.6)


def test_threshold_that_no_answer_reaches_is_one():
    assert metrics.threshold_for(np.array([[0.9, 0.1]]), np.array([1]), 0.5) == 1.0
    assert metrics.threshold_for(np.zeros((0, 2)), np.zeros(0, int), 0.5) == 1.0
