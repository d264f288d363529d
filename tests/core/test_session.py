"""Sessions: what was added is what comes out, from any thread."""

import threading

import pytest

from fer_core.errors import InputError
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


def test_a_bound_keeps_the_newest_and_no_bound_keeps_all():
    for bound, kept in ((3, [7, 8, 9]), (None, list(range(10)))):
        session = Session(max_results=bound)
        for i in range(10):
            session.add(make_result(1, index=i))
        assert session.timeline().frame_indices.tolist() == kept


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
        Session(max_results=0)
