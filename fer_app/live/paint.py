"""Pure. A camera's picture and its result → the picture that goes back: mirrored by choice, framed, with readable names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from fer_core import Faces, FrameResult, draw
from fer_core.emoji import add_emoji
from fer_core.encode import mirror

Array = npt.NDArray[Any]
Style = Literal["labels", "emoji", "boxes"]
STYLES: tuple[Style, ...] = ("labels", "emoji", "boxes")


@dataclass(frozen=True, slots=True)
class Look:
    """How the picture goes back.

    Attributes:
        mirror: as in a mirror.
        style: what stands beside a face.
        words: what labels and "not sure" are called.
    """

    mirror: bool = True
    style: Style = "labels"
    words: Mapping[str, str] = field(default_factory=dict)


def paint(image: Array, result: FrameResult, look: Look, *, not_sure_below: float) -> Array:
    """Return the painted picture. It is mirrored before it is painted, so that names can be read; the result stays as it is.

    Args:
        image: (H, W, 3) uint8, RGB: the picture that was analysed.
        result: its faces and what they look like.
        look: how it goes back.
        not_sure_below: faces less confident than this (0..1) are called "not sure".
    """
    if look.mirror:
        image, result = mirror(image), mirrored(result)
    words = look.words if look.style == "labels" else None
    painted = draw(image, result, words=words, not_sure_below=not_sure_below)
    return add_emoji(painted, result, not_sure_below=not_sure_below) if look.style == "emoji" else painted


def mirrored(result: FrameResult) -> FrameResult:
    """Return a result as a mirror shows it; what was left of the picture is right, and left eyes are right eyes."""
    faces = result.faces
    width = faces.size_wh[0]
    boxes = np.stack([width - faces.boxes[:, 2], faces.boxes[:, 1], width - faces.boxes[:, 0], faces.boxes[:, 3]], axis=1)
    landmarks = faces.landmarks[:, [1, 0, 2, 4, 3]].copy()
    landmarks[..., 0] = width - landmarks[..., 0]
    turned = Faces(boxes, faces.scores, landmarks, faces.size_wh, faces.track_ids)
    return replace(result, faces=turned)
