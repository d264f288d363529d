"""Workshop. `python -m fer_train.bench.video`: what a video costs in time and memory, in docs/bench/video.md.

Each row is a fresh process, so that its peak of memory is its own. On a machine that has other work the seconds of the clock
say little; the seconds of the processor, of all threads together, stand beside them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fer_core import Options, Session, Stream, annotate_video, load_analyzer, read_video
from fer_core.timeline import Timeline
from fer_train.bench import record
from fer_train.bench.tables import table
from fer_train.bench.video_clip import RATE_HZ, write_clip

_Row = dict[str, Any]
_ROOT = Path(__file__).resolve().parents[2]
_LARGE_WH, _SMALL_WH = (1280, 720), (320, 180)
_SPARSE_HZ = 5.0
_THREADS, _AHEAD = min(2, os.cpu_count() or 1), 2  # as the video screen has it
MUST_MB = 400
MUST_OF_LENGTH = {"every picture": 45 / 60, "5 pictures a second": 10 / 60, "annotated export": 90 / 60}


def memory_mb(field: str) -> float:
    """Return a figure of this process from the system, in MB: "VmRSS" now, "VmHWM" at its peak."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


def measure_here(path: Path, rate_hz: float | None, export: bool) -> _Row:
    """Analyse a film in this process and write it annotated if asked; return the seconds of each and the memory."""
    analyzer, row = load_analyzer(Options(threads=_THREADS)), _Row()
    analyzer.warm_up()
    start_mb = memory_mb("VmRSS")
    with _timed(row, "analysis"):
        timeline = _perceived(path, Stream(analyzer), rate_hz)
    if export:
        with tempfile.TemporaryDirectory() as folder, _timed(row, "export"):
            annotate_video(path, Path(folder, "annotated.mp4"), timeline)
    peak_mb = memory_mb("VmHWM")
    counts = {"pictures": len(timeline.sources), "faces": len(timeline)}
    return row | counts | {"start_mb": round(start_mb), "peak_mb": round(peak_mb), "above_mb": round(peak_mb - start_mb)}


def _perceived(path: Path, stream: Stream, rate_hz: float | None) -> Timeline:
    session = Session()
    for frame in read_video(path, rate_hz=rate_hz, ahead=_AHEAD):
        session.add(stream.step(frame))
    return session.timeline()


@contextmanager
def _timed(row: _Row, name: str) -> Iterator[None]:
    """Add the seconds of the clock, and those of the processor, that a block takes."""
    began, busy = time.perf_counter(), time.process_time()
    yield
    row[f"{name}_s"] = round(time.perf_counter() - began, 1)
    row[f"{name}_cpu_s"] = round(time.process_time() - busy, 1)


def _fresh(path: Path, rate_hz: float | None, export: bool) -> _Row:
    """Return what `measure_here` does in a new process."""
    command = [sys.executable, "-m", "fer_train.bench.video", "--film", str(path)]
    command += ["--rate", str(rate_hz)] if rate_hz else []
    command += ["--export"] if export else []
    done = subprocess.run(command, cwd=_ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - our own code
    row: _Row = json.loads(done.stdout.splitlines()[-1])
    return row


def measure(seconds: float, long_s: float, fresh: Callable[[Path, float | None, bool], _Row] = _fresh) -> _Row:
    """Return all figures: a large film by both rates and its export, and a small one of both lengths."""
    plans = [(_LARGE_WH, seconds, None, True), (_LARGE_WH, seconds, _SPARSE_HZ, False)]
    plans += [(_SMALL_WH, seconds, _SPARSE_HZ, True), (_SMALL_WH, long_s, _SPARSE_HZ, True)]
    rows, made = [], dict[tuple[tuple[int, int], float], Path]()
    with tempfile.TemporaryDirectory() as folder:
        for size_wh, length_s, rate_hz, export in plans:
            film = (size_wh, length_s)
            if film not in made:
                made[film] = write_clip(Path(folder, f"{len(made)}.mp4"), size_wh, length_s)
            about = {"size_wh": size_wh, "seconds": length_s, "rate_hz": rate_hz or RATE_HZ}
            rows.append(about | fresh(made[film], rate_hz, export))
    return {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1), "films": rows}


def page(figures: _Row) -> str:
    """Return the figures as a page."""
    rows = figures["films"]
    width, height = rows[0]["size_wh"]
    return f"""# A video, measured

Written by `python -m fer_train.bench.video`; the figures behind it are in `video.json`. {figures["cores"]} cores,
and a load of {figures["load"]} over the last minute, the bench's own included. One face that moves, {RATE_HZ} pictures a second,
H.264 with sound. What a figure must be is what Mien asked of itself before anything was measured.

## Time

A film of {rows[0]["seconds"]:g} s, {width}x{height}. Seconds of the clock, and of all cores together; the limits are those
of the clock, on two cores that have nothing else to do.

{table(["", "seconds", "of the film's length", "seconds of the cores", "must", "holds"], _times(rows))}

## Memory

What a fresh process, networks loaded, takes at its peak above what it had before the film. The limit is {MUST_MB} MB at any
length.

{table(["film", "analysed a second", "exported", "before, MB", "peak, MB", "above, MB", "holds"], [_memory(row) for row in rows])}
"""


def _times(rows: list[_Row]) -> list[list[str]]:
    every, sparse = rows[:2]
    taken = [(every, "analysis"), (sparse, "analysis"), (every, "export")]
    return [_time(name, row, what) for name, (row, what) in zip(MUST_OF_LENGTH, taken, strict=True)]


def _time(name: str, row: _Row, what: str) -> list[str]:
    took, must = row[f"{what}_s"], MUST_OF_LENGTH[name] * row["seconds"]
    cells = [name, f"{took:.1f}", f"{took / row['seconds']:.2f}", f"{row[f'{what}_cpu_s']:.1f}", f"≤ {must:.0f} s"]
    return [*cells, "yes" if took <= must else "no"]


def _memory(row: _Row) -> list[str]:
    film = f"{row['size_wh'][0]}x{row['size_wh'][1]}, {row['seconds']:g} s"
    cells = [film, f"{row['rate_hz']:g}", "yes" if "export_s" in row else "–"]
    return [*cells, *(str(row[k]) for k in ("start_mb", "peak_mb", "above_mb")), "yes" if row["above_mb"] <= MUST_MB else "no"]


def main() -> None:
    """Measure, print the page, and write it with its figures."""
    parser = argparse.ArgumentParser(prog="python -m fer_train.bench.video", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="the length of the film that is timed")
    parser.add_argument("--long", type=float, default=600, help="the length of the film that shows that memory stays flat")
    parser.add_argument("--out", type=Path, default=Path("docs/bench"), help="where video.json and video.md go")
    parser.add_argument("--film", type=Path, help="measure this one film in this process and print its figures")
    parser.add_argument("--rate", type=float, help="pictures a second that are analysed of it; all if omitted")
    parser.add_argument("--export", action="store_true", help="also write it annotated")
    args = parser.parse_args()
    if args.film:
        sys.stdout.write(json.dumps(measure_here(args.film, args.rate, args.export)) + "\n")
        return
    figures = measure(args.seconds, args.long)
    record.write(args.out, "video", figures, page(figures))
    sys.stdout.write(page(figures))


if __name__ == "__main__":
    main()
