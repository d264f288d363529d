"""The two engines find the same faces; the package alone does not, from a smallest face of about 28 pixels on.

The rule is that of fer_train/bench/agreement.py.
"""

import numpy as np
import pytest
from skimage.data import astronaut

from fer_core import Faces
from fer_core.detect import MtcnnDetector
from fer_core.errors import InputError
from fer_core.media import read_image
from fer_core.options import Options
from fer_core.pyramid import pyramid_scales
from fer_train.bench.agreement import ROUNDING, agreement

pytestmark = [pytest.mark.model, pytest.mark.reference, pytest.mark.filterwarnings("default")]
SIZES_PX = (20, 40, 60, 80)


@pytest.fixture(scope="module")
def engines():
    """A pair of detectors for each smallest face."""
    from fer_core.reference import ReferenceDetector

    knobs = [Options(min_face_px=size) for size in SIZES_PX]
    return {o.min_face_px: (MtcnnDetector(o), ReferenceDetector(o)) for o in knobs}


def assert_same_faces(fast, reference):
    found = agreement(fast, reference, threshold=Options().face_threshold)
    assert found.holds, found


def test_the_rule_sees_lost_added_and_moved_faces(engines):
    face = engines[20][0].detect(astronaut())
    none = face[:0]
    far = Faces(face.boxes, face.scores, face.landmarks + 5, face.size_wh)
    moved = Faces(face.boxes + 20, face.scores, face.landmarks, face.size_wh)
    at_threshold = Faces(face.boxes, face.scores * 0 + 0.5 + ROUNDING / 2, face.landmarks, face.size_wh)
    assert agreement(face, face, threshold=0.5).holds
    assert agreement(none, face, threshold=0.5).lost == 1
    assert agreement(face, none, threshold=0.5).added == 1
    assert agreement(none, at_threshold, threshold=0.5).holds
    assert not agreement(far, face, threshold=0.5).holds
    assert not agreement(moved, face, threshold=0.5).holds


@pytest.mark.parametrize("size", SIZES_PX)
def test_both_engines_find_the_same_face_of_a_portrait(engines, size):
    fast, reference = (engine.detect(astronaut()) for engine in engines[size])
    assert len(reference) == 1
    assert_same_faces(fast, reference)


@pytest.mark.parametrize("size", SIZES_PX)
def test_both_engines_find_the_same_faces_of_several_sizes(engines, size):
    photo = astronaut()
    group = np.full((600, 1000, 3), 90, np.uint8)
    group[:512, :512], group[40:296, 520:776], group[300:471, 600:771] = photo, photo[::2, ::2], photo[::3, ::3]
    fast, reference = (engine.detect(group) for engine in engines[size])
    assert len(reference) >= 2
    assert_same_faces(fast, reference)


@pytest.mark.data
@pytest.mark.parametrize("size", SIZES_PX)
def test_both_engines_find_the_same_faces_of_real_photos(engines, media_folder, size):
    for path in sorted((media_folder / "photos").iterdir()):
        image = read_image(path)
        assert_same_faces(*(engine.detect(image) for engine in engines[size]))


@pytest.mark.data
def test_both_engines_find_the_same_faces_of_crowds(engines, media_folder):
    for i, path in enumerate(sorted((media_folder / "wider").glob("*.jpg"))[::2]):  # all at all sizes: in the benchmark
        image = read_image(path)
        assert_same_faces(*(engine.detect(image) for engine in engines[SIZES_PX[i % 4]]))


@pytest.mark.parametrize("size", SIZES_PX)
@pytest.mark.parametrize("shape", [(480, 640), (720, 1280), (60, 300), (1500, 400), (93, 97)])
def test_the_package_is_made_to_count_the_right_levels(size, shape):
    from mtcnn.utils.images import build_scale_pyramid

    from fer_core.reference import _shape_of_levels

    wanted = pyramid_scales((shape[1], shape[0]), size)
    if len(wanted):
        [[height, width, _]] = _shape_of_levels(len(wanted))
        assert np.array_equal(build_scale_pyramid(width, height, size, 0.709), wanted)


def test_the_package_itself_loses_the_face_that_the_reference_finds(engines):
    assert not found_by_the_package(astronaut(), min_face_size=40)
    assert len(found_by_the_package(astronaut(), min_face_size=20)) == 1
    assert len(engines[40][1].detect(astronaut())) == 1


def found_by_the_package(image, *, min_face_size):
    """What the package finds: on some processors Keras stops it with an error, where on others it answers with none."""
    from mtcnn import MTCNN

    try:
        return MTCNN().detect_faces(image, min_face_size=min_face_size)
    except ValueError:
        return []


@pytest.mark.parametrize(
    "image", [np.zeros((200, 300, 3), np.uint8), np.zeros((11, 11, 3), np.uint8), np.zeros((1, 1, 3), np.uint8)]
)
def test_the_reference_answers_no_face_with_none(engines, image):
    assert len(engines[20][1].detect(image)) == 0


def test_the_reference_refuses_what_is_no_rgb_picture(engines):
    with pytest.raises(InputError, match="read_image"):
        engines[20][1].detect(np.zeros((20, 20), np.uint8))
