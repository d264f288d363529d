"""Workshop. `python -m fer_train.bench.detectors --wider DIR [--dnn DIR]`: face detectors side by side on the same photos.

Writes docs/bench/detectors.csv and detectors.md. Times are shares of the fast engine's on the same photos, which survive a
change of machine better than milliseconds do.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track

from fer_core import Faces, FerError, read_image
from fer_core.detect import FaceDetector
from fer_train.bench.crowds import HIT_IOU, read_boxes, score
from fer_train.bench.rivals import MIN_FACE_PX, Rival, rivals
from fer_train.bench.tables import table
from fer_train.tables import write_rows

Array = npt.NDArray[Any]
MEASURED = ("recall", "precision", "false_positives", "landmarks", "time_ratio")
_HEADS = ["detector", "asked as", "recall", "precision", "false positives", "faces with landmarks", "time, MTCNN fast = 1"]


def looked(detector: FaceDetector, images: dict[str, Array]) -> tuple[dict[str, Faces], float]:
    """Return what a detector finds in each picture, and the seconds that all took; a first picture warms it up."""
    detector.detect(next(iter(images.values())))
    found, began = {}, time.perf_counter()
    for name, image in track(images.items(), "looking", transient=True, console=Console(stderr=True)):
        found[name] = detector.detect(image)
    return found, time.perf_counter() - began


def row_of(rival: Rival, found: dict[str, Faces], boxes: dict[str, Array], times_as_long: float) -> dict[str, Any]:
    """Return a detector's figures."""
    faces = score([(faces, boxes[name]) for name, faces in found.items()], MIN_FACE_PX)
    placed = [np.isfinite(each.landmarks).all(axis=(1, 2)) for each in found.values()]
    return {
        "detector": rival.name,
        "settings": rival.settings,
        "photos": len(found),
        "faces": faces["faces"],
        "recall": faces["recall"],
        "precision": faces["precision"],
        "false_positives": faces["false_positives"],
        "landmarks": round(float(np.concatenate(placed).mean()), 4) if any(map(len, placed)) else "",
        "time_ratio": round(times_as_long, 2),
        "missing": "",
    }


def compare(every: list[Rival], images: dict[str, Array], boxes: dict[str, Array]) -> list[dict[str, Any]]:
    """Return a row a detector, the first of which sets the measure of time; one that is not here has empty figures.

    Args:
        every: the detectors; the first must be available.
        images: (H, W, 3) uint8 RGB by name, at least one.
        boxes: the annotated faces by name, as `crowds.read_boxes` gives them.
    """
    rows: list[dict[str, Any]] = []
    first_s = 0.0
    for rival in every:
        if rival.detector is None:
            nothing = dict.fromkeys(MEASURED, "")
            rows.append({**rows[0], **nothing, "detector": rival.name, "settings": rival.settings, "missing": rival.missing})
            continue
        found, seconds = looked(rival.detector, images)
        first_s = first_s or seconds
        rows.append(row_of(rival, found, boxes, seconds / first_s))
    return rows


def page(rows: list[dict[str, Any]]) -> str:
    """Return the rows as Markdown."""
    first = rows[0]
    text = f"""# Face detectors, side by side

Written by `python -m fer_train.bench.detectors`; the figures are those of `detectors.csv`. WIDER FACE photos: {first["photos"]},
annotated faces of {MIN_FACE_PX} px and more: {first["faces"]}. A face is found if a box covers it with IoU >= {HIT_IOU}, each box
one face. A box that covers no annotated face is a false positive. OpenCV and TensorFlow use every core, the others one.

"""
    return text + table(_HEADS, [_cells(row) for row in rows]) + "\n"


def _cells(row: dict[str, Any]) -> list[str]:
    if row["missing"]:
        return [row["detector"], row["settings"], f"not available: {row['missing']}", *[""] * 4]
    shares = [f"{row[name]:.1%}" for name in ("recall", "precision")]
    landmarks = f"{row['landmarks']:.0%}" if row["landmarks"] != "" else ""
    return [row["detector"], row["settings"], *shares, str(row["false_positives"]), landmarks, str(row["time_ratio"])]


def main(words: list[str] | None = None) -> int:
    """Measure, print the page, and write it with its figures; return 0, or 2 with one sentence on the error stream."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    parser = argparse.ArgumentParser(prog="python -m fer_train.bench.detectors", description=__doc__)
    parser.add_argument("--wider", type=Path, required=True, help="a folder of WIDER FACE photos with boxes.csv")
    parser.add_argument("--dnn", type=Path, help="a folder with the two files of OpenCV's DNN detector")
    parser.add_argument("--out", type=Path, default=Path("docs/bench"), help="where detectors.csv and detectors.md go")
    args = parser.parse_args(words)
    try:
        boxes = read_boxes(args.wider)
        images = {name: read_image(args.wider / name) for name in boxes}
        rows = compare(rivals(args.dnn), images, boxes)
    except (FerError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    args.out.mkdir(parents=True, exist_ok=True)
    write_rows(args.out / "detectors.csv", rows)
    (args.out / "detectors.md").write_text(page(rows), encoding="utf-8")
    sys.stdout.write(page(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
