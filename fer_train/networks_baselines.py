"""Workshop. What the fourth student project tried before its own network: neighbours, and three well-known networks.

The well-known ones begin with random weights here: their ImageNet weights are not among Mien's files.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import numpy.typing as npt
from keras import layers, ops

if TYPE_CHECKING:
    from fer_train.config import Network

Array = npt.NDArray[Any]
Tensor = keras.KerasTensor
MEMORY = "memory"
_BATCH_MOMENTUM = 0.9
_NOBODY = -1e9  # the likeness of a place of the memory that holds no face


def neighbours(x: Tensor, network: Network) -> Tensor:
    """Build what says who is near: 1 at the nearest of `widths[0]` remembered faces, `depths[0]` of them, 0 at the others.

    A face's pixels p are the nearer to m, the larger 2 p·m - m·m is: one dense layer, whose weights `remember` sets.
    """
    flat = layers.Flatten(dtype="float32")(x)
    places, near = network.widths[0], network.depths[0]
    likeness = layers.Dense(places, trainable=False, dtype="float32", name=MEMORY, bias_initializer=_empty())(flat)
    nearest, _ = ops.top_k(likeness, k=near)
    among = ops.cast(ops.greater_equal(likeness, nearest[:, -1:]), "float32")
    return among / near


def _empty() -> keras.initializers.Initializer:
    return keras.initializers.Constant(_NOBODY)


def remembers(model: keras.Model) -> bool:
    """Return whether a network remembers faces rather than learns from them."""
    return any(layer.name == MEMORY for layer in model.layers)


def remember(model: keras.Model, images: Array, answers: Array, *, seed: int) -> None:
    """Fill a network's memory, in place, with as many faces as it has places, chosen at random.

    Args:
        model: of the kind "neighbours".
        images: (N, 48, 48) uint8.
        answers: (N, K) float32, what each face is.
        seed: of the choice.
    """
    memory, votes = model.get_layer(MEMORY), model.get_layer("fer2013")
    places = memory.units
    rows = np.random.default_rng(seed).permutation(len(images))[:places]
    faces, said = np.zeros((places, images[0].size), np.float32), np.zeros((places, answers.shape[1]), np.float32)
    faces[: len(rows)] = images[rows].reshape(len(rows), -1) / 255
    said[: len(rows)] = answers[rows]
    biases = np.where(np.arange(places) < len(rows), -(faces**2).sum(axis=1), _NOBODY)
    memory.set_weights([2 * faces.T, biases.astype(np.float32)])
    votes.set_weights([said, np.zeros(answers.shape[1], np.float32)])


def _known(name: str) -> Callable[[Tensor, Network], Tensor]:
    def body(x: Tensor, network: Network) -> Tensor:
        make = getattr(keras.applications, name)
        known = make(include_top=False, weights=None, input_shape=(48, 48, 1), pooling="avg")
        for layer in known.layers:
            if isinstance(layer, layers.BatchNormalization):
                # MobileNetV2's own 0.999 suits millions of steps: a few epochs would be judged by the statistics of the first.
                layer.momentum = _BATCH_MOMENTUM
        return layers.Dropout(network.dropout)(known(x))

    return body


BODIES: dict[str, Callable[[Tensor, Network], Tensor]] = {
    "neighbours": neighbours,
    "mobilenetv2": _known("MobileNetV2"),
    "vgg16": _known("VGG16"),
    "resnet50v2": _known("ResNet50V2"),
}
