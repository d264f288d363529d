"""Adapter. Faces → perceived ages, by a network of its own on LiteRT; only where somebody asks for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from fer_core.ages import MOST_YEARS, Ages
from fer_core.align import Crop
from fer_core.cards import MODELS_FOLDER, ModelCard, read_card, verified_bytes
from fer_core.classify import need_chips
from fer_core.errors import ModelError
from fer_core.litert import Network
from fer_core.preprocess import face_chips
from fer_core.types import Faces

Array = npt.NDArray[Any]
AGES_FOLDER = MODELS_FOLDER / "ages"
FILE = "ages.tflite"
# models/ages/margins.csv (`python -m fer_train.ages margins`): the best of both seeds. Pictures of UTKFace end close to the face.
AGE_CROP = Crop(margin=0.8)


class AgeEstimator(Protocol):
    """Anything that says how old faces look."""

    def estimate(self, image: Array, faces: Faces) -> Ages:
        """Return how old the N faces of a picture, (H, W, 3) uint8 RGB, look."""
        ...


class LiteRtAges:
    """The shipped network of ages; share one per process, it is safe between threads.

    Args:
        folder: holds card.json and ages.tflite.

    Raises:
        ModelError: a file is missing or altered, or does not give a probability for each year.
    """

    def __init__(self, folder: Path = AGES_FOLDER) -> None:
        self.card: ModelCard = read_card(folder)
        self._network = Network(verified_bytes(folder, FILE, self.card.sha256), name=f"{FILE} of {folder.name}")
        if self._network.widths != {MOST_YEARS + 1}:
            came = f"outputs of {sorted(self._network.widths)}"
            raise ModelError(f"{FILE} of {folder} must have one output of {MOST_YEARS + 1} years, got {came}; restore the folder")

    def estimate(self, image: Array, faces: Faces) -> Ages:
        """Return how old faces look: the mean over each face and its mirror image.

        Args:
            image: (H, W, 3) uint8, RGB.
            faces: the N faces in it.

        Raises:
            InputError: the image is not RGB uint8.
        """
        return self.of_chips(face_chips(image, faces, crop=AGE_CROP))

    def of_chips(self, chips: Array) -> Ages:
        """Return how old the faces of (N, 48, 48) uint8 chips look.

        Raises:
            InputError: the chips have another shape or dtype.
        """
        need_chips(chips)
        rows = [(self._probs(chip) + self._probs(chip[:, ::-1])) / 2 for chip in chips]
        return Ages(np.concatenate(rows) if rows else np.zeros((0, MOST_YEARS + 1), np.float32))

    def _probs(self, chip: Array) -> Array:
        return np.asarray(self._network(np.ascontiguousarray(chip)[None, ..., None])[MOST_YEARS + 1])
