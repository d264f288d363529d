"""Timelines: every analysed picture, every face, nothing that is none."""

from dataclasses import replace

import numpy as np
import pytest

from fer_core.errors import InputError
from fer_core.labels import FER2013, FERPLUS
from fer_core.people import Person
from fer_core.timeline import Timeline
from tests.factories import make_result, make_timeline


def test_a_timeline_holds_one_row_per_face_and_every_picture():
    timeline = make_timeline((2, 0, 1), sources=["a.jpg", "b.jpg", "c.jpg"])
    assert len(timeline) == 3
    assert timeline.rows.tolist() == [0, 0, 2]
    assert timeline.face_sources == ("a.jpg", "a.jpg", "c.jpg")
    assert timeline.face_times_s.tolist() == [0.0, 0.0, 0.08]
    assert timeline.times_s.tolist() == [0.0, 0.04, 0.08]


def test_a_timelines_rows_are_the_results_own():
    results = [make_result(2, number=4), make_result(1, number=5)]
    timeline = Timeline.of(results, ["x", "y"])
    assert np.array_equal(timeline.boxes, np.concatenate([r.faces.boxes for r in results]))
    assert np.array_equal(timeline.probs, np.concatenate([r.emotions.probs for r in results]))
    assert timeline.emotions.top == tuple(face.label for r in results for face in r)


def test_no_result_is_a_timeline_too():
    timeline = Timeline.of([], [])
    assert len(timeline) == 0
    assert timeline.probs.shape == (0, 7)
    assert timeline.emotions.top == ()
    assert timeline.face_sources == ()


def test_columns_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        make_timeline().boxes[0] = 0


def test_the_givers_arrays_stay_writable_and_apart():
    timeline = make_timeline()
    times = np.array([0.0, 1.0, 2.0])
    other = Timeline(**{**columns(timeline), "times_s": times})
    times[0] = 9
    assert other.times_s[0] == 0


def columns(timeline):
    names = (
        "sources",
        "frame_indices",
        "times_s",
        "sizes_wh",
        "rows",
        "track_ids",
        "boxes",
        "scores",
        "probs",
        "labels",
        "notes",
        "people",
    )
    return {name: getattr(timeline, name) for name in names}


@pytest.mark.parametrize(
    "change",
    [
        {"rows": np.array([0, 0, 3])},
        {"rows": np.array([2, 0, 0])},
        {"rows": np.array([-1, 0, 2])},
        {"times_s": np.zeros(2)},
        {"times_s": np.array([0, np.nan, 1])},
        {"scores": np.array([1e300, 1, 1])},
        {"boxes": np.zeros((3, 5))},
        {"probs": np.ones((3, 7))},
        {"probs": np.tile([2.0, -1, 0, 0, 0, 0, 0], (3, 1))},
        {"labels": FERPLUS},
        {"frame_indices": np.array([0, np.nan, 2])},
        {"frame_indices": np.array([0, 1.7, 2])},
        {"track_ids": np.array([0, np.inf, 1])},
        {"sizes_wh": np.array([[64, 48], [64, 2.0**70], [64, 48]])},
        {"notes": ("a", "b")},
        {"notes": ("a", "b", "half a \ud83d")},
        {"people": (Person("clip.mp4", 4, "Ann"),)},
        {"sources": ("a", "b", "half a \ud83d")},
    ],
)
def test_columns_that_do_not_fit_are_an_input_error(change):
    with pytest.raises(InputError, match="got"):
        Timeline(**(columns(make_timeline()) | change))


def test_results_of_two_models_do_not_mix():
    results = [make_result(1), make_result(1, labels=FERPLUS)]
    with pytest.raises(InputError, match="label sets"):
        Timeline.of(results, ["a", "b"])
    with pytest.raises(InputError, match="sources"):
        Timeline.of(results[:1], [])


def test_same_as_sees_every_difference():
    timeline = make_timeline()
    assert timeline.same_as(make_timeline())
    for other in (
        make_timeline(number=1),
        make_timeline((2, 1)),
        make_timeline(sources=["a", "b", "c"]),
        make_timeline(labels=FERPLUS),
    ):
        assert not timeline.same_as(other)


def test_an_empty_timeline_keeps_its_labels():
    assert Timeline.of([], [], labels=FERPLUS).labels == FERPLUS
    assert Timeline.of([make_result(0)], [""]).labels == FER2013


def test_a_part_of_a_timeline_keeps_its_own_faces_and_people():
    results = [make_result(2, index=i, time_s=i, track_ids=np.array([i, i + 1]), number=i) for i in range(3)]
    whole = Timeline.of(results, ["a", "a", "b"])
    whole = replace(whole, notes=("x", "", "y"), people=(Person("a", 0, "Ann"), Person("b", 3, "Bob")))
    part = whole.where(np.array([False, True, True]))
    assert part.same_as(replace(Timeline.of(results[1:], ["a", "b"]), notes=("", "y"), people=(Person("b", 3, "Bob"),)))
    assert len(whole.where(np.zeros(3, bool)).sources) == 0


def test_joining_the_parts_gives_the_whole():
    results = [make_result(2, index=i, time_s=i, track_ids=np.array([0, i]), number=i) for i in range(1, 4)]
    whole = replace(Timeline.of(results, ["a", "a", "b"]), notes=("x", "", "y"), people=(Person("a", 0, "Ann"),))
    masks = np.eye(3, dtype=bool)
    assert Timeline.joined([whole.where(mask) for mask in masks]).same_as(whole)
    assert Timeline.joined([whole, replace(whole, people=(Person("a", 0, "Bea"),))]).people == whole.people
    assert Timeline.joined([], labels=FERPLUS).same_as(Timeline.of([], [], labels=FERPLUS))
    with pytest.raises(InputError, match="label set"):
        Timeline.joined([make_timeline(), make_timeline(labels=FERPLUS)])
