"""Adapter. Many files → one file of results, over worker processes of this machine or a Dask cluster; resumable.

Dask, because a cluster of it is joined by an address alone, it is pure Python (`pip install` brings some ten small packages,
where Ray brings a hundred megabytes for one platform), and its scheduler already does again what a lost worker had in hand.
"""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_core.analyze import Analyzer, load_analyzer
from fer_core.errors import InputError, WriteError
from fer_core.files import sweep
from fer_core.inputs import Job, place
from fer_core.journal import Journal
from fer_core.labels import LabelSet
from fer_core.options import Options
from fer_core.results import need_kind, write_results
from fer_core.work import Failure, Outcome, Settings, outcome_of, unwatched

if TYPE_CHECKING:
    from distributed import Client, Future

Runner = Callable[[Sequence[Job]], Iterator[tuple[Job, Outcome | Failure]]]

_IN_HAND = 2  # jobs a cluster's thread is given at a time: one to do, one to go on with
_CONNECT_S = 15


@dataclass(frozen=True, slots=True)
class Report:
    """How a run went.

    Attributes:
        files: how many files were named.
        before: how many of them an earlier, broken-off run had finished.
        pictures: how many pictures were analysed.
        faces: how many faces were found in them.
        failures: files of which nothing came, and why.
        remarks: files about which the user should know something.
    """

    files: int
    before: int
    pictures: int
    faces: int
    failures: tuple[tuple[str, str], ...]
    remarks: tuple[tuple[str, str], ...]


def run_batch(
    jobs: Sequence[Job],
    run: Runner,
    out: Path,
    *,
    labels: LabelSet,
    begin: Callable[[Sequence[Job]], None] = lambda _: None,
    finished: Callable[[Job, Outcome | Failure], None] = lambda _, __: None,
) -> Report:
    """Analyse files and write their results to one file.

    What is finished is kept in a journal beside the results until they are written: a run that is broken off, however, goes on
    there when it is started again with the same files and settings. A file that changed since is analysed again.

    Args:
        jobs: in the order in which their results should stand.
        run: has jobs done, in any order.
        out: where the results go.
        labels: the label set of the model.
        begin: called once with the jobs that are left to do.
        finished: called with each job and what came of it.

    Raises:
        InputError: `out` is of no known kind, or another run holds its journal.
        WriteError: something cannot be written; what is finished stays in the journal.
    """
    need_kind(out)
    with Journal(out.with_name(out.name + ".journal")) as journal:
        before = journal.keys() & {job.key for job in jobs}
        # The longest first: whoever is idle at the end waits for a short one.
        left = sorted((job for job in jobs if job.key not in before), key=lambda job: job.length, reverse=True)
        begin(left)
        failures = _work(left, run, journal, finished)
        done = [job for job in jobs if job.key not in failures]
        counts, remarks = [0, 0], []
        for job in done:
            outcome = journal.outcome(job.key)
            counts = [counts[0] + outcome.pictures, counts[1] + outcome.faces]
            remarks += [(job.name, outcome.remark)] if outcome.remark else []
        sweep([out])
        if done:  # results of an earlier run outlive one in which every file failed, as by a wrong name
            write_results(out, (journal.outcome(job.key) for job in done), labels)
        journal.settle(jobs)
    failed = tuple((job.name, failures[job.key]) for job in jobs if job.key in failures)
    return Report(len(jobs), len(before), counts[0], counts[1], failed, tuple(remarks))


def _work(
    jobs: Sequence[Job], run: Runner, journal: Journal, finished: Callable[[Job, Outcome | Failure], None]
) -> dict[str, str]:
    """Have jobs done, note what is finished, and return the reasons of the others by their keys."""
    failures: dict[str, str] = {}
    copies = [place(job.target, suffix) for job in jobs if job.target for suffix in (".jpg", ".mp4")]
    sweep(copies)  # an earlier run may have been killed
    try:
        with closing(_generator(run(jobs))) as outcomes:
            for job, outcome in outcomes:
                if isinstance(outcome, Outcome):
                    journal.add(job, outcome)
                elif outcome.ends_run:
                    raise WriteError(outcome.reason)
                else:
                    failures[job.key] = outcome.reason
                finished(job, outcome)
    finally:
        sweep(copies)  # a worker may have been killed
    return failures


def _generator(outcomes: Iterator[tuple[Job, Outcome | Failure]]) -> Generator[tuple[Job, Outcome | Failure]]:
    """Return an iterator as one that can be closed, which ends its workers."""
    yield from outcomes


def run_cluster(jobs: Sequence[Job], settings: Settings, address: str) -> Iterator[tuple[Job, Outcome | Failure]]:
    """Yield each job with what came of it, in the order in which a Dask cluster finishes them.

    Every worker of the cluster must see the files under the same paths, and have Mien installed. Jobs of a worker that is lost
    are done again by another one.

    Args:
        jobs: taken in this order.
        settings: how they are analysed.
        address: the scheduler's, such as "tcp://10.0.0.5:8786".

    Raises:
        InputError: there is no such cluster, it has no workers, or Dask is not installed.
    """
    as_completed = _distributed().as_completed
    with _client(address) as client:
        waiting, under_way, arrivals = deque(jobs), dict[str, Job](), as_completed(loop=client.loop)

        def give() -> None:
            while waiting and len(under_way) < _IN_HAND * max(1, sum(client.nthreads().values())):
                job = waiting.popleft()
                future = client.submit(on_cluster, job, settings, pure=False)
                under_way[future.key] = job
                arrivals.add(future)

        give()
        for future in arrivals:
            yield under_way.pop(future.key), _came(future)
            future.release()
            give()


def on_cluster(job: Job, settings: Settings) -> Outcome | Failure:
    """Do a job on a worker of a cluster; what an analyzer needs is loaded once a process."""
    return outcome_of(job, settings, _shared_analyzer(settings.options, settings.model), unwatched())


@functools.lru_cache(maxsize=1)
def _shared_analyzer(options: Options, model: str) -> Analyzer:
    return load_analyzer(options, model=model)


def _came(future: Future[Outcome | Failure]) -> Outcome | Failure:
    """Return what a finished job gave; an answer that was lost with its worker is waited for until another one gives it."""
    try:
        outcome: Outcome | Failure = future.result()
    except Exception as fault:  # noqa: BLE001 - whatever the cluster makes of one file, the others go on
        return Failure(f"expected an answer from the cluster, got {fault!r:.300}; start the run again for this file")
    return outcome


def _client(address: str) -> Client:
    """Return a connection to a cluster that has workers."""
    try:
        client: Client = _distributed().Client(address, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as fault:
        raise InputError(f"expected a Dask scheduler at {address!r}, got {fault}; check the address") from fault
    try:
        client.wait_for_workers(1, timeout=_CONNECT_S)
    except TimeoutError as fault:
        client.close()
        raise InputError(f"expected workers at {address!r}, got none; start some with: dask worker {address}") from fault
    return client


def _distributed() -> Any:  # noqa: ANN401 - an optional package, mostly without types
    try:
        import distributed
    except ImportError as fault:
        raise InputError("a cluster needs Dask, which this Python lacks; run pip install -r requirements-cluster.txt") from fault
    return distributed
