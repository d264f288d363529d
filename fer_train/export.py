"""Workshop. A trained run → a model's folder: the Keras file, the LiteRT file, and the card that vouches for both."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from fer_core import FER2013, InputError, ModelError
from fer_core.classify import LiteRtClassifier
from fer_train import card, clean, metrics
from fer_train.config import Config
from fer_train.data import FaceTable
from fer_train.serving import Pool, head_logs, serving_model, trained_network

Array = npt.NDArray[Any]


def log_priors(labels: Array) -> tuple[float, ...]:
    """Return the log share of each FER2013 class among (N,) int labels."""
    return tuple(float(v) for v in np.log(np.bincount(labels, minlength=len(FER2013)) / len(labels)).round(4))


def choose_pool(network: keras.Model, config: Config, table: FaceTable) -> tuple[Pool, float]:
    """Fit what PublicTest decides: the temperature, and the "not sure" threshold."""
    rows = clean.clean(table)
    chosen = table[rows.choose & rows.trust_label]
    serving = config.serving
    pool = Pool(
        votes_share=serving.votes_share,
        rare_boost=serving.rare_boost,
        temperature=1.0,
        log_priors=log_priors(table.labels[rows.teach]),
    )
    logits = pool.logits(*head_logs(network, chosen.images))
    temperature = metrics.fit_temperature(logits, chosen.labels)
    probs = metrics.softmax(logits / temperature)
    threshold = metrics.threshold_for(probs, chosen.labels, serving.sure_accuracy)
    return dataclasses.replace(pool, temperature=round(temperature, 4)), round(threshold, 3)


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
    pool, threshold = choose_pool(network, config, table)
    folder.mkdir(parents=True, exist_ok=True)
    serving_model(network, pool).save(folder / "model.keras")
    (folder / "model.tflite").write_bytes(to_litert(serving_model(network, pool, batch=1), config.serving.precision))
    values = card.describe(config, table, run, temperature=pool.temperature, threshold=threshold)
    card.write_card(folder, values)
    agreed = verify(folder, config.serving.precision, table.split("PublicTest").images)
    values["metrics"] = {"litert_against_keras": agreed}
    card.write_card(folder, values)
    return agreed
