"""Boxes: cut to the picture, compared, thinned out."""

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_core.boxes import box_areas, clip_boxes, iou_matrix
from fer_core.errors import InputError

coordinates = st.floats(-500, 500, width=32)
any_boxes = hnp.arrays(np.float32, st.tuples(st.integers(0, 8), st.just(4)), elements=coordinates)


@st.composite
def real_boxes(draw):
    """Boxes that cover at least one pixel."""
    n = draw(st.integers(0, 8))
    xy = draw(hnp.arrays(np.float32, (n, 2), elements=st.floats(-200, 200, width=16)))
    wh = draw(hnp.arrays(np.float32, (n, 2), elements=st.floats(1, 200, width=16)))
    return np.concatenate([xy, xy + wh], axis=1)


@given(any_boxes, st.integers(1, 600), st.integers(1, 600))
def test_clipping_twice_changes_nothing_more_and_stays_inside(boxes, width, height):
    once = clip_boxes(boxes, (width, height))
    assert (once >= 0).all()
    assert (once[:, [0, 2]] <= width).all()
    assert (once[:, [1, 3]] <= height).all()
    assert np.array_equal(clip_boxes(once, (width, height)), once)


def test_clipping_does_not_write_into_its_argument():
    boxes = np.array([[-5.0, -5.0, 50.0, 50.0]], np.float32)
    clip_boxes(boxes, (10, 10))
    assert boxes.tolist() == [[-5.0, -5.0, 50.0, 50.0]]


@given(real_boxes(), real_boxes())
def test_iou_is_symmetric_and_within_0_and_1(a, b):
    overlap = iou_matrix(a, b)
    assert overlap.shape == (len(a), len(b))
    assert ((overlap >= 0) & (overlap <= 1)).all()
    assert np.allclose(overlap, iou_matrix(b, a).T)


@given(real_boxes())
def test_a_box_overlaps_itself_fully(a):
    assert np.allclose(np.diag(iou_matrix(a, a)), 1, atol=1e-4)


def test_an_empty_box_overlaps_nothing_and_raises_no_warning():
    assert iou_matrix(np.array([[5, 5, 5, 5]]), np.array([[5, 5, 5, 5], [0, 0, 9, 9]])).tolist() == [[0.0, 0.0]]


def test_no_boxes_are_ordinary():
    none = np.zeros((0, 4))
    assert clip_boxes(none, (5, 5)).shape == (0, 4)
    assert box_areas(none).shape == (0,)
    assert iou_matrix(none, none).shape == (0, 0)


@pytest.mark.parametrize(
    "call",
    [
        lambda: clip_boxes(np.zeros(4), (5, 5)),
        lambda: box_areas(np.zeros((2, 5))),
    ],
)
def test_a_wrong_shape_is_an_input_error(call):
    with pytest.raises(InputError, match="got"):
        call()
