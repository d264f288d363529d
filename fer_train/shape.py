"""Workshop. The shape of a network, as a config names it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from fer_core import InputError
from fer_train.toml import need_within


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
        beside_widths: filters of each stage of those bodies, in their order; none: all are as wide as the first.
    """

    kind: str = "vgg"
    widths: tuple[int, ...] = (32, 64, 128, 256)
    depths: tuple[int, ...] = (2, 2, 2, 2)
    dropout: float = 0.3
    flatness: float = 1e-4
    standardise: bool = True
    beside: tuple[tuple[int, ...], ...] = ()
    beside_widths: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        need_within(self, 0, 0.99, "dropout")
        need_within(self, 0, math.inf, "flatness")
        if self.beside and self.kind != "vgg":
            raise InputError(f"bodies stand beside a vgg alone, got {self.kind!r} and beside = {self.beside}; leave it out")
        if self.beside_widths and len(self.beside_widths) != len(self.beside):
            came = f"{len(self.beside_widths)} for {len(self.beside)} bodies"
            raise InputError(
                f"beside_widths must name the widths of every body beside the first, or of none, got {came}; correct it"
            )
        for widths, depths in self.bodies:
            if min((*widths, *depths), default=0) < 1:
                raise InputError(f"widths and depths must be 1 or more, got {widths} and {depths}; correct them")
            if self.kind == "vgg" and len(widths) != len(depths):
                raise InputError(f"a vgg has a width and a depth a stage, got {widths} and {depths}; correct them")

    @property
    def bodies(self) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
        """The widths and depths of each body, the first one first."""
        widths = self.beside_widths or (self.widths,) * len(self.beside)
        return list(zip((self.widths, *widths), (self.depths, *self.beside), strict=True))
