"""State. The end of a server: no new live video, a sentence to everyone, and running work gets a bounded time."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

_LOOK_EVERY_S = 0.5
_LAST_S = 20.0  # once all work is done, for those whose page is open to download it


def stop_process() -> None:
    """Ask this process to end, as its supervisor would."""
    os.kill(os.getpid(), signal.SIGTERM)


class Drain:
    """Ends a server once its work is done and was taken home, or when its time is up.

    Args:
        bound_s: how long it waits at most.
        busy: tells how many visitors are at work.
        here: tells how many visitors have a page open.
        stop: ends the server.
    """

    def __init__(
        self, bound_s: float, busy: Callable[[], int], here: Callable[[], int], stop: Callable[[], None] = stop_process
    ) -> None:
        self._bound_s, self._busy, self._here, self._stop = bound_s, busy, here, stop
        self._lock, self._until_s = threading.Lock(), float("inf")

    @property
    def begun(self) -> bool:
        """Whether the server is about to end."""
        return self._until_s < float("inf")

    def left_s(self) -> float:
        """Return how many seconds running work still has; infinite before the end was asked for."""
        return max(0.0, self._until_s - time.monotonic())

    def begin(self) -> bool:
        """Let the server end; return False if that was asked for before."""
        with self._lock:
            if self.begun:
                return False
            self._until_s = time.monotonic() + self._bound_s
        threading.Thread(target=self._wait, daemon=True, name="mien-drain").start()
        return True

    def _wait(self) -> None:
        pause = threading.Event()
        while self._busy() and self.left_s() > 0:
            pause.wait(_LOOK_EVERY_S)
        self._until_s = min(self._until_s, time.monotonic() + _LAST_S)
        while self._here() and self.left_s() > 0:
            pause.wait(_LOOK_EVERY_S)
        self._stop()
