"""State. How the stream is doing: frames a second, what a frame costs, what was dropped, what went wrong.

The callback adds, the page reads; each under one lock, and of a bounded number of frames.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

_REMEMBERED = 300  # frames: ten seconds at 30 a second
_WINDOW_S = 3.0  # over which frames a second are counted


@dataclass(frozen=True, slots=True)
class Reading:
    """What the meter says at one moment.

    Attributes:
        analysed: frames that were analysed and painted.
        dropped: frames that came while another was being analysed, and were passed over.
        faults: frames that could not be analysed and were shown as they came.
        fps: analysed frames a second, lately.
        p50_ms: milliseconds from a frame's arrival to its painted copy: the middle one of the last frames.
        p95_ms: the same, which 95 of 100 frames keep.
        idle_s: seconds since the last frame; infinite before the first.
        fault_idle_s: seconds since the last fault; infinite without one.
    """

    analysed: int = 0
    dropped: int = 0
    faults: int = 0
    fps: float = 0.0
    p50_ms: float = 0.0
    p95_ms: float = 0.0
    idle_s: float = float("inf")
    fault_idle_s: float = float("inf")


class Meter:
    """Counts frames; safe between the thread that adds and those that read.

    Args:
        tell: hears of each frame too: its cost, how many were passed over before it, and whether it was faulty.
    """

    def __init__(self, tell: Callable[[float, int, bool], None] | None = None) -> None:
        self._lock, self._tell = threading.Lock(), tell
        self.reset()

    def reset(self) -> None:
        """Forget every frame."""
        with self._lock:
            self._analysed = self._dropped = self._faults = 0
            self._last_s = self._last_fault_s = float("-inf")
            self._frames: deque[tuple[float, float]] = deque(maxlen=_REMEMBERED)

    def add(self, now_s: float, cost_ms: float, *, dropped: int = 0, fault: bool = False) -> None:
        """Count one frame that was painted, or shown as it came because of a fault.

        Args:
            now_s: the time, on a clock that never goes back.
            cost_ms: milliseconds since the frame arrived.
            dropped: frames that were passed over before it.
            fault: it could not be analysed.
        """
        with self._lock:
            self._dropped += dropped
            self._last_s = now_s
            if fault:
                self._faults, self._last_fault_s = self._faults + 1, now_s
            else:
                self._analysed += 1
                self._frames.append((now_s, cost_ms))
        if self._tell:
            self._tell(cost_ms, dropped, fault)

    @property
    def analysed(self) -> int:
        """How many frames were analysed."""
        return self._analysed

    def reading(self, now_s: float) -> Reading:
        """Return what the meter says at a time."""
        with self._lock:
            frames = list(self._frames)
            counts = self._analysed, self._dropped, self._faults
            idle_s, fault_idle_s = now_s - self._last_s, now_s - self._last_fault_s
        lately = [when for when, _ in frames if now_s - when <= _WINDOW_S]
        fps = (len(lately) - 1) / (lately[-1] - lately[0]) if len(lately) > 1 else 0.0
        p50, p95 = np.percentile([cost for _, cost in frames], [50, 95]) if frames else (0.0, 0.0)
        return Reading(*counts, fps, float(p50), float(p95), idle_s, fault_idle_s)
