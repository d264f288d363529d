"""Callback. Camera frames in, painted frames out; runs in the stream's thread, under a lock that each rerun of the page takes.

It never waits, never raises and touches nothing of Streamlit: what it learns lies in the take, for the page to read.
"""

from __future__ import annotations

import logging
import time

import av

from fer_app.live.codec import frame_of, picture_of
from fer_app.live.paint import Look, paint
from fer_app.live.take import Take

_LOG = logging.getLogger(__name__)


class Painter:
    """Paints one visitor's frames. The page sets `look` and `take`; each is replaced whole, so no frame sees half a change.

    Attributes:
        look: how the picture goes back.
        take: the run that the frames belong to; None between runs, when frames pass as they are.
        changed_s: when the video last started, connected or stopped, on `time.perf_counter`.
    """

    def __init__(self) -> None:
        self.look = Look()
        self.take: Take | None = None
        self.changed_s = 0.0

    def changed(self) -> None:
        """Remember that the video has just started, connected or stopped."""
        self.changed_s = time.perf_counter()

    async def on_frames(self, frames: list[av.VideoFrame]) -> list[av.VideoFrame]:
        """Return the newest frame, painted; older ones that waited are passed over and counted.

        Args:
            frames: what came since the last call, at least one.
        """
        take, newest = self.take, frames[-1]
        if take is None:
            return [newest]
        began_s = time.perf_counter()
        try:
            answer, fault = self._painted(take, newest), False
        except Exception:  # noqa: BLE001 - whatever went wrong with one frame must not end the stream
            answer, fault = newest, True
            if not take.meter.reading(began_s).faults:  # one line a take: thirty a second would fill the log
                _LOG.exception("a frame could not be analysed and was shown as it came")
        now_s = time.perf_counter()
        take.meter.add(now_s, 1000 * (now_s - began_s), dropped=len(frames) - 1, fault=fault)
        return [answer]

    def _painted(self, take: Take, frame: av.VideoFrame) -> av.VideoFrame:
        # Converted once: two threads that convert the same frame hang.
        image = picture_of(frame)
        result = take.step(image)
        return frame_of(paint(image, result, self.look, not_sure_below=take.threshold))
