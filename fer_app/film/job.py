"""State. Work in a thread of its own: how far it is, how long it will take, why it ended. It never touches the page."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fer_app.language import keeping
from fer_core import FerError

_FIRST_SHARE = 0.01  # before this, an estimate of the remaining time would be a guess
_ASK_EVERY_S = 0.2


class Places:
    """Places for work, given in the order in which they were asked for; safe between threads.

    Args:
        count: how many may work at a time.
    """

    def __init__(self, count: int) -> None:
        self._free, self._line, self._changed = count, deque[object](), threading.Condition()

    def enter(self, needless: Callable[[], bool]) -> bool:
        """Wait for a place; return False where it became needless first."""
        with self._changed:
            self._line.append(ticket := object())
            try:
                while not self._free or self._line[0] is not ticket:
                    if needless():
                        return False
                    self._changed.wait(_ASK_EVERY_S)
                self._free -= 1
                return True
            finally:
                self._line.remove(ticket)
                self._changed.notify_all()

    def leave(self) -> None:
        """Give a place back."""
        with self._changed:
            self._free += 1
            self._changed.notify_all()


class Job:
    """Runs one piece of work in the background, in the language of the visitor who asks for it.

    Args:
        work: what to do; it gets this job, reports to it, and ends when `stopping()` says so.
        unexpected: what to tell the visitor of a fault that nobody foresaw.
        places: work begins once one of these is free; at once if omitted.
        needless: tells that nobody waits for the work any more.

    Attributes:
        waiting: whether it waits for a place.
    """

    def __init__(
        self,
        work: Callable[[Job], None],
        *,
        unexpected: str,
        places: Places | None = None,
        needless: Callable[[], bool] = bool,
    ) -> None:
        self._work, self._unexpected, self._places, self._needless = keeping(work), unexpected, places, needless
        self.waiting = places is not None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="mien-video-job")
        self._began_s, self.took_s, self.share, self.error = time.monotonic(), 0.0, 0.0, ""

    def start(self) -> Job:
        """Begin."""
        self._began_s = time.monotonic()
        self._thread.start()
        return self

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self._thread.is_alive()

    @property
    def cancelled(self) -> bool:
        """Whether it was told to end early."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Tell it to end; what it did so far stays."""
        self._stop.set()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until it has ended; return whether it has."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def stopping(self) -> bool:
        """Return whether the work is to end now."""
        return self._stop.is_set()

    def report(self, share: float) -> None:
        """Say what share of the work is done, 0..1."""
        self.share = share

    def remaining_s(self) -> float | None:
        """Return how long it will probably go on, in seconds; None while that cannot be told."""
        if self.share < _FIRST_SHARE:
            return None
        return (time.monotonic() - self._began_s) * (1 / self.share - 1)

    @contextmanager
    def _place(self) -> Iterator[None]:
        """Hold a place; work that becomes needless before one is free goes without, for it will see that and end."""
        taken = self._places is not None and self._places.enter(lambda: self._stop.is_set() or self._needless())
        self.waiting, self._began_s = False, time.monotonic()
        try:
            yield
        finally:
            if taken and self._places:
                self._places.leave()

    def _run(self) -> None:
        try:
            with self._place():
                self._work(self)
        except FerError as fault:
            self.error = str(fault)
        except Exception:  # a thread's fault would otherwise end in silence, and the page would wait forever
            logging.getLogger(__name__).exception("work on a video failed")
            self.error = self._unexpected
        finally:
            self.took_s = time.monotonic() - self._began_s
