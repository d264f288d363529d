"""Workshop. A served Keras model → LiteRT, in the precision that PublicTest speaks for.

int8 is dynamic-range quantization: int8 weights, float arithmetic between layers. It is the smaller and faster file; it
ships unless PublicTest shows that it costs accuracy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fer_core import FER2013, Emotions, ModelError
from fer_core.litert import Network
from fer_train import metrics
from fer_train.answers import ask
from fer_train.config import PRECISIONS

if TYPE_CHECKING:
    import keras

Array = npt.NDArray[Any]
MAY_COST = 0.003  # of PublicTest accuracy, for the smaller and faster file


@dataclass(frozen=True)
class Conversion:
    """A converted model and how well it repeats the Keras file.

    Attributes:
        precision: "int8" or "float16".
        content: the LiteRT file.
        accuracy: on the rows of PublicTest that may choose.
        largest_difference: between two probabilities, over the whole PublicTest.
        mean_difference: of all probabilities, over the whole PublicTest.
        same_top_label: share of PublicTest with the same answer.
    """

    precision: str
    content: bytes
    accuracy: float
    largest_difference: float
    mean_difference: float
    same_top_label: float

    @property
    def passes(self) -> bool:
        """Whether it differs from the Keras file by no more than rounding explains."""
        if self.precision == "float16":
            return self.largest_difference <= 0.02
        return self.mean_difference <= 0.01 and self.same_top_label >= 0.99

    def row(self) -> dict[str, Any]:
        """Return the figures as they stand in the card."""
        names = ("accuracy", "largest_difference", "mean_difference", "same_top_label")
        figures = {name: round(float(getattr(self, name)), 5) for name in names}
        figures["public_test_accuracy"] = figures.pop("accuracy")
        return {"precision": self.precision, "bytes": len(self.content), **figures, "passes": self.passes}


def to_litert(model: keras.Model, precision: str) -> bytes:
    """Convert a model with a fixed batch size to LiteRT, in one of `PRECISIONS`."""
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if precision == "float16":
        converter.target_spec.supported_types = [tf.float16]
    return bytes(converter.convert())


def litert_probs(content: bytes, images: Array) -> Array:
    """Return what a LiteRT file serves for (N, 48, 48) uint8 chips: (N, 7) float32."""
    network = Network(content, name="the converted model.tflite")

    def predict(chips: Array) -> Emotions:
        return Emotions(np.concatenate([network(chip[None, ..., None])[len(FER2013)] for chip in chips]))

    return ask(predict, images)


@dataclass(frozen=True)
class Exam:
    """What a conversion is measured on: PublicTest, and the Keras file's answers to it.

    Attributes:
        images: (N, 48, 48) uint8.
        labels: (N,) int, index into FER2013's labels.
        choose: (N,) bool, the rows that may choose.
        slow: (N, 7) float32, what the Keras file serves.
    """

    images: Array
    labels: Array
    choose: Array
    slow: Array

    def judge(self, precision: str, content: bytes) -> Conversion:
        """Measure a converted file."""
        fast = litert_probs(content, self.images)
        gap, same = np.abs(fast - self.slow), fast.argmax(axis=1) == self.slow.argmax(axis=1)
        right = metrics.accuracy(fast[self.choose], self.labels[self.choose])
        return Conversion(precision, content, right, float(gap.max()), float(gap.mean()), float(same.mean()))


def conversions(model: keras.Model, precision: str, exam: Exam) -> list[Conversion]:
    """Convert a model to the precision that a config asks for, or to each ("auto"), and measure it."""
    asked = PRECISIONS if precision == "auto" else (precision,)
    return [exam.judge(name, to_litert(model, name)) for name in asked]


def shipped(found: Sequence[Conversion]) -> Conversion:
    """Return the conversion that ships: int8 if it passes and costs at most `MAY_COST`, else float16.

    Raises:
        ModelError: none repeats the Keras file.
    """
    good = [conversion for conversion in found if conversion.passes]
    if not good:
        came = [conversion.row() for conversion in found]
        raise ModelError(f"model.tflite must repeat model.keras, got {came}; export with another [serving] precision")
    best = max(conversion.accuracy for conversion in good)
    in_order = sorted(good, key=lambda conversion: PRECISIONS.index(conversion.precision))
    return next(conversion for conversion in in_order if conversion.accuracy >= best - MAY_COST)
