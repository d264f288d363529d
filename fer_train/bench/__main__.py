"""Workshop. `python -m fer_train.bench [--photos DIR] [--wider DIR]`: measure both engines and write docs/bench."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from fer_core import Options
from fer_train.bench import crowds, record
from fer_train.bench.scenes import photo_files
from fer_train.bench.startup import first_photo
from fer_train.bench.tables import page

_PACKAGES = ("ai-edge-litert", "tensorflow", "mtcnn", "numpy", "opencv-python-headless")


def _speed(threads: int, rounds: int, photos: Path | None) -> list[dict[str, Any]]:
    """Return the rows of a process with so many threads."""
    command = [sys.executable, "-m", "fer_train.bench.speed", "--threads", str(threads), "--rounds", str(rounds)]
    command += ["--photos", str(photos)] if photos else []
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        sys.exit(f"error: timing with {threads} threads ended with {done.returncode}:\n{done.stderr}")
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def _pictures(photos: Path | None, wider: Path | None) -> list[Path]:
    return (photo_files(photos) if photos else []) + (sorted(wider.glob("*.jpg")) if wider else [])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m fer_train.bench", description=__doc__)
    parser.add_argument("--photos", type=Path, help="a folder of any photos; their faces are timed and compared")
    parser.add_argument("--wider", type=Path, help="a folder of WIDER FACE photos with boxes.csv; recall is measured on them")
    parser.add_argument("--out", type=Path, default=Path("docs/bench"), help="where detector.json and detector.md go")
    parser.add_argument("--rounds", type=int, default=15, help="detections timed for each row")
    return parser.parse_args()


def main() -> None:
    """Measure, print the page, and write it with its figures."""
    args = _arguments()
    threshold = Options().face_threshold
    speed = [row for threads in sorted({1, os.cpu_count() or 1}) for row in _speed(threads, args.rounds, args.photos)]
    start = first_photo()
    found = crowds.run_both(_pictures(args.photos, args.wider))
    figures = {
        "machine": record.machine(_PACKAGES),
        "threshold": threshold,
        "speed": speed,
        "first_photo": start,
        "parity": crowds.parity(found, threshold),
        "wider": crowds.recalls(found, crowds.read_boxes(args.wider)) if args.wider else [],
    }
    record.write(args.out, "detector", figures, page(figures))
    print(page(figures))


if __name__ == "__main__":
    main()
