"""Workshop. The four parts of the bench of load; each runs a server of its own on this machine and returns its figures."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from fer_train.bench.hosted import Hosted, hosted
from fer_train.bench.load_tally import Tally, growth_percent, summary
from fer_train.bench.load_use import Files, add_photo, come_and_go, keep_uploading
from fer_train.bench.viewers import Viewer, browser
from fer_train.bench.visitor import Visitor

_Row = dict[str, Any]
BLOCK = 100
"""Sessions between two looks at the server."""

_LOOK_EVERY_S = 5.0
_WARM_VISITS = 3


def _warm(server: Hosted, photo: Path) -> None:
    """Let the first visits be over, which load the networks."""
    for _ in range(_WARM_VISITS):
        with Visitor(server.port) as visitor:
            add_photo(visitor, photo)


@contextmanager
def _ready(photo: Path) -> Iterator[Hosted]:
    with hosted() as server:
        _warm(server, photo)
        yield server


@contextmanager
def _crowd(acts: Sequence[Callable[[], None]], done: threading.Event) -> Iterator[None]:
    """Let everybody act beside the block, and stop when it ends; what is no visitor's fault is raised."""
    with ThreadPoolExecutor(len(acts)) as pool:
        running = [pool.submit(act) for act in acts]
        try:
            yield
        finally:
            done.set()
        for future in running:
            future.result()


def uploads(photo: Path, *, visitors: int) -> _Row:
    """Return how long visitors wait who all upload a photo at the same moment."""
    opening, waiting = Tally(), Tally()
    with _ready(photo) as server, ThreadPoolExecutor(visitors) as pool:
        idle = server.used()
        pages = [page for page in pool.map(lambda _: _opened(server.port, opening), range(visitors)) if page]
        busy_s, own_s = _cpu_s(server), _own_cpu_s()
        list(pool.map(lambda page: _uploaded(page, photo, waiting), pages))
        spent = {"server_cpu_s": round(_cpu_s(server) - busy_s, 1), "visitors_cpu_s": round(_own_cpu_s() - own_s, 1)}
        peak = server.used()
        for page in pages:
            page.close()
        said = server.said()
    row = waiting.row() | {"lost": len(waiting.faults) + len(opening.faults), "faults": opening.faults[:3] + waiting.faults[:3]}
    about = {"visitors": visitors, "photo_kb": round(photo.stat().st_size / 1e3), "open_p95_s": opening.row()["p95_s"]}
    return {**about, **row, **spent, "idle_mb": idle["memory_mb"], "busy_mb": peak["memory_mb"], **said}


def _opened(port: int, tally: Tally) -> Visitor | None:
    with tally.noticing(), tally.timed("open"):
        return Visitor(port)
    return None


def _uploaded(page: Visitor, photo: Path, tally: Tally) -> None:
    with tally.noticing(), tally.timed("photo"):
        add_photo(page, photo)


def _cpu_s(server: Hosted) -> float:
    spent = server.process.cpu_times()
    return float(spent.user + spent.system)


def _own_cpu_s() -> float:
    spent = psutil.Process(os.getpid()).cpu_times()
    return float(spent.user + spent.system)


def mixed_live(camera: Path, photo: Path, *, viewers: int, uploaders: int, seconds: float, every_s: float) -> _Row:
    """Return what viewers of live video see while others upload photos, and how long those wait."""
    tally, done = Tally(), threading.Event()
    with _ready(photo) as server, browser(camera) as chromium:
        watching = [Viewer(chromium, server.url) for _ in range(viewers)]
        for viewer in watching:
            viewer.start()
        watching[0].wait(min(10.0, seconds))  # what comes first is not what stays
        alone = _fps(watching, seconds / 3)
        firsts = [every_s * number / uploaders for number in range(uploaders)]
        acts = [partial(keep_uploading, server.port, photo, tally, done, every_s=every_s, first_s=first_s) for first_s in firsts]
        with _crowd(acts, done):
            beside = _fps(watching, seconds)
        said = server.said()  # the viewers go with their browser
    about = {"viewers": viewers, "uploaders": uploaders, "seconds": seconds, "every_s": every_s}
    return {**about, "fps_alone": alone, "fps": beside, **tally.row(), **said}


def _fps(watching: list[Viewer], seconds: float) -> list[float]:
    """Return the painted frames a second that each viewer sees over some seconds."""
    for viewer in watching:
        viewer.look()
    watching[0].wait(seconds)
    return [round(viewer.look()["fps"], 1) for viewer in watching]


def hours(files: Files, *, minutes: float, visitors: int, pause_s: float) -> _Row:
    """Return what a server uses early and at the end of mixed use."""
    tally, done = Tally(), threading.Event()
    with _ready(files.photo) as server:
        acts = [partial(come_and_go, server.port, files, tally, done, pause_s=pause_s)] * visitors
        with _crowd(acts, done):
            curve = _watched(server, 60 * minutes)
        left, counts, said = server.left(), server.counts(), server.said()
    steps = {step: tally.steps.count(step) for step in sorted(set(tally.steps))}
    about = {"visitors": visitors, "sessions": int(counts["mien_sessions_total"]), "steps": steps, "left": left}
    return {**about, **summary(curve, minutes), **tally.row(), **said, "curve": curve[:: max(1, len(curve) // 120)]}


def _watched(server: Hosted, seconds: float) -> list[_Row]:
    """Return what a server uses, every few seconds."""
    began_s, curve = time.monotonic(), list[_Row]()
    while (age_s := time.monotonic() - began_s) < seconds:
        curve.append({"age_s": round(age_s, 1), **server.used()})
        time.sleep(min(_LOOK_EVERY_S, seconds / 12))
    return curve


def sessions(photo: Path, *, count: int, at_once: int, settle_s: float) -> _Row:
    """Return what a server uses before and after so many sessions were opened and closed."""
    tally, curve = Tally(), list[_Row]()
    with _ready(photo) as server:
        server.left()
        before = server.used()
        with ThreadPoolExecutor(at_once) as pool:
            for first in range(0, count, BLOCK):
                block = range(min(BLOCK, count - first))
                list(pool.map(lambda _: _came_and_went(server.port, tally), block))
                curve.append({"sessions": first + len(block), **server.used()})
        left = server.left()
        time.sleep(settle_s)
        _warm(server, photo)  # who comes next lets Streamlit forget sessions that it kept for pages that reconnect
        server.left()
        after, said = server.used(), server.said()
    growth = growth_percent(_full(curve)["memory_mb"], curve[-1]["memory_mb"])
    about = {"count": count, "at_once": at_once, "settle_s": settle_s, "left": left, "growth_percent": growth}
    return {**about, "before": before, "after": after, "curve": curve, **tally.row(), **said}


def _full(curve: Sequence[_Row]) -> _Row:
    """Return the look at the server after which Streamlit keeps no more closed sessions than before: its store is full."""
    return curve[1] if len(curve) > 2 else curve[0]


def _came_and_went(port: int, tally: Tally) -> None:
    with tally.noticing(), tally.timed("session"):
        Visitor(port).close()
