"""Workshop. `python -m fer_train.bench.load [--quick]`: what a hosted demo carries, written into docs/bench/load.md.

It starts the server that it asks, on 127.0.0.1, and can ask no other.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Error as PlaywrightError

from fer_train.bench import load_parts, record
from fer_train.bench.camera_file import scenes
from fer_train.bench.camera_file import write as write_camera
from fer_train.bench.hosted import SEATS
from fer_train.bench.load_page import PARTS, WHOLE_MINUTES, page
from fer_train.bench.load_use import Files
from fer_train.bench.video_clip import write_clip
from fer_train.bench.wire import FAULTS

_Row = dict[str, Any]
_PHOTO = Path(__file__).resolve().parents[2] / "fer_app" / "samples" / "astronaut.jpg"
_FILM_WH, _FILM_S = (320, 180), 4.0
_PACKAGES = ("streamlit", "uvloop", "websockets", "streamlit-webrtc", "ai-edge-litert")
_KEPT_S = 130.0  # Streamlit keeps a closed session for two minutes
# What a browser, a server and a busy machine raise; a fault of the bench itself ends it.
_HICCUPS = (*FAULTS, PlaywrightError, psutil.Error, RuntimeError, ValueError, StopIteration)


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Return what was asked for. No server can be named: there is one, and the bench starts it."""
    parser = argparse.ArgumentParser(prog="python -m fer_train.bench.load", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, help="measure these alone, and keep what --out has of the others")
    parser.add_argument("--quick", action="store_true", help="a few of everything: does the bench itself work?")
    parser.add_argument("--minutes", type=float, default=WHOLE_MINUTES, help="how long mixed use goes on")
    parser.add_argument("--visitors", type=int, default=50, help="how many upload at once")
    parser.add_argument("--sessions", type=int, default=500, help="how many are opened and closed")
    parser.add_argument("--live-seconds", type=float, default=60, help="how long viewers of live video are watched")
    parser.add_argument("--photo", type=Path, default=_PHOTO, help="of somebody who looks happy")
    parser.add_argument("--out", type=Path, default=Path("docs/bench"), help="where load.json and load.md go")
    args = parser.parse_args(given)
    args.viewers, args.uploaders, args.settle_s = 4, 10, _KEPT_S
    if args.quick:
        args.minutes, args.visitors, args.sessions = 0.5, 5, 10
        args.viewers, args.uploaders, args.live_seconds, args.settle_s = 1, 2, 6.0, 0.0
    return args


def measure(args: argparse.Namespace, say: Callable[[str], None], keep: Callable[[_Row], None]) -> _Row:
    """Return every figure that the arguments ask for, and earlier ones of what they leave out or what fails.

    Args:
        args: what to measure.
        say: told what is measured now.
        keep: given all figures so far after each part, so that nothing is lost with a later one.
    """
    figures: _Row = {
        **earlier(args.out),
        "machine": record.machine(_PACKAGES),
        "seats": SEATS,
        "quick": args.quick,
        "ran": [],
        "missing": {},
    }
    with _files() as (film, camera):
        for name, part in _parts(args, film, camera).items():
            if name in (args.only or PARTS):
                say(f"{name} ...")
                _measured(figures, name, part, say)
                keep(figures)
    return figures


def _measured(figures: _Row, name: str, part: Callable[[], _Row], say: Callable[[str], None]) -> None:
    """Add a part to the figures, or why it could not be measured."""
    load = round(os.getloadavg()[0], 1)
    try:
        figures[name] = {"load_before": load, **part()}
        figures["ran"].append(name)
    except _HICCUPS as fault:
        figures["missing"][name] = f"{type(fault).__name__}: {fault}".splitlines()[0]
        say(f"{name} failed: {figures['missing'][name]}")


def earlier(folder: Path) -> _Row:
    """Return the parts that an earlier run wrote; none where there was none, or a quick one."""
    there = folder / "load.json"
    found: _Row = json.loads(there.read_text(encoding="utf-8")) if there.is_file() else {}
    return {} if found.get("quick") else {name: found[name] for name in PARTS if name in found}


@contextmanager
def _files() -> Iterator[tuple[Path, Path]]:
    """Make what visitors bring and what the camera shows."""
    with tempfile.TemporaryDirectory() as folder:
        film = write_clip(Path(folder, "short.mp4"), _FILM_WH, _FILM_S)
        yield film, write_camera(Path(folder, "camera.y4m"), scenes(1))


def _parts(args: argparse.Namespace, film: Path, camera: Path) -> dict[str, Callable[[], _Row]]:
    """Return each part by its name among the figures."""
    live = {"viewers": args.viewers, "uploaders": args.uploaders, "seconds": args.live_seconds, "every_s": 10.0}
    files = Files(args.photo, film)
    return {
        "uploads": partial(load_parts.uploads, args.photo, visitors=args.visitors),
        "mixed_live": partial(load_parts.mixed_live, camera, args.photo, **live),
        "hours": partial(load_parts.hours, files, minutes=args.minutes, visitors=3, pause_s=1.0),
        "sessions": partial(load_parts.sessions, args.photo, count=args.sessions, at_once=10, settle_s=args.settle_s),
    }


def main() -> None:
    """Measure, print the page, and write it with its figures; a quick run writes nothing unless told where."""
    args = arguments()
    silent = args.quick and args.out == Path("docs/bench")

    def keep(now: _Row) -> None:
        if not silent:
            record.write(args.out, "load", now, page(now))

    figures = measure(args, lambda line: print(line, flush=True), keep)  # noqa: T201
    print(page(figures))  # noqa: T201


if __name__ == "__main__":
    main()
