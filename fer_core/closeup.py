"""Adapter. A second look at pictures in which no face was found: the face may fill the picture.

The cascade looks for a face with its surroundings. A portrait that was cut at the chin and the forehead has none, so it
is shown again, at a size that suits the detector, with its edges drawn out into a border.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy.typing as npt

from fer_core.boxes import clip_boxes
from fer_core.detect import TIGHTER, FaceDetector, FaceRefiner
from fer_core.options import Options
from fer_core.types import Faces, need_image

Array = npt.NDArray[Any]
# Without a border most close-ups stay unfound; sizes of 200..480 px and borders of 0.15..0.35 find about as many as these.
SIDE_PX = 320
BORDER_SHARE = 0.25


class CloseUpDetector:
    """A detector that looks twice before it says that there is no face.

    Args:
        detector: finds the faces; asked a second time only where it finds none. If it can look about places (`FaceRefiner`), so
            can this one, once: near a place a face is found with its surroundings or not at all.
    """

    def __init__(self, detector: FaceDetector) -> None:
        self._detector = detector
        if isinstance(detector, FaceRefiner):
            self.refine = detector.refine

    @property
    def options(self) -> Options:
        """The knobs of the detector that is asked."""
        return self._detector.options

    def with_options(self, options: Options) -> FaceDetector:
        """Return the detector that is asked, with other knobs; whether it looks twice is the caller's to decide."""
        return self._detector.with_options(options)

    def detect(self, image: Array) -> Faces:
        """Find the faces of a picture.

        Args:
            image: (H, W, 3) uint8, RGB.

        Returns:
            Faces of the picture, clipped to it; N = 0 where both looks find none.

        Raises:
            InputError: the image is not RGB uint8.
        """
        faces = self._detector.detect(image)
        return faces if len(faces) else self._look_closer(image)

    def _look_closer(self, image: Array) -> Faces:
        need_image(image)
        framed, scale, border_px = _framed(image)
        found = self._detector.detect(framed)
        size_wh = (image.shape[1], image.shape[0])
        boxes = clip_boxes((found.boxes - border_px) / scale, size_wh)
        landmarks = (found.landmarks - border_px) / scale
        sides = boxes[:, 2:] - boxes[:, :2]
        kept = (sides > 1).all(axis=1)  # a face in the border is none
        kept &= sides.max(axis=1, initial=0) >= TIGHTER * self.options.min_face_px
        return Faces(boxes[kept], found.scores[kept], landmarks[kept], size_wh)


def _framed(image: Array) -> tuple[Array, float, int]:
    """Return the picture at `SIDE_PX` with its edges drawn out, the scale, and the border's width in pixels."""
    scale = SIDE_PX / max(image.shape[:2])
    size_wh = [max(1, round(side * scale)) for side in image.shape[1::-1]]
    sized = cv2.resize(image, size_wh, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    border_px = round(BORDER_SHARE * SIDE_PX)
    framed = cv2.copyMakeBorder(sized, border_px, border_px, border_px, border_px, cv2.BORDER_REPLICATE)
    return framed, scale, border_px
