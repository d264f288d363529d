"""Adapter. How far a run is, on one line of a terminal, or now and then a line where there is no terminal."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TextIO

from fer_core.inputs import Job
from fer_core.work import Failure, Outcome

_REFRESH_S, _LINE_S = 0.2, 10.0  # between two refreshes of a line, and between two lines in a log
_WIDTH = 78


class ProgressLine:
    """Shows how many files are done, how many failed, and how long the rest will take.

    The remaining time follows the bytes of the files: a video of a gigabyte is not a photo.

    Args:
        out: where to show it, such as `sys.stderr`; nowhere if None.
        clock: gives the time in seconds, such as `time.monotonic`.
    """

    def __init__(self, out: TextIO | None, *, clock: Callable[[], float]) -> None:
        self._out, self._clock, self._live = out, clock, out is not None and out.isatty()
        self._shown_s = -math.inf
        self.begin(())

    def begin(self, jobs: Sequence[Job]) -> None:
        """Start over with what is to be done."""
        self._files, self._bytes, self._began_s = len(jobs), sum(job.size for job in jobs), self._clock()
        self._done, self._failed, self._done_bytes = 0, 0, 0
        self._under_way: dict[str, float] = {}

    def under_way(self, job: Job, share: float) -> None:
        """Show that a share of a job, 0..1, is done."""
        self._under_way[job.key] = share * job.size
        self._show(job.name)

    def finished(self, job: Job, outcome: Outcome | Failure) -> None:
        """Show that a job is done."""
        self._under_way.pop(job.key, None)
        self._done, self._done_bytes = self._done + 1, self._done_bytes + job.size
        self._failed += isinstance(outcome, Failure)
        self._show(job.name)

    def close(self) -> None:
        """Clear the line."""
        if self._out and self._live:
            self._out.write("\r" + " " * _WIDTH + "\r")
            self._out.flush()

    def _show(self, name: str) -> None:
        now_s = self._clock()
        if self._out is None or now_s - self._shown_s < (_REFRESH_S if self._live else _LINE_S):
            return
        self._shown_s = now_s
        failed = f" · {self._failed} failed" if self._failed else ""
        start = f"{self._done}/{self._files} files{failed}{self._left(now_s)} · "
        room = max(0, _WIDTH - len(start))
        line = (start + (name if len(name) <= room else "…" + name[len(name) - room + 1 :] if room else "")).ljust(_WIDTH)
        self._out.write("\r" + line if self._live else line.rstrip() + "\n")
        self._out.flush()

    def _left(self, now_s: float) -> str:
        done, took_s = self._done_bytes + sum(self._under_way.values()), now_s - self._began_s
        if not done or took_s < 1:
            return ""
        left_s = round(took_s * (self._bytes - done) / done)
        return f" · {left_s // 3600}:{left_s // 60 % 60:02}:{left_s % 60:02} left"
