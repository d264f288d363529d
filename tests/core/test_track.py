"""Tracking: the same face keeps its number, another never gets it."""

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

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


@pytest.mark.parametrize("rate_hz", [6, 12.5, 30])
def test_a_face_that_runs_by_keeps_its_number_without_any_overlap(rate_hz):
    tracker, times_s = Tracker(), np.arange(0, 1, 1 / rate_hz)
    assert [ids(tracker, at((600 * t, 100), side=80), float(t)) for t in times_s] == [[0]] * len(times_s)


@pytest.mark.parametrize("number", range(5))
def test_pictures_may_come_at_any_times(number):
    times_s = np.cumsum(np.random.default_rng(number).uniform(0.01, 0.3, 30))
    tracker = Tracker()
    found = [ids(tracker, at((100 * t, 100), (500 - 100 * t, 320)), float(t)) for t in times_s]
    assert found == [[0, 1]] * 30


def test_two_who_cross_keep_their_numbers_while_one_hides_the_other():
    tracker, found = Tracker(), []
    for t in np.arange(0, 2, 0.1):
        corners = [(200 * t, 100), (400 - 200 * t, 110)]
        hidden = abs(corners[0][0] - corners[1][0]) < 60
        found.append(ids(tracker, at(*(corners[1:] if hidden else corners)), float(t)))
    assert found[0] == found[-1] == [0, 1]
    assert [1] in found
    assert all(two in ([0, 1], [1]) for two in found)


def test_a_person_alone_may_come_back_a_little_elsewhere_and_among_others_not():
    for others, number in (((), 0), (((500, 300),), 2)):
        tracker = Tracker()
        for i in range(5):
            ids(tracker, at((0, 0), *others), i / 10)
        ids(tracker, at(*others), 0.5)
        assert ids(tracker, at((170, 0), *others), 1.0)[0] == number


def test_a_face_of_quite_another_size_is_someone_else():
    tracker = Tracker()
    ids(tracker, at((100, 100), side=40), 0.0)
    assert ids(tracker, at((60, 60), side=120), 0.1) == [1]


def test_after_a_cut_only_who_did_not_move_keeps_the_number():
    for shift, number in ((3, 0), (40, 1)):
        tracker = Tracker()
        ids(tracker, at((100, 100)), 0.0)
        assert tracker.update(at((100 + shift, 100)), time_s=0.1, new_scene=True).track_ids.tolist() == [number]


def test_a_picture_of_another_size_does_not_change_who_is_who():
    tracker = Tracker()
    before, half = at((100, 100), (400, 300)), at((50, 50), (200, 150), side=50)
    tracker.update(before, time_s=0.0)
    small = Faces(half.boxes, half.scores, half.landmarks, (320, 240))
    assert tracker.expected(0.1, (320, 240)).boxes.round().tolist() == small.boxes.tolist()
    assert ids(tracker, small, 0.1) == [0, 1]


def test_people_are_expected_where_they_go_and_inside_the_picture():
    tracker = Tracker()
    assert tracker.expected(0.0, (640, 480)).boxes.shape == (0, 4)
    for i in range(8):
        tracker.update(at((400 + 40 * i, 100), (100, 300)), time_s=i / 10)
    tracker.update(at((100, 300)), time_s=0.8)
    expected = tracker.expected(0.9, (640, 480))
    still, gone = expected.boxes[expected.seen], expected.boxes[~expected.seen]
    assert still.round().tolist() == [[100, 300, 200, 400]]
    assert 600 < gone[0, [0, 2]].mean() <= 640
    assert len(tracker.expected(3.5, (640, 480)).boxes) == 0


@given(
    st.lists(hnp.arrays(np.float32, st.tuples(st.integers(0, 4), st.just(2)), elements=st.floats(0, 500, width=16)), max_size=15)
)
def test_a_number_is_never_given_to_two_people_and_never_again_once_it_has_expired(pictures):
    tracker, last_seen, highest = Tracker(lost_s=0.25), {}, -1
    for i, corners in enumerate(pictures):
        time_s = i / 10
        for number in ids(tracker, at(*corners), time_s):
            assert number > highest or time_s - last_seen[number] <= 0.25
            last_seen[number], highest = time_s, max(highest, number)


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


@given(hnp.arrays(np.float32, (5, 2), elements=st.floats(0, 300, width=32), unique=True), st.permutations(range(5)))
def test_faces_in_another_order_get_the_same_numbers_in_that_order(corners, order):
    one, other = Tracker(), Tracker()
    before = at((0, 0), (150, 7), (13, 150), (151, 167))
    for tracker in (one, other):
        tracker.update(before, time_s=0.0)
    assume(len({tuple(corner) for corner in corners.round(1).tolist()}) == 5)  # a tie may be broken either way
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


@pytest.mark.parametrize("lost_s", [-1, float("nan"), float("inf")])
def test_a_knob_out_of_range_is_refused(lost_s):
    with pytest.raises(InputError, match="got"):
        Tracker(lost_s=lost_s)
