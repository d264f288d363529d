"""Quality: what is too small or blurred to be read, measured on a real face."""

import cv2
import numpy as np
import pytest
from skimage.data import astronaut

from fer_core.errors import InputError
from fer_core.quality import BLURRED_BELOW, SMALL_BELOW_PX, face_quality
from fer_core.types import Faces
from tests.factories import make_faces

BOX = np.array([175.0, 65.0, 275.0, 195.0])  # the astronaut's face


def at(box, size_wh=(512, 512)):
    return Faces(np.array([box]), [1.0], np.zeros((1, 5, 2)), size_wh)


def quality(image, box=BOX):
    return face_quality(image, at(box, (image.shape[1], image.shape[0])))[0]


def blurred(share):
    """Return the astronaut under a Gaussian blur of this share of the face's width."""
    return cv2.GaussianBlur(astronaut(), (0, 0), share * 100)


def test_a_sharp_face_is_neither_small_nor_blurred():
    found = quality(astronaut())
    assert found.size_px == 100
    assert not found.too_small
    assert not found.blurred
    assert found.sharpness > 1.5 * BLURRED_BELOW


def test_sharpness_falls_with_blur_and_the_verdict_comes_before_labels_are_lost():
    found = [quality(blurred(share)) for share in (0.005, 0.01, 0.02, 0.03, 0.04, 0.06)]
    assert (np.diff([one.sharpness for one in found]) < 0).all()
    assert not found[0].blurred
    assert all(one.blurred for one in found[4:])


@pytest.mark.parametrize("change", [lambda i: i // 3, lambda i: 200 + i // 8, lambda i: i[:, ::-1], lambda i: 255 - i])
def test_light_contrast_and_side_do_not_make_a_face_blurred(change):
    image = np.ascontiguousarray(change(astronaut()))
    box = BOX if image[0, 0, 0] != astronaut()[0, -1, 0] else np.array([512 - 275.0, 65.0, 512 - 175.0, 195.0])
    assert not quality(image, box).blurred


def test_a_face_below_the_limit_is_small_and_not_called_blurred_too():
    scale = (SMALL_BELOW_PX - 2) / 100
    small = cv2.resize(blurred(0.1), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = quality(small, BOX * scale)
    assert found.too_small
    assert not found.blurred


def test_a_face_at_the_limit_is_not_small():
    scale = SMALL_BELOW_PX / 100
    assert not quality(cv2.resize(astronaut(), None, fx=scale, fy=scale), BOX * scale).too_small


def test_each_face_gets_its_own_verdict_and_no_face_gets_none():
    image = np.concatenate([astronaut(), blurred(0.08)], axis=1)
    boxes = np.array([BOX, BOX + np.array([512, 0, 512, 0])])
    faces = Faces(boxes, np.ones(2), np.zeros((2, 5, 2)), (1024, 512))
    assert [one.blurred for one in face_quality(image, faces)] == [False, True]
    assert face_quality(image, Faces.none((1024, 512))) == ()


def test_an_empty_box_and_a_plain_surface_are_values_and_not_errors():
    assert quality(astronaut(), np.array([600.0, 600, 700, 700])).too_small
    assert quality(np.full((200, 200, 3), 90, np.uint8), np.array([10.0, 10, 90, 90])).sharpness == 0


def test_another_image_is_an_input_error():
    with pytest.raises(InputError, match="RGB"):
        face_quality(np.zeros((9, 9)), make_faces(1))
