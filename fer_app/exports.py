"""Pure. Kept photos → files to download; the schema is `fer_core`'s own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from fer_app.album import KeptPhoto
from fer_app.photos import scaled
from fer_app.takes import KeptTake
from fer_core import Timeline, draw, read_image, to_csv, to_json
from fer_core.blur import blur_faces
from fer_core.encode import encode_image

Maker = Callable[[], bytes]


def timeline_of(photos: Iterable[KeptPhoto]) -> Timeline:
    """Return one timeline of several photos, in their order, each under its name and with its note."""
    there = tuple(photos)
    timeline = Timeline.of([photo.result for photo in there], [photo.name for photo in there])
    return replace(timeline, notes=tuple(photo.note for photo in there))


def picture_of(photo: KeptPhoto, *, marked: bool) -> bytes:
    """Return a photo with its boxes and names as JPEG, at most 2,048 px a side, with the landmarks or without."""
    return photo.marked_jpeg if marked else photo.framed_jpeg


def blurred_picture_of(photo: KeptPhoto) -> bytes:
    """Return a photo as JPEG with every face made unrecognisable, and boxes and names over that."""
    picture = read_image(photo.framed_jpeg)
    there = scaled(photo.result, picture.shape[1] / photo.result.faces.size_wh[0])
    blurred = blur_faces(picture, there.faces.boxes)
    return encode_image(draw(blurred, there, words=photo.words, not_sure_below=photo.threshold))


def csv_of(photos: Iterable[KeptPhoto]) -> bytes:
    """Return the results of photos as CSV."""
    return to_csv(timeline_of(photos))


def json_of(photos: Iterable[KeptPhoto]) -> bytes:
    """Return the results of photos as JSON."""
    return to_json(timeline_of(photos))


def take_csv(take: KeptTake) -> bytes:
    """Return a live session as CSV."""
    return to_csv(take.timeline)


def take_json(take: KeptTake) -> bytes:
    """Return a live session as JSON."""
    return to_json(take.timeline)


def take_stem(take: KeptTake) -> str:
    """Return the beginning of a live session's file names: when it began, in universal time."""
    return time.strftime("mien-live-%Y-%m-%d-%H%M%SZ", time.gmtime(take.began_at))


def safe_stem(stem: str) -> str:
    """Return a visitor's file name as the beginning of ours: letters, digits, dash and dot only, at most 60 characters.

    Example:
        >>> safe_stem("my <b>party</b>/2024")
        'my-b-party-b-2024'
        >>> safe_stem("???")
        'photo'
    """
    return re.sub(r"[^\w.-]+", "-", stem).strip("-._")[:60] or "photo"
