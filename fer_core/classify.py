"""Adapter. Chips → perceived expressions, by the network of a model's folder on LiteRT."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from fer_core.cards import ModelCard, read_card, verified_bytes
from fer_core.errors import InputError, ModelError
from fer_core.labels import FERPLUS, LabelSet
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
        threads: threads that the network may use.

    Raises:
        ModelError: a file is missing, altered, or does not give what the card says.
    """

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self.card = read_card(folder)
        content = verified_bytes(folder, "model.tflite", self.card.sha256)
        try:
            self._interpreter = Interpreter(model_content=content, num_threads=threads)
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"model.tflite of {folder} must be a LiteRT network, got: {error}; restore it") from error
        self._lock = threading.Lock()  # an interpreter serves one thread at a time
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = self._find_outputs(folder)

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
        need_chips(chips)
        rows = np.zeros((len(chips), len(labels)), np.float32)
        with self._lock:
            for row, chip in enumerate(chips):
                self._interpreter.set_tensor(self._input, chip[None, ..., None])
                self._interpreter.invoke()
                rows[row] = self._interpreter.get_tensor(self._outputs[len(labels)])[0]
        return Emotions(rows, labels)

    def _find_outputs(self, folder: Path) -> dict[int, int]:
        """Return tensor indices by their number of labels; LiteRT keeps no reliable names."""
        found = {int(d["shape"][-1]): int(d["index"]) for d in self._interpreter.get_output_details()}
        wanted = {len(self.card.labels), len(FERPLUS)}
        if set(found) != wanted:
            raise ModelError(f"model.tflite of {folder} must have outputs of {wanted} labels, got {set(found)}; restore it")
        return found
