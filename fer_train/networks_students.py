"""Workshop. The networks of the five student projects that Mien comes from, and mini-Xception, as published.

`models/published.csv` says whose each is; tests hold their parameters against the published numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import keras
from keras import layers

if TYPE_CHECKING:
    from fer_train.config import Network

Tensor = keras.KerasTensor


def _convolutions(x: Tensor, width: int, depth: int, *, padding: str = "same") -> Tensor:
    for _ in range(depth):
        x = layers.Conv2D(width, 3, padding=padding, activation="relu")(x)
    return x


def _normed(x: Tensor, dropout: float = 0.0) -> Tensor:
    """Normalise a layer's output, then rectify it."""
    x = layers.ReLU()(layers.BatchNormalization()(x))
    return layers.Dropout(dropout)(x) if dropout else x


def six_convolutions(x: Tensor, network: Network) -> Tensor:
    """Build six wide convolutions before one dense layer of 792 numbers (Oleniuk & Galotta)."""
    width = network.widths[0]
    for number, (size, pool) in enumerate(((8, 1), (8, 2), (8, 1), (4, 4), (4, 1), (4, 1))):
        x = layers.Conv2D(width, size, padding="same", activation="relu", name=f"patch_{number}")(x)
        x = layers.MaxPooling2D(pool)(x) if pool > 1 else x
    return layers.Flatten()(layers.Dropout(network.dropout)(x))


def six_normed(x: Tensor, network: Network) -> Tensor:
    """Build three pairs of convolutions, the image's half of the network with landmarks (Nikolaeva & Malikov)."""
    for first, second in zip(network.widths[::2], network.widths[1::2], strict=True):
        for width in (first, second):
            x = layers.BatchNormalization()(layers.Conv2D(width, 3, activation="relu")(x))
        x = layers.Dropout(network.dropout)(layers.MaxPooling2D()(x))
    return layers.Flatten()(x)


def joined(features: Tensor, points: Tensor, network: Network) -> Tensor:
    """Join an image's features with landmarks, the other half of the same network."""
    x = layers.Concatenate()([features, points])
    x = layers.Dense(256, activation="relu", kernel_regularizer=keras.regularizers.L2(0.01))(x)
    return layers.Dropout(network.dropout)(layers.BatchNormalization()(x))


def _pooled(x: Tensor, network: Network, dense: tuple[int, ...]) -> Tensor:
    """Build convolutions of 3, 5, 3, 3 pixels, each normed, rectified and pooled, and dense layers, each normed."""
    for width, size in zip(network.widths, (3, 5, 3, 3), strict=False):
        x = layers.MaxPooling2D()(_normed(layers.Conv2D(width, size, padding="same")(x)))
        x = layers.Dropout(network.dropout)(x) if network.dropout else x
    x = layers.Flatten()(x)
    for width in dense:
        x = _normed(layers.Dense(width)(x), network.dropout)
    return x


def cap_small(x: Tensor, network: Network) -> Tensor:
    """Build three pooled convolutions and one dense layer (Bassani)."""
    return _pooled(x, network, (256,))


def cap_big(x: Tensor, network: Network) -> Tensor:
    """Build four pooled convolutions and two dense layers, all with dropout (Bassani)."""
    return _pooled(x, network, (256, 512))


def concordia_vgg(x: Tensor, network: Network) -> Tensor:
    """Build the small VGG that Keras Tuner chose the widths of (Concordia's bootcamp)."""
    x = layers.Conv2D(network.widths[0], 5, padding="same", activation="relu")(x)
    for stage, (width, depth) in enumerate(zip(network.widths, network.depths, strict=True)):
        x = _convolutions(x, width, depth if stage else depth - 1)
        x = layers.BatchNormalization()(x) if stage < 3 else x
        x = layers.MaxPooling2D()(x)
    x = layers.Flatten()(x)
    for _ in range(2):
        x = layers.Dense(343, activation="relu")(x)
    return x


def landmark_binary(x: Tensor, network: Network) -> Tensor:
    """Build the network that reads drawings of landmarks (Benoît & Giraud); pooled thrice, dropped out after the first two."""
    for stage, width in enumerate(network.widths):
        x = layers.MaxPooling2D()(_convolutions(x, width, 2, padding="valid"))
        x = layers.Dropout(network.dropout)(x) if stage < 2 else x
    x = layers.Flatten()(x)
    for _ in range(2):
        x = layers.Dropout(network.dropout)(layers.Dense(1024, activation="relu")(x))
    return x


def mini_xception(x: Tensor, network: Network) -> Tensor:
    """Build four residual blocks of separable convolutions (Arriaga, Plöger & Valdenegro 2017, arXiv 1710.07557)."""
    for _ in range(2):
        x = _normed(layers.Conv2D(network.widths[0], 3, use_bias=False)(x))
    for width in network.widths[1:]:
        past = layers.BatchNormalization()(layers.Conv2D(width, 1, strides=2, padding="same", use_bias=False)(x))
        x = _normed(layers.SeparableConv2D(width, 3, padding="same", use_bias=False)(x))
        x = layers.BatchNormalization()(layers.SeparableConv2D(width, 3, padding="same", use_bias=False)(x))
        x = layers.Add()([layers.MaxPooling2D(3, strides=2, padding="same")(x), past])
    return x


BODIES: dict[str, Callable[[Tensor, Network], Tensor]] = {
    "six-convolutions": six_convolutions,
    "six-normed": six_normed,
    "cap-small": cap_small,
    "cap-big": cap_big,
    "concordia-vgg": concordia_vgg,
    "landmark-binary": landmark_binary,
    "mini-xception": mini_xception,
}
