"""Workshop. One TOML file a model; every key is known, or the file is refused."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from fer_core import InputError
from fer_train.augment import Augmentation


@dataclass(frozen=True, kw_only=True)
class Network:
    """The shape of a network.

    Attributes:
        kind: a name in `networks.BUILDERS`.
        widths: filters of each stage.
        depths: convolutions of each stage.
        dropout: share of features dropped before the heads.
        flatness: added to a chip's variance (on a scale of 0..1) before it is divided by; keeps a blank chip finite.
    """

    kind: str = "vgg"
    widths: tuple[int, ...] = (32, 64, 128, 256)
    depths: tuple[int, ...] = (2, 2, 2, 2)
    dropout: float = 0.3
    flatness: float = 1e-4


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How a network is trained.

    Attributes:
        epochs: passes over the training rows.
        warmup_epochs: of which the rate climbs to its peak; then it falls as a cosine to zero.
        batch: rows a step.
        peak_rate: SGD-Nesterov's largest learning rate.
        weight_decay: decoupled, multiplied by the rate; convolution and dense kernels only.
        ema: momentum of the averaged weights, the ones that are kept.
        label_smoothing: of the FER2013 head.
        votes_weight: weight of the FER+ loss beside the FER2013 loss.
        precision: a Keras dtype policy.
        seed: of weights, order and augmentation.
    """

    epochs: int = 45
    warmup_epochs: float = 3.0
    batch: int = 128
    peak_rate: float = 0.1
    weight_decay: float = 5e-3
    ema: float = 0.999
    label_smoothing: float = 0.05
    votes_weight: float = 1.0
    precision: str = "mixed_bfloat16"
    seed: int = 1


@dataclass(frozen=True, kw_only=True)
class Distillation:
    """What a network learns from trained ones, beside the labels (Hinton et al. 2015).

    Attributes:
        teachers: names of shipped models; their answers are averaged. None: labels alone.
        share: of the target that is the teachers' answer.
        views: augmented views of a face that the teachers' answer is the mean of.
    """

    teachers: tuple[str, ...] = ()
    share: float = 0.5
    views: int = 4


@dataclass(frozen=True, kw_only=True)
class Serving:
    """How a trained network is shipped.

    Attributes:
        photos_weight: weight of the labelled photos in the joint answer, PublicTest having 1; `heads` measures it.
        looseness: inverse of the penalty on large weights in the joint answer; measured by the same command.
        precision: weights of the LiteRT file: "float16", or "int8" (dynamic range).
        sure_accuracy: the "not sure" threshold is the lowest at which answers reach this accuracy on PublicTest.
    """

    photos_weight: float = 0.8
    looseness: float = 0.1
    precision: str = "int8"
    sure_accuracy: float = 0.75


@dataclass(frozen=True, kw_only=True)
class Config:
    """Everything that makes a model."""

    name: str
    network: Network = field(default_factory=Network)
    schedule: Schedule = field(default_factory=Schedule)
    augmentation: Augmentation = field(default_factory=Augmentation)
    distillation: Distillation = field(default_factory=Distillation)
    serving: Serving = field(default_factory=Serving)


def _section(kind: type, values: dict[str, Any], where: str) -> Any:  # noqa: ANN401 - one of the dataclasses above
    unknown = set(values) - {f.name for f in fields(kind)}
    if unknown:
        known = ", ".join(f.name for f in fields(kind))
        raise InputError(f"{where} may hold {known}; got {', '.join(sorted(unknown))}; correct or remove it")
    return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})


def read_config(path: Path) -> Config:
    """Read a model's TOML file.

    Raises:
        InputError: the file is missing, is not TOML, or holds an unknown key.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"expected a TOML file at {path}, got: {error}; see fer_train/configs") from error
    kinds = {
        "network": Network,
        "schedule": Schedule,
        "augmentation": Augmentation,
        "distillation": Distillation,
        "serving": Serving,
    }
    sections = {k: _section(kind, values.pop(k, {}), f"[{k}] of {path.name}") for k, kind in kinds.items()}
    return _section(Config, {**values, **sections}, path.name)
