"""Detectors side by side: the same photos, what is missing said, and time as a share of the first's."""

import csv

import numpy as np
import pytest
from skimage.data import astronaut

from fer_core import InputError, Options
from fer_core.detect import MtcnnDetector
from fer_core.encode import encode_image
from fer_core.haar import HaarDetector
from fer_train.bench import detectors
from fer_train.bench.rivals import Rival, faces_of_rows, rivals

BOXES = {"a.jpg": np.array([[175, 65, 265, 175, 0]], float), "b.jpg": np.zeros((0, 5))}
IMAGES = {"a.jpg": astronaut(), "b.jpg": np.full((100, 100, 3), 90, np.uint8)}


@pytest.fixture(scope="module")
def rows():
    options = Options(min_face_px=30)
    every = [
        Rival("fast", "as is", MtcnnDetector(options)),
        Rival("haar", "as is", HaarDetector(options)),
        Rival("absent", "as is", None, "bring it"),
    ]
    return detectors.compare(every, IMAGES, BOXES)


def test_each_detector_sees_the_same_faces_and_the_first_sets_the_measure_of_time(rows):
    fast, haar, _ = rows
    assert (fast["photos"], fast["faces"], fast["recall"], fast["false_positives"]) == (2, 1, 1.0, 0)
    assert (haar["photos"], haar["faces"], haar["recall"]) == (2, 1, 1.0)
    assert fast["time_ratio"] == 1
    assert haar["time_ratio"] > 0


def test_landmarks_are_counted_where_they_are_and_not_where_they_are_not(rows):
    assert [row["landmarks"] for row in rows[:2]] == [1.0, 0.0]


def test_what_is_not_available_has_a_reason_and_no_figure(rows):
    absent = rows[2]
    assert absent["missing"] == "bring it"
    assert {absent[name] for name in detectors.MEASURED} == {""}
    assert "not available: bring it" in detectors.page(rows)


def test_rows_of_an_ssd_become_the_sure_faces_in_pixels():
    rows = np.array([[0, 1, 0.9, 0.1, 0.2, 0.5, 0.6], [0, 1, 0.3, 0, 0, 1, 1]], np.float32)
    faces = faces_of_rows(rows, (100, 200, 3), Options())
    np.testing.assert_allclose(faces.boxes, [[20, 20, 100, 60]], rtol=1e-5)
    assert len(faces_of_rows(rows[1:], (100, 200, 3), Options())) == 0


def test_a_folder_without_opencvs_two_files_is_refused_and_no_folder_is_not(tmp_path):
    with pytest.raises(InputError, match="caffemodel"):
        rivals(tmp_path)
    for name in ("deploy.prototxt", "res10_300x300_ssd_iter_140000.caffemodel"):
        (tmp_path / name).write_text("my diary")
    with pytest.raises(InputError, match="Caffe"):
        rivals(tmp_path)


def test_the_command_writes_the_table_that_it_prints(tmp_path, capsys, monkeypatch):
    (tmp_path / "a.jpg").write_bytes(encode_image(astronaut()))
    (tmp_path / "boxes.csv").write_text("file,x,y,w,h,invalid\na.jpg,175,65,90,110,0\n")
    only = [Rival("fast", "as is", MtcnnDetector(Options(min_face_px=30)))]
    monkeypatch.setattr(detectors, "rivals", lambda dnn: only)
    assert detectors.main(["--wider", str(tmp_path), "--out", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "detectors.md").read_text() == capsys.readouterr().out
    with (tmp_path / "out" / "detectors.csv").open(newline="") as file:
        assert next(csv.DictReader(file))["recall"] == "1.0"


def test_a_folder_without_boxes_is_one_sentence(tmp_path, capsys):
    assert detectors.main(["--wider", str(tmp_path)]) == 2
    assert "boxes.csv" in capsys.readouterr().err
