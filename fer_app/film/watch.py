"""State. Files of visitors who may leave: one thread looks after all, and lets go whose visitor has been gone for long."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fer_app.film.file import VideoFile

GONE_S = 20.0
"""A visitor whose page is closed for so long is gone; a phone that changes its network comes back sooner."""

_LOOK_EVERY_S = 1.0


class _Watched:
    """A file, how to ask for its visitor, and for how long nobody was there. It does not keep the file alive."""

    def __init__(self, video: VideoFile, present: Callable[[], bool]) -> None:
        self._video, self._present, self._away_s = weakref.ref(video), present, 0.0

    def look(self, passed_s: float) -> bool:
        """Close the file if its visitor has been gone for long; return whether there is still something to look after."""
        video = self._video()
        if video is None or video.closed:
            return False
        self._away_s = 0.0 if self._present() else self._away_s + passed_s
        if self._away_s >= GONE_S:
            video.close()
        return not video.closed


class Watch:
    """Looks after any number of files; its thread begins with the first and ends with the last. Safe between threads."""

    def __init__(self) -> None:
        self._lock, self._watched = threading.Lock(), list[_Watched]()

    def add(self, video: VideoFile, present: Callable[[], bool]) -> None:
        """Look after one more file.

        Args:
            video: closed once its visitor has been gone for `GONE_S`.
            present: tells whether the visitor's page is open.
        """
        with self._lock:
            self._watched.append(_Watched(video, present))
            if len(self._watched) == 1:
                threading.Thread(target=self._run, daemon=True, name="mien-video-watch").start()

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(_LOOK_EVERY_S)
            with self._lock:
                self._watched = [watched for watched in self._watched if watched.look(_LOOK_EVERY_S)]
                if not self._watched:
                    return


WATCH = Watch()
"""The one of this process."""
