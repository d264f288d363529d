"""Adapter. Jobs → outcomes, by worker processes of this machine, each with one thread of inference.

A worker that dies (out of memory, a decoder's crash) takes nothing with it: its file is tried once more by a new worker, and
given up if it kills that one too. Workers end with the run, however the run ends: they see the pipe to it close.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

import cv2

from fer_core.analyze import load_analyzer
from fer_core.inputs import Job
from fer_core.work import Failure, Outcome, Settings, Stopped, Watch, outcome_of

_TRIES = 2
_STEP = 0.01  # of a file's progress that is worth a message
_GOODBYE_S = 10.0


Word = tuple[Job, float | Outcome | Failure]


@dataclass(slots=True, eq=False)
class _Worker:
    process: SpawnProcess
    pipe: Connection
    job: Job | None = None


def run_local(
    jobs: Sequence[Job], settings: Settings, count: int, *, progress: Callable[[Job, float], None]
) -> Iterator[tuple[Job, Outcome | Failure]]:
    """Yield each job with what came of it, in the order in which they are finished.

    Leaving the iterator, by `close()` or an exception, ends the workers: each stops at its next picture and cleans up.

    Args:
        jobs: taken in this order.
        settings: how they are analysed.
        count: how many processes work.
        progress: called with a job and the share of it that is done, 0..1.
    """
    crew = _Crew(jobs, settings, count)
    try:
        while crew.busy():
            for job, said in crew.words():
                if isinstance(said, float):
                    progress(job, said)
                else:
                    yield job, said
    finally:
        crew.dismiss()


class _Crew:
    """The workers of a run, and the jobs that wait for them."""

    def __init__(self, jobs: Sequence[Job], settings: Settings, count: int) -> None:
        self._waiting, self._crashes = deque(jobs), Counter[str]()
        self._settings, self._count = settings, min(count, len(jobs))
        self._workers: list[_Worker] = []

    def busy(self) -> bool:
        """Give waiting jobs to idle workers; return whether anything is under way."""
        while self._waiting and len(self._workers) < self._count:
            self._workers.append(_hired(self._settings))
        for worker in self._workers:
            if worker.job is None and self._waiting:
                worker.job = self._waiting.popleft()
                with suppress(OSError):  # it is dead, which its end of the pipe will say too
                    worker.pipe.send(worker.job)
        return any(worker.job for worker in self._workers)

    def words(self) -> Iterator[Word]:
        """Wait until some workers say something, and yield it."""
        ready = wait([worker.pipe for worker in self._workers])
        for worker in [worker for worker in self._workers if worker.pipe in ready]:
            try:
                said = worker.pipe.recv()
            except (EOFError, OSError):
                self._workers.remove(worker)
                yield from self._lost(worker)
                continue
            assert worker.job  # an idle worker says nothing
            yield worker.job, said
            if not isinstance(said, float):
                worker.job = None

    def _lost(self, worker: _Worker) -> Iterator[Word]:
        """Have a dead worker's job done by another, or give it up."""
        worker.process.join(_GOODBYE_S)
        worker.pipe.close()
        if worker.job is None:
            return
        self._crashes[worker.job.key] += 1
        if self._crashes[worker.job.key] < _TRIES:
            self._waiting.appendleft(worker.job)
        else:
            came = f"one that ended {_TRIES} workers (exit code {worker.process.exitcode})"
            yield worker.job, Failure(f"expected a file that can be analysed, got {came}; try it alone, with more memory")

    def dismiss(self) -> None:
        """End the workers: kindly, so that they clean up; by force where that takes too long."""
        for worker in self._workers:
            worker.pipe.close()
        for end in (lambda process: None, SpawnProcess.terminate, SpawnProcess.kill):
            for worker in self._workers:
                if worker.process.is_alive():
                    end(worker.process)
                    worker.process.join(_GOODBYE_S)
        self._workers.clear()


def _hired(settings: Settings) -> _Worker:
    # A new interpreter rather than a copy of this one: threads and networks do not survive being copied.
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(there, settings), daemon=True)
    process.start()
    there.close()  # so that the pipe ends with the worker
    return _Worker(process, here)


def serve(pipe: Connection, settings: Settings) -> None:
    """Do the jobs that come through a pipe, until it closes: the life of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process at once; the run says when to stop
    cv2.setNumThreads(1)
    analyzer = load_analyzer(settings.options, model=settings.model)
    told = [0.0]

    def tell(share: float) -> None:
        if abs(share - told[0]) >= _STEP:
            told[0] = share
            pipe.send(share)

    with suppress(EOFError, OSError, Stopped):
        while True:
            job = pipe.recv()
            # During a job nothing comes through the pipe but its end.
            pipe.send(outcome_of(job, settings, analyzer, Watch(pipe.poll, tell)))
