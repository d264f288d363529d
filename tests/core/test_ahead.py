"""What another thread makes ahead comes in order, no more of it than asked for, and leaves no thread behind."""

import gc
import threading
from contextlib import closing

import pytest

from fer_core.ahead import ahead


class Counter:
    """Counts up in a generator, and remembers how far it came, in which thread, and whether it was closed."""

    def __init__(self, fails_at=None):
        self.fails_at, self.made, self.threads, self.closed = fails_at, [], set(), False
        self.news = threading.Condition()

    def count(self, end):
        try:
            for i in range(end):
                if i == self.fails_at:
                    raise ValueError(f"no {i}")
                with self.news:
                    self.made.append(i)
                    self.threads.add(threading.current_thread())
                    self.news.notify_all()
                yield i
        finally:
            self.closed = True

    def waits_for(self, count):
        with self.news:
            assert self.news.wait_for(lambda: len(self.made) >= count, timeout=10)


def test_all_items_come_in_order_from_one_other_thread():
    counter = Counter()
    assert list(ahead(counter.count(100), 2)) == list(range(100))
    assert counter.closed
    (thread,) = counter.threads
    assert thread is not threading.current_thread()
    assert not thread.is_alive()


def test_nothing_is_made_before_it_is_asked_for_and_then_no_more_than_allowed():
    counter = Counter()
    items = ahead(counter.count(100), 3)
    assert counter.made == []
    with closing(items):
        for i in range(5):
            assert next(items) == i
            counter.waits_for(i + 4)
            assert len(counter.made) == i + 4
    assert len(counter.made) == 8


def test_closing_it_closes_the_other_and_ends_the_thread():
    counter = Counter()
    items = ahead(counter.count(100), 2)
    next(items)
    items.close()
    assert counter.closed
    assert not any(thread.is_alive() for thread in counter.threads)


def test_a_fault_comes_at_its_place_after_what_was_made_before_it():
    counter = Counter(fails_at=2)
    items, got = ahead(counter.count(10), 2), []
    with pytest.raises(ValueError, match="no 2"):
        got.extend(items)
    assert got == [0, 1]
    assert not any(thread.is_alive() for thread in counter.threads)


def test_one_that_is_forgotten_in_a_cycle_is_closed_when_it_is_collected():
    counter = Counter()
    items = ahead(counter.count(100), 2)
    next(items)
    cycle = [items]
    cycle.append(cycle)
    del items, cycle
    gc.collect()
    assert counter.closed
    assert not any(thread.is_alive() for thread in counter.threads)
