"""Following: the whole picture is searched as often as needed, and no more often."""

import time
from dataclasses import replace

import numpy as np
import pytest
from skimage.data import astronaut

from fer_core.analyze import Analyzer, load_analyzer
from fer_core.boxes import iou_matrix
from fer_core.detect import FaceRefiner, MtcnnDetector
from fer_core.errors import InputError
from fer_core.options import Options
from fer_core.reference import ReferenceDetector
from fer_core.stream import Stream
from fer_core.types import Frame
from fer_core.video import read_video
from tests.core.test_stream import IMAGE, Changing, Refining, Still, analyzer
from tests.factories import make_faces


def looks(stream, shared, times_s, image=IMAGE):
    """Return where the stream looks at these times: "everywhere", "near", or one after the other."""
    seen = []
    for time_s in times_s:
        before = len(shared.detector.looks)
        stream.step(Frame(image, time_s))
        seen.append(" ".join(kind for kind, _ in shared.detector.looks[before:]))
    return seen


@pytest.mark.parametrize("rate_hz", [5, 30])
def test_the_whole_picture_is_searched_by_time_and_not_by_count(rate_hz):
    shared = analyzer()
    seen = looks(Stream(shared, Options(full_pass_s=0.5)), shared, np.arange(0, 3, 1 / rate_hz).tolist())
    assert 5 <= seen.count("everywhere") <= 6
    assert seen.count("near") == len(seen) - seen.count("everywhere")


def test_at_no_seconds_every_picture_is_searched_whole():
    shared = analyzer()
    assert set(looks(Stream(shared, Options(full_pass_s=0)), shared, [0, 0.1, 0.2])) == {"everywhere"}


def test_slow_searches_are_spread_out_where_the_options_say_so(monkeypatch):
    shared = analyzer()
    search = Still.detect
    monkeypatch.setattr(Still, "detect", lambda self, image: (time.sleep(0.02), search(self, image))[1])
    options = Options(full_pass_s=0.05, full_pass_share=0.1)
    assert looks(Stream(shared, options), shared, [0, 0.1, 0.19]) == ["everywhere", "near", "near"]
    assert looks(Stream(shared, replace(options, full_pass_share=1)), shared, [0, 0.1, 0.19]) == ["everywhere"] * 3
    rare = Stream(shared, replace(options, full_pass_share=0.001))
    assert looks(rare, shared, [0, 1.9, 2.1]) == ["everywhere", "near", "everywhere"]


def test_a_lost_face_is_searched_for_at_once_and_then_no_more_than_usual():
    shared = analyzer()
    stream = Stream(shared, Options(full_pass_s=10))
    looks(stream, shared, [0.0, 1.1])
    shared.detector.view[0] = make_faces(1)
    assert looks(stream, shared, [2.2, 2.3, 2.4]) == ["near everywhere", "near", "near"]


def test_a_picture_of_another_size_or_scene_is_searched_whole_at_once():
    shared = analyzer()
    stream = Stream(shared, Options(full_pass_s=10))
    bright = np.full_like(IMAGE, 200)
    assert looks(stream, shared, [0.0, 0.1]) == ["everywhere", "near"]
    assert looks(stream, shared, [0.2, 0.3], bright) == ["everywhere", "near"]
    assert looks(stream, shared, [0.4, 0.5], bright[:240, :320]) == ["everywhere", "near"]


def test_after_a_cut_a_face_elsewhere_is_someone_else_and_in_the_same_place_the_same():
    for shift, number in ((0, 0), (30, 2)):
        shared = analyzer()
        stream = Stream(shared)
        stream.step(Frame(IMAGE, 0.0))
        faces = shared.detector.view[0]
        shared.detector.view[0] = replace(faces, boxes=faces.boxes + shift)
        assert stream.step(Frame(np.full_like(IMAGE, 200), 0.04)).faces.track_ids[0] == number


def test_a_little_more_light_is_no_other_scene():
    shared, photo = analyzer(), astronaut()
    stream = Stream(shared, Options(full_pass_s=10))
    looks(stream, shared, [0.0], photo)
    brighter = np.clip(photo.astype(int) + 6, 0, 255).astype(np.uint8)
    assert looks(stream, shared, [0.1], brighter) == ["near"]


def test_a_detector_that_only_searches_everywhere_does():
    assert isinstance(load_analyzer(Options(close_ups=False), engine="fast").detector, FaceRefiner)
    assert not issubclass(ReferenceDetector, FaceRefiner)
    shared = Analyzer(Still(), Changing())
    assert set(looks(Stream(shared), shared, [0, 0.1, 0.2])) == {"everywhere"}


@pytest.fixture(scope="module")
def detector():
    return MtcnnDetector(Options(close_ups=False))


@pytest.mark.model
@pytest.mark.parametrize("shift", [(0, 0), (25, 0), (-20, 20), (0, -25)])
def test_a_face_is_found_near_its_place_just_as_in_the_whole_picture(detector, shift):
    photo = astronaut()
    whole = detector.detect(photo)
    near = detector.refine(photo, whole.boxes + np.tile(shift, 2))
    assert len(near) == len(whole) == 1
    assert iou_matrix(near.boxes, whole.boxes)[0, 0] > 0.85
    assert np.abs(near.landmarks - whole.landmarks).max() < 0.06 * np.ptp(whole.boxes[0, [0, 2]])


@pytest.mark.model
def test_near_a_wrong_place_nothing_is_found_nor_near_none(detector):
    photo = astronaut()
    assert len(detector.refine(photo, np.array([[300, 350, 400, 450]]))) == 0
    assert len(detector.refine(photo, np.array([[-90, -90, 10, 10], [500, 500, 700, 700]]))) == 0
    assert len(detector.refine(photo, np.zeros((0, 4)))) == 0
    with pytest.raises(InputError, match="boxes"):
        detector.refine(photo, np.zeros((2, 3)))
    with pytest.raises(InputError, match="RGB"):
        detector.refine(photo[..., 0], np.zeros((1, 4)))


@pytest.mark.model
def test_knobs_change_without_loading_and_without_touching_the_other(detector):
    other = detector.with_options(Options(min_face_px=400, threads=2))
    found = detector.detect(astronaut())
    assert (len(other.detect(astronaut())), len(found)) == (0, 1)
    assert len(other.refine(astronaut(), found.boxes)) == 0
    assert other._pnet is detector._pnet


@pytest.mark.data
@pytest.mark.model
@pytest.mark.parametrize("name", ["fer_woman2.mp4", "pyfeat_face_noface.mov"])
def test_on_video_the_last_boxes_lead_to_the_faces_of_a_whole_search(detector, media_folder, name):
    before, overlaps, wanted = np.zeros((0, 4)), [], 0
    for frame in read_video(media_folder / "videos" / name, rate_hz=10):
        whole, near = detector.detect(frame.image), detector.refine(frame.image, before)
        known = whole[iou_matrix(whole.boxes, before).max(axis=1, initial=0) > 0.2]
        overlaps += iou_matrix(known.boxes, near.boxes).max(axis=1, initial=0).tolist()
        assert len(near) <= len(before)
        before, wanted = whole.boxes, wanted + len(known)
    assert wanted > 15
    assert min(overlaps) > 0.8
    assert np.median(overlaps) > 0.9


def test_a_search_after_a_vain_look_costs_both(monkeypatch):
    shared = analyzer()
    stream = Stream(shared, Options(full_pass_s=10))
    looks(stream, shared, [0.0, 1.1])
    shared.detector.view[0] = make_faces(1)
    search, refine = Still.detect, Refining.refine
    monkeypatch.setattr(Refining, "refine", lambda self, image, boxes: (time.sleep(0.05), refine(self, image, boxes))[1])
    monkeypatch.setattr(Still, "detect", lambda self, image: (time.sleep(0.02), search(self, image))[1])
    assert stream.step(Frame(IMAGE, 2.2)).cost_ms >= 70


def test_other_knobs_during_a_search_hold_from_the_next_picture_on(monkeypatch):
    shared = analyzer()
    stream, search = Stream(shared, Options(full_pass_s=10)), Still.detect
    assert looks(stream, shared, [0.0, 0.1]) == ["everywhere", "near"]
    monkeypatch.setattr(Still, "detect", lambda self, image: (setattr(stream, "min_face_px", 50), search(self, image))[1])
    bright = np.full_like(IMAGE, 200)
    assert looks(stream, shared, [0.2], bright) == ["everywhere"]
    monkeypatch.setattr(Still, "detect", search)
    assert looks(stream, shared, [0.3, 0.4], bright) == ["everywhere", "near"]
