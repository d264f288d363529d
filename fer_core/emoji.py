"""Pure. Small drawn faces, one for each label, set beside the faces of a picture; drawn here, so that no font is needed."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from fer_core.labels import FERPLUS_AS_FER2013
from fer_core.palette import colour_hex, ink_on, shown_label
from fer_core.types import FaceView, FrameResult, need_image

Array = npt.NDArray[Any]

_FINE = 4  # drawn so many times larger, for smooth edges
_SIDE_PER_FACE = 0.42  # of the face's shorter side
_SIDES_PX = (20, 96)
# Mouth: an arc from one angle to another, in degrees clockwise from the right, in a box of the unit face.
_SMILE, _FROWN = (15, 165), (195, 345)
_MOUTHS = {
    "happy": ((0.26, 0.30, 0.74, 0.80), _SMILE),
    "sad": ((0.30, 0.64, 0.70, 0.98), _FROWN),
    "angry": ((0.32, 0.68, 0.68, 0.96), _FROWN),
    "disgust": ((0.30, 0.62, 0.62, 0.92), _FROWN),
}
_OPEN = {"surprise": (0.40, 0.58, 0.60, 0.84), "fear": (0.34, 0.64, 0.66, 0.78)}
_BROWS = {"angry": 0.09, "fear": -0.08, "sad": -0.07, "disgust": 0.05}  # how far the inner ends sink


def add_emoji(image: Array, result: FrameResult, *, not_sure_below: float = 0.0) -> Array:
    """Return a new picture with a small drawn face at the upper corner of each box.

    Args:
        image: (H, W, 3) uint8, RGB: the picture that was analysed, or its painted copy.
        result: its faces and what they look like.
        not_sure_below: faces less confident than this (0..1) get the face of "not sure"; the words that a stream holds stay.

    Raises:
        InputError: the image is not RGB uint8.
    """
    need_image(image)
    canvas = Image.fromarray(image)
    for view in result:
        word = view.shown or shown_label(view.label, view.confidence, not_sure_below=not_sure_below)
        side = _side_px(view)
        drawn = emoji(word, side)
        x = min(max(0, round(view.box[0]) - side // 3), max(0, canvas.width - side))
        y = min(max(0, round(view.box[1]) - side // 2), max(0, canvas.height - side))
        canvas.paste(drawn, (x, y), drawn)
    return np.array(canvas)


def _side_px(view: FaceView) -> int:
    x0, y0, x1, y1 = view.box
    return int(min(max(_SIDE_PER_FACE * min(x1 - x0, y1 - y0), _SIDES_PX[0]), _SIDES_PX[1])) // 4 * 4


@functools.lru_cache(maxsize=256)
def emoji(word: str, side_px: int) -> Image.Image:
    """Return a drawn face, (side, side) RGBA, in the colour of its label; unknown words get the one of "not sure".

    Args:
        word: a label's name, or "not sure".
        side_px: its width and height in pixels.
    """
    name = FERPLUS_AS_FER2013.get(word, word)
    large = Image.new("RGBA", (side_px * _FINE, side_px * _FINE))
    pen, unit = ImageDraw.Draw(large), side_px * _FINE
    fill = colour_hex(word)
    ink, line = ink_on(fill), max(1, round(0.06 * unit))
    pen.ellipse(_scaled((0.03, 0.03, 0.97, 0.97), unit), fill=fill, outline=ink, width=line)
    _eyes(pen, name, unit, ink, line)
    _mouth(pen, name, unit, ink, line)
    return large.resize((side_px, side_px), Image.Resampling.LANCZOS)


def _eyes(pen: ImageDraw.ImageDraw, name: str, unit: int, ink: str, line: int) -> None:
    radius = 0.085 if name in ("surprise", "fear") else 0.06
    for x, inner in ((0.34, 1), (0.66, -1)):
        pen.ellipse(_scaled((x - radius, 0.42 - radius, x + radius, 0.42 + radius), unit), fill=ink)
        if name in _BROWS:
            ends = ((x - inner * 0.11, 0.28 - _BROWS[name] / 2), (x + inner * 0.11, 0.28 + _BROWS[name]))
            pen.line([(round(a * unit), round(b * unit)) for a, b in ends], fill=ink, width=line)


def _mouth(pen: ImageDraw.ImageDraw, name: str, unit: int, ink: str, line: int) -> None:
    if name in _MOUTHS:
        box, (start, end) = _MOUTHS[name]
        pen.arc(_scaled(box, unit), start, end, fill=ink, width=round(1.2 * line))
    elif name in _OPEN:
        pen.ellipse(_scaled(_OPEN[name], unit), fill=ink)
    else:  # neutral is level; "not sure" and contempt are skewed
        rise = 0.0 if name == "neutral" else 0.07
        pen.line(
            [(round(0.33 * unit), round((0.71 + rise) * unit)), (round(0.67 * unit), round((0.71 - rise) * unit))], ink, line
        )


def _scaled(box: tuple[float, float, float, float], unit: int) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = box
    return round(x0 * unit), round(y0 * unit), round(x1 * unit), round(y1 * unit)
