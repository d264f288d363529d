"""Workshop. Wraps a trained network as it is served: gray chips in, the seven probabilities that people see out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import layers
from scipy.special import log_softmax

from fer_core import FER2013, FERPLUS
from fer_core.cards import read_expression_card, verified_bytes
from fer_train import clean
from fer_train.augment import augment
from fer_train.config import Config
from fer_train.data import FaceTable
from fer_train.networks import build, every_layer
from fer_train.pool import Pool
from fer_train.runs import need_trained

Array = npt.NDArray[Any]


def trained_network(config: Config, run: Path, table: FaceTable) -> keras.Model:
    """Return the network of a run's best averaged weights, in float32, with statistics of its own.

    A fine-tuned network keeps its source's statistics: its own faces are too few to gather new ones.

    Args:
        config: the recipe that trained the run.
        run: the run's folder.
        table: the faces that it was trained with.

    Raises:
        InputError: the run is missing, or another recipe or other faces trained it.
    """
    need_trained(run, config, table.read)
    if config.finetuning.source:
        return finetuned_network(run)
    trained = keras.models.load_model(run / "best.keras", compile=False)
    keras.mixed_precision.set_global_policy("float32")
    network = build(config.network)
    network.set_weights(trained.get_weights())
    return settled(network, seen_in_training(config, table.images[clean.clean(table).teach]))


def seen_in_training(config: Config, images: Array) -> Array:
    """Return (M, 48, 48) uint8 random views: statistics of untouched faces serve a network worse that never saw any."""
    rng = np.random.default_rng(config.schedule.seed)
    rows = rng.permutation(len(images))[: 64 * 256]
    return np.stack([augment(images[row], config.augmentation, rng) for row in rows])


def finetuned_network(run: Path) -> keras.Model:
    """Return the two-headed network inside a fine-tuned run's best model."""
    wrapped = keras.models.load_model(run / "best.keras", compile=False)
    return next(layer for layer in wrapped.layers if isinstance(layer, keras.Model))


def settled(network: keras.Model, images: Array, *, batch: int = 256, batches: int = 64) -> keras.Model:
    """Let a network gather its batch statistics anew, in place, and return it.

    The averaged weights were never run in training; the statistics beside them belong to the weights of the last step
    (Izmailov et al. 2018).

    Args:
        network: the network whose batch normalisations are renewed.
        images: (N, 48, 48) uint8, training faces; at most `batches` random batches of them are used.
        batch: rows a batch.
        batches: how many.
    """
    layers_of_statistics = [layer for layer in every_layer(network) if isinstance(layer, layers.BatchNormalization)]
    order = np.random.default_rng(0).permutation(len(images))
    for number, rows in enumerate(np.array_split(order, max(1, len(order) // batch))[:batches]):
        for layer in layers_of_statistics:
            layer.momentum = number / (number + 1)  # the plain mean of all batches
        network(images[rows][..., None].astype(np.float32), training=True)
    return network


def serving_model(network: keras.Model, pool: Pool, *, batch: int | None = None) -> keras.Model:
    """Wrap a two-headed network as it is served; stock layers only, so that it loads anywhere.

    Args:
        network: (N, 48, 48, 1) float32 → {"fer2013", "ferplus"} logits.
        pool: how the heads are joined.
        batch: a fixed batch size, or any.

    Returns:
        A model: (N, 48, 48, 1) uint8 gray → {"probs": (N, 7), "ferplus": (N, 8)} probabilities.
    """
    chips = keras.Input((48, 48, 1), batch_size=batch, dtype="uint8", name="chips")
    heads = network(layers.Rescaling(1.0, dtype="float32", name="to_float")(chips))
    logs = [layers.Activation("log_softmax", name=f"log_{name}")(heads[name]) for name in ("fer2013", "ferplus")]
    joint = layers.Dense(len(FER2013), activation="softmax", trainable=False, name="pool")
    outputs = {"probs": joint(layers.Concatenate()(logs)), "ferplus": layers.Softmax(name="votes")(heads["ferplus"])}
    joint.set_weights([pool.kernel / pool.temperature, pool.bias / pool.temperature])
    return keras.Model(chips, outputs, name="served")


def served_model(folder: Path) -> keras.Model:
    """Return the Keras model that ships in a folder.

    Raises:
        ModelError: the card or the file is missing, altered, or of other labels.
    """
    verified_bytes(folder, "model.keras", read_expression_card(folder).sha256)
    return keras.models.load_model(folder / "model.keras", compile=False)


def network_inside(served: keras.Model) -> keras.Model:
    """Return the two-headed network inside a served model."""
    return next(layer for layer in served.layers if isinstance(layer, keras.Model))


def head_logs(network: keras.Model, images: Array) -> Array:
    """Return both heads' log-probabilities, (N, 15) float32, of (N, 48, 48) uint8 chips."""
    if not len(images):
        return np.zeros((0, len(FER2013) + len(FERPLUS)), np.float32)
    heads = network.predict(images[..., None].astype(np.float32), batch_size=256, verbose=0)
    return np.concatenate([log_softmax(heads[name], axis=1) for name in ("fer2013", "ferplus")], axis=1)
