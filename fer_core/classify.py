"""Adapter. Chips → perceived expressions, by the network of a model's folder on LiteRT."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from fer_core.cards import ModelCard, read_expression_card, verified_bytes
from fer_core.errors import InputError, ModelError
from fer_core.labels import FERPLUS, LabelSet
from fer_core.litert import Network
from fer_core.preprocess import CHIP_SIZE
from fer_core.types import Emotions

Array = npt.NDArray[Any]


class EmotionClassifier(Protocol):
    """Anything that says what the faces of chips look like."""

    @property
    def card(self) -> ModelCard:
        """The card of the model behind it."""
        ...

    def predict(self, chips: Array) -> Emotions:
        """Return the served probabilities of (N, 48, 48) uint8 chips."""
        ...

    def predict_ferplus(self, chips: Array) -> Emotions:
        """Return the eight FER+ probabilities of (N, 48, 48) uint8 chips."""
        ...


def predict_both_sides(classifier: EmotionClassifier, chips: Array) -> Emotions:
    """Return the mean of the answers to each face and to its mirror image.

    A face and its mirror image look the same to people; where a network differs, the mean is more often right
    (test-time augmentation, Krizhevsky et al. 2012).

    Args:
        classifier: answers.
        chips: (N, 48, 48) uint8, gray.

    Raises:
        InputError: the chips have another shape or dtype.
    """
    seen = classifier.predict(chips)
    mirrored = classifier.predict(np.ascontiguousarray(chips[:, :, ::-1]))
    return Emotions((seen.probs + mirrored.probs) / 2, seen.labels)


def need_chips(chips: Array) -> None:
    """Refuse anything that is not (N, 48, 48) uint8.

    Raises:
        InputError: another shape or dtype came.
    """
    if not isinstance(chips, np.ndarray) or chips.shape[1:] != (CHIP_SIZE, CHIP_SIZE) or chips.dtype != np.uint8:
        came = f"{chips.shape} {chips.dtype}" if isinstance(chips, np.ndarray) else type(chips).__name__
        raise InputError(f"chips must be (N, {CHIP_SIZE}, {CHIP_SIZE}) uint8 gray, got {came}; use face_chips")


class LiteRtClassifier:
    """The shipped network on LiteRT; share one per process, it is safe between threads.

    Args:
        folder: the model's folder, with card.json and model.tflite.

    Raises:
        ModelError: a file is missing, altered, or does not give what the card says.
    """

    def __init__(self, folder: Path) -> None:
        self.card = read_expression_card(folder)
        content = verified_bytes(folder, "model.tflite", self.card.sha256)
        self._network = Network(content, name=f"model.tflite of {folder.name}")
        if self._network.widths != {len(self.card.labels), len(FERPLUS)}:
            came = f"outputs of {sorted(self._network.widths)} labels"
            raise ModelError(
                f"model.tflite of {folder} must have outputs of {len(self.card.labels)} and {len(FERPLUS)} labels, "
                f"got {came}; restore the folder"
            )

    def predict(self, chips: Array) -> Emotions:
        """Return the served probabilities.

        Args:
            chips: (N, 48, 48) uint8, gray.

        Returns:
            Emotions with N rows, in the card's labels.

        Raises:
            InputError: the chips have another shape or dtype.
        """
        return self._run(chips, self.card.labels)

    def predict_ferplus(self, chips: Array) -> Emotions:
        """Return the eight FER+ probabilities of (N, 48, 48) uint8 chips."""
        return self._run(chips, FERPLUS)

    def _run(self, chips: Array, labels: LabelSet) -> Emotions:
        # One chip a call: another batch size would lay out the network's memory anew, and is no faster on one thread.
        need_chips(chips)
        rows = [self._network(chip[None, ..., None])[len(labels)] for chip in chips]
        return Emotions(np.concatenate(rows) if rows else np.zeros((0, len(labels)), np.float32), labels)
