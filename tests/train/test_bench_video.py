"""The bench of the video path: what its film shows, what it measures, and the page that is written."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from fer_core import probe_video, read_video
from fer_core.detect import MtcnnDetector
from fer_train.bench.video import measure_here, page
from fer_train.bench.video_clip import RATE_HZ, write_clip

ROW = {"seconds": 60, "rate_hz": 30, "analysis_s": 40.0, "analysis_cpu_s": 36.0, "start_mb": 100, "peak_mb": 300, "above_mb": 200}
SPARSE = ROW | {"rate_hz": 5.0, "analysis_s": 9.0}
FIGURES = {
    **{"cores": 2, "load": 1.9},
    "films": [
        ROW | {"size_wh": [1280, 720], "export_s": 50.0, "export_cpu_s": 70.0},
        SPARSE | {"size_wh": [1280, 720]},
        SPARSE | {"size_wh": [640, 360], "seconds": 600},
    ],
}


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return write_clip(tmp_path_factory.mktemp("bench") / "film.mp4", (640, 360), 2)


@pytest.mark.model
def test_the_film_shows_one_face_that_moves_and_has_sound(film):
    info, frames = probe_video(film), list(read_video(film, rate_hz=1))
    boxes = [MtcnnDetector().detect(frame.image).boxes for frame in frames]
    assert (info.codec, info.sound, info.size_wh) == ("h264", True, (640, 360))
    assert [len(found) for found in boxes] == [1, 1]
    assert np.abs(boxes[0] - boxes[1]).max() > 20


def test_the_film_is_as_long_as_asked_and_leaves_no_other_file(film):
    assert len(list(read_video(film))) == 2 * RATE_HZ
    assert list(film.parent.iterdir()) == [film]


@pytest.mark.model
def test_a_row_counts_every_picture_asked_for_and_exports_only_on_demand(film):
    every, some = measure_here(film, None, export=True), measure_here(film, 5.0, export=False)
    assert (every["pictures"], some["pictures"]) == (2 * RATE_HZ, 10)
    assert every["faces"] == every["pictures"]
    assert every["export_s"] > 0
    assert "export_s" not in some
    assert some["peak_mb"] >= some["start_mb"] > 0


def test_the_page_says_what_holds():
    lines = [line for line in page(FIGURES).splitlines() if line.startswith("| ") and line.endswith((" yes |", " no |"))]
    assert len(lines) == 6
    assert all(line.endswith("| yes |") for line in lines)
    assert "| every picture | 40.0 | 0.67 | 36.0 | ≤ 45 s | yes |" in lines


def test_the_page_does_not_pass_what_takes_too_long_or_too_much():
    slow = copy.deepcopy(FIGURES)
    slow["films"][1]["analysis_s"], slow["films"][2]["above_mb"] = 10.1, 401
    assert page(slow).count("| no |") == 2
