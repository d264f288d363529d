"""Small videos of a real face for the video screen's tests."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
from PIL import Image

from fer_app import resources
from tests.core.films import write_film

WALL = np.full((240, 320, 3), 150, np.uint8)


@functools.cache
def portrait(left: int = 60) -> np.ndarray:
    """Return a picture with the sample's face at a place."""
    face = Image.open(resources.SAMPLES[0]).convert("RGB").resize((200, 200))
    picture = WALL.copy()
    picture[20:220, left : left + 200] = np.asarray(face)
    picture.flags.writeable = False
    return picture


def clip(path: Path, *, seconds: float = 2.0, empty_s: float = 0.0, fps: int = 10, sound: str | None = "aac") -> bytes:
    """Return the bytes of an MP4: a face that moves slowly, then a bare wall for a while."""
    pictures = [portrait(60 + i % 10) for i in range(int(seconds * fps))] + [WALL] * int(empty_s * fps)
    return write_film(path, pictures, fps=fps, sound=sound).read_bytes()
