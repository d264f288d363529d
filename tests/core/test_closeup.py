"""The second look: it finds faces that fill the picture, and invents none."""

import numpy as np
import pytest
import skimage.data

from fer_core import Faces, InputError, Options, load_analyzer
from fer_core.closeup import CloseUpDetector
from fer_core.detect import FaceRefiner, MtcnnDetector

pytestmark = pytest.mark.model
ASTRONAUT = skimage.data.astronaut()
TIGHT = ASTRONAUT[64:170, 180:256]  # forehead to chin


@pytest.fixture(scope="module")
def detector():
    return MtcnnDetector()


class Counting:
    """A real detector that counts how often it is asked."""

    def __init__(self, detector):
        self.detector, self.calls = detector, 0

    def detect(self, image):
        self.calls += 1
        return self.detector.detect(image)


def test_a_face_that_fills_the_picture_is_found_at_the_second_look_only(detector):
    assert len(detector.detect(TIGHT)) == 0
    faces = CloseUpDetector(detector).detect(TIGHT)
    assert len(faces) == 1
    assert faces.size_wh == (76, 106)
    width, height = faces.boxes[0, 2:] - faces.boxes[0, :2]
    assert width > 50
    assert height > 90
    eyes = faces.landmarks[0, :2]
    assert eyes[0, 0] < 47 < eyes[1, 0]
    assert (eyes[:, 1] < 53).all()


def test_boxes_stay_inside_the_picture(detector):
    boxes = CloseUpDetector(detector).detect(TIGHT).boxes
    assert (boxes >= 0).all()
    assert (boxes <= [76, 106, 76, 106]).all()


def test_an_ordinary_picture_is_looked_at_once_and_unchanged(detector):
    counting = Counting(detector)
    faces = CloseUpDetector(counting).detect(ASTRONAUT)
    assert counting.calls == 1
    np.testing.assert_array_equal(faces.boxes, detector.detect(ASTRONAUT).boxes)


@pytest.mark.parametrize("size_hw", [(1, 1), (3, 500), (480, 640)])
def test_a_picture_without_a_face_has_none_at_the_second_look(detector, size_hw):
    noise = np.random.default_rng(0).integers(0, 256, (*size_hw, 3), dtype=np.uint8)
    faces = CloseUpDetector(detector).detect(noise)
    assert isinstance(faces, Faces)
    assert len(faces) == 0


def test_a_gray_picture_is_refused(detector):
    with pytest.raises(InputError, match="read_image"):
        CloseUpDetector(detector).detect(ASTRONAUT[..., 0])


def test_the_second_look_can_be_left_out():
    assert len(load_analyzer(Options(close_ups=False)).analyze(TIGHT)) == 0
    assert len(load_analyzer().analyze(TIGHT)) == 1


def test_near_a_place_it_looks_once_as_its_detector_does(detector):
    wrong, right = np.array([[300, 350, 400, 450]]), detector.detect(ASTRONAUT).boxes
    analyzer = load_analyzer()
    assert isinstance(analyzer.detector, CloseUpDetector)
    assert len(analyzer.analyze(ASTRONAUT)) == len(analyzer.analyze_near(ASTRONAUT, right)) == 1
    assert len(analyzer.analyze_near(ASTRONAUT, wrong)) == 0
    np.testing.assert_array_equal(
        CloseUpDetector(detector).refine(ASTRONAUT, right).boxes, detector.refine(ASTRONAUT, right).boxes
    )
    assert not isinstance(CloseUpDetector(Counting(detector)), FaceRefiner)


def test_the_second_look_finds_no_face_that_is_smaller_than_asked_for():
    small = np.ascontiguousarray(ASTRONAUT[::8, ::8])
    assert len(CloseUpDetector(MtcnnDetector(Options(min_face_px=12))).detect(small)) == 1
    assert len(CloseUpDetector(MtcnnDetector(Options(min_face_px=40))).detect(small)) == 0
