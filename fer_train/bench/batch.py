"""Workshop. `python -m fer_train.bench.batch`: what two workers do in the time of one, in docs/bench/batch.md.

The start of the processes counts: a run of the command line is timed from its first to its last moment. So does everything else,
which is why the share that the start takes is told too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from fer_core import Frame, write_video
from fer_core.encode import encode_image
from fer_train.bench import record
from fer_train.bench.scenes import portraits, scene

_Row = dict[str, Any]
_SIZE_WH = (1280, 720)
_PHOTOS_A_VIDEO, _VIDEO_S, _RATE_HZ = 10, 4, 25


def make_files(folder: Path, videos: int) -> int:
    """Write so many videos of some seconds, and ten photos for each; return how many files that is."""
    faces = portraits(None)
    for number in range(videos):
        count = (1, 5)[number % 2]
        picture = scene(_SIZE_WH, count, faces)
        moving = (Frame(np.roll(picture, 2 * i, axis=1), i / _RATE_HZ, i) for i in range(_VIDEO_S * _RATE_HZ))
        write_video(folder / f"{number:03}.mp4", moving)
        for photo in range(_PHOTOS_A_VIDEO):
            (folder / f"{number:03}-{photo}.jpg").write_bytes(encode_image(np.roll(picture, 40 * photo, axis=1)))
    return videos * (1 + _PHOTOS_A_VIDEO)


def timed(folder: Path, workers: int) -> float:
    """Return the seconds that a run over a folder takes."""
    with tempfile.TemporaryDirectory() as out:
        began = time.perf_counter()
        command = [sys.executable, "-m", "fer_core", "analyze", str(folder), "--workers", str(workers), "--quiet"]
        subprocess.run([*command, "--out", f"{out}/results.csv"], check=True, capture_output=True)  # noqa: S603
        return time.perf_counter() - began


def measure(videos: int, rounds: int) -> _Row:
    """Return the medians of runs with one and two workers, taken in turn, and of a run over one photo."""
    with tempfile.TemporaryDirectory() as name:
        folder, one = Path(name, "all"), Path(name, "one")
        folder.mkdir()
        one.mkdir()
        files = make_files(folder, videos)
        (one / "a.jpg").write_bytes((folder / "000-0.jpg").read_bytes())
        start = statistics.median(timed(one, 1) for _ in range(rounds))
        pairs = [(timed(folder, 1), timed(folder, 2)) for _ in range(rounds)]
    single, double = (statistics.median(column) for column in zip(*pairs, strict=True))
    row = {"files": files, "videos": videos, "photos": files - videos, "rounds": rounds, "cores": os.cpu_count()}
    seconds = {"one_photo_s": start, "one_worker_s": single, "two_workers_s": double}
    return row | {name: round(value, 2) for name, value in seconds.items()} | {"ratio": round(single / double, 2)}


def page(row: _Row) -> str:
    """Return the figures as a page."""
    width, height = _SIZE_WH
    return f"""# Two workers and one

By `python -m fer_train.bench.batch`: `python -m fer_core analyze` over {row["videos"]} videos and {row["photos"]} photos
on {row["cores"]} cores, from the start of the command to its end; the median of {row["rounds"]} runs each, taken in turn.
The videos have {_VIDEO_S} s of {width}x{height} at {_RATE_HZ} pictures a second, all analysed, and one or five faces.
Each worker has one thread of inference.

| | seconds |
|---|---|
| one photo, which is mostly the start | {row["one_photo_s"]} |
| one worker | {row["one_worker_s"]} |
| two workers | {row["two_workers_s"]} |

Two workers do {row["ratio"]} times what one does in the same time.
"""


def main() -> None:
    """Measure, print the page, and write it with its figures."""
    parser = argparse.ArgumentParser(prog="python -m fer_train.bench.batch", description=__doc__)
    parser.add_argument("--videos", type=int, default=12, help="how many videos; ten photos come with each")
    parser.add_argument("--rounds", type=int, default=5, help="runs timed with each number of workers")
    parser.add_argument("--out", type=Path, default=Path("docs/bench"), help="where batch.json and batch.md go")
    args = parser.parse_args()
    row = measure(args.videos, args.rounds)
    record.write(args.out, "batch", row, page(row))
    sys.stdout.write(page(row))


if __name__ == "__main__":
    main()
