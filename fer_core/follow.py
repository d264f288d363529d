"""State. Where to look in the next picture: everywhere, or only where faces should be by now."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from fer_core.analyze import Analyzer
from fer_core.boxes import iou_matrix
from fer_core.options import Options
from fer_core.types import Expected, FrameResult

Array = npt.NDArray[Any]

FOUND_IOU = 0.3  # a face that overlaps its expected place less is not the one that was expected
CUT_SHARE = 0.5  # the picture is another scene if so much of it changed its brightness class at once
_LATEST_S = 2.0  # a newcomer waits no longer for the first box, however busy the machine is
_RETRY_SHARE = 0.1  # of that time: at 30 pictures a second, a face that comes and goes costs a full pass every second time


class Follower:
    """Searches the whole picture only as often as needed, and looks about the expected places in between.

    It searches everything after `full_pass_s` (or later; see `full_pass_share`), and at once when an expected face is not found,
    when the picture's size changed, and when the scene was cut. Of the last picture it keeps the size and a histogram of
    brightness, no more.

    Args:
        analyzer: analyses the pictures; its options say how often everything is searched.
    """

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self.reset()

    def reset(self) -> None:
        """Forget the last picture, so that the next one is searched everywhere."""
        self._full_s, self._cost_s, self._size_wh, self._light = -math.inf, 0.0, (0, 0), np.zeros(0, np.float32)
        self._changed = False

    def use(self, options: Options) -> None:
        """Look with other knobs from the next picture on, and everywhere in it; may be called from any thread."""
        self._analyzer = self._analyzer.with_options(options)
        self._changed = True  # after the analyzer: a step under way in another thread must not take the one without the other

    def step(self, image: Array, expected: Expected, *, time_s: float) -> tuple[FrameResult, bool]:
        """Analyse the next picture.

        Args:
            image: (H, W, 3) uint8, RGB.
            expected: where faces should be in it.
            time_s: its time.

        Returns:
            The result, and whether the scene was cut.
        """
        changed, self._changed = self._changed, False
        analyzer, resized, cut = self._analyzer, *self._changes(image)
        since_s, due_s, lost_ms = time_s - self._full_s, self._due_s(), 0.0
        if not (changed or resized or cut) and since_s < due_s:
            near = analyzer.analyze_near(image, expected.boxes)
            if since_s < _RETRY_SHARE * due_s or not _misses(near, expected):
                return near, False
            lost_ms = near.cost_ms
        self._full_s = time_s
        everywhere = analyzer.analyze(image)
        self._cost_s = everywhere.cost_ms / 1000
        return replace(everywhere, cost_ms=everywhere.cost_ms + lost_ms), cut

    def _due_s(self) -> float:
        """Return how long after the last search of a whole picture the next one is due."""
        options = self._analyzer.options
        if options.full_pass_share == 1:
            return options.full_pass_s
        return max(options.full_pass_s, min(self._cost_s / options.full_pass_share, _LATEST_S))

    def _changes(self, image: Array) -> tuple[bool, bool]:
        """Return whether a picture is of another size, and of another scene, than the last one; remember it for the next."""
        size_wh, light = (image.shape[1], image.shape[0]), _light(image)
        resized = size_wh != self._size_wh
        cut = len(self._light) > 0 and float(np.abs(light - self._light).sum()) / 2 > CUT_SHARE
        self._size_wh, self._light = size_wh, light
        return resized, cut


def _light(image: Array) -> Array:
    """Return (32,) float32, the shares of a picture's pixels by brightness, from every eighth row and column."""
    gray = cv2.cvtColor(np.ascontiguousarray(image[::8, ::8]), cv2.COLOR_RGB2GRAY)
    counts: Array = cv2.calcHist([gray], [0], None, [32], [0, 256])[:, 0] / gray.size
    return counts


def _misses(near: FrameResult, expected: Expected) -> bool:
    """Return whether a face that was there in the picture before is not where it should be."""
    boxes = expected.boxes[expected.seen]
    return bool((iou_matrix(boxes, near.faces.boxes).max(axis=1, initial=0) < FOUND_IOU).any())
