"""Workshop. Networks on Keras alone; each takes raw gray chips and ends in a head of logits for each thing it is asked."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import keras
import numpy as np
from keras import layers

from fer_core import FERPLUS, InputError
from fer_train import networks_baselines, networks_students
from fer_train.task import SEVEN, Task

if TYPE_CHECKING:
    from fer_train.config import Network

Heads = dict[str, keras.KerasTensor]


def _convolution(x: keras.KerasTensor, width: int) -> keras.KerasTensor:
    x = layers.Conv2D(width, 3, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


def standardised(chips: keras.KerasTensor, network: Network) -> keras.KerasTensor:
    """Give each chip mean 0 and variance 1, so that light and contrast of the camera do not count."""
    x = layers.Rescaling(1 / 255, dtype="float32", name="rescale")(chips)
    if not network.standardise:
        return x
    standardise = layers.LayerNormalization(
        axis=(1, 2, 3), epsilon=network.flatness, center=False, scale=False, dtype="float32", name="standardise"
    )
    return standardise(x)


def every_layer(network: keras.Model) -> list[keras.Layer]:
    """Return a network's layers in their order, those of the networks inside it in its place."""
    found: list[keras.Layer] = []
    for layer in network.layers:
        found += every_layer(layer) if isinstance(layer, keras.Model) else [layer]
    return found


def bodies_of(network: keras.Model) -> list[keras.Model]:
    """Return the bodies of a network with dense heads, in their order: (N, 48, 48, 1) → (N, K) features, sharing its weights."""
    read = network.get_layer("fer2013").input
    joint = next((layer for layer in network.layers if layer.name == SIDE_BY_SIDE), None)
    return [keras.Model(network.inputs, features) for features in (joint.input if joint else [read])]


def heads_of(task: Task) -> dict[str, int]:
    """Return the names of a task's heads, and how many logits each gives."""
    return {"fer2013": len(task.classes), **({"ferplus": len(FERPLUS)} if task.votes else {})}


def _dense_heads(features: keras.KerasTensor, task: Task) -> Heads:
    return {name: layers.Dense(width, dtype="float32", name=name)(features) for name, width in heads_of(task).items()}


def _mapped_heads(maps: keras.KerasTensor, task: Task) -> Heads:
    """End in a map for each logit and its mean, without a dense layer (Arriaga et al. 2017)."""
    means = {}
    for name, width in heads_of(task).items():
        means[name] = layers.Conv2D(width, 3, padding="same", name=f"{name}_map")(maps)
    return {name: layers.GlobalAveragePooling2D(dtype="float32", name=name)(map_) for name, map_ in means.items()}


def vgg(x: keras.KerasTensor, network: Network) -> keras.KerasTensor:
    """Build a VGG with batch normalisation and global average pooling (Simonyan & Zisserman 2015)."""
    for stage, (width, depth) in enumerate(zip(network.widths, network.depths, strict=True)):
        x = layers.MaxPooling2D()(x) if stage else x
        for _ in range(depth):
            x = _convolution(x, width)
    return layers.Dropout(network.dropout)(layers.GlobalAveragePooling2D()(x))


Body = Callable[[keras.KerasTensor, "Network"], keras.KerasTensor]
BODIES: dict[str, Body] = {"vgg": vgg, **networks_students.BODIES, **networks_baselines.BODIES}
MAPPED = {"mini-xception"}
SIDE_BY_SIDE = "side_by_side"


def build(network: Network, task: Task = SEVEN) -> keras.Model:
    """Build the network that a config names, for a task.

    Returns:
        A model: (N, 48, 48, 1) gray 0..255, or {"chips", "landmarks": (N, 136)} where the task's sight has both
        → {"fer2013": (N, K)} logits, and {"ferplus": (N, 8)} where the task has votes.

    Raises:
        InputError: there is no such network.
    """
    if network.kind not in BODIES:
        raise InputError(f"kind of [network] must be one of {', '.join(BODIES)}, got {network.kind!r}; correct it")
    chips = keras.Input((48, 48, 1), name="chips")
    seen = standardised(chips, network)
    features = BODIES[network.kind](seen, network)
    if network.beside:
        others = [vgg(seen, replace(network, depths=depths, beside=())) for depths in network.beside]
        features = layers.Concatenate(name=SIDE_BY_SIDE)([features, *others])
    if task.sight != "landmarks":
        heads = _mapped_heads if network.kind in MAPPED else _dense_heads
        return keras.Model(chips, heads(features, task), name=network.kind.replace("-", "_"))
    points = keras.Input((136,), name="landmarks")
    joined = networks_students.joined(features, points, network)
    return keras.Model({"chips": chips, "landmarks": points}, _dense_heads(joined, task), name="with_landmarks")


def begin_with(model: keras.Model, sources: Sequence[keras.Model]) -> None:
    """Give a model the weights of others, in place: of one that is built alike, or of several whose bodies it has side by side.

    Its logits are then the mean of theirs, in which each counts as often as it has bodies.

    Raises:
        InputError: the sources' bodies or heads, in their order, are not the model's.
    """
    if len(sources) == 1 and _shapes(sources) == _shapes([model]):
        model.set_weights(sources[0].get_weights())
        return
    alike = all(_widths(source) == _widths(model) for source in sources)
    bodies = [bodies_of(source) for source in sources] if alike else []
    mine, theirs = bodies_of(model), list(itertools.chain(*bodies))
    if _shapes(mine) != _shapes(theirs):
        came = f"{len(sources)} of {', '.join(f'{source.count_params():,}' for source in sources)} parameters"
        need = f"networks whose bodies stand in it side by side, for {model.count_params():,} parameters in all"
        raise InputError(f"expected a start of {need}, got {came}; give `depths` and `beside` the depths of theirs")
    for body, begun in zip(mine, theirs, strict=True):
        body.set_weights(begun.get_weights())
    shares = [len(of_one) / len(theirs) for of_one in bodies]
    for head in model.output:
        weights = [source.get_layer(head).get_weights() for source in sources]
        kernels = [kernel * share for (kernel, _), share in zip(weights, shares, strict=True)]
        bias = sum(bias * share for (_, bias), share in zip(weights, shares, strict=True))
        model.get_layer(head).set_weights([np.concatenate(kernels), bias])


def _widths(network: keras.Model) -> dict[str, int]:
    return {head: logits.shape[-1] for head, logits in network.output.items()}


def _shapes(networks: Sequence[keras.Model]) -> list[list[tuple[int, ...]]]:
    return [[array.shape for array in network.get_weights()] for network in networks]
