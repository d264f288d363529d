"""Workshop. A film to time the video path on: a real face that moves before a table, and a tone."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import numpy.typing as npt

from fer_core import Frame, write_video
from fer_core.sound import Sound
from fer_train.bench.scenes import portraits

Array = npt.NDArray[Any]

RATE_HZ = 30
_TONE_HZ, _SOUND_HZ, _PACKED = 440, 48_000, 1024  # AAC packs so many samples at a time
_ROUND_S = 4.0
_FACE_SHARE = 0.5  # of the picture's height


def write_clip(path: Path, size_wh: tuple[int, int], seconds: float) -> Path:
    """Write a film of so many seconds, 30 pictures a second, by the project's own writer; return its path."""
    voice = path.with_suffix(".tone.mp4")
    _write_tone(voice, seconds)
    write_video(path, _frames(size_wh, round(seconds * RATE_HZ)), sound=Sound(voice))
    voice.unlink()
    return path


def _frames(size_wh: tuple[int, int], count: int) -> Iterator[Frame]:
    """Yield pictures with one face that goes round and comes nearer and back, each round in four seconds."""
    from skimage.data import coffee

    table, face = cv2.resize(coffee(), size_wh, interpolation=cv2.INTER_AREA), portraits(None)[0]
    for number in range(count):
        turn = 2 * np.pi * number / (_ROUND_S * RATE_HZ)
        side = int(size_wh[1] * _FACE_SHARE * (1 + 0.1 * np.sin(turn)))
        x = int((size_wh[0] - side) * (0.5 + 0.3 * np.sin(turn)))
        y = int((size_wh[1] - side) * (0.5 + 0.3 * np.cos(turn)))
        picture = table.copy()
        picture[y : y + side, x : x + side] = cv2.resize(face, (side, side), interpolation=cv2.INTER_AREA)
        yield Frame(picture, number / RATE_HZ, number)


def _write_tone(path: Path, seconds: float) -> None:
    """Write a film of one small picture and a tone: the writer takes its sound from a film."""
    with av.open(str(path), "w") as film:
        track, voice = film.add_stream("libx264", rate=1), film.add_stream("aac", rate=_SOUND_HZ, layout="mono")
        track.width = track.height = 16
        track.pix_fmt = "yuv420p"
        film.mux(track.encode(av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")))
        film.mux(track.encode(None))
        for start in range(0, int(seconds * _SOUND_HZ), _PACKED):
            wave = 0.2 * np.sin(2 * np.pi * _TONE_HZ * np.arange(start, start + _PACKED) / _SOUND_HZ)
            part = av.AudioFrame.from_ndarray(wave[None].astype(np.float32), format="fltp", layout="mono")
            part.sample_rate, part.pts, part.time_base = _SOUND_HZ, start, Fraction(1, _SOUND_HZ)
            film.mux(voice.encode(part))
        film.mux(voice.encode(None))
