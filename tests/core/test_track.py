"""Tracking: the same face keeps its number, another never gets it."""

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fer_core.boxes import iou_matrix
from fer_core.errors import InputError, StreamError
from fer_core.track import Tracker
from fer_core.types import Faces
from tests.factories import make_faces


def at(*corners, side=100):
    """Return faces whose boxes have these upper left corners."""
    boxes = np.array([[x, y, x + side, y + side] for x, y in corners], np.float32).reshape(-1, 4)
    return Faces(boxes, np.ones(len(boxes)), np.zeros((len(boxes), 5, 2)), (640, 480))


def ids(tracker, faces, time_s):
    return tracker.update(faces, time_s=time_s).track_ids.tolist()


def test_a_moving_face_keeps_its_number_and_a_jumping_one_does_not():
    tracker = Tracker()
    assert [ids(tracker, at((10 * i, 5 * i)), i / 10) for i in range(10)] == [[0]] * 10
    assert ids(tracker, at((400, 300)), 1.0) == [1]


def test_two_faces_keep_their_numbers_in_whatever_order_they_come():
    tracker = Tracker()
    assert ids(tracker, at((0, 0), (300, 0)), 0.0) == [0, 1]
    assert ids(tracker, at((305, 0), (5, 0)), 0.1) == [1, 0]


def test_the_nearer_of_two_takes_the_number_and_the_other_a_new_one():
    tracker = Tracker()
    ids(tracker, at((0, 0)), 0.0)
    assert ids(tracker, at((40, 0), (5, 0)), 0.1) == [1, 0]


def test_a_face_comes_back_under_its_number_within_the_time_and_not_after():
    tracker = Tracker(lost_s=1.0)
    ids(tracker, at((0, 0)), 0.0)
    for i in range(1, 11):
        assert ids(tracker, at(), i / 10) == []
    assert ids(tracker, at((0, 0)), 1.0 + 1e-9) == [1]
    tracker.reset()
    ids(tracker, at((0, 0)), 0.0)
    assert ids(tracker, at((0, 0)), 1.0) == [0]


@given(st.lists(st.integers(0, 6), min_size=1, max_size=8), st.integers(0, 1000))
def test_numbers_are_unique_in_a_picture_and_never_negative(counts, number):
    tracker = Tracker()
    for i, n in enumerate(counts):
        found = ids(tracker, make_faces(n, number=number + i), float(i) / 3)
        assert len(set(found)) == n
        assert min(found, default=0) >= 0


@given(hnp.arrays(np.float32, (5, 2), elements=st.floats(0, 300, width=16)), st.permutations(range(5)))
def test_faces_in_another_order_get_the_same_numbers_in_that_order(corners, order):
    one, other = Tracker(), Tracker()
    before = at((0, 0), (150, 0), (0, 150), (150, 150))
    for tracker in (one, other):
        tracker.update(before, time_s=0.0)
    overlaps = iou_matrix(at(*corners).boxes, before.boxes)
    assume(len(set(overlaps[overlaps > 0].tolist())) == (overlaps > 0).sum())  # a tie may be broken either way
    old = np.array(ids(one, at(*corners), 0.1))[list(order)]
    new = np.array(ids(other, at(*corners[list(order)]), 0.1))
    assert np.array_equal(np.where(old < 4, old, -1), np.where(new < 4, new, -1))


def test_the_faces_that_came_in_stay_as_they_were():
    faces = at((0, 0))
    Tracker().update(faces, time_s=0.0)
    assert faces.track_ids.tolist() == [-1]


@pytest.mark.parametrize("time_s", [1.0, 0.5, float("nan"), float("inf")])
def test_time_must_increase_and_a_refusal_changes_nothing(time_s):
    tracker = Tracker()
    ids(tracker, at((0, 0)), 1.0)
    with pytest.raises(StreamError, match="increase"):
        tracker.update(at((300, 300)), time_s=time_s)
    assert ids(tracker, at((0, 0)), 1.1) == [0]


def test_after_a_reset_numbers_and_times_start_again():
    tracker = Tracker()
    ids(tracker, at((0, 0), (300, 0)), 5.0)
    tracker.reset()
    assert ids(tracker, at((300, 0)), 0.0) == [0]


@pytest.mark.parametrize("knobs", [{"iou_min": 0}, {"iou_min": 1.5}, {"lost_s": -1}, {"lost_s": float("nan")}])
def test_knobs_out_of_range_are_refused(knobs):
    with pytest.raises(InputError, match="got"):
        Tracker(**knobs)
