"""Workshop. One detection by each engine in turn, in this process: `python -m fer_train.bench.speed --threads 2`.

A process of its own, because TensorFlow takes its number of threads only before its first work.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy.typing as npt

from fer_core import Options
from fer_core.detect import MtcnnDetector
from fer_core.reference import ReferenceDetector
from fer_train.bench.scenes import PLACES, SIZES_WH, portraits, scene

Array = npt.NDArray[Any]

MIN_FACES_PX = (20, 40)
_Row = dict[str, Any]


def in_turn(first: Callable[[], object], second: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Return the median milliseconds of two functions, called in turn, so that a busy moment of the machine meets both."""
    spent: tuple[list[float], list[float]] = [], []
    for _ in range(rounds + 2):  # the first two only warm up
        for function, times in zip((first, second), spent, strict=True):
            began = time.perf_counter()
            function()
            times.append(1000 * (time.perf_counter() - began))
    return statistics.median(spent[0][2:]), statistics.median(spent[1][2:])


def measure(threads: int, rounds: int, photos: Path | None) -> list[_Row]:
    """Return a row for each size, number of faces and smallest face, and for the defaults of both."""
    from mtcnn import MTCNN

    scenes = {(size, count): scene(size, count, faces) for faces in [portraits(photos)] for size in SIZES_WH for count in PLACES}
    engines = {}
    for min_face_px in MIN_FACES_PX:
        options = Options(min_face_px=min_face_px, threads=threads)
        engines[min_face_px] = MtcnnDetector(options), ReferenceDetector(options)
    rows = []
    for (size, count), image in scenes.items():
        for min_face_px, (fast, reference) in engines.items():
            found = len(fast.detect(image)), len(reference.detect(image))
            times = in_turn(partial(fast.detect, image), partial(reference.detect, image), rounds)
            rows.append(_row(f"{min_face_px} px", threads, size, count, found, times))
        default, stock = MtcnnDetector(), MTCNN()
        found = len(default.detect(image)), len(stock.detect_faces(image))
        times = in_turn(partial(default.detect, image), partial(stock.detect_faces, image), rounds)
        rows.append(_row("defaults", threads, size, count, found, times))
    return rows


def _row(
    name: str, threads: int, size_wh: tuple[int, int], count: int, found: tuple[int, int], times: tuple[float, float]
) -> _Row:
    return {
        "min_face": name,
        "threads": threads,
        "size": f"{size_wh[0]}x{size_wh[1]}",
        "faces": count,
        "found": found,
        "fast_ms": round(times[0], 1),
        "reference_ms": round(times[1], 1),
        "ratio": round(times[1] / times[0], 1),
    }


def main() -> None:
    """Measure, and write the rows as JSON to standard output."""
    import cv2
    import tensorflow as tf

    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--photos", type=Path)
    args = parser.parse_args()
    cv2.setNumThreads(args.threads)
    tf.config.threading.set_intra_op_parallelism_threads(args.threads)
    tf.config.threading.set_inter_op_parallelism_threads(args.threads)
    sys.stdout.write(json.dumps(measure(args.threads, args.rounds, args.photos)))


if __name__ == "__main__":
    main()
