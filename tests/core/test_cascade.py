"""The arithmetic between the three networks."""

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_core import cascade
from fer_core.boxes import iou_matrix
from fer_core.cascade import (
    Candidates,
    grid_candidates,
    joined,
    nudged,
    placed_points,
    proposals_about,
    squared,
    tidy_faces,
    unbeaten,
)


@st.composite
def candidates(draw):
    n = draw(st.integers(0, 25))
    corner = draw(hnp.arrays(np.float64, (n, 2), elements=st.integers(-10, 60).map(float)))
    sides = draw(hnp.arrays(np.float64, (n, 2), elements=st.integers(-3, 40).map(float)))
    scores = draw(hnp.arrays(np.float64, n, elements=st.floats(0, 1), unique=True))
    return Candidates.of(np.hstack([corner, corner + sides]), scores)


def overlaps(boxes, mode):
    """All pairs at once, the plain way."""
    shared = (np.minimum(boxes[:, None, 2:], boxes[None, :, 2:]) - np.maximum(boxes[:, None, :2], boxes[None, :, :2])).clip(0)
    shared = shared.prod(axis=2)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    pairs = areas[:, None], areas[None, :]
    whole = pairs[0] + pairs[1] - shared if mode == "union" else np.minimum(*pairs)
    return np.divide(shared, whole, out=np.zeros_like(shared), where=shared > 0)


@pytest.mark.parametrize("mode", ["union", "min"])
@given(found=candidates(), iou=st.sampled_from([0.3, 0.5, 0.7]))
def test_a_candidate_stays_exactly_if_no_better_one_overlaps_it(mode, found, iou):
    kept = unbeaten(found.best_first(), iou=iou, mode=mode)
    beaten = (overlaps(found.boxes, mode) > iou) & (found.scores[None, :] > found.scores[:, None])
    assert sorted(kept.scores) == sorted(found.scores[~beaten.any(axis=1)])
    assert (np.diff(kept.scores) <= 0).all()


@given(candidates(), st.floats(0, 1))
def test_faces_above_a_threshold_do_not_depend_on_candidates_below_it(found, threshold):
    before = unbeaten(found[found.scores > threshold].best_first(), iou=0.5)
    after = unbeaten(found.best_first(), iou=0.5)
    assert np.array_equal(before.boxes, after.boxes[after.scores > threshold])


def test_pairs_met_in_small_portions_beat_the_same_candidates(monkeypatch):
    rng = np.random.default_rng(4)
    corner = rng.uniform(0, 200, (300, 2))
    found = Candidates.of(np.hstack([corner, corner + rng.uniform(10, 60, (300, 1))]), rng.uniform(size=300)).best_first()
    at_once = unbeaten(found, iou=0.3)
    monkeypatch.setattr(cascade, "_PAIRS_AT_ONCE", 7)
    assert np.array_equal(unbeaten(found, iou=0.3).boxes, at_once.boxes)
    assert 0 < len(at_once) < 300


@given(st.lists(candidates(), min_size=1, max_size=4))
def test_candidates_kept_apart_do_not_compete(levels):
    ranked = [level.best_first() for level in levels]
    apart = np.repeat(np.arange(len(ranked)), [len(level) for level in ranked])
    together = unbeaten(joined(ranked), iou=0.5, apart=apart)
    assert np.array_equal(together.boxes, joined([unbeaten(level, iou=0.5) for level in ranked]).boxes)


def test_a_beaten_candidate_still_beats():
    chain = Candidates.of(np.array([[0, 0, 10, 10], [3, 0, 13, 10], [6, 0, 16, 10]]), np.array([0.9, 0.8, 0.7]))
    assert unbeaten(chain, iou=0.5).scores.tolist() == [0.9]


def test_windows_lie_where_p_net_saw_them():
    scores, offsets = np.zeros((5, 6), np.float32), np.zeros((5, 6, 4), np.float32)
    scores[2, 3], scores[4, 4] = 0.8, 0.6
    found = grid_candidates(scores, offsets, above=0.6, scale=0.5, top=100)
    assert found.boxes.tolist() == [[14, 210, 36, 232]]


def test_squares_keep_the_centre_and_the_longer_side():
    square = squared(Candidates.of(np.array([[10, 20, 30, 60]]), np.array([0.5]))).boxes[0]
    assert square.tolist() == [0, 20, 40, 60]


def test_offsets_count_in_widths_and_heights_and_the_argument_stays():
    boxes = np.array([[0.0, 0, 9, 19]])
    moved = nudged(boxes, np.array([[0.1, 0.1, -0.1, -0.1]], np.float32))
    assert np.allclose(moved, [[1, 2, 8, 17]])
    assert boxes.tolist() == [[0, 0, 9, 19]]


def test_points_are_placed_in_their_square():
    points = placed_points(np.array([[10.0, 20, 19, 29]]), np.array([[0.5] * 5 + [0.1] * 5], np.float32))
    assert np.allclose(points, [[14] * 5 + [20] * 5])


def test_no_candidates_pass_through_every_step():
    none = joined([])
    assert len(unbeaten(squared(none), iou=0.5)) == 0
    assert len(grid_candidates(np.zeros((2, 2), np.float32), np.zeros((2, 2, 4), np.float32), above=0.6, scale=1.0)) == 0
    assert len(tidy_faces(Candidates.of(np.zeros((0, 4)), np.zeros(0), np.zeros((0, 10))), (10, 10), 5)) == 0


def test_faces_come_largest_first_cut_to_the_picture_and_never_empty():
    boxes = np.array([[0, 0, 10, 10], [-20, 50, 60, 130], [300, 300, 340, 340], [0, 0, 30, 30]])
    faces = tidy_faces(Candidates.of(boxes, np.array([0.9, 0.8, 0.95, 0.7]), np.zeros((4, 10))), (100, 100), 2)
    assert faces.boxes.tolist() == [[0, 50, 60, 100], [0, 0, 30, 30]]
    assert faces.scores.tolist() == pytest.approx([0.8, 0.7])
    assert iou_matrix(faces.boxes, faces.boxes).shape == (2, 2)


def test_nine_squares_lie_about_each_expected_place():
    boxes = np.array([[10.0, 20, 50, 80], [200, 200, 260, 230]])
    squares = proposals_about(boxes).boxes.reshape(2, 9, 4)
    assert np.allclose(squares[:, 0], [[0, 20, 60, 80], [200, 185, 260, 245]])
    assert np.allclose(squares[..., 2:] - squares[..., :2], 60)
    middles = (squares[..., :2] + squares[..., 2:]) / 2
    assert np.allclose(middles.mean(axis=1), [[30, 50], [230, 215]])
    assert np.abs(middles - middles[:, :1]).max() == pytest.approx(12)
    assert len(proposals_about(np.zeros((0, 4)))) == 0
