"""Workshop. How small and how blurred may a face be? Measured on labelled photos: who keeps the label when it gets worse.

Its table gives the two limits of `fer_core.quality`. No truth is needed: each face is held against itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from rich.progress import track

from fer_core import Analyzer, Faces, face_chips, read_image
from fer_core.quality import face_quality
from fer_train.photos import main_face, read_photos
from fer_train.tables import write_rows

Array = npt.NDArray[Any]
BLURS = (0.0, 0.01, 0.02, 0.03, 0.04, 0.06)  # sigma, as a share of the face's shorter side
SIDES_PX = (20, 24, 32, 40, 48, 64)
_LEAST_PX = 60.0  # smaller faces have too little to lose


def _label(analyzer: Analyzer, image: Array, faces: Faces) -> str:
    return analyzer.classifier.predict(face_chips(image, faces)).top[0]


def _shrunk(image: Array, faces: Faces, scale: float) -> tuple[Array, Faces]:
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    size_wh = (small.shape[1], small.shape[0])
    return small, Faces(faces.boxes * scale, faces.scores, faces.landmarks * scale, size_wh)


def _trials(analyzer: Analyzer, image: Array, faces: Faces) -> list[tuple[str, float, bool, float]]:
    """Return (what was done, how much, the label stayed, sharpness) for each way to make a face worse."""
    label, side_px = _label(analyzer, image, faces), face_quality(image, faces)[0].size_px
    blurred = ((b, cv2.GaussianBlur(image, (0, 0), b * side_px) if b else image) for b in BLURS)
    rows = [("blur", b, _label(analyzer, w, faces) == label, face_quality(w, faces)[0].sharpness) for b, w in blurred]
    for wanted_px in SIDES_PX:
        if wanted_px < side_px:
            small, there = _shrunk(image, faces, wanted_px / side_px)
            rows.append(("side_px", wanted_px, _label(analyzer, small, there) == label, face_quality(small, there)[0].sharpness))
    return rows


def legibility_table(analyzer: Analyzer, folder: Path, target: Path) -> list[dict[str, Any]]:
    """Measure every photo of a folder, and write a row for each blur and size.

    Args:
        analyzer: finds and reads the faces.
        folder: photos with a labels.csv.
        target: the csv file.
    """
    trials = []
    for photo in track(read_photos(folder), "blurring and shrinking"):
        image = read_image(photo.path)
        faces = main_face(analyzer.detector.detect(image))
        if len(faces) and face_quality(image, faces)[0].size_px >= _LEAST_PX:
            trials += _trials(analyzer, image, faces)
    kinds = sorted({trial[:2] for trial in trials})
    rows = [{"model": analyzer.card.name, **_row(trials, kind, much)} for kind, much in kinds]
    write_rows(target, rows)
    return rows


def _row(trials: list[tuple[str, float, bool, float]], kind: str, much: float) -> dict[str, Any]:
    mine = [trial for trial in trials if trial[:2] == (kind, much)]
    low, middle, high = np.percentile([trial[3] for trial in mine], [1, 50, 99]).round(3)
    kept = round(float(np.mean([trial[2] for trial in mine])), 3)
    return {
        "made_worse_by": kind,
        "much": much,
        "n": len(mine),
        "label_kept": kept,
        "sharpness_p1": float(low),
        "sharpness_median": float(middle),
        "sharpness_p99": float(high),
    }
