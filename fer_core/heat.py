"""Pure. What a network looked at: where covering a part of the face takes its answer away (Zeiler & Fergus 2014).

It needs answers alone and no gradients, so it works on any engine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from fer_core.classify import need_chips
from fer_core.types import Emotions

Array = npt.NDArray[Any]
_MOST_OPAQUE = 0.75
_WARM, _COLD = np.array([230, 70, 20], np.float32), np.array([40, 90, 220], np.float32)


def heat_map(predict: Callable[[Array], Emotions], chip: Array, label: str, *, patch_px: int = 12, step_px: int = 4) -> Array:
    """Return how much of a label's probability hangs on each part of a face.

    Squares of the chip are covered in turn by its mean gray; a pixel has the mean change of all squares that cover it.

    Args:
        predict: a classifier's `predict`: (N, 48, 48) uint8 → Emotions.
        chip: (48, 48) uint8, gray.
        label: the answer that is explained.
        patch_px: the square's side in pixels.
        step_px: pixels between squares.

    Returns:
        (48, 48) float32, -1..1: above 0 where the answer needs what is seen, below 0 where it is kept back by it.

    Raises:
        InputError: the chip has another shape or dtype, or the network has no such label.
    """
    need_chips(chip[None])
    places = [(y, x) for y in _starts(chip.shape[0], patch_px, step_px) for x in _starts(chip.shape[1], patch_px, step_px)]
    covered = np.repeat(chip[None], len(places), axis=0)
    for picture, (y, x) in zip(covered, places, strict=True):
        picture[y : y + patch_px, x : x + patch_px] = round(float(chip.mean()))
    said = predict(np.concatenate([chip[None], covered]))
    probs = said.probs[:, said.labels.index(label)]
    total, times = np.zeros(chip.shape, np.float32), np.zeros(chip.shape, np.float32)
    for (y, x), prob in zip(places, probs[1:], strict=True):
        total[y : y + patch_px, x : x + patch_px] += probs[0] - prob
        times[y : y + patch_px, x : x + patch_px] += 1
    return np.asarray(total / times)


def _starts(side: int, patch_px: int, step_px: int) -> list[int]:
    """Return where squares begin, so that every pixel is covered, the last too."""
    return sorted({*range(0, side - patch_px + 1, step_px), side - patch_px})


def heat_picture(chip: Array, heat: Array, *, times: int = 6) -> Array:
    """Return a face with its heat map over it, each scaled by its own strongest place.

    Args:
        chip: (H, W) uint8, gray.
        heat: (H, W) float32, of `heat_map`.
        times: how many times as large.

    Returns:
        (times H, times W, 3) uint8, RGB: warm where the answer needs what is seen, cold where it is kept back by it.
    """
    size_wh = (chip.shape[1] * times, chip.shape[0] * times)
    gray = cv2.resize(chip, size_wh, interpolation=cv2.INTER_CUBIC).astype(np.float32)[..., None]
    shown = cv2.resize(heat, size_wh, interpolation=cv2.INTER_LINEAR)[..., None]
    opacity = _MOST_OPAQUE * np.abs(shown) / max(float(np.abs(shown).max()), 1e-6)
    colour = np.where(shown > 0, _WARM, _COLD)
    return np.asarray(np.clip(np.rint(gray * (1 - opacity) + colour * opacity), 0, 255), np.uint8)
