"""Workshop. What a fake camera shows: faces that move, and in each frame its number as a strip of black and white fields."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from fer_core import read_video
from fer_train.bench.scenes import portraits

Array = npt.NDArray[Any]

SIZE_WH = (640, 480)
FPS = 30
BITS, FIELD_PX = 8, 20  # fields so large that VP8 keeps them apart at any rate it sends
_STRIP_PX = (BITS + 2) * FIELD_PX  # a white and a black field come first
_ROUND = 120  # frames: four seconds, then over again
_FACE_PX = {1: 260, 3: 180}


def frame_code(number: int) -> Array:
    """Return (20, 200, 3) uint8: white, black, then the number's bits, white for 1."""
    bits = [1, 0] + [(number >> (BITS - 1 - place)) & 1 for place in range(BITS)]
    strip = np.repeat(np.array(bits, np.uint8) * 255, FIELD_PX)
    return np.repeat(np.repeat(strip[None, :, None], FIELD_PX, axis=0), 3, axis=2)


def scenes(count: int, video: Path | None = None) -> list[Array]:
    """Return the frames of one round, (480, 640, 3) uint8 RGB, with so many faces.

    Args:
        count: 1 or 3.
        video: a film whose pictures are the ground, in place of drawn movement; its own faces then count.
    """
    return _marked(_film(video) if video else _moving(count))


def _marked(frames: list[Array]) -> list[Array]:
    """Write each frame's number into it."""
    for number, picture in enumerate(frames):
        picture[-FIELD_PX:, :_STRIP_PX] = frame_code(number % 2**BITS)
        picture[-FIELD_PX:, -_STRIP_PX:] = 0  # where the strip stands in the mirror: only a painted frame has one there
    return frames


def _film(video: Path) -> list[Array]:
    frames = [cv2.resize(frame.image, SIZE_WH, interpolation=cv2.INTER_AREA) for frame in read_video(video)]
    return frames[: 2**BITS]


def _moving(count: int) -> list[Array]:
    """Return faces that go round before a table; a whole round brings each back to where it began."""
    from skimage.data import coffee

    table, side = cv2.resize(coffee(), SIZE_WH, interpolation=cv2.INTER_AREA), _FACE_PX[count]
    face = cv2.resize(portraits(None)[0], (side, side), interpolation=cv2.INTER_AREA)
    return [_placed(table.copy(), face, count, number / _ROUND) for number in range(_ROUND)]


def _placed(picture: Array, face: Array, count: int, round_share: float) -> Array:
    """Set a face into a picture several times, each at its place of the round."""
    side = len(face)
    for person in range(count):
        turn = 2 * np.pi * (round_share + person / count)
        x = int((person + 0.5) * SIZE_WH[0] / count - side / 2 + 14 * np.sin(turn))
        y = int(SIZE_WH[1] / 2 - side / 2 - 20 + 22 * np.cos(turn))
        picture[y : y + side, x : x + side] = face
    return picture


def write(path: Path, frames: list[Array]) -> Path:
    """Write frames as an uncompressed y4m file, which Chromium's fake camera plays over and over."""
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{SIZE_WH[0]} H{SIZE_WH[1]} F{FPS}:1 Ip A1:1 C420\n".encode())
        for frame in frames:
            file.write(b"FRAME\n" + cv2.cvtColor(frame, cv2.COLOR_RGB2YUV_I420).tobytes())
    return path
