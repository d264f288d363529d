"""Pure. A result drawn on a new picture: boxes, names, landmarks; and single faces cut out.

Lines and letters grow with the picture, so that they read the same on a thumbnail and on a large photo.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from fer_core.boxes import clip_boxes
from fer_core.errors import InputError
from fer_core.palette import NOT_SURE, colour_hex, ink_on, shown_label
from fer_core.types import FaceView, FrameResult, need_image

Array = npt.NDArray[Any]
Plate = tuple[int, int, int, int]  # x0, y0, x1, y1 in pixels

# DejaVu Sans with the letters of Latin, Greek and Cyrillic alone; Pillow's own font has no accents.
_LETTERS = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
_LINES_PER_SIDE = 300  # the picture's mean side over a line's width
_LETTERS_PER_SIDE = 38  # the same over the letters' height
_SMALLEST_LETTERS_PX = 9


def draw(
    image: Array,
    result: FrameResult,
    *,
    landmarks: bool = False,
    words: Mapping[str, str] | None = MappingProxyType({}),
    not_sure_below: float = 0.0,
    people: Mapping[int, str] | None = None,
) -> Array:
    """Return a new picture with each face framed in its label's colour.

    Args:
        image: (H, W, 3) uint8, RGB: the picture that was analysed.
        result: its faces and what they look like.
        landmarks: also mark eyes, nose and mouth corners.
        words: what to call labels and "not sure", where it is not their own names: each is written with its probability, where
            the picture is not too small for letters. None: nothing is written.
        not_sure_below: faces less confident than this (0..1) are called "not sure"; the words that a stream holds stay.
        people: what to call people, by their numbers; written before the label.

    Returns:
        (H, W, 3) uint8, RGB.

    Raises:
        InputError: the image is not RGB uint8.
    """
    need_image(image)
    canvas = Image.fromarray(image)
    pen = ImageDraw.Draw(canvas)
    line = max(1, round(_mean_side(canvas) / _LINES_PER_SIDE))
    for row, face in enumerate(result):
        said = _word(face, not_sure_below)
        _frame(pen, face, line, colour_hex(said))
        if landmarks:
            _dots(pen, result.faces.landmarks[row], line, colour_hex(said))
    taken: list[Plate] = []
    if words is not None:  # after all boxes, so that no line crosses a name
        for face in result:
            said = _word(face, not_sure_below)
            word = words.get(said, said)
            text = word if said == NOT_SURE else f"{word} {_percent(face.probabilities[said])}"
            called = " ".join((people or {}).get(face.track_id, "").split())  # a line break cannot be drawn
            _name(pen, face, f"{called}: {text}" if called else text, colour_hex(said), taken)
    return np.array(canvas)


def crop_face(image: Array, box: tuple[float, float, float, float], *, margin: float = 0.2) -> Array:
    """Return a face cut out of its picture.

    Args:
        image: (H, W, 3) uint8, RGB.
        box: x0, y0, x1, y1 in pixels.
        margin: what is added on each side, as a share of the box's longer side.

    Returns:
        (h, w, 3) uint8, a copy, cut at the picture's borders.

    Raises:
        InputError: the image is not RGB uint8, or the box lies outside it.

    Example:
        >>> crop_face(np.zeros((50, 50, 3), np.uint8), (10, 10, 20, 30), margin=0.5).shape
        (40, 30, 3)
    """
    need_image(image)
    more = margin * max(box[2] - box[0], box[3] - box[1])
    wide = np.array([[box[0] - more, box[1] - more, box[2] + more, box[3] + more]])
    x0, y0, x1, y1 = (round(float(v)) for v in clip_boxes(wide, (image.shape[1], image.shape[0]))[0])
    if x1 <= x0 or y1 <= y0:
        raise InputError(
            f"box must cover a part of the picture, got {box} on {image.shape[1]} x {image.shape[0]}; use its own faces"
        )
    return image[y0:y1, x0:x1].copy()


def _percent(share: float) -> str:
    """Return a probability as the screens say it: never 100 % of what is merely close."""
    return ">99%" if share >= 0.995 else f"{share:.0%}"


def _word(face: FaceView, not_sure_below: float) -> str:
    return face.shown or shown_label(face.label, face.confidence, not_sure_below=not_sure_below)


def _mean_side(canvas: Image.Image) -> float:
    return (canvas.width + canvas.height) / 2


def _frame(pen: ImageDraw.ImageDraw, face: FaceView, line: int, fill: str) -> None:
    """Frame a face, with a thin contrasting edge that keeps the line visible on any ground."""
    x0, y0, x1, y1 = face.box
    box = (round(x0), round(y0), max(round(x0), round(x1) - 1), max(round(y0), round(y1) - 1))
    pen.rectangle(box, outline=ink_on(fill), width=line + max(1, line // 2))
    pen.rectangle(box, outline=fill, width=line)


def _dots(pen: ImageDraw.ImageDraw, points: Array, line: int, fill: str) -> None:
    for x, y in points[np.isfinite(points).all(axis=1)].tolist():  # some detectors place none
        pen.ellipse((x - 1.5 * line, y - 1.5 * line, x + 1.5 * line, y + 1.5 * line), fill=fill, outline=ink_on(fill))


def _name(pen: ImageDraw.ImageDraw, face: FaceView, text: str, fill: str, taken: list[Plate]) -> None:
    """Write a name beside its box, never outside the picture; `taken` holds the plates so far and gets this one."""
    size_wh = pen.im.size
    font = _fitting_font(text, *size_wh)
    if font is None:
        return
    x0, y0, x1, y1 = plate = _place(face, _plate_wh(text, font), size_wh, taken)
    taken.append(plate)
    pen.rectangle((x0, y0, x1 - 1, y1 - 1), fill=fill)
    pen.text(((x0 + x1) / 2, (y0 + y1) / 2), text, fill=ink_on(fill), font=font, anchor="mm")


def _place(face: FaceView, plate_wh: tuple[int, int], size_wh: tuple[int, int], taken: list[Plate]) -> Plate:
    """Return a plate's place: above its face, or below where there is no room or another name stands."""
    x = min(max(0, round(face.box[0])), size_wh[0] - plate_wh[0])
    above, below = round(face.box[1]) - plate_wh[1], min(round(face.box[3]), size_wh[1] - plate_wh[1])
    places = [(x, y, x + plate_wh[0], y + plate_wh[1]) for y in (above, below) if y >= 0]
    return next((place for place in places if not any(_meet(place, other) for other in taken)), places[0])


def _meet(a: Plate, b: Plate) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _fitting_font(text: str, width: int, height: int) -> ImageFont.FreeTypeFont | None:
    """Return the font for a picture of this size, smaller where the text would not fit, None where none would."""
    letters = max(12, round((width + height) / 2 / _LETTERS_PER_SIDE))
    while letters >= _SMALLEST_LETTERS_PX:
        plate_w, plate_h = _plate_wh(text, _font(letters))
        if plate_w <= width and plate_h <= height:
            return _font(letters)
        letters -= max(1, letters // 8)
    return None


def _plate_wh(text: str, font: ImageFont.FreeTypeFont) -> tuple[int, int]:
    """Return the width and height of a name with the ground around it, in pixels."""
    ascent, descent = font.getmetrics()
    return int(font.getlength(text) + 0.6 * font.size) + 1, ascent + descent + 2


@functools.lru_cache(maxsize=64)
def _font(size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_LETTERS, size_px)
