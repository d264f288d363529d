"""State. The clearest picture of each person with each expression, gathered while the video is analysed; bounded."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, NamedTuple

import numpy.typing as npt

from fer_app.film.plan import Shown
from fer_core import FrameResult
from fer_core.draw import crop_face
from fer_core.encode import encode_image, shrink

Array = npt.NDArray[Any]
MAX_THUMBS = 700  # a hundred people with seven expressions: some 5 MB
_SIDE_PX = 200


class _Best(NamedTuple):
    confidence: float
    time_s: float
    jpeg: bytes


class Thumbs:
    """Keeps, for each person and expression, the face where it is perceived most clearly; used from one thread.

    Args:
        threshold: a best guess below this is "not sure" and needs no picture.
    """

    def __init__(self, threshold: float) -> None:
        self._threshold, self._best = threshold, dict[tuple[int, str], _Best]()

    def look(self, image: Array, result: FrameResult) -> None:
        """Keep the faces of a picture that are clearer than those before.

        Args:
            image: (H, W, 3) uint8, RGB.
            result: what was perceived in it.
        """
        for view in result:
            key = (view.track_id, view.label)
            known = self._best.get(key)
            if view.confidence < self._threshold or (known is None and len(self._best) >= MAX_THUMBS):
                continue
            if known is None or view.confidence > known.confidence:
                face = shrink(crop_face(image, view.box), max_side_px=_SIDE_PX)
                self._best[key] = _Best(view.confidence, result.time_s, encode_image(face))

    def kept(self) -> MappingProxyType[Shown, bytes]:
        """Return the faces as JPEG."""
        found = {Shown.of(best.time_s, label, best.confidence): best.jpeg for (_, label), best in self._best.items()}
        return MappingProxyType(found)
