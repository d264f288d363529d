"""State. How many analyses one visitor may still ask for within a minute; time is an argument."""

from __future__ import annotations

from collections import deque

_SPAN_S = 60.0


class Quota:
    """Counts one visitor's analyses of the last minute.

    Args:
        per_minute: how many are granted.
    """

    def __init__(self, per_minute: int) -> None:
        self._when: deque[float] = deque(maxlen=per_minute)
        self._per_minute = per_minute

    def reset(self) -> None:
        """Forget every analysis."""
        self._when.clear()

    def left(self, now_s: float) -> int:
        """Return how many more are granted now."""
        while self._when and now_s - self._when[0] >= _SPAN_S:
            self._when.popleft()
        return self._per_minute - len(self._when)

    def wait_s(self, now_s: float) -> float:
        """Return the seconds until one more is granted; 0 if one is granted now."""
        return 0.0 if self.left(now_s) else _SPAN_S - (now_s - self._when[0])

    def add(self, now_s: float) -> None:
        """Count one analysis."""
        self._when.append(now_s)
