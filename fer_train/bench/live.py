"""Workshop. `python -m fer_train.bench.live [--quick]`: live video end to end, written into docs/bench/live.md.

Chromium with a fake camera at 640x480 and 30 frames a second; server and browser on the same machine.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Error as PlaywrightError

from fer_train.bench import record
from fer_train.bench.camera_file import scenes, write
from fer_train.bench.live_page import page
from fer_train.bench.viewers import Viewer, browser, cpu_share, memory_mb, server

PARTS = ("one face", "three faces", "several", "memory")
_PACKAGES = ("streamlit", "uvloop", "streamlit-webrtc", "aiortc", "av", "ai-edge-litert", "opencv-python-headless")
_Row = dict[str, Any]
# What a browser, a server and a busy machine raise; a fault of the bench itself ends it.
_HICCUPS = (PlaywrightError, psutil.Error, RuntimeError, OSError, ValueError, StopIteration)


def one_viewer(camera: Path, *, seconds: float, starts: int) -> _Row:
    """Return what one viewer sees, and what it costs the server."""
    firsts, row = [], {}
    with server() as (url, process), browser(camera) as chromium:
        Viewer(chromium, url).page.context.close()  # the first visit loads the networks
        for turn in range(starts):
            viewer = Viewer(chromium, url)
            firsts.append(viewer.start())
            if turn == starts - 1:
                viewer.wait(min(5.0, seconds))  # what comes first is not what stays
                viewer.look()
                row = {"cpu_percent": cpu_share(process, seconds, viewer), **viewer.look(), **viewer.said()}
            viewer.stop()
    return {**row, "first_frame_s": statistics.median(firsts), "starts": starts, "seconds": seconds}


def several_viewers(camera: Path, *, seconds: float, count: int) -> _Row:
    """Return what several viewers see at once: each one's frames in its slowest fifth of the time, and each fifth's delay."""
    with server() as (url, process), browser(camera) as chromium:
        viewers = [Viewer(chromium, url) for _ in range(count)]
        for viewer in viewers:
            viewer.start()
        viewers[0].wait(min(10.0, seconds))  # what comes first is not what stays
        looks = [_looks(viewers, seconds / 5) for _ in range(5)]
        cpu = cpu_share(process, min(10.0, seconds / 5), viewers[0])
        for viewer in viewers:
            viewer.stop()
    return {
        "viewers": count,
        "seconds": seconds,
        "fps": [round(min(look[i]["fps"] for look in looks), 1) for i in range(count)],
        "latency_ms": [_middle_delay(look) for look in looks],
        "cpu_percent": cpu,
    }


def _middle_delay(looks: list[dict[str, float]]) -> float:
    """Return the median over the viewers that saw any frame again; no number where none did."""
    seen = [look["latency_ms"] for look in looks if not math.isnan(look["latency_ms"])]
    return statistics.median(seen) if seen else math.nan


def _looks(viewers: list[Viewer], seconds: float) -> list[dict[str, float]]:
    for viewer in viewers:
        viewer.look()
    viewers[0].wait(seconds)
    return [viewer.look() for viewer in viewers]


def memory(camera: Path, *, minutes: float) -> _Row:
    """Return the server's memory at minute 2 (or at a fifteenth of a shorter run) and at the end, one viewer watching."""
    early_s = 60 * min(2.0, minutes / 15)
    with server() as (url, process), browser(camera) as chromium:
        viewer = Viewer(chromium, url)
        viewer.start()
        began, curve = time.monotonic(), []
        while (age_s := time.monotonic() - began) < 60 * minutes:
            curve.append((age_s, memory_mb(process)))
            viewer.wait(min(5.0, early_s / 4))
        said = viewer.said()
        viewer.stop()
    early = statistics.median(mb for age_s, mb in curve if 0.75 * early_s <= age_s <= 1.25 * early_s)
    last = statistics.median(mb for age_s, mb in curve if age_s >= 60 * minutes - early_s / 2)
    growth = 100 * (last / early - 1)
    return {"minutes": minutes, "early_mb": early, "last_mb": last, "growth_percent": growth, **said}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m fer_train.bench.live", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="seconds in place of minutes: does the bench itself work?")
    parser.add_argument("--seconds", type=float, default=60, help="how long one viewer is watched")
    parser.add_argument("--starts", type=int, default=5, help="how often Start is pressed")
    parser.add_argument("--viewers", type=int, default=4, help="how many look at once; 0 leaves this out")
    parser.add_argument("--viewers-seconds", type=float, default=300, help="for how long")
    parser.add_argument("--memory-minutes", type=float, default=30, help="how long memory is watched; 0 leaves this out")
    parser.add_argument("--video", type=Path, help="a film for the fake camera, in place of a portrait that moves")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="measure these alone, and keep what --out has of the others")
    parser.add_argument("--out", type=Path, default=Path("docs/bench"), help="where live.json and live.md go")
    args = parser.parse_args()
    if args.quick:
        args.seconds, args.starts, args.viewers, args.viewers_seconds, args.memory_minutes = 6, 1, 2, 10, 0.25
    return args


def measure(args: argparse.Namespace, say: Callable[[str], None], keep: Callable[[_Row], None]) -> _Row:
    """Return every figure that the arguments ask for; a part that fails twice is left out, and why is noted.

    Args:
        args: what to measure, and for how long.
        say: told what is measured now.
        keep: given all figures so far after each part, so that nothing is lost with a later one.
    """
    figures: _Row = {**_kept(args), "machine": record.machine(_PACKAGES), "quick": args.quick, "missing": {}}
    with tempfile.TemporaryDirectory() as folder:
        one, three = (write(Path(folder) / f"{n}.y4m", scenes(n, args.video if n == 1 else None)) for n in (1, 3))
        for name, part in _parts(args, one, three).items():
            say(f"{name}: {part.keywords}")
            _try_twice(figures, name, part, say)
            keep(figures)
    return figures


def _kept(args: argparse.Namespace) -> _Row:
    """Return the parts that an earlier run wrote and this one leaves alone."""
    there = args.out / "live.json"
    if not args.only or not there.is_file():
        return {}
    found = json.loads(there.read_text(encoding="utf-8"))
    return {name: found[name] for name in PARTS if name in found and name not in args.only}


def _parts(args: argparse.Namespace, one: Path, three: Path) -> dict[str, partial[_Row]]:
    """Return what the arguments ask for, by its name among the figures."""
    parts = {
        "one face": partial(one_viewer, one, seconds=args.seconds, starts=args.starts),
        "three faces": partial(one_viewer, three, seconds=args.seconds, starts=args.starts),
    }
    if args.viewers:
        parts["several"] = partial(several_viewers, one, seconds=args.viewers_seconds, count=args.viewers)
    if args.memory_minutes:
        parts["memory"] = partial(memory, one, minutes=args.memory_minutes)
    return {name: part for name, part in parts.items() if name in (args.only or PARTS)}


def _try_twice(figures: _Row, name: str, part: Callable[[], _Row], say: Callable[[str], None]) -> None:
    """Add a part to the figures; a browser, a camera and a network that fail once need not fail again."""
    for _ in range(2):
        try:
            figures[name] = {"load_before": round(os.getloadavg()[0], 1), **part()}
        except _HICCUPS as fault:
            figures["missing"][name] = f"{type(fault).__name__}: {fault}".splitlines()[0]
            say(f"{name} failed: {figures['missing'][name]}")
        else:
            figures["missing"].pop(name, None)
            return


def main() -> None:
    """Measure, print the page, and write it with its figures; a quick run writes nothing unless told where."""
    args = _arguments()
    silent = args.quick and args.out == Path("docs/bench")

    def keep(now: _Row) -> None:
        if not silent:
            record.write(args.out, "live", now, page(now))

    figures = measure(args, lambda line: print(line, flush=True), keep)  # noqa: T201
    print(page(figures))  # noqa: T201


if __name__ == "__main__":
    main()
