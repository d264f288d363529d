"""Workshop. The app as it is hosted, on 127.0.0.1 alone, and what it uses; its numbers are those that it gives Prometheus."""

from __future__ import annotations

import re
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from fer_train.bench.viewers import memory_mb, server
from fer_train.bench.wire import HOST

SEATS = 8
"""Places for live video: more than this machine would grant, so that the viewers that are measured get in."""

AS_DEPLOYED = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "1048576"}
"""What deploy/ gives the process besides settings of Streamlit and Python: it has to be there before the first thread."""

_LINE = re.compile(r"^(mien_[a-z_]+)(?:\{[^}]*\})? (\S+)$", re.MULTILINE)
_LEAVE_S = 30.0


@dataclass(frozen=True, slots=True)
class Hosted:
    """A running server.

    Attributes:
        url: where it answers.
        process: its process.
        metrics_port: where it answers Prometheus.
    """

    url: str
    process: psutil.Process
    metrics_port: int

    @property
    def port(self) -> int:
        """The port where it answers."""
        return int(self.url.rpartition(":")[2])

    def used(self) -> dict[str, float]:
        """Return its memory in MB, its threads and its open file handles."""
        with self.process.oneshot():
            threads, handles = self.process.num_threads(), self.process.num_fds()
            return {"memory_mb": round(memory_mb(self.process), 1), "threads": threads, "handles": handles}

    def counts(self) -> dict[str, float]:
        """Return its own counts by their names."""
        with urllib.request.urlopen(f"http://{HOST}:{self.metrics_port}/metrics", timeout=30) as said:
            return read_counts(said.read().decode())

    def left(self) -> int:
        """Return how many pages it takes for open, after at most half a minute in which it may notice that they are closed."""
        deadline_s = time.monotonic() + _LEAVE_S
        while (count := int(self.counts()["mien_sessions_open"])) and time.monotonic() < deadline_s:
            time.sleep(0.5)
        return count

    def said(self) -> dict[str, int]:
        """Return what it refused by its limits, and the faults that it logged."""
        counts = self.counts()
        return {"refused": int(counts.get("mien_refusals_total", 0)), "logged_faults": int(counts.get("mien_errors_total", 0))}


def read_counts(text: str) -> dict[str, float]:
    r"""Return the numbers that Prometheus is given by their names, those that differ in labels alone added up.

    Example:
        >>> read_counts('# HELP x\nmien_refusals_total{limit="a"} 1.0\nmien_refusals_total{limit="b"} 2.0\n')
        {'mien_refusals_total': 3.0}
    """
    counts: dict[str, float] = {}
    for name, value in _LINE.findall(text):
        counts[name] = counts.get(name, 0.0) + float(value)
    return counts


@contextmanager
def hosted() -> Iterator[Hosted]:
    """Run the app as it is hosted, on this machine alone."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        metrics_port = probe.getsockname()[1]
    settings = {"MIEN_LIVE_SEATS": str(SEATS), "MIEN_METRICS_PORT": str(metrics_port), "MIEN_DRAIN_SECONDS": "5"}
    with server("serve.py", f"--server.address={HOST}", **settings, **AS_DEPLOYED) as (url, process):
        yield Hosted(url, process, metrics_port)
