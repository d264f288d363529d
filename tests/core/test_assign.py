"""Pairing: never dearer than the best there is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from fer_core.assign import least_cost_pairs


def total(costs, pairs, alone):
    return sum(alone if column < 0 else costs[row, column] for row, column in enumerate(pairs))


@given(st.integers(0, 7), st.integers(0, 7), st.integers(0, 10_000))
def test_pairs_cost_as_little_as_scipys(rows, columns, number):
    rng = np.random.default_rng(number)
    costs = rng.normal(0, 5, (rows, columns))
    costs[rng.random(costs.shape) < 0.3] = np.inf
    pairs = least_cost_pairs(costs, alone=3.0)
    assert pairs.shape == (rows,)
    assert len(set(pairs[pairs >= 0])) == (pairs >= 0).sum()
    own = np.where(np.eye(rows, dtype=bool), 3.0, 1e6)
    whole = np.hstack([np.where(np.isfinite(costs), costs, 1e6), own])
    assert total(costs, pairs, 3.0) == pytest.approx(whole[linear_sum_assignment(whole)].sum())


def test_what_is_impossible_or_too_dear_stays_alone():
    assert least_cost_pairs(np.array([[np.inf], [10.0]]), alone=5.0).tolist() == [-1, -1]


def test_a_hundred_faces_are_no_trouble():
    pairs = least_cost_pairs(np.random.default_rng(0).random((100, 100)), alone=2.0)
    assert sorted(pairs.tolist()) == list(range(100))
