"""Workshop. How accuracy holds when a face is darker, softer, noisier, turned, moved or smaller than the labelled one.

Each change is made to the 48x48 chip, in gray levels of 0..255 and pixels of the chip; random directions and noise come
from one seed, so that every model is shown the same pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from fer_core import FER2013
from fer_train import intervals, metrics
from fer_train.answers import Predict, ask
from fer_train.intervals import interval, plain

Array = npt.NDArray[Any]
Change = Callable[[Array, float, np.random.Generator], Array]


def _clip(chip: Array) -> Array:
    return np.clip(np.rint(chip), 0, 255).astype(np.uint8)


def _brightness(chip: Array, level: float, _: np.random.Generator) -> Array:
    return _clip(chip.astype(np.float32) + level)


def _contrast(chip: Array, level: float, _: np.random.Generator) -> Array:
    mean = float(chip.mean())
    return _clip((chip.astype(np.float32) - mean) * level + mean)


def _blur(chip: Array, level: float, _: np.random.Generator) -> Array:
    return np.asarray(cv2.GaussianBlur(chip, (0, 0), level, borderType=cv2.BORDER_REPLICATE))


def _noise(chip: Array, level: float, rng: np.random.Generator) -> Array:
    return _clip(chip + rng.normal(0.0, level, chip.shape))


def _jpeg(chip: Array, level: float, _: np.random.Generator) -> Array:
    _, code = cv2.imencode(".jpg", chip, [cv2.IMWRITE_JPEG_QUALITY, int(level)])
    return np.asarray(cv2.imdecode(code, cv2.IMREAD_GRAYSCALE))


def _moved(chip: Array, matrix: Array) -> Array:
    return np.asarray(cv2.warpAffine(chip, matrix, chip.shape[::-1], flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def _rotation(chip: Array, level: float, rng: np.random.Generator) -> Array:
    centre = ((chip.shape[1] - 1) / 2, (chip.shape[0] - 1) / 2)
    return _moved(chip, cv2.getRotationMatrix2D(centre, float(rng.choice([-level, level])), 1.0))


def _shift(chip: Array, level: float, rng: np.random.Generator) -> Array:
    angle = rng.uniform(0, 2 * np.pi)
    return _moved(chip, np.array([[1, 0, level * np.cos(angle)], [0, 1, level * np.sin(angle)]]))


def _downscale(chip: Array, level: float, _: np.random.Generator) -> Array:
    small = cv2.resize(chip, (int(level), int(level)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, chip.shape[::-1], interpolation=cv2.INTER_LINEAR))


CHANGES: dict[str, tuple[Change, str, tuple[float, ...]]] = {
    "brightness": (_brightness, "gray levels added", (-96, -48, 48, 96)),
    "contrast": (_contrast, "times the contrast", (0.25, 0.5, 2.0)),
    "blur": (_blur, "px, sigma", (0.5, 1.0, 2.0)),
    "noise": (_noise, "gray levels, sigma", (8, 16, 32)),
    "jpeg": (_jpeg, "quality", (50, 20, 10)),
    "rotation": (_rotation, "degrees, either way", (10, 20, 30)),
    "shift": (_shift, "px, any way", (2, 4, 8)),
    "downscale": (_downscale, "px, side of the face", (32, 24, 16, 12)),
}


def changed(chips: Array, kind: str, level: float, *, seed: int = 0) -> Array:
    """Return (N, 48, 48) uint8 chips changed in one way; the same for the same seed.

    Args:
        chips: (N, 48, 48) uint8, gray.
        kind: a name in `CHANGES`.
        level: how strongly, in the kind's unit.
        seed: of noise and directions.
    """
    change, rng = CHANGES[kind][0], np.random.default_rng(seed)
    return np.stack([change(chip, level, rng) for chip in chips])


def _row(kind: str, level: float, unit: str, said: Array, plainly: Array, truth: Array) -> dict[str, Any]:
    counts = metrics.confusion(said, truth, len(FER2013))
    found = {"accuracy": interval(intervals.accuracy, counts), "same_answer": plain((said == plainly).mean())}
    return {"kind": kind, "level": level, "unit": unit, **found}


def robustness(predict: Predict, chips: Array, truth: Array) -> list[dict[str, Any]]:
    """Return the accuracy under each change and level, the unchanged faces first.

    Args:
        predict: a classifier's `predict`.
        chips: (N, 48, 48) uint8, gray.
        truth: (N,) int, index into FER2013's labels.
    """
    plainly = ask(predict, chips).argmax(axis=1)
    rows = [_row("none", 0, "", plainly, plainly, truth)]
    for kind, (_, unit, levels) in CHANGES.items():
        for level in levels:
            said = ask(predict, changed(chips, kind, level)).argmax(axis=1)
            rows.append(_row(kind, level, unit, said, plainly, truth))
    return rows
