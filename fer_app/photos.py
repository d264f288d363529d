"""Pure. A photo's bytes → what the screen keeps of it: results, and pictures as encoded bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from fer_app.album import KeptFace, KeptPhoto
from fer_app.hosting.limits import Limits
from fer_app.language import text
from fer_core import Analyzer, Faces, FrameResult, draw, face_chips, read_image
from fer_core.draw import crop_face
from fer_core.encode import encode_image, shrink
from fer_core.quality import FaceQuality, face_quality

Array = npt.NDArray[Any]
_SHOWN_SIDE_PX = 2048  # of the picture that is kept, shown and downloaded
_USUAL_LIMITS = Limits()
_CROP_SIDE_PX = 240
_CHIP_PIXEL = 4  # each of the chip's pixels becomes a square of this side


def read_photo(name: str, content: bytes, analyzer: Analyzer, *, engine: str, limits: Limits = _USUAL_LIMITS) -> KeptPhoto:
    """Analyse a photo.

    Args:
        name: what to call it.
        content: the bytes of the file.
        analyzer: what to analyse it with.
        engine: the analyzer's engine, for the record.
        limits: how large it may be.

    Raises:
        MediaError: the bytes are no photo that can be read.
    """
    image = picture_of(content, limits)
    result = analyzer.analyze(image)
    threshold = analyzer.card.threshold
    small = shrink(image, max_side_px=_SHOWN_SIDE_PX)
    there = scaled(result, small.shape[1] / image.shape[1])
    words = text.WORDS
    framed, marked = (
        encode_image(draw(small, there, landmarks=marks, words=words, not_sure_below=threshold)) for marks in (False, True)
    )
    return KeptPhoto(name, result, _kept_faces(image, result), framed, marked, threshold, engine, words)


def picture_of(content: bytes, limits: Limits) -> Array:
    """Return a photo's picture, (H, W, 3) uint8 RGB.

    Raises:
        MediaError: the bytes are no photo that can be read, or a larger one than the limits allow.
    """
    return read_image(content, max_bytes=limits.photo_mb << 20, max_pixels=limits.photo_megapixels * 1_000_000)


def scaled(result: FrameResult, scale: float) -> FrameResult:
    """Return a result for the same picture at another size."""
    faces = result.faces
    size_wh = (round(faces.size_wh[0] * scale), round(faces.size_wh[1] * scale))
    moved = Faces(faces.boxes * scale, faces.scores, faces.landmarks * scale, size_wh, faces.track_ids)
    return FrameResult(moved, result.emotions, result.index, result.time_s, result.cost_ms)


def _kept_faces(image: Array, result: FrameResult) -> tuple[KeptFace, ...]:
    crops = (shrink(crop_face(image, face.box), max_side_px=_CROP_SIDE_PX) for face in result)
    chips = (enlarged(chip) for chip in face_chips(image, result.faces))
    return tuple(
        KeptFace(encode_image(crop), encode_image(chip, kind="png"), advice)
        for crop, chip, advice in zip(crops, chips, map(_advice, face_quality(image, result.faces)), strict=True)
    )


def _advice(quality: FaceQuality) -> tuple[str, ...]:
    doubts = {"small": quality.too_small, "blurred": quality.blurred}
    return tuple(name for name, holds in doubts.items() if holds)


def enlarged(chip: Array) -> Array:
    """Return (H, W) pixels as (4H, 4W): each a square, so that no browser smooths them away."""
    return np.repeat(np.repeat(chip, _CHIP_PIXEL, axis=0), _CHIP_PIXEL, axis=1)
