"""Adapter. The reference engine: the mtcnn package and Keras on TensorFlow as they come, with the pyramid put right."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core.cascade import Candidates, tidy_faces
from fer_core.options import Options
from fer_core.pyramid import FIELD_PX, STEP, pyramid_scales
from fer_core.types import Faces, need_image

Array = npt.NDArray[Any]


class ReferenceDetector:
    """The mtcnn package's own three stages; share one per process, it is safe between threads.

    `MTCNN.detect_faces` is not called: it takes TensorFlow's errors for "no faces", and from a `min_face_size` of about 28
    its pyramid ends in levels too small for P-Net, which is such an error.

    Args:
        options: the knobs; `threads` is TensorFlow's own affair and not used here.
    """

    def __init__(self, options: Options | None = None) -> None:
        from mtcnn import MTCNN

        self.options = options or Options()
        self._mtcnn = MTCNN()

    def detect(self, image: Array) -> Faces:
        """Find the faces of a picture.

        Args:
            image: (H, W, 3) uint8, RGB.

        Returns:
            Faces, the largest first, each scored above `face_threshold`; N = 0 where there is none.

        Raises:
            InputError: the image is not RGB uint8.
        """
        need_image(image)
        size_wh = (image.shape[1], image.shape[0])
        levels = len(pyramid_scales(size_wh, self.options.min_face_px))
        rows = self._rows(image, levels) if levels else np.zeros((0, 16))
        return tidy_faces(Candidates.of(rows[:, 1:5], rows[:, 5], rows[:, 6:]), size_wh, self.options.max_faces)

    def _rows(self, image: Array, levels: int) -> Array:
        """Return the package's (N, 16) rows: picture number, box, score, five x, five y."""
        import tensorflow as tf
        from mtcnn.utils.images import standarize_batch

        rows: Array | None = None
        with tf.device(self._mtcnn.device):
            pictures, _, _ = standarize_batch([image], normalize=True)
            for stage in self._mtcnn.stages:
                rows = stage(
                    bboxes_batch=rows,
                    images_normalized=pictures,
                    images_oshapes=_shape_of_levels(levels),
                    min_face_size=self.options.min_face_px,
                    scale_factor=STEP,
                    threshold_onet=self.options.face_threshold,
                )
                if not len(rows):  # the package would hand an empty batch to the next network
                    return np.zeros((0, 16))
        assert rows is not None
        return rows


def _shape_of_levels(levels: int) -> Array:
    """Return the (1, 3) picture shape from which the package counts so many pyramid levels.

    P-Net's stage reads the shape for nothing else, and counts `round(log(side / 12) / log(1 / 0.709) - 1)` levels whatever
    face is looked for; so the right count is given in the one place where it asks.
    """
    side = FIELD_PX * math.pow(STEP, -(levels + 1))
    return np.array([[side, side, 3.0]])
