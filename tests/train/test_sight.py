"""What a network sees of a face: found or not found, kept once found, and refused in one sentence where a package is missing."""

import importlib.util

import cv2
import numpy as np
import pytest
from skimage.data import astronaut

from fer_core import InputError
from fer_core.detect import MtcnnDetector
from fer_core.preprocess import face_chips
from fer_train.sight import Sight, kept_sight, see

HAS_DLIB = importlib.util.find_spec("dlib") is not None
needs_dlib = pytest.mark.skipif(not HAS_DLIB, reason="dlib is optional: requirements-dlib.txt")


@pytest.fixture(scope="module")
def chips():
    """A real face, and a gray nothing."""
    image = astronaut()
    return np.concatenate([face_chips(image, MtcnnDetector().detect(image)), np.full((1, 48, 48), 90, np.uint8)])


def test_plain_chips_are_seen_as_they_are(chips):
    seen = see(chips, "chip")
    np.testing.assert_array_equal(seen.images, chips)
    assert seen.found.all()
    assert seen.shown().shape == (2, 48, 48, 1)


def test_a_face_is_cut_closer_and_a_gray_nothing_is_not_found(chips):
    seen = see(chips, "cropped")
    assert seen.found.tolist() == [True, False]
    assert not np.array_equal(seen.images[0], chips[0])
    assert seen.images.shape == (2, 48, 48)
    assert not seen.images[1].any()


@needs_dlib
def test_landmarks_lie_where_eyes_and_mouth_are(chips):
    seen = see(chips, "landmarks")
    assert seen.found.tolist() == [True, False]
    points = seen.points.reshape(2, 68, 2)
    left_eye, right_eye, mouth = (points[0, rows].mean(axis=0) for rows in (slice(36, 42), slice(42, 48), slice(48, 68)))
    assert left_eye[0] < mouth[0] < right_eye[0]
    assert max(left_eye[1], right_eye[1]) < mouth[1] < 1
    assert set(seen.shown()) == {"chips", "landmarks"}


@needs_dlib
def test_drawings_are_white_lines_on_black_and_of_the_inner_face_alone(chips):
    seen = see(chips, "drawing")
    assert seen.found.tolist() == [True, False]
    assert set(np.unique(seen.images[0])) == {0, 255}
    assert 0.03 < (seen.images[0] > 0).mean() < 0.4
    points = see(chips, "landmarks").points.reshape(2, 68, 2)[0] * 48
    assert np.flatnonzero(seen.images[0].any(axis=1)).max() < points[8, 1]  # the chin is not drawn


def test_what_was_searched_is_searched_once_and_read_back(chips, tmp_path, monkeypatch):
    first = kept_sight(tmp_path / "seen.npz", chips, "cropped")
    monkeypatch.setattr(cv2, "CascadeClassifier", None)
    again = kept_sight(tmp_path / "seen.npz", chips, "cropped")
    np.testing.assert_array_equal(first.images, again.images)
    np.testing.assert_array_equal(first.found, again.found)


def test_without_dlib_one_sentence_says_what_to_install(chips, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "dlib" else find(name))
    for sight in ("landmarks", "drawing"):
        with pytest.raises(InputError, match=r"dlib-bin .*requirements-dlib\.txt"):
            see(chips, sight)


def test_no_faces_are_an_ordinary_sight():
    none = np.zeros((0, 48, 48), np.uint8)
    assert see(none, "cropped").images.shape == (0, 48, 48)
    assert len(Sight.plain(none)) == 0
