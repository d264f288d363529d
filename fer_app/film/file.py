"""Adapter. An uploaded video as a file on disk without a name: nothing is left of it, however the session or server ends."""

from __future__ import annotations

import io
import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable
from typing import BinaryIO

from fer_app.film.watch import WATCH
from fer_core import WriteError

_PIECE_BYTES = 1 << 20


class VideoFile:
    """Holds a video's bytes on disk; several threads may read it at once, each through a reader of its own.

    The operating system forgets the file when it is closed, which also happens when nobody holds this object any more.

    Args:
        file: open for reading bytes, and nobody else's from now on.

    Attributes:
        closed: whether the file is gone.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._lock, self.closed = file, threading.Lock(), False
        weakref.finalize(self, file.close)

    @classmethod
    def copied(cls, source: BinaryIO) -> VideoFile:
        """Return a copy of a file, made piece by piece.

        Raises:
            WriteError: the disk has no room for it.
        """
        file = tempfile.TemporaryFile(prefix="mien-")  # noqa: SIM115 - it lives as long as the object
        try:
            source.seek(0)
            shutil.copyfileobj(source, file, _PIECE_BYTES)
            file.flush()
        except OSError as fault:
            file.close()
            raise WriteError(
                f"expected room on the server for this video, got {fault.strerror}; try again later or a smaller one"
            ) from fault
        return cls(file)

    def close(self) -> None:
        """Let the file go; who is reading it finds its end."""
        with self._lock:
            self.closed = True
            self._file.close()

    def open(self) -> BinaryIO:
        """Return a reader with a place of its own, at the first byte."""
        return io.BufferedReader(_Reader(self))

    def read_at(self, place: int, count: int) -> bytes:
        """Return up to so many bytes from a place on; none once the file is closed."""
        with self._lock:
            if self.closed:
                return b""
            self._file.seek(place)
            return self._file.read(count)

    def size(self) -> int:
        """Return how many bytes it has; 0 once it is closed."""
        with self._lock:
            return 0 if self.closed else self._file.seek(0, io.SEEK_END)

    def close_when_gone(self, present: Callable[[], bool]) -> None:
        """Close the file once the visitor has been gone for a while.

        Args:
            present: tells whether the visitor's page is open.
        """
        WATCH.add(self, present)


class _Reader(io.RawIOBase):
    """One reader of a `VideoFile`."""

    def __init__(self, video: VideoFile) -> None:
        self._video, self._at = video, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._video.read_at(self._at, len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def seek(self, to: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at}.get(whence)
        self._at = max(0, (self._video.size() if start is None else start) + to)
        return self._at

    def tell(self) -> int:
        return self._at
