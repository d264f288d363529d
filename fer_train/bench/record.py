"""Workshop. What every bench keeps: which machine it ran on, and its figures beside their page."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any


def machine(packages: Iterable[str]) -> dict[str, Any]:
    """Return Python's version, the kind of machine, its cores, and the versions of these packages."""
    names = {"Python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    return names | {name: version(name) for name in packages}


def write(folder: Path, name: str, figures: dict[str, Any], page: str) -> None:
    """Write figures and their page of Markdown into a folder, which is made if missing, as name.json and name.md."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    (folder / f"{name}.md").write_text(page, encoding="utf-8")
