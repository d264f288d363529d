"""Workshop. What a fresh process costs until its first photo is analysed: seconds and memory."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]
# VmHWM, not getrusage: that one counts the parent's memory as well, from before the child was a process of its own.
_FIRST_PHOTO = """
import json, pathlib, sys, time
began = time.perf_counter()
import fer_core as fer
imported = time.perf_counter()
result = fer.load_analyzer().analyze(fer.read_image(sys.argv[1]))
done = time.perf_counter()
peak_kb = next(int(line.split()[1]) for line in pathlib.Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
heavy = sorted({"tensorflow", "keras", "mtcnn", "streamlit"} & set(sys.modules))
seconds = {"import_s": imported - began, "first_photo_s": done - began}
print(json.dumps(seconds | {"peak_mb": peak_kb / 1024, "faces": len(result), "heavy": heavy}))
"""


def first_photo(rounds: int = 5) -> dict[str, Any]:
    """Return the medians over fresh processes that import fer_core and analyse one photo, networks and all.

    Raises:
        RuntimeError: a process imported tensorflow, keras, mtcnn or streamlit, or did not find the face.
    """
    import cv2
    from skimage.data import astronaut

    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "astronaut.jpg"
        cv2.imwrite(str(photo), astronaut()[..., ::-1])
        runs = [_run(photo) for _ in range(rounds)]
    bad = [run for run in runs if run["heavy"] or run["faces"] != 1]
    if bad:
        raise RuntimeError(
            f"a fresh process must find one face and import none of the heavy packages, got {bad[0]}; see its imports"
        )
    return {name: round(statistics.median(run[name] for run in runs), 3) for name in ("import_s", "first_photo_s", "peak_mb")}


def _run(photo: Path) -> dict[str, Any]:
    command = [sys.executable, "-c", _FIRST_PHOTO, str(photo)]
    done = subprocess.run(command, cwd=_ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - our own code
    values: dict[str, Any] = json.loads(done.stdout)
    return values
