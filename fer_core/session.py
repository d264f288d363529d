"""State. What was perceived so far, from any number of photos or one stream, without a single pixel."""

from __future__ import annotations

import threading
from collections import deque

from fer_core.errors import InputError
from fer_core.timeline import Timeline
from fer_core.types import FrameResult


class Session:
    """Collects results; safe between threads: one may add while another takes snapshots.

    Args:
        max_results: keep only so many, the newest; all if omitted.

    Raises:
        InputError: the bound is below 1.
    """

    def __init__(self, *, max_results: int | None = None) -> None:
        if max_results is not None and max_results < 1:
            raise InputError(f"max_results must be 1 or more, got {max_results}; leave it out to keep all")
        self._lock = threading.Lock()
        self._kept: deque[tuple[FrameResult, str]] = deque(maxlen=max_results)

    def __len__(self) -> int:
        """Return how many results are kept."""
        return len(self._kept)

    def add(self, result: FrameResult, source: str = "") -> None:
        """Keep a result.

        Args:
            result: what was perceived in one picture.
            source: the name of where the picture comes from, such as a file name.
        """
        with self._lock:
            self._kept.append((result, source))

    def reset(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()

    def timeline(self, *, last_s: float | None = None) -> Timeline:
        """Return what is kept so far, in the order in which it was added.

        Args:
            last_s: only the pictures of the last seconds before the newest one; all if omitted.

        Raises:
            InputError: the results come from models with different labels.
        """
        with self._lock:
            kept = list(self._kept)
        if last_s is not None and kept:
            since_s = max(result.time_s for result, _ in kept) - last_s
            kept = [(result, source) for result, source in kept if result.time_s >= since_s]
        return Timeline.of([result for result, _ in kept], [source for _, source in kept])
