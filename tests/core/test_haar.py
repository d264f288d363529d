"""The Haar cascade behind the detector's protocol: boxes and nothing that it does not know."""

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from skimage.data import astronaut

from fer_core import Analyzer, InputError, ModelError, Options, draw, load_analyzer
from fer_core.align import Crop
from fer_core.boxes import iou_matrix
from fer_core.haar import HaarDetector, has_haar
from fer_core.preprocess import face_chips

FACE_XYXY = np.array([[175, 65, 265, 175]])  # the astronaut's, by eye


@pytest.fixture(scope="module")
def found():
    return HaarDetector(Options(min_face_px=60)).detect(astronaut())


def test_finds_the_face_and_claims_neither_landmarks_nor_a_score(found):
    assert iou_matrix(found.boxes, FACE_XYXY).max() > 0.5
    assert np.isnan(found.landmarks).all()
    assert (found.scores == 1).all()
    assert found.size_wh == (512, 512)


def test_finds_nothing_in_an_even_picture_and_nothing_smaller_than_asked():
    assert len(HaarDetector().detect(np.full((200, 200, 3), 80, np.uint8))) == 0
    assert len(HaarDetector(Options(min_face_px=300)).detect(astronaut())) == 0


def test_keeps_the_largest_faces():
    detector = HaarDetector(Options(min_face_px=20))
    all_faces = detector.detect(astronaut())
    areas = np.prod(all_faces.boxes[:, 2:] - all_faces.boxes[:, :2], axis=1)
    assert (np.diff(areas) <= 0).all()
    assert len(detector.with_options(Options(min_face_px=20, max_faces=1)).detect(astronaut())) == 1


def test_faces_without_landmarks_are_cut_read_and_drawn():
    analyzer = Analyzer(HaarDetector(Options(min_face_px=60)), load_analyzer().classifier)
    result = analyzer.analyze(astronaut())
    assert np.isfinite(result.emotions.probs).all()
    np.testing.assert_array_equal(draw(astronaut(), result, landmarks=True), draw(astronaut(), result))
    level = face_chips(astronaut(), result.faces, crop=Crop(margin=1.1, level_eyes=True))
    np.testing.assert_array_equal(level, face_chips(astronaut(), result.faces))


def test_threads_share_a_detector_without_sharing_answers(found):
    detector = HaarDetector(Options(min_face_px=60))
    with ThreadPoolExecutor(4) as pool:
        for faces in pool.map(lambda _: detector.detect(astronaut()), range(8)):
            np.testing.assert_array_equal(faces.boxes, found.boxes)


def test_an_opencv_without_cascades_and_a_gray_picture_are_refused(monkeypatch):
    with pytest.raises(InputError):
        HaarDetector().detect(np.zeros((50, 50), np.uint8))
    monkeypatch.delattr(cv2, "CascadeClassifier")
    assert not has_haar()
    with pytest.raises(ModelError, match="opencv-python-headless"):
        HaarDetector()
