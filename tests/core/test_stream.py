"""Streams: frames in their order, steady people, nothing kept of the pictures."""

import gc
import weakref

import numpy as np
import pytest

from fer_core.analyze import Analyzer
from fer_core.cards import ModelCard
from fer_core.errors import InputError, StreamError
from fer_core.labels import FER2013
from fer_core.options import Options
from fer_core.stream import Stream
from fer_core.types import Faces, Frame
from tests.factories import make_emotions, make_faces

IMAGE = np.zeros((480, 640, 3), np.uint8)


class Still:
    """A detector that sees the faces in its view each time, and counts its looks; both are shared with its copies."""

    def __init__(self, faces=None, options=None, shared=None):
        self.options = options or Options()
        self.view, self.looks = shared or ([make_faces(2) if faces is None else faces], [])

    def with_options(self, options):
        return type(self)(options=options, shared=(self.view, self.looks))

    def detect(self, image):
        self.looks.append(("everywhere", self.options.min_face_px))
        return self.view[0]


class Refining(Still):
    """One that can also look near boxes."""

    def refine(self, image, boxes):
        self.looks.append(("near", self.options.min_face_px))
        return self.view[0]


class Changing:
    """A classifier with other answers each time."""

    card, calls = ModelCard(name="test", labels=FER2013, sha256={}), 0

    def predict(self, chips):
        self.calls += 1
        return make_emotions(len(chips), number=self.calls)

    predict_ferplus = predict


def analyzer(faces=None):
    return Analyzer(Refining(faces), Changing())


def test_a_step_gives_the_frames_time_and_index_and_steady_numbers():
    stream = Stream(analyzer())
    results = [stream.step(Frame(IMAGE, i / 25, i)) for i in range(5)]
    assert [(r.time_s, r.index) for r in results] == [(i / 25, i) for i in range(5)]
    assert all(r.faces.track_ids.tolist() == [0, 1] for r in results)
    assert all(r.cost_ms > 0 for r in results)


def test_answers_are_smoothed_and_can_be_left_alone():
    def jump(smooth_s):
        stream = Stream(analyzer(), Options(smooth_s=smooth_s))
        probs = [stream.step(Frame(IMAGE, i / 25, i)).emotions.probs for i in range(10)]
        return np.abs(np.diff(probs, axis=0)).sum()

    assert jump(1.0) < 0.2 * jump(0)
    raw = Stream(analyzer(), Options(smooth_s=0)).step(Frame(IMAGE))
    assert np.array_equal(raw.emotions.probs, make_emotions(2, number=1).probs)


def test_smoothing_can_be_set_while_it_runs():
    stream = Stream(analyzer(), Options(smooth_s=100.0))
    stream.step(Frame(IMAGE, 0.0))
    stream.smooth_s = 0
    assert np.array_equal(stream.step(Frame(IMAGE, 0.1)).emotions.probs, make_emotions(2, number=2).probs)
    with pytest.raises(InputError, match="got -1"):
        stream.smooth_s = -1
    assert stream.smooth_s == 0


def test_the_smallest_face_can_be_set_while_it_runs_and_is_looked_for_at_once():
    shared = analyzer()
    stream = Stream(shared, Options(full_pass_s=10))
    for i in range(2):
        stream.step(Frame(IMAGE, i / 25))
    stream.min_face_px = 80
    for i in range(2, 4):
        stream.step(Frame(IMAGE, i / 25))
    assert shared.detector.looks == [("everywhere", 40), ("near", 40), ("everywhere", 80), ("near", 80)]
    assert stream.min_face_px == 80
    assert shared.options.min_face_px == 40
    with pytest.raises(InputError, match="got 3"):
        stream.min_face_px = 3


@pytest.mark.parametrize("time_s", [1.0, 0.2, float("nan")])
def test_a_frame_that_is_not_later_is_refused_before_it_is_analysed(time_s):
    shared = analyzer()
    stream = Stream(shared)
    stream.step(Frame(IMAGE, 1.0))
    with pytest.raises(StreamError, match="reset"):
        stream.step(Frame(IMAGE, time_s))
    assert len(shared.detector.looks) == 1
    assert stream.step(Frame(IMAGE, 1.1)).faces.track_ids.tolist() == [0, 1]


def test_after_a_reset_another_source_may_begin():
    shared = analyzer()
    stream = Stream(shared, Options(smooth_s=100.0))
    stream.step(Frame(IMAGE, 9.0))
    stream.reset()
    result = stream.step(Frame(IMAGE, 0.0))
    assert result.faces.track_ids.tolist() == [0, 1]
    assert np.array_equal(result.emotions.probs, make_emotions(2, number=2).probs)
    assert shared.detector.looks == [("everywhere", 40)] * 2
    assert stream.smooth_s == 100.0


def test_a_stream_does_not_keep_the_picture():
    stream, image = Stream(analyzer()), IMAGE.copy()
    result = stream.step(Frame(image, 0.0))
    gone = weakref.ref(image)
    del image
    gc.collect()
    assert gone() is None
    assert len(result) == 2


def test_a_picture_without_faces_is_an_ordinary_step():
    stream = Stream(analyzer(Faces.none((640, 480))))
    assert [len(stream.step(Frame(IMAGE, i / 25))) for i in range(3)] == [0, 0, 0]


def test_two_streams_share_an_analyzer_and_nothing_else():
    shared = analyzer()
    one, other = Stream(shared), Stream(shared, Options(min_face_px=60))
    one.step(Frame(IMAGE, 5.0))
    assert other.step(Frame(IMAGE, 0.0)).faces.track_ids.tolist() == [0, 1]
    assert (one.min_face_px, other.min_face_px) == (40, 60)


def test_a_stream_never_looks_twice_for_close_ups():
    shared = analyzer(Faces.none((640, 480))).with_options(Options(close_ups=True))
    Stream(shared).step(Frame(IMAGE))
    assert shared.with_options(Options(close_ups=False)).detector.looks == [("everywhere", 40)]
