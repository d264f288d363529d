"""Workshop. A trained run → a model's folder: the Keras file, the LiteRT file, and the card that vouches for both."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from fer_core import InputError, ModelError
from fer_core.classify import LiteRtClassifier
from fer_train import card, clean, metrics
from fer_train.config import Config
from fer_train.data import FaceTable
from fer_train.pool import Pool, read_pool
from fer_train.serving import head_logs, serving_model, trained_network

Array = npt.NDArray[Any]


def calibrate(network: keras.Model, pool: Pool, table: FaceTable, sure_accuracy: float) -> tuple[Pool, float]:
    """Fit on PublicTest: the temperature, and the "not sure" threshold at which answers reach an accuracy."""
    rows = clean.clean(table)
    chosen = table[rows.choose & rows.trust_label]
    logits = pool.logits(head_logs(network, chosen.images))
    temperature = round(metrics.fit_temperature(logits, chosen.labels), 4)
    threshold = metrics.threshold_for(metrics.softmax(logits / temperature), chosen.labels, sure_accuracy)
    return dataclasses.replace(pool, temperature=temperature), round(threshold, 3)


def to_litert(model: keras.Model, precision: str) -> bytes:
    """Convert a model with a fixed batch size to LiteRT.

    Args:
        model: the serving model.
        precision: "float16" or "int8" (dynamic range: int8 weights, float arithmetic between layers).

    Raises:
        InputError: another precision was asked for.
    """
    import tensorflow as tf

    if precision not in ("float16", "int8"):
        raise InputError(f"precision must be float16 or int8, got {precision!r}; correct [serving] of the config")
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if precision == "float16":
        converter.target_spec.supported_types = [tf.float16]
    return bytes(converter.convert())


def verify(folder: Path, precision: str, images: Array) -> dict[str, float]:
    """Hold the LiteRT file against the Keras file on (N, 48, 48) chips.

    Raises:
        ModelError: they differ by more than rounding explains.
    """
    fast = LiteRtClassifier(folder).predict(images).probs
    slow = keras.models.load_model(folder / "model.keras", compile=False).predict(images[..., None], verbose=0)["probs"]
    gap, same = np.abs(fast - slow), float((fast.argmax(1) == slow.argmax(1)).mean())
    found = {"largest_difference": float(gap.max()), "mean_difference": float(gap.mean()), "same_top_label": same}
    good = gap.max() <= 0.02 if precision == "float16" else gap.mean() <= 0.01 and same >= 0.99
    if not good:
        raise ModelError(f"model.tflite of {folder} must repeat model.keras, got {found}; export with another precision")
    return {name: round(value, 5) for name, value in found.items()}


def export(config: Config, table: FaceTable, run: Path, folder: Path) -> dict[str, float]:
    """Ship a run's best weights as a model's folder, and return how well both files agree."""
    network = trained_network(config, run, table)
    pool, threshold = calibrate(network, read_pool(run / "pool.json"), table, config.serving.sure_accuracy)
    folder.mkdir(parents=True, exist_ok=True)
    serving_model(network, pool).save(folder / "model.keras")
    (folder / "model.tflite").write_bytes(to_litert(serving_model(network, pool, batch=1), config.serving.precision))
    values = card.describe(config, table, run, temperature=pool.temperature, threshold=threshold)
    card.write_card(folder, values)
    agreed = verify(folder, config.serving.precision, table.split("PublicTest").images)
    values["metrics"] = {"litert_against_keras": agreed}
    card.write_card(folder, values)
    return agreed
