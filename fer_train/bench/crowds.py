"""Workshop. What the engines find in real photos: each other's faces, and the annotated ones of WIDER FACE."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.progress import track

from fer_core import Faces, Options, read_image
from fer_core.boxes import iou_matrix
from fer_core.detect import MtcnnDetector
from fer_core.reference import ReferenceDetector
from fer_train.bench.agreement import Agreement, agreement

Array = npt.NDArray[Any]

SIZES_PX = (20, 40, 60, 80)
THRESHOLDS = (0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 0.99)
HIT_IOU = 0.4  # MTCNN frames a face more tightly than the annotators did
Results = dict[int, dict[str, tuple[Faces, Faces]]]
_Row = dict[str, Any]


def run_both(paths: list[Path]) -> Results:
    """Return what the fast and the reference engine find, by smallest face and file name, at the lowest threshold.

    The faces above a higher threshold are those of the result that are scored above it (see `cascade.unbeaten`).
    """
    from skimage.data import astronaut

    found: Results = {}
    for size in SIZES_PX:
        options = Options(min_face_px=size, face_threshold=THRESHOLDS[0], max_faces=10_000)
        fast, reference = MtcnnDetector(options), ReferenceDetector(options)
        found[size] = {"astronaut": (fast.detect(astronaut()), reference.detect(astronaut()))}
        for path in track(paths, f"both engines, faces from {size} px", transient=True):
            image = read_image(path)
            found[size][path.name] = fast.detect(image), reference.detect(image)
    return found


def parity(found: Results, threshold: float) -> list[_Row]:
    """Return for each smallest face how far the engines agree above a threshold."""
    rows = []
    for size, by_file in found.items():
        total = Agreement()
        for fast, reference in by_file.values():
            pair = fast[fast.scores > threshold], reference[reference.scores > threshold]
            total += agreement(*pair, threshold=threshold)
        rows.append({"min_face_px": size, "pictures": len(by_file)} | asdict(total))
    return rows


def read_boxes(folder: Path) -> dict[str, Array]:
    """Return the annotated faces of a folder with boxes.csv by file: (N, 5) x0, y0, x1, y1, and 1 for an invalid one."""
    boxes = defaultdict(list)
    with (folder / "boxes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            x, y, w, h = (float(row[name]) for name in "xywh")
            boxes[row["file"]].append((x, y, x + w, y + h, float(row["invalid"])))
    return {name: np.array(rows) for name, rows in boxes.items()}


def recalls(found: Results, boxes: dict[str, Array]) -> list[_Row]:
    """Return recall and false positives of both engines by smallest face and threshold."""
    rows = []
    for size in SIZES_PX[:2]:  # only there are faces enough
        by_file = found[size]
        for threshold in THRESHOLDS:
            row: _Row = {"min_face_px": size, "threshold": threshold}
            for engine, name in enumerate(("fast", "reference")):
                pairs = [(by_file[file][engine], truth) for file, truth in boxes.items() if file in by_file]
                row[name] = score([(faces[faces.scores > threshold], truth) for faces, truth in pairs], size)
            rows.append(row)
    return rows


def score(pairs: list[tuple[Faces, Array]], size_px: int) -> _Row:
    """Return recall over valid faces of `size_px` and more, and the boxes that hit no annotated face of any kind."""
    hit = wanted = false = total = 0
    for faces, truth in pairs:
        taken, missing = _hits(iou_matrix(faces.boxes, truth[:, :4]))
        large = np.maximum(truth[:, 2] - truth[:, 0], truth[:, 3] - truth[:, 1]) >= size_px
        counted = large & (truth[:, 4] == 0)
        hit, wanted = hit + int((taken & counted).sum()), wanted + int(counted.sum())
        false, total = false + missing, total + len(faces)
    return {
        "recall": round(hit / max(wanted, 1), 4),
        "faces": wanted,
        "false_positives": false,
        "precision": round(1 - false / max(total, 1), 4),
    }


def _hits(overlap: Array) -> tuple[Array, int]:
    """Return which annotated faces are found, each by one box, the best first; and how many boxes hit none."""
    rest, taken = np.where(overlap >= HIT_IOU, overlap, 0), np.zeros(overlap.shape[1], bool)
    false = int((rest.max(axis=1, initial=0) == 0).sum())
    while rest.max(initial=0) > 0:
        box, face = np.unravel_index(rest.argmax(), rest.shape)
        taken[face], rest[box], rest[:, face] = True, 0, 0
    return taken, false
