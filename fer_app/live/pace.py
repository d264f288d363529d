"""State. How many frames a second a browser is to send: little more than the machine analyses.

A frame that is passed over was encoded, sent and decoded for nothing, on a phone's battery and on the machine that all visitors
share.
"""

from __future__ import annotations

import math

MOST_FPS, LEAST_FPS = 30, 15  # sent at 8, four viewers on two cores saw 6.5 each; at 15, 8: a spare frame fills gaps
LOOK_S = 3.0  # between two looks
CALM_S = 9.0  # without waste before more is asked for
_WASTE, _CALM = 0.2, 0.05  # share of frames passed over
_SLOWER, _FASTER = 1.1, 1.3  # times what was analysed; times what was sent


class Pace:
    """Follows one visitor's stream.

    Attributes:
        fps: frames a second that the browser is to send, `LEAST_FPS` to `MOST_FPS`.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Let everything be sent again."""
        self.fps = MOST_FPS
        self._looked_s: float | None = None
        self._counts, self._calm_s = (0, 0), 0.0

    def update(self, now_s: float, analysed: int, dropped: int) -> int:
        """Return how many frames a second the browser is to send.

        Args:
            now_s: the time, on a clock that never goes back; looks closer together than `LOOK_S` change nothing.
            analysed: frames analysed since the stream began.
            dropped: frames passed over since then.
        """
        if self._looked_s is None:
            self._looked_s, self._counts = now_s, (analysed, dropped)
        span_s = now_s - self._looked_s
        if span_s < LOOK_S:
            return self.fps
        done, wasted = analysed - self._counts[0], dropped - self._counts[1]
        self._looked_s, self._counts = now_s, (analysed, dropped)
        share = wasted / max(1, done + wasted)
        self._calm_s = self._calm_s + span_s if done and share < _CALM else 0.0  # a stream that stands still is not calm
        if share > _WASTE:
            self.fps = min(self.fps, max(LEAST_FPS, math.ceil(_SLOWER * done / span_s)))
        elif self._calm_s >= CALM_S:
            self.fps, self._calm_s = min(MOST_FPS, math.ceil(_FASTER * self.fps)), 0.0
        return self.fps
