"""Adapter. How many live videos this machine carries, measured on itself: the whole way of a frame, codec included."""

from __future__ import annotations

import math
import os
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from aiortc.codecs.vpx import Vp8Decoder, vp8_depayload
from aiortc.jitterbuffer import JitterFrame

from fer_app.live.codec import CLOCK_HZ, LightVp8Encoder, frame_of, picture_of
from fer_app.live.paint import Look, paint
from fer_core import Analyzer, Frame, Stream, read_image
from fer_core.encode import shrink

Array = npt.NDArray[Any]
FPS = 8
"""Frames a second that a viewer shall see, each of them analysed."""

SHARE = 0.7
"""Of the machine; the rest is for pages, uploads and everything else."""

_FRAMES = 16
_WARM = 4  # the first ones make buffers
_STEP = CLOCK_HZ // FPS
_CPU_MAX = Path("/sys/fs/cgroup/cpu.max")


def seats(frame_ms: float, cores: float) -> int:
    """Return how many videos are carried by cores of which one frame takes so many milliseconds; at least one.

    Example:
        >>> seats(20.0, 2.0)
        8
    """
    return max(1, math.floor(SHARE * 1000 * cores / (FPS * frame_ms)))


def cores() -> float:
    """Return how many cores this process may use; a container's share may be less than what the machine has."""
    there = float(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    try:
        quota, period = _CPU_MAX.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return there
    return there if quota == "max" else min(there, int(quota) / int(period))


def frame_ms(analyzer: Analyzer, photo: Path) -> float:
    """Return the milliseconds of a core that one frame of 640x480 takes, from decoding to encoding; the middle of several.

    Args:
        analyzer: what analyses it, warm.
        photo: a picture with a face.
    """
    image = _vga(photo)
    stream, encoder, decoder = Stream(analyzer), LightVp8Encoder(), Vp8Decoder()
    sent = _encoded(encoder, image, 0)
    costs = []
    for index in range(1, _FRAMES + 1):
        began_s = time.process_time()
        seen = picture_of(decoder.decode(JitterFrame(sent, index * _STEP))[0])
        result = stream.step(Frame(seen, index / FPS, index))
        sent = _encoded(encoder, paint(seen, result, Look(), not_sure_below=analyzer.card.threshold), index)
        costs.append(1000 * (time.process_time() - began_s))
    return float(np.median(costs[_WARM:]))


def _vga(photo: Path) -> Array:
    """Return the picture before grey, as a camera of 640x480 sees a face."""
    face = shrink(read_image(photo), max_side_px=480)
    image = np.full((480, 640, 3), 128, np.uint8)
    top, left = (480 - face.shape[0]) // 2, (640 - face.shape[1]) // 2
    image[top : top + face.shape[0], left : left + face.shape[1]] = face
    return image


def _encoded(encoder: LightVp8Encoder, image: Array, index: int) -> bytes:
    frame = frame_of(image)
    frame.pts, frame.time_base = index * _STEP, Fraction(1, CLOCK_HZ)
    payloads, _ = encoder.encode(frame)
    return b"".join(vp8_depayload(payload) for payload in payloads)
