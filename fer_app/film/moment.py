"""Adapter. One moment of an analysed video → its picture, with everyone framed who is not hidden."""

from __future__ import annotations

from fer_app.film.file import VideoFile
from fer_app.film.plan import Film
from fer_app.language import text
from fer_core import draw, read_video
from fer_core.encode import encode_image, shrink
from fer_core.people import names_of
from fer_core.replay import Replay

_SIDE_PX = 960
_EARLIER_S = 0.002  # files round their times


def first_picture(video: VideoFile) -> bytes:
    """Return a video's first picture as JPEG.

    Raises:
        MediaError: nothing can be read.
    """
    frame = next(read_video(video.open(), threads=1))
    return encode_image(shrink(frame.image, max_side_px=_SIDE_PX))


def picture_at(video: VideoFile, film: Film, time_s: float) -> bytes:
    """Return the picture that is shown at a time, as JPEG.

    Args:
        video: the file.
        film: what was perceived in it.
        time_s: seconds since the video's start.

    Raises:
        MediaError: nothing can be read there.
    """
    for frame in read_video(video.open(), start_s=max(0.0, time_s - _EARLIER_S), threads=1):
        size_wh = (frame.image.shape[1], frame.image.shape[0])
        there = Replay(film.shown).at(frame.time_s, size_wh)
        people = names_of(film.timeline, film.name)
        painted = draw(frame.image, there, words=text.WORDS, not_sure_below=film.threshold, people=people)
        return encode_image(shrink(painted, max_side_px=_SIDE_PX))
    return b""
