"""Motion: the same whatever the steps, calmer with time, never nonsense."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_core.motion import Motion, distances

BOXES = np.array([[100.0, 100, 180, 200], [300, 50, 340, 100]], np.float32)


def going(speed_xy=(100.0, -20.0), seconds=1.0, rate_hz=20):
    motion = Motion.of(BOXES)
    for i in range(1, round(seconds * rate_hz) + 1):
        shift = np.tile(np.array(speed_xy) * i / rate_hz, 2)
        motion = motion.after(1 / rate_hz).seen_at(BOXES + shift, keep_speed=np.zeros(2, bool))
    return motion


@given(st.floats(0.001, 2), st.floats(0.001, 2))
def test_two_steps_are_one_long_step(first_s, second_s):
    whole, parts = (going().after(first_s + second_s), going().after(first_s).after(second_s))
    for name in ("centres", "speeds", "sizes", "doubts"):
        assert np.allclose(getattr(whole, name), getattr(parts, name), rtol=1e-6, atol=1e-9)


def test_a_speed_is_learned_and_fades_when_nothing_is_seen():
    motion = going()
    assert np.allclose(motion.speeds, [100, -20], rtol=0.15)
    ahead = [motion.after(seconds).centres[0, 0] - motion.centres[0, 0] for seconds in (0.1, 1, 10, 100)]
    assert ahead == sorted(ahead)
    assert ahead[0] == pytest.approx(10, rel=0.2)
    assert ahead[3] < 250


def test_a_hidden_faces_speed_is_not_learned_from_the_one_before_it():
    motion = going().after(0.1)
    kept = motion.seen_at(BOXES - 50, keep_speed=np.array([True, False]))
    assert np.array_equal(kept.speeds[0], motion.speeds[0])
    assert not np.allclose(kept.speeds[1], motion.speeds[1])


@given(st.lists(st.tuples(st.floats(0.001, 5), st.booleans()), max_size=20))
def test_doubts_stay_a_covariance_that_grows_while_nothing_is_seen(steps):
    motion = Motion.of(BOXES)
    for seconds, seen in steps:
        before, motion = motion, motion.after(seconds)
        assert (motion.spreads >= before.spreads - 1e-9).all() or seen
        if seen:
            motion = motion.seen_at(motion.boxes + 3, keep_speed=np.zeros(2, bool))
        assert (np.linalg.eigvalsh(motion.doubts) > -1e-9).all()


def test_nobody_is_ordinary():
    none = Motion.of(np.zeros((0, 4)))
    assert none.after(1.0).boxes.shape == (0, 4)
    assert distances(none, Motion.of(BOXES)).shape == (0, 2)
    assert len(none + Motion.of(BOXES)) == 2


def test_distances_count_in_faces():
    near, far = Motion.of(BOXES[:1]), Motion.of(BOXES[:1] + 90)
    assert distances(near, far)[0, 0] == pytest.approx(np.hypot(90, 90) / 90)
    assert distances(near, far, far.centres)[0, 0] == 0
