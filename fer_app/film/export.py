"""State. The annotated video, written in a background thread into a file on disk that is gone afterwards."""

from __future__ import annotations

import os
import tempfile
from typing import BinaryIO

import numpy as np

from fer_app.film.analysis import THREADS
from fer_app.film.file import VideoFile
from fer_app.film.job import Job
from fer_app.film.plan import Film
from fer_app.language import text
from fer_core import Annotation, WriteError, annotate_video

MAX_BYTES = 300 * 1024 * 1024
"""A longer annotated video is written by the command line; the page would have to hold it in memory."""

_LAST_PICTURE_S = 0.05


class Export:
    """One annotated video on its way.

    Args:
        video: the file that was analysed.
        film: what was perceived in it, with names and hidden people.
        frames: frame the faces and say what they look like.
        blur: make every face unrecognisable.
    """

    def __init__(self, video: VideoFile, film: Film, *, frames: bool, blur: bool) -> None:
        self._video, self._film = video, film
        self.frames, self.blur = frames, blur
        self.mp4 = b""

    def fits(self, film: Film, *, frames: bool, blur: bool) -> bool:
        """Return whether this is the video as it would be written now; notes are not drawn."""
        mine, now = self._film.timeline, film.timeline
        same_people = mine.people == now.people and np.array_equal(mine.track_ids, now.track_ids)
        return same_people and (self.frames, self.blur) == (frames, blur)

    def run(self, job: Job) -> None:
        """Write the video; nothing is left if the job is stopped or fails.

        Raises:
            WriteError: the disk is full, or the video becomes too large for the page.
            MediaError: the file cannot be read any more.
        """
        if job.stopping() or self._video.closed:  # while it waited for its turn
            return
        with tempfile.TemporaryFile(prefix="mien-") as file:
            whole = annotate_video(
                self._video.open(),
                file,
                self._film.timeline,
                self._look(),
                progress=job.report,
                cancel=lambda: job.stopping() or self._video.closed or _too_large(file),
            )
            if _too_large(file):
                raise WriteError(
                    f"expected an annotated video of at most {MAX_BYTES >> 20} MB, got a longer one; analyse a shorter part, "
                    "or use the command line: python -m fer_core analyze --annotate"
                )
            file.seek(0)
            self.mp4 = file.read() if whole else b""

    def _look(self) -> Annotation:
        film = self._film
        # Whatever came after the last analysed picture is left out: nobody would be blurred there.
        end_s = film.last_s + _LAST_PICTURE_S if film.stopped or film.faults else film.plan.end_s
        return Annotation(
            frames=self.frames,
            blur=self.blur,
            not_sure_below=film.threshold,
            words=text.WORDS,
            start_s=film.plan.start_s,
            end_s=end_s,
            threads=THREADS,
        )


def _too_large(file: BinaryIO) -> bool:
    return os.fstat(file.fileno()).st_size > MAX_BYTES
