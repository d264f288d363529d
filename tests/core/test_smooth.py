"""Smoothing: steadier, still probabilities, never mixing people."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_core.errors import InputError, StreamError
from fer_core.smooth import Smoother
from fer_core.types import Emotions
from tests.factories import make_emotions

HAPPY, SAD = np.eye(7)[3], np.eye(7)[4]


def smoothed(smoother, row, time_s, who=0):
    return smoother.update(Emotions(row[None]), np.array([who]), time_s=time_s).probs[0]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.floats(0, 10), st.floats(0.01, 5), st.integers(0, 1000))
def test_smoothing_keeps_rows_summing_to_one(counts, smooth_s, step_s, number):
    smoother = Smoother(smooth_s=smooth_s)
    for i, n in enumerate(counts):
        out = smoother.update(make_emotions(n, number=number + i), np.arange(n), time_s=i * step_s)
        assert out.probs.shape == (n, 7)
        assert (out.probs >= 0).all()
        assert np.allclose(out.probs.sum(axis=1), 1, atol=1e-5)


def test_a_constant_input_is_a_fixed_point():
    smoother, row = Smoother(), make_emotions(1).probs[0]
    for i in range(20):
        assert np.array_equal(smoothed(smoother, row, i / 25), row)


def test_zero_seconds_change_nothing():
    smoother = Smoother(smooth_s=0)
    for i in range(5):
        row = make_emotions(1, number=i).probs[0]
        assert np.array_equal(smoothed(smoother, row, i / 25), row)


@pytest.mark.parametrize("rate_hz", [2, 10, 60])
def test_after_the_time_constant_63_percent_show_whatever_the_rate(rate_hz):
    smoother = Smoother(smooth_s=1.0)
    smoothed(smoother, HAPPY, 0.0)
    for i in range(1, rate_hz + 1):
        now = smoothed(smoother, SAD, i / rate_hz)
    assert now[4] == pytest.approx(1 - np.exp(-1), abs=1e-4)


def test_people_are_not_mixed_and_the_unnumbered_are_not_smoothed():
    smoother = Smoother(smooth_s=10.0)
    smoother.update(Emotions(np.stack([HAPPY, SAD, HAPPY])), np.array([0, 1, -1]), time_s=0.0)
    out = smoother.update(Emotions(np.stack([SAD, HAPPY, SAD])), np.array([1, 0, -1]), time_s=0.1).probs
    assert np.array_equal(out, np.stack([SAD, HAPPY, SAD]).astype(np.float32))


def test_a_person_long_gone_is_forgotten():
    smoother = Smoother(smooth_s=0.1)
    for i in range(1000):
        smoothed(smoother, HAPPY, i / 10, who=i)
    assert len(smoother._people) < 10
    assert np.array_equal(smoothed(smoother, SAD, 500.0, who=999), SAD.astype(np.float32))


def test_time_must_increase_and_a_refusal_changes_nothing():
    smoother = Smoother(smooth_s=1.0)
    smoothed(smoother, HAPPY, 1.0)
    with pytest.raises(StreamError, match="increase"):
        smoothed(smoother, SAD, 1.0)
    assert smoothed(smoother, HAPPY, 1.1)[3] == 1


def test_after_a_reset_the_past_does_not_count():
    smoother = Smoother(smooth_s=100.0)
    smoothed(smoother, HAPPY, 1.0)
    smoother.reset()
    assert smoothed(smoother, SAD, 0.0)[4] == 1


def test_wrong_knobs_and_wrong_ids_are_refused():
    for smooth_s in (-1, float("nan"), float("inf")):
        with pytest.raises(InputError, match="got"):
            Smoother(smooth_s=smooth_s)
    with pytest.raises(InputError, match="got 3 for 2"):
        Smoother().update(make_emotions(2), np.arange(3), time_s=0.0)
