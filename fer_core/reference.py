"""Adapter. The reference engine: the mtcnn package and Keras on TensorFlow as they come, with the pyramid put right."""

from __future__ import annotations

import copy
import math
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from fer_core.cards import read_expression_card, verified_bytes
from fer_core.cascade import Candidates, tidy_faces
from fer_core.classify import need_chips
from fer_core.errors import ModelError
from fer_core.labels import FERPLUS, LabelSet
from fer_core.options import Options
from fer_core.pyramid import FIELD_PX, STEP, pyramid_scales
from fer_core.types import Emotions, Faces, need_image

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

    def with_options(self, options: Options) -> Self:
        """Return a detector with other knobs and the same networks; nothing is loaded."""
        other = copy.copy(self)
        other.options = options
        return other

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


class KerasClassifier:
    """The shipped network as Keras has it; share one per process, it is safe between threads.

    Args:
        folder: the model's folder, with card.json and model.keras.

    Raises:
        ModelError: a file is missing, altered, or does not give what the card says.
    """

    def __init__(self, folder: Path) -> None:
        import keras

        self.card = read_expression_card(folder)
        # Keras reads by path only, so the file is checked first; safe_mode refuses code inside it.
        verified_bytes(folder, "model.keras", self.card.sha256)
        try:
            self._model = keras.models.load_model(folder / "model.keras", compile=False, safe_mode=True)
        except (ValueError, TypeError, OSError) as error:
            raise ModelError(f"model.keras of {folder} must be a Keras network, got: {error}; restore the folder") from error
        self._need_outputs({"probs": len(self.card.labels), "ferplus": len(FERPLUS)}, folder)

    def _need_outputs(self, wanted: dict[str, int], folder: Path) -> None:
        outputs = self._model.output if isinstance(self._model.output, dict) else {}
        widths = {name: output.shape[-1] for name, output in outputs.items()}
        if widths != wanted:
            raise ModelError(f"model.keras of {folder} must have the outputs {wanted}, got {widths}; restore the folder")

    def predict(self, chips: Array) -> Emotions:
        """Return the served probabilities of (N, 48, 48) uint8 chips."""
        return self._run(chips, "probs", self.card.labels)

    def predict_ferplus(self, chips: Array) -> Emotions:
        """Return the eight FER+ probabilities of (N, 48, 48) uint8 chips."""
        return self._run(chips, "ferplus", FERPLUS)

    def _run(self, chips: Array, output: str, labels: LabelSet) -> Emotions:
        need_chips(chips)
        if not len(chips):  # TensorFlow's convolutions refuse an empty batch
            return Emotions(np.zeros((0, len(labels)), np.float32), labels)
        return Emotions(np.asarray(self._model(chips[..., None], training=False)[output]), labels)


def _shape_of_levels(levels: int) -> Array:
    """Return the (1, 3) picture shape from which the package counts so many pyramid levels.

    P-Net's stage reads the shape for nothing else, and counts `round(log(side / 12) / log(1 / 0.709) - 1)` levels whatever
    face is looked for; so the right count is given in the one place where it asks.
    """
    side = FIELD_PX * math.pow(STEP, -(levels + 1))
    return np.array([[side, side, 3.0]])
