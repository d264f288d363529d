"""State. Work in a thread of its own: how far it is, how long it will take, why it ended. It never touches the page."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fer_app.language import keeping
from fer_core import FerError

_FIRST_SHARE = 0.01  # before this, an estimate of the remaining time would be a guess
_ASK_EVERY_S = 0.2


class Job:
    """Runs one piece of work in the background, in the language of the visitor who asks for it.

    Args:
        work: what to do; it gets this job, reports to it, and ends when `stopping()` says so.
        unexpected: what to tell the visitor of a fault that nobody foresaw.
        places: work begins once one of these is free; at once if omitted.

    Attributes:
        waiting: whether it waits for a place.
    """

    def __init__(self, work: Callable[[Job], None], *, unexpected: str, places: threading.Semaphore | None = None) -> None:
        self._work, self._unexpected, self._places = keeping(work), unexpected, places
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
        """Hold a place; who is told to end before one is free goes without, for the work will see that and end."""
        taken = self._places is not None and self._places.acquire(blocking=False)
        while self._places and not taken and not self._stop.is_set():
            taken = self._places.acquire(timeout=_ASK_EVERY_S)
        self.waiting, self._began_s = False, time.monotonic()
        try:
            yield
        finally:
            if taken and self._places:
                self._places.release()

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
