"""A timeline between its pictures: people move evenly, nobody is invented, and who must be hidden is hidden."""

from dataclasses import replace

import numpy as np
import pytest

from fer_core.errors import InputError
from fer_core.replay import Replay
from fer_core.timeline import Timeline
from fer_core.types import Emotions, Faces, FrameResult

SIZE = (100, 100)


def moving(*people, times_s=(0.0, 1.0)):
    """Return a timeline; each person is (number, left edge per picture, None for not there)."""
    results = []
    for i, time_s in enumerate(times_s):
        here = [(number, lefts[i]) for number, *lefts in people if lefts[i] is not None]
        boxes = np.array([[x, 10, x + 20, 30] for _, x in here], np.float32).reshape(-1, 4)
        n = len(here)
        probs = np.eye(7, dtype=np.float32)[np.full(n, i % 7)]
        faces = Faces(boxes, np.ones(n), np.zeros((n, 5, 2)), SIZE, np.array([number for number, _ in here], np.int64))
        results.append(FrameResult(faces, Emotions(probs), i, time_s))
    return Timeline.of(results, ["a"] * len(results))


def test_an_analysed_picture_shows_exactly_what_was_found():
    timeline = moving((4, 10, 50), (2, 70, None))
    result = Replay(timeline).at(0.0005, SIZE)
    assert result.faces.boxes[:, 0].tolist() == [10, 70]
    assert result.faces.track_ids.tolist() == [4, 2]
    assert Replay(timeline).at(1.0, SIZE).faces.boxes[:, 0].tolist() == [50]


def test_between_two_pictures_a_person_moves_evenly_and_rows_sum_to_one():
    result = Replay(moving((4, 10, 50))).at(0.25, SIZE)
    assert result.faces.boxes[0].tolist() == [20, 10, 40, 30]
    assert result.emotions.probs[0, :2].tolist() == [0.75, 0.25]


def test_who_is_in_one_picture_alone_is_shown_up_to_the_middle():
    replay = Replay(moving((4, 10, None), (5, None, 50)))
    assert replay.at(0.4, SIZE).faces.track_ids.tolist() == [4]
    assert replay.at(0.6, SIZE).faces.track_ids.tolist() == [5]


def test_two_faces_under_one_number_are_both_shown_between_two_pictures():
    merged = moving((4, 10, 50), (4, 70, 70))
    assert [len(Replay(merged).at(time_s, SIZE)) for time_s in (0.0, 0.3, 0.5, 0.7, 1.0)] == [2] * 5


def test_faces_without_a_number_are_not_mixed():
    assert Replay(moving((-1, 10, 50))).at(0.4, SIZE).faces.boxes[:, 0].tolist() == [10]


def test_nobody_is_shown_long_before_or_after_being_found():
    replay = Replay(moving((4, 10, 50), times_s=(5.0, 20.0)))
    assert len(replay.at(4.5, SIZE)) == len(replay.at(20.5, SIZE)) == 1
    assert len(replay.at(3.5, SIZE)) == len(replay.at(12.0, SIZE)) == len(replay.at(22.0, SIZE)) == 0


def test_nothing_analysed_shows_nothing():
    empty = Replay(Timeline.of([], []))
    assert len(empty.at(1.0, SIZE)) == len(empty.near(1.0, SIZE)) == 0


def test_boxes_are_given_in_the_pixels_of_the_picture_asked_for():
    assert Replay(moving((4, 10, 50))).at(0, (200, 50)).faces.boxes[0].tolist() == [20, 5, 60, 15]


def test_hiding_takes_every_box_about_a_time_and_no_far_one():
    replay = Replay(moving((4, 10, 11, None, 60, 80), times_s=(0.0, 0.1, 0.2, 0.3, 9.0)))
    assert sorted(set(replay.near(0.2, SIZE)[:, 0].tolist())) == [10, 11, 60]
    assert set(replay.near(5.0, SIZE)[:, 0].tolist()) == {60, 80}
    assert set(replay.near(-5.0, SIZE)[:, 0].tolist()) == {10}
    assert set(replay.near(50.0, SIZE)[:, 0].tolist()) == {80}


def test_several_sources_or_unordered_times_are_refused():
    timeline = moving((4, 10, 50))
    for other in (replace(timeline, sources=("a", "b")), replace(timeline, times_s=np.array([1.0, 1.0]))):
        with pytest.raises(InputError, match="one source"):
            Replay(other)


def test_places_that_nobody_found_are_no_numbers():
    assert np.isnan(Replay(moving((0, 0, 10))).at(0.5, (100, 100)).faces.landmarks).all()
