"""Workshop. The benchmark's figures as one page of Markdown."""

from __future__ import annotations

from typing import Any

_Row = dict[str, Any]


def table(head: list[str], rows: list[list[Any]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def load_before(row: _Row) -> str:
    """Return how busy the machine was already when a part began, and what whoever ran it noted of it beside its figures."""
    load = f" Load before: {row['load_before']}." if "load_before" in row else ""
    return f"{load} {row['note']}" if "note" in row else load


def page(figures: _Row) -> str:
    """Return all figures of a run as Markdown; sections that were not measured are left out."""
    parts = ["# Finding faces, measured", _where(figures["machine"]), _speed(figures["speed"]), _start(figures["first_photo"])]
    parts += [_parity(figures["parity"], figures["threshold"])]
    parts += [_recall(figures["wider"], figures["threshold"])] if figures["wider"] else []
    return "\n\n".join(parts) + "\n"


def _where(machine: _Row) -> str:
    facts = ", ".join(f"{name} {value}" for name, value in machine.items())
    return f"Written by `make bench`; the figures behind it are in `detector.json`. {facts}."


def _speed(rows: list[_Row]) -> str:
    text = """## Speed

Median milliseconds of one detection, the engines called in turn in one process, with the same number of threads. Fast: LiteRT;
reference: the mtcnn package on TensorFlow, its pyramid put right. The rows named defaults are what people meet:
`MtcnnDetector()`, which looks for faces from 40 px, and `MTCNN().detect_faces(image)`, from 20 px.

"""
    head = [
        "smallest face",
        "threads",
        "picture",
        "faces",
        "found, fast / reference",
        "fast, ms",
        "reference, ms",
        "times as fast",
    ]
    names = ("min_face", "threads", "size", "faces", "found", "fast_ms", "reference_ms", "ratio")
    return text + table(head, [[" / ".join(map(str, r[n])) if n == "found" else r[n] for n in names] for r in rows])


def _start(start: _Row) -> str:
    text = """## A fresh process

Until its first photo (512x512, one face) is analysed by detector and classifier; TensorFlow is not imported.

"""
    head = ["`import fer_core`, s", "import and first photo, s", "peak memory, MB"]
    return text + table(head, [[start["import_s"], start["first_photo_s"], round(start["peak_mb"])]])


def _parity(rows: list[_Row], threshold: float) -> str:
    text = f"""## The same faces

Faces scored above {threshold}. Two detections are the same face at IoU >= 0.9 with every landmark within 3 % of the face's width;
a face scored within 0.001 of the threshold may fall on either side of it.

"""
    head = [
        "smallest face, px",
        "pictures",
        "faces",
        "lost",
        "added",
        "worst IoU",
        "worst landmark, share of width",
        "worst score",
    ]
    names = ("min_face_px", "pictures", "faces", "lost", "added")
    worst = ("worst_iou", "worst_landmark", "worst_score")
    return text + table(head, [[*(r[n] for n in names), *(f"{r[n]:.5f}" for n in worst)] for r in rows])


def _recall(rows: list[_Row], threshold: float) -> str:
    text = f"""## Crowds

Annotated faces whose longer side is at least the smallest face looked for, those marked invalid left out. A face is found if a
box covers it with IoU >= 0.4, each box one face. A box that covers no annotated face at all, however small or marked, is a false
positive. Mien's threshold is {threshold}: the lowest of these at which, for the default smallest face, at least 97 % of the boxes
are faces.

"""
    head = ["smallest face, px", "threshold", "faces", "recall, fast", "reference"]
    head += ["false positives, fast", "reference", "precision, fast", "reference"]
    return text + table(head, [_recall_cells(row, "**" if row["threshold"] == threshold else "") for row in rows])


def _recall_cells(row: _Row, mark: str) -> list[str]:
    engines = [row["fast"], row["reference"]]
    values = [row["min_face_px"], row["threshold"], engines[0]["faces"], *(f"{e['recall']:.1%}" for e in engines)]
    values += [*(e["false_positives"] for e in engines), *(f"{e['precision']:.1%}" for e in engines)]
    return [f"{mark}{value}{mark}" for value in values]
