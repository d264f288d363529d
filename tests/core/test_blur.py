"""Blurred faces: no detector and no eye finds them again, and nothing else of the picture changes."""

import numpy as np
import pytest
from skimage.data import astronaut

from fer_core.blur import blur_faces
from fer_core.detect import MtcnnDetector
from fer_core.errors import InputError


def test_a_blurred_face_is_found_no_more_and_the_rest_stays():
    image, detector = astronaut(), MtcnnDetector()
    faces = detector.detect(image)
    before = image.copy()
    hidden = blur_faces(image, faces.boxes)
    assert len(faces) == 1
    assert len(detector.detect(hidden)) == 0
    assert np.array_equal(image, before)
    x0, y0, x1, y1 = (int(v) for v in faces.boxes[0])
    far = np.ones(image.shape[:2], bool)
    far[y0 - (y1 - y0) // 2 : y1 + (y1 - y0) // 2, x0 - (x1 - x0) // 2 : x1 + (x1 - x0) // 2] = False
    assert np.array_equal(hidden[far], image[far])


def test_hardly_anything_of_a_face_is_left():
    image = np.random.default_rng(0).integers(0, 255, (80, 80, 3), np.uint8)
    inside = blur_faces(image, np.array([[20, 20, 60, 60]]))[12:68, 12:68]
    assert np.abs(np.diff(inside.astype(int), axis=1)).max() < 12


@pytest.mark.parametrize("box", [[-9, -9, 3, 3], [75, 75, 200, 200], [40, 40, 42, 41], [40, 40, 40, 40], [200, 0, 300, 9]])
def test_boxes_at_the_border_or_very_small_are_no_problem(box):
    image = np.random.default_rng(0).integers(0, 255, (80, 80, 3), np.uint8)
    assert blur_faces(image, np.array([box])).shape == image.shape


def test_no_box_changes_nothing_and_no_picture_is_refused():
    image = astronaut()
    assert np.array_equal(blur_faces(image, np.zeros((0, 4))), image)
    with pytest.raises(InputError, match="RGB"):
        blur_faces(np.zeros((5, 5)), np.zeros((0, 4)))
