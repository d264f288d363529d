"""Faces on LiteRT, on a real photo."""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.data import astronaut

from fer_core.boxes import iou_matrix
from fer_core.cards import MODELS_FOLDER
from fer_core.detect import MtcnnDetector
from fer_core.errors import InputError, ModelError
from fer_core.options import Options

pytestmark = pytest.mark.model
FACE_XYXY = np.array([[175, 65, 265, 175]])  # the astronaut's, by eye


@pytest.fixture(scope="module")
def photo():
    return astronaut()


@pytest.fixture(scope="module")
def detector():
    return MtcnnDetector()


def same(a, b):
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in ("boxes", "scores", "landmarks"))


def test_finds_the_one_face_of_a_portrait(detector, photo):
    faces = detector.detect(photo)
    assert len(faces) == 1
    assert faces.size_wh == (512, 512)
    assert faces.scores[0] > 0.99
    assert iou_matrix(faces.boxes, FACE_XYXY)[0, 0] > 0.6


def test_left_and_right_are_the_viewers(detector, photo):
    left_eye, right_eye, nose, left_mouth, right_mouth = detector.detect(photo).landmarks[0]
    assert left_eye[0] < nose[0] < right_eye[0]
    assert left_mouth[0] < right_mouth[0]
    assert left_eye[1] < nose[1] < left_mouth[1]


@pytest.mark.parametrize("image", [np.zeros((480, 640, 3), np.uint8), np.full((300, 200, 3), 255, np.uint8)])
def test_finds_no_face_where_there_is_none(detector, image):
    assert len(detector.detect(image)) == 0


def test_finds_no_face_in_noise(detector):
    assert len(detector.detect(np.random.default_rng(0).integers(0, 256, (480, 640, 3), np.uint8))) == 0


@pytest.mark.parametrize("size", [(1, 1), (11, 11), (5, 900), (900, 5), (39, 39)])
def test_a_picture_smaller_than_a_face_has_none(detector, size):
    assert len(detector.detect(np.full((*size, 3), 128, np.uint8))) == 0


@pytest.mark.parametrize("image", [np.zeros((9, 9), np.uint8), np.zeros((9, 9, 4), np.uint8), np.zeros((9, 9, 3)), b"jpeg", None])
def test_refuses_what_is_no_rgb_picture(detector, image):
    with pytest.raises(InputError, match="read_image"):
        detector.detect(image)


def test_many_faces_come_largest_first_and_at_most_as_many_as_asked(photo):
    group = np.zeros((512, 1100, 3), np.uint8)
    group[:256, :256], group[:, 300:812], group[100:440, 820:1100] = photo[::2, ::2], photo, photo[60:400, 100:380]
    faces = MtcnnDetector(Options(min_face_px=20)).detect(group)
    sides = faces.boxes[:, 2:] - faces.boxes[:, :2]
    assert len(faces) == 3
    assert (np.diff(sides.prod(axis=1)) <= 0).all()
    assert same(MtcnnDetector(Options(min_face_px=20, max_faces=2)).detect(group), faces[:2])


def test_faces_below_the_smallest_size_are_not_looked_for(photo):
    small = photo[::4, ::4]  # a face of about 20 by 27 pixels
    assert len(MtcnnDetector(Options(min_face_px=20)).detect(small)) == 1
    assert len(MtcnnDetector(Options(min_face_px=60)).detect(small)) == 0


def test_a_face_cut_by_the_border_is_cut_to_the_picture(photo):
    faces = MtcnnDetector(Options(min_face_px=20, face_threshold=0.5)).detect(photo[80:300, 190:400])
    assert len(faces) == 1
    assert faces.boxes.min() >= 0
    assert faces.boxes[0, 0] == 0


def test_the_mirrored_picture_gives_the_mirrored_face(detector, photo):
    face, mirrored = detector.detect(photo), detector.detect(photo[:, ::-1])
    back = mirrored.boxes[:, [2, 1, 0, 3]] * [-1, 1, -1, 1] + [512, 0, 512, 0]
    assert iou_matrix(face.boxes, back)[0, 0] > 0.8
    assert np.abs(512 - mirrored.landmarks[0, 0, 0] - face.landmarks[0, 1, 0]) < 8


def test_colours_are_read_as_rgb(photo):
    detector = MtcnnDetector(Options(face_threshold=0.0))
    assert not same(detector.detect(photo), detector.detect(photo[..., ::-1]))


def test_the_same_picture_gives_the_same_faces_in_any_memory_layout(detector, photo):
    before = photo.copy()
    first = detector.detect(photo)
    read_only = photo.copy()
    read_only.flags.writeable = False
    for image in (photo, read_only, np.asfortranarray(photo), np.pad(photo, ((0, 0), (0, 9), (0, 0)))[:, :512]):
        assert same(detector.detect(image), first)
    assert np.array_equal(photo, before)


def test_threads_share_a_detector_and_workers_share_a_picture(photo):
    pictures = [photo[: 300 + 10 * i] for i in range(12)]
    alone, sharing = MtcnnDetector(), MtcnnDetector(Options(threads=2))
    faces = [alone.detect(picture) for picture in pictures]
    with ThreadPoolExecutor(4) as pool:
        assert all(same(a, b) for a, b in zip(faces, pool.map(alone.detect, pictures), strict=True))
        assert all(same(a, b) for a, b in zip(faces, pool.map(sharing.detect, pictures), strict=True))


@settings(max_examples=15, deadline=None)
@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 120), st.integers(1, 120), st.just(3))))
def test_any_picture_gives_faces_inside_it(image):
    faces = MtcnnDetector(Options(min_face_px=12, face_threshold=0.1)).detect(image)
    height, width = image.shape[:2]
    assert ((faces.boxes >= 0) & (faces.boxes <= [width, height, width, height])).all()
    assert (faces.scores > 0.1).all()


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(MODELS_FOLDER / "mtcnn", tmp_path / "mtcnn")


@pytest.mark.parametrize("name", ["pnet.tflite", "rnet.tflite", "onet.tflite"])
def test_an_altered_or_missing_network_is_refused_by_name(folder, name):
    content = bytearray((folder / name).read_bytes())
    content[-1] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match=name):
        MtcnnDetector(folder=folder)
    (folder / name).unlink()
    with pytest.raises(ModelError, match=name):
        MtcnnDetector(folder=folder)


def test_a_folder_without_its_card_is_refused_and_a_whole_one_is_not(folder):
    MtcnnDetector(folder=folder)
    (folder / "card.json").unlink()
    with pytest.raises(ModelError, match=r"card\.json"):
        MtcnnDetector(folder=folder)


def test_the_card_names_just_the_three_files():
    card = json.loads((MODELS_FOLDER / "mtcnn" / "card.json").read_text())
    assert sorted(card["sha256"]) == sorted(path.name for path in (MODELS_FOLDER / "mtcnn").glob("*.tflite"))


def test_a_first_face_needs_neither_tensorflow_nor_mtcnn():
    code = """
import sys
sys.modules.update(dict.fromkeys(("tensorflow", "keras", "mtcnn", "streamlit")))
import numpy as np
from fer_core.detect import MtcnnDetector
print(len(MtcnnDetector().detect(np.zeros((64, 64, 3), np.uint8))))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=MODELS_FOLDER.parent, check=True)
    assert done.stdout.strip() == "0"
