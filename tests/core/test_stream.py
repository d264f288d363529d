"""Streams: frames in their order, steady people, nothing kept of the pictures."""

import gc
import weakref

import numpy as np
import pytest

from fer_core.errors import StreamError
from fer_core.stream import Stream
from fer_core.types import Frame, FrameResult
from tests.factories import make_emotions, make_faces, make_result

IMAGE = np.zeros((480, 640, 3), np.uint8)


class Changing:
    """An analyzer that sees the same faces with other expressions each time, and counts."""

    calls = 0

    def analyze(self, image):
        self.calls += 1
        return FrameResult(make_faces(2), make_emotions(2, number=self.calls), cost_ms=7.0)


def test_a_step_gives_the_frames_time_and_index_and_steady_numbers():
    stream = Stream(Changing())
    results = [stream.step(Frame(IMAGE, i / 25, i)) for i in range(5)]
    assert [(r.time_s, r.index) for r in results] == [(i / 25, i) for i in range(5)]
    assert all(r.faces.track_ids.tolist() == [0, 1] for r in results)
    assert results[0].cost_ms == 7.0


def test_answers_are_smoothed_and_can_be_left_alone():
    def jump(smooth_s):
        stream = Stream(Changing(), smooth_s=smooth_s)
        probs = [stream.step(Frame(IMAGE, i / 25, i)).emotions.probs for i in range(10)]
        return np.abs(np.diff(probs, axis=0)).sum()

    assert jump(1.0) < 0.2 * jump(0)
    raw = Stream(Changing(), smooth_s=0).step(Frame(IMAGE))
    assert np.array_equal(raw.emotions.probs, make_emotions(2, number=1).probs)


@pytest.mark.parametrize("time_s", [1.0, 0.2, float("nan")])
def test_a_frame_that_is_not_later_is_refused_before_it_is_analysed(time_s):
    analyzer = Changing()
    stream = Stream(analyzer)
    stream.step(Frame(IMAGE, 1.0))
    with pytest.raises(StreamError, match="reset"):
        stream.step(Frame(IMAGE, time_s))
    assert analyzer.calls == 1
    assert stream.step(Frame(IMAGE, 1.1)).faces.track_ids.tolist() == [0, 1]


def test_after_a_reset_another_source_may_begin():
    stream = Stream(Changing(), smooth_s=100.0)
    stream.step(Frame(IMAGE, 9.0))
    stream.reset()
    result = stream.step(Frame(IMAGE, 0.0))
    assert result.faces.track_ids.tolist() == [0, 1]
    assert np.array_equal(result.emotions.probs, make_emotions(2, number=2).probs)


def test_a_stream_does_not_keep_the_picture():
    stream, image = Stream(Changing()), IMAGE.copy()
    result = stream.step(Frame(image, 0.0))
    gone = weakref.ref(image)
    del image
    gc.collect()
    assert gone() is None
    assert len(result) == 2


def test_a_picture_without_faces_is_an_ordinary_step():
    class Blind:
        def analyze(self, image):
            return make_result(0)

    assert len(Stream(Blind()).step(Frame(IMAGE))) == 0


def test_two_streams_share_an_analyzer_and_nothing_else():
    analyzer = Changing()
    one, other = Stream(analyzer), Stream(analyzer)
    one.step(Frame(IMAGE, 5.0))
    assert other.step(Frame(IMAGE, 0.0)).faces.track_ids.tolist() == [0, 1]
