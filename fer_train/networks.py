"""Workshop. Networks on Keras alone; each takes raw gray chips and ends in two heads of logits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import keras
from keras import layers

from fer_core import FER2013, FERPLUS

if TYPE_CHECKING:
    from fer_train.config import Network


def _convolution(x: keras.KerasTensor, width: int) -> keras.KerasTensor:
    x = layers.Conv2D(width, 3, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


def _standardise(chips: keras.KerasTensor, network: Network) -> keras.KerasTensor:
    """Give each chip mean 0 and variance 1, so that light and contrast of the camera do not count."""
    x = layers.Rescaling(1 / 255, dtype="float32", name="rescale")(chips)
    if not network.standardise:
        return x
    standardise = layers.LayerNormalization(
        axis=(1, 2, 3), epsilon=network.flatness, center=False, scale=False, dtype="float32", name="standardise"
    )
    return standardise(x)


def _heads(features: keras.KerasTensor) -> dict[str, keras.KerasTensor]:
    return {
        "fer2013": layers.Dense(len(FER2013), dtype="float32", name="fer2013")(features),
        "ferplus": layers.Dense(len(FERPLUS), dtype="float32", name="ferplus")(features),
    }


def vgg(network: Network) -> keras.Model:
    """Build a VGG with batch normalisation and global average pooling (Simonyan & Zisserman 2015).

    Returns:
        A model: (N, 48, 48, 1) gray 0..255 → {"fer2013": (N, 7), "ferplus": (N, 8)} logits.
    """
    chips = keras.Input((48, 48, 1), name="chips")
    x = _standardise(chips, network)
    for stage, (width, depth) in enumerate(zip(network.widths, network.depths, strict=True)):
        x = layers.MaxPooling2D()(x) if stage else x
        for _ in range(depth):
            x = _convolution(x, width)
    features = layers.Dropout(network.dropout)(layers.GlobalAveragePooling2D()(x))
    return keras.Model(chips, _heads(features), name="vgg")


BUILDERS: dict[str, Callable[[Network], keras.Model]] = {"vgg": vgg}


def build(network: Network) -> keras.Model:
    """Build the network that a config names."""
    return BUILDERS[network.kind](network)
