"""Adapter. What happens on this server in numbers, by Prometheus's own client; no name, no address, no picture."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, start_http_server

_FRAME_S = (0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 1.0)
_ANALYSIS_S = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0)
HOST = "127.0.0.1"


class Metrics:
    """The numbers of one process, errors of its loggers among them; safe between threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        here = {"registry": self.registry}
        ProcessCollector(**here)
        self._sessions = Counter("mien_sessions", "Sessions that were opened", **here)
        self._frames = Counter("mien_live_frames", "Frames of live video", ["outcome"], **here)
        self._frame_s = Histogram(
            "mien_live_frame_seconds", "From a frame's arrival to its painted copy", buckets=_FRAME_S, **here
        )
        self._analyses = Histogram("mien_analysis_seconds", "Photos and videos", ["kind"], buckets=_ANALYSIS_S, **here)
        self._refusals = Counter("mien_refusals", "What limits refused", ["limit"], **here)
        self._errors = Counter("mien_errors", "Faults that were logged", **here)
        for outcome in ("analysed", "dropped", "faulty"):
            self._frames.labels(outcome)
        logging.getLogger("fer_app").addHandler(_Counts(self))

    def session(self) -> None:
        """Count a session that was opened."""
        self._sessions.inc()

    def frame(self, cost_ms: float, dropped: int, fault: bool) -> None:
        """Count a frame of live video, and those that were passed over before it."""
        self._frames.labels("dropped").inc(dropped)
        self._frames.labels("faulty" if fault else "analysed").inc()
        if not fault:
            self._frame_s.observe(cost_ms / 1000)

    def analysis(self, kind: str, seconds: float) -> None:
        """Count a photo or a video that was analysed."""
        self._analyses.labels(kind).observe(seconds)

    def refusal(self, limit: str) -> None:
        """Count what a limit refused."""
        self._refusals.labels(limit).inc()

    def error(self) -> None:
        """Count a fault."""
        self._errors.inc()

    def watch(self, name: str, what: str, read: Callable[[], float]) -> None:
        """Let a number be asked for whenever somebody looks."""
        Gauge(name, what, registry=self.registry).set_function(read)

    def totals(self) -> dict[str, float]:
        """Return every number that is no bucket, by its name and labels."""
        return dict(self._samples())

    def _samples(self) -> Iterator[tuple[str, float]]:
        for family in self.registry.collect():
            for sample in family.samples:
                if not sample.name.endswith(("_bucket", "_created")):
                    yield " ".join((sample.name, *sample.labels.values())), sample.value

    def serve(self, port: int) -> WSGIServer:
        """Answer Prometheus on a port of this machine's own; nobody outside can reach it.

        Raises:
            OSError: the port is taken.
        """
        server, _ = start_http_server(port, addr=HOST, registry=self.registry)
        return server


class _Counts(logging.Handler):
    """Counts what the app's own loggers call an error."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(logging.ERROR)
        self._metrics = metrics

    def emit(self, record: logging.LogRecord) -> None:
        """Count it."""
        self._metrics.error()


def memory_mb() -> float | None:
    """Return how much memory this process holds, in megabytes; None where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
