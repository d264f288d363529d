"""State. One run of the camera, from START to STOP: who is in view, what was perceived, how the stream is doing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy.typing as npt

from fer_app.live.meter import Meter, Reading
from fer_app.live.pace import Pace
from fer_app.takes import KeptTake
from fer_core import Analyzer, Frame, FrameResult, Session, Stream

Array = npt.NDArray[Any]
FULL_PASS_SHARE = 0.1  # of a visitor's time: where several watch, each is searched for newcomers less often
LOST_AFTER_S = 3.0  # without a picture
MAX_ROWS = 60_000  # pictures and faces, about 3 MB: half an hour at 15 a second in full, and longer ones more coarsely


class Take:
    """Analyses the frames of one run; stepped by the stream's thread alone, read by the page.

    Args:
        analyzer: shared by all visitors.
        tell: hears of each frame; see `Meter`.
    """

    def __init__(self, analyzer: Analyzer, tell: Callable[[float, int, bool], None] | None = None) -> None:
        self.threshold = analyzer.card.threshold
        self.stream = Stream(analyzer, replace(analyzer.options, full_pass_share=FULL_PASS_SHARE))
        self.session = Session(max_rows=MAX_ROWS)
        self.meter, self.pace = Meter(tell), Pace()
        self.latest: FrameResult | None = None
        self.began_at = time.time()
        self._began_s = self._watched_s = time.perf_counter()

    @property
    def age_s(self) -> float:
        """Seconds since START."""
        return time.perf_counter() - self._began_s

    def step(self, image: Array) -> FrameResult:
        """Analyse the next picture and keep what was perceived, without the picture.

        Args:
            image: (H, W, 3) uint8, RGB.
        """
        result = self.stream.step(Frame(image, self.age_s, self.meter.analysed))
        self.session.add(result)
        self.latest = result
        return result

    def read(self) -> Reading:
        """Return how the stream is doing, for a visitor who is looking at the page."""
        self._watched_s = time.perf_counter()
        return self.meter.reading(self._watched_s)

    def kept(self, *, left: bool = False) -> KeptTake:
        """Return what remains of this run.

        It was lost if no picture came any more while the visitor was looking; one who has left the page ended it.

        Args:
            left: the visitor is on another page.
        """
        now_s = time.perf_counter()
        lost = not left and self.meter.reading(now_s).idle_s > LOST_AFTER_S > now_s - self._watched_s
        return KeptTake(self.session.timeline(), self.began_at, self.threshold, self.meter.analysed, lost)
