"""Reads hostile files in a process of its own: `python -m tests.hostile.reading FOLDER`; a line of JSON for each, with its cost.

`cpu_s` counts the processor's seconds, which other work on the machine does not lengthen; `peak_mb` is the most memory that the
process held while it read the file. Address space is bounded, so that a bomb takes the process and not the machine.
"""

import itertools
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from fer_app.history_files import read_session
from fer_core import FerError, read_image, read_video
from fer_core.cards import read_expression_card
from fer_core.video import probe_video

SPACE_BYTES = 6 << 30
FRAMES = 20  # of a video; its reader gives one at a time, and whoever reads it decides how many


def read_film(data: bytes) -> str:
    probe_video(data)
    return f"{sum(1 for _ in itertools.islice(read_video(data, threads=1), FRAMES))} pictures"


def read_card_file(data: bytes) -> str:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "card.json").write_bytes(data)
        return read_expression_card(Path(folder)).name[:80]


READERS = {
    "photo": lambda data: f"{read_image(data).shape}",
    "video": read_film,
    "session": lambda data: f"{len(read_session(data))} faces",
    "card": read_card_file,
}


def peak_mb(process: int | str = "self") -> float:
    """Return the most memory that a process ever held, or since `forget_peak`, in MB (Linux)."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def report(path: Path) -> dict[str, object]:
    """Return what came of a file: an answer, a refusal in words, or a fault, which there must not be."""
    data, reader = path.read_bytes(), READERS[path.parent.name]
    forget_peak()
    began = time.process_time()
    try:
        kind, said = "answer", reader(data)
    except FerError as error:
        kind, said = "refusal", str(error)
    except Exception as error:  # noqa: BLE001 - what it is, is what the test asks
        kind, said = "fault", f"{type(error).__name__}: {error}"[:300]
    return {"cpu_s": time.process_time() - began, "peak_mb": peak_mb(), "kind": kind, "said": said}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (SPACE_BYTES, SPACE_BYTES))
    root = Path(sys.argv[1])
    for line in (root / "names.tsv").read_text(encoding="utf-8").splitlines():
        place, name = line.split("\t")
        print(json.dumps({"name": name, "reader": place.split("/")[0]} | report(root / place)), flush=True)  # noqa: T201
