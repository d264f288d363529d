"""The two engines find the same faces; the package alone does not, from a smallest face of about 28 pixels on.

The rule: two detections are the same face if their boxes overlap with IoU >= 0.9 and no landmark is off by more than 3 % of the
face's width. Every face of one engine is one of the other's, except that a score within ROUNDING of the threshold may fall on
either side of it: sums in another order round otherwise, and a score is a sum of thousands of products.
"""

import numpy as np
import pytest
from skimage.data import astronaut

from fer_core.boxes import iou_matrix
from fer_core.detect import MtcnnDetector
from fer_core.errors import InputError
from fer_core.media import read_image
from fer_core.options import Options
from fer_core.pyramid import pyramid_scales

pytestmark = [pytest.mark.model, pytest.mark.reference, pytest.mark.filterwarnings("default")]
SIZES_PX = (20, 40, 60, 80)
ROUNDING = 0.001


@pytest.fixture(scope="module")
def engines():
    """A pair of detectors for each smallest face."""
    from fer_core.reference import ReferenceDetector

    knobs = [Options(min_face_px=size) for size in SIZES_PX]
    return {o.min_face_px: (MtcnnDetector(o), ReferenceDetector(o)) for o in knobs}


def assert_same_faces(fast, reference, threshold=None):
    """Hold two results against the rule above."""
    threshold = Options().face_threshold if threshold is None else threshold
    overlap = iou_matrix(fast.boxes, reference.boxes)
    for faces, others in ((fast, overlap.max(axis=1, initial=0)), (reference, overlap.max(axis=0, initial=0))):
        lost = faces[(others < 0.9) & (faces.scores > threshold + ROUNDING)]
        assert len(lost) == 0, f"only one engine finds {lost.boxes.tolist()} with {lost.scores.tolist()}"
    pairs = np.argwhere(overlap >= 0.9)
    assert len(np.unique(pairs[:, 0])) == len(np.unique(pairs[:, 1])) == len(pairs)
    one, other = fast[pairs[:, 0]], reference[pairs[:, 1]]
    widths = (other.boxes[:, 2] - other.boxes[:, 0])[:, None, None]
    assert (np.abs(one.landmarks - other.landmarks) <= 0.03 * widths).all()
    assert np.abs(one.scores - other.scores).max(initial=0) < 0.01


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
    from mtcnn import MTCNN

    assert MTCNN().detect_faces(astronaut(), min_face_size=40) == []
    assert len(engines[40][1].detect(astronaut())) == 1


@pytest.mark.parametrize(
    "image", [np.zeros((200, 300, 3), np.uint8), np.zeros((11, 11, 3), np.uint8), np.zeros((1, 1, 3), np.uint8)]
)
def test_the_reference_answers_no_face_with_none(engines, image):
    assert len(engines[20][1].detect(image)) == 0


def test_the_reference_refuses_what_is_no_rgb_picture(engines):
    with pytest.raises(InputError, match="read_image"):
        engines[20][1].detect(np.zeros((20, 20), np.uint8))
