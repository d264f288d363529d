"""Workshop. One TOML file a model; every key is known, or the file is refused."""

from __future__ import annotations

import json
import math
import re
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from fer_core import InputError
from fer_core.errors import shown
from fer_train.augment import STILL, Augmentation
from fer_train.task import Task
from fer_train.toml import need_kinds, need_within, read_toml, section

OPTIMIZERS = ("sgd", "adam")
POLICIES = ("auto", "float32", "mixed_bfloat16")
PRECISIONS = ("int8", "float16")  # of the LiteRT file; the smaller and faster first


@dataclass(frozen=True, kw_only=True)
class Network:
    """The shape of a network.

    Attributes:
        kind: a name in `networks.BODIES`.
        widths: filters of each stage.
        depths: convolutions of each stage.
        dropout: share of features dropped before the heads.
        flatness: added to a chip's variance (on a scale of 0..1) before it is divided by; keeps a blank chip finite.
        standardise: give each chip mean 0 and variance 1 first.
        beside: convolutions of each stage of further bodies, which stand beside the first; the heads read the features of all.
    """

    kind: str = "vgg"
    widths: tuple[int, ...] = (32, 64, 128, 256)
    depths: tuple[int, ...] = (2, 2, 2, 2)
    dropout: float = 0.3
    flatness: float = 1e-4
    standardise: bool = True
    beside: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        need_within(self, 0, 0.99, "dropout")
        need_within(self, 0, math.inf, "flatness")
        if self.beside and self.kind != "vgg":
            raise InputError(f"bodies stand beside a vgg alone, got {self.kind!r} and beside = {self.beside}; leave it out")
        for depths in (self.depths, *self.beside):
            if min((*self.widths, *depths), default=0) < 1:
                raise InputError(f"widths and depths must be 1 or more, got {self.widths} and {depths}; correct them")
            if self.kind == "vgg" and len(self.widths) != len(depths):
                raise InputError(f"a vgg has a width and a depth a stage, got {self.widths} and {depths}; correct them")


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How a network is trained.

    Attributes:
        epochs: passes over the training rows; 0: the network stays as it began.
        warmup_epochs: of which the rate climbs to its peak; then it falls as a cosine to zero.
        batch: rows a step.
        optimizer: "sgd": SGD-Nesterov, warmed up, falling, with decay; or "adam": at one rate, without decay, as students train.
        peak_rate: the largest learning rate, and Adam's only one.
        weight_decay: decoupled, multiplied by the rate; convolution and dense kernels only.
        ema: momentum of the averaged weights, the ones that are kept; 0: the weights themselves.
        label_smoothing: of the FER2013 head.
        votes_weight: weight of the FER+ loss beside the FER2013 loss.
        precision: one of `POLICIES`: a Keras dtype policy, or "auto": the faster of the two on the machine that trains.
        seed: of weights, order and augmentation.
        start: runs or shipped models whose weights begin, each for the bodies that it has; none: random weights.
    """

    epochs: int = 45
    warmup_epochs: float = 3.0
    batch: int = 128
    optimizer: str = "sgd"
    peak_rate: float = 0.1
    weight_decay: float = 5e-3
    ema: float = 0.999
    label_smoothing: float = 0.05
    votes_weight: float = 1.0
    precision: str = "auto"
    seed: int = 1
    start: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        need_within(self, 0, math.inf, "epochs", "warmup_epochs")
        if not self.epochs and not self.start:
            raise InputError("a network of 0 epochs must begin with trained ones, got no `start`; name them, or train longer")
        if self.warmup_epochs >= (self.epochs or 1):
            came = f"{self.warmup_epochs} of {self.epochs}"
            raise InputError(f"warmup_epochs must be below epochs, got {came}; lower it, or train longer")
        need_within(self, 1, math.inf, "batch")
        need_within(self, 0, math.inf, "peak_rate", "weight_decay", "votes_weight")
        need_within(self, 0, 2**32 - 1, "seed")
        need_within(self, 0, 0.99999, "ema", "label_smoothing")
        if self.precision not in POLICIES:
            raise InputError(f"precision must be one of {', '.join(POLICIES)}, got {self.precision!r}; correct it")
        if self.optimizer not in OPTIMIZERS:
            raise InputError(f"optimizer must be one of {', '.join(OPTIMIZERS)}, got {self.optimizer!r}; correct it")


@dataclass(frozen=True, kw_only=True)
class Distillation:
    """What a network learns from trained ones, beside the labels (Hinton et al. 2015).

    Attributes:
        teachers: names of runs or of shipped models; their answers are averaged. None: labels alone.
        share: of the target that is the teachers' answer.
        views: augmented views of a face that the teachers' answer is the mean of.
    """

    teachers: tuple[str, ...] = ()
    share: float = 0.5
    views: int = 4

    def __post_init__(self) -> None:
        need_within(self, 0, 1, "share")
        need_within(self, 1, math.inf, "views")


@dataclass(frozen=True, kw_only=True)
class Finetuning:
    """How a shipped model is carried on with one's own faces.

    Attributes:
        source: the shipped model it begins with; none: a network of its own.
        frozen: share of the convolutions, from the first, that stay as they are.
        keep: share of the target that is what the source said, so that it forgets little.
        held: share of the faces that is kept back, to choose and to calibrate on.
    """

    source: str = ""
    frozen: float = 1.0
    keep: float = 0.3
    held: float = 0.2

    def __post_init__(self) -> None:
        need_within(self, 0, 1, "frozen", "keep")
        need_within(self, 0.01, 0.9, "held")


@dataclass(frozen=True, kw_only=True)
class Serving:
    """How a trained network is shipped.

    Attributes:
        precision: weights of the LiteRT file: "int8" (dynamic range), "float16", or "auto", which PublicTest decides.
        sure_accuracy: the "not sure" threshold is the lowest at which answers reach this accuracy on PublicTest.
    """

    precision: str = "auto"
    sure_accuracy: float = 0.75

    def __post_init__(self) -> None:
        need_within(self, 0, 1, "sure_accuracy")
        known = ("auto", *PRECISIONS)
        if self.precision not in known:
            raise InputError(f"precision of [serving] must be one of {', '.join(known)}, got {self.precision!r}; correct it")


@dataclass(frozen=True, kw_only=True)
class Config:
    """Everything that makes a model."""

    name: str
    task: Task = field(default_factory=Task)
    network: Network = field(default_factory=Network)
    schedule: Schedule = field(default_factory=Schedule)
    augmentation: Augmentation = field(default_factory=Augmentation)
    distillation: Distillation = field(default_factory=Distillation)
    finetuning: Finetuning = field(default_factory=Finetuning)
    serving: Serving = field(default_factory=Serving)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9][\w-]*", self.name):
            need = "name must be letters, digits, - and _, for it names folders"
            raise InputError(f"{need}, got {shown(self.name)}; choose another")
        if self.task.sight == "landmarks" and self.augmentation != STILL:
            raise InputError(
                "landmarks do not move with a chip, got an [augmentation] that moves it; set each of its knobs to nothing"
            )
        if self.network.kind == "neighbours" and self.task.votes:
            raise InputError("neighbours remember labels and no votes, got a [task] with votes; set votes = false")
        if not self.task.votes and self.distillation.teachers:
            raise InputError(
                f"teachers answer with votes, got {self.distillation.teachers} and votes = false; leave one of them out"
            )


SECTIONS: dict[str, type] = {
    "task": Task,
    "network": Network,
    "schedule": Schedule,
    "augmentation": Augmentation,
    "distillation": Distillation,
    "finetuning": Finetuning,
    "serving": Serving,
}


def read_config(path: Path) -> Config:
    """Read a model's TOML file.

    Raises:
        InputError: the file is missing, is not TOML, holds an unknown key, or has no name.
    """
    values = read_toml(path)
    sections = {k: section(kind, values.pop(k, {}), f"[{k}] of {path}") for k, kind in SECTIONS.items()}
    if "name" not in values:
        raise InputError(f"{path} must name its model, got no `name`; add name = {path.stem!r}")
    return section(Config, {**values, **sections}, str(path))


def changed(config: Config, changes: dict[str, Any]) -> Config:
    """Return a config with some values changed.

    Args:
        config: the config to begin with.
        changes: values by dotted key, as {"schedule.ema": 0.99}.

    Raises:
        InputError: a key is unknown, or a value is of another kind or out of range.
    """
    parts: dict[str, dict[str, Any]] = {}
    for key, value in changes.items():
        part, _, name = key.partition(".")
        if part not in SECTIONS or name not in {f.name for f in fields(SECTIONS[part])}:
            known = ", ".join(f"{p}.{f.name}" for p, kind in SECTIONS.items() for f in fields(kind))
            raise InputError(f"a change must name one of {known}; got {key!r}; correct it")
        parts.setdefault(part, {})[name] = value
    for part, values in parts.items():
        need_kinds(SECTIONS[part], values, f"[{part}]")
    return replace(config, **{part: replace(getattr(config, part), **values) for part, values in parts.items()})


def to_toml(config: Config) -> str:
    """Return the text of a config that `read_config` reads back as the same config."""
    lines = [f"name = {json.dumps(config.name, ensure_ascii=False)}"]
    for part in SECTIONS:
        lines += ["", f"[{part}]"]
        # A string, number, flag or list is written alike in JSON and TOML.
        lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in asdict(getattr(config, part)).items()]
    return "\n".join(lines) + "\n"
