"""Workshop. What every bench keeps: which machine it ran on, and its figures beside their page."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fer_train.tables import write_text


def machine(packages: Iterable[str]) -> dict[str, Any]:
    """Return Python's version, the kind of machine, its cores, and the versions of these packages."""
    names = {"Python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    return names | {name: version(name) for name in packages}


def write(folder: Path, name: str, figures: dict[str, Any], page: str) -> None:
    """Write figures and their page of Markdown into a folder, which is made if missing, as name.json and name.md."""
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / f"{name}.json", json.dumps(figures, indent=1) + "\n")  # a later run reads it
    write_text(folder / f"{name}.md", page)
