"""Sessions: what was added is what comes out, from any thread."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from fer_core.errors import InputError
from fer_core.labels import FERPLUS
from fer_core.session import Session
from fer_core.timeline import Timeline
from tests.factories import make_result


def test_a_session_gives_what_was_added_in_its_order():
    session, results = Session(), [make_result(n, index=n, number=n) for n in (2, 0, 1)]
    for result, name in zip(results, "abc", strict=True):
        session.add(result, source=name)
    assert session.timeline().same_as(Timeline.of(results, ["a", "b", "c"]))
    assert len(session) == 3


def test_an_earlier_snapshot_does_not_change():
    session = Session()
    session.add(make_result(1))
    before = session.timeline()
    session.add(make_result(2))
    assert len(before) == 1
    assert len(session.timeline()) == 3


def live(session, seconds, *, rate_hz=10, faces=1, start_s=0.0):
    """Add results as a camera gives them."""
    result = make_result(faces, track_ids=np.arange(faces))
    for i in range(round(seconds * rate_hz)):
        session.add(replace(result, index=i, time_s=start_s + i / rate_hz))


def test_below_its_bound_a_session_keeps_all():
    session = Session(max_rows=2000)
    live(session, 100)
    assert len(session) == 1000
    assert len(session.timeline()) == 1000


@pytest.mark.parametrize("faces", [0, 1, 5])
def test_a_long_session_stays_in_its_bound_and_keeps_its_whole_length_evenly(faces):
    session = Session(max_rows=12_000)
    live(session, 3600, faces=faces)
    timeline = session.timeline()
    assert 4000 < len(timeline.times_s) + len(timeline) <= 12_000
    recent = timeline.times_s >= timeline.times_s[-1] - 119
    assert np.allclose(np.diff(timeline.times_s[recent]), 0.1)
    before = np.diff(timeline.times_s[~recent])
    assert timeline.times_s[0] == 0
    assert before.max() < 60
    assert np.median(before) < 20
    assert (np.bincount(timeline.rows, minlength=len(timeline.times_s)) == faces).all()


def test_where_faces_alone_fill_the_bound_the_oldest_pictures_go():
    session = Session(max_rows=500)
    live(session, 60, faces=9)
    timeline = session.timeline()
    assert len(timeline.times_s) + len(timeline) <= 500
    assert timeline.times_s[-1] == pytest.approx(59.9)
    assert np.allclose(np.diff(timeline.times_s), 0.1)


def test_photos_are_not_thinned_among_each_other():
    session = Session(max_rows=100)
    for i in range(40):
        session.add(make_result(1), source=f"{i}.jpg")
    assert len(session) == 40


def test_a_bound_of_one_keeps_the_newest_picture():
    session = Session(max_rows=1)
    for i in range(3):
        session.add(make_result(2, index=i))
    assert session.timeline().frame_indices.tolist() == [2]


def test_the_last_seconds_are_those_before_the_newest_picture():
    session = Session()
    live(session, 10)
    session.add(replace(make_result(0), time_s=11.0))
    assert session.timeline(last_s=2).times_s.tolist() == [9.0, 9.1, 9.2, 9.3, 9.4, 9.5, 9.6, 9.7, 9.8, 9.9, 11.0]
    assert len(session.timeline(last_s=2)) == 10
    assert Session().timeline(last_s=60).times_s.tolist() == []


def test_results_of_two_models_do_not_mix_and_a_refusal_changes_nothing():
    session = Session()
    session.add(make_result(1))
    with pytest.raises(InputError, match="labels"):
        session.add(make_result(1, labels=FERPLUS))
    assert len(session.timeline()) == len(session) == 1
    session.reset()
    session.add(make_result(1, labels=FERPLUS))
    assert session.timeline().labels == FERPLUS


def test_memory_does_not_grow_once_the_bound_is_reached():
    session = Session(max_rows=4000)
    live(session, 600)
    before = sum(store.nbytes for columns in (session._pictures, session._faces) for store in columns._stores.values())
    live(session, 1200, start_s=600)
    after = sum(store.nbytes for columns in (session._pictures, session._faces) for store in columns._stores.values())
    assert before < 4000 * 100 * 1.5
    assert after <= 1.5 * before


def test_after_a_reset_nothing_is_left():
    session = Session()
    session.add(make_result(2))
    session.reset()
    assert len(session) == 0
    assert session.timeline().same_as(Timeline.of([], []))


def test_threads_may_add_while_another_takes_snapshots():
    session, result, seen = Session(), make_result(1), []

    def add():
        for _ in range(300):
            session.add(result)

    def look():
        for _ in range(30):
            seen.append(len(session.timeline()))

    threads = [threading.Thread(target=work) for work in (add, add, add, look)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(session.timeline()) == 900
    assert seen == sorted(seen)


def test_a_bound_below_one_is_refused():
    with pytest.raises(InputError, match="got 0"):
        Session(max_rows=0)
