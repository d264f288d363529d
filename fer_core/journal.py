"""Adapter. What a run has finished so far, in one SQLite file beside the results: a killed run goes on where it stopped.

Each file's outcome is one transaction, so that it is there once or not at all, however the process or the machine's power ends.
One run at a time holds the journal.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from fer_core.errors import FerError, InputError, WriteError
from fer_core.inputs import Job
from fer_core.work import Outcome


class Journal:
    """The outcomes of a run by their jobs' keys; a context manager, used from one thread.

    Args:
        path: the journal's file; made if there is none.

    Raises:
        InputError: another run holds it, or the file is no journal or a damaged one; so does every method.
        WriteError: the file cannot be written or read, as on a full disk; so does every method.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._in_words():
            # autocommit: every statement below is a transaction of its own
            self._file = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            with self._in_words():
                self._begin()
        except FerError:
            self._file.close()
            raise

    def _begin(self) -> None:
        self._file.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._file.execute("PRAGMA synchronous = FULL")  # a transaction is on the disk when it is over
        self._file.execute("BEGIN EXCLUSIVE")
        self._file.execute(
            "CREATE TABLE IF NOT EXISTS finished"
            " (key TEXT PRIMARY KEY, path TEXT, lines BLOB, pictures INT, faces INT, remark TEXT)"
        )
        self._file.execute("COMMIT")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def keys(self) -> set[str]:
        """Return the keys of what is finished."""
        with self._in_words():
            return {key for (key,) in self._file.execute("SELECT key FROM finished")}

    def add(self, job: Job, outcome: Outcome) -> None:
        """Note what came of a job; a second outcome of the same key takes the first one's place."""
        row = (job.key, _stored(job.path), zlib.compress(outcome.lines, 1), outcome.pictures, outcome.faces, outcome.remark)
        with self._in_words():
            self._file.execute("INSERT OR REPLACE INTO finished VALUES (?, ?, ?, ?, ?, ?)", row)

    def outcome(self, key: str) -> Outcome:
        """Return the outcome of a key that is there."""
        with self._in_words():
            row = self._file.execute("SELECT lines, pictures, faces, remark FROM finished WHERE key = ?", (key,)).fetchone()
            return Outcome(zlib.decompress(row[0]), *row[1:])

    def settle(self, jobs: Sequence[Job]) -> None:
        """Forget all that is known of some jobs' files, whose results are written; the file goes with the last of it.

        What a broken-off run over other files has finished stays, until that run goes on.
        """
        paths = {_stored(job.path) for job in jobs}
        with self._in_words():
            rows = self._file.execute("SELECT key, path FROM finished").fetchall()
            gone = [(key,) for key, path in rows if path in paths]
            if len(gone) < len(rows):
                self._file.execute("BEGIN")  # all of them in one: each transaction waits for the disk
                self._file.executemany("DELETE FROM finished WHERE key = ?", gone)
                self._file.execute("COMMIT")
                return
        self._file.close()
        self._path.unlink(missing_ok=True)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Raise what SQLite says of the file as an error of this library."""
        try:
            yield
        except (sqlite3.Error, zlib.error) as fault:
            raise self._refusal(fault) from fault

    def _refusal(self, fault: sqlite3.Error | zlib.error) -> InputError | WriteError:
        name = "SQLITE_CORRUPT" if isinstance(fault, zlib.error) else getattr(fault, "sqlite_errorname", "")
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return InputError(f"expected {self._path.name!r} free, got one that another run holds; wait for it, or change --out")
        if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_ERROR")):
            return InputError(f"expected a journal at {str(self._path)!r}, got {fault}; delete that file, or change --out")
        return WriteError(f"expected a place to write {str(self._path)!r}, got {fault}; make room or change --out")


def _stored(path: str) -> bytes:
    """Return a path as it is kept: names of files need not be text."""
    return path.encode("utf-8", "surrogateescape")
