"""Adapter. The server's log: one JSON line an event, of words and numbers of our own; nothing that a visitor brought.

A line has the words of the program, never what was put into them: a file's name or an address cannot get into it. Of a
fault it has the kind and the places in the code, not its message; but for a model's, which names a file of the operator's.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from fer_core import ModelError

_LOG = logging.getLogger("fer_app.events")
_ROOT = Path(__file__).parents[2]
FIELDS = frozenset({"faces", "kind", "limit", "ms", "port", "problem", "seats", "seconds", "sessions", "waiting"})
"""What a line may say besides its time, level, place and event."""


def note(event: str, **fields: float | str) -> None:
    """Write one line.

    Args:
        event: what happened, in words of our own.
        fields: numbers and words of our own, under the names in `FIELDS`.

    Raises:
        ValueError: a field is not among those.
    """
    if unknown := fields.keys() - FIELDS:
        raise ValueError(f"expected fields among {sorted(FIELDS)}, got {sorted(unknown)}; never log what visitors bring")
    _LOG.info(event, extra={"mien": fields})


class JsonLines(logging.Formatter):
    """Formats a record as one JSON line without its arguments."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": when, "level": record.levelname.lower(), "from": record.name, "event": str(record.msg)}
        line |= getattr(record, "mien", {})
        if record.exc_info and record.exc_info[1]:
            line |= {"error": type(record.exc_info[1]).__name__, "at": _places(record.exc_info[1])}
            if isinstance(record.exc_info[1], ModelError):
                line |= {"problem": str(record.exc_info[1])}
        return json.dumps(line)


def _places(fault: BaseException) -> list[str]:
    """Return where in the code a fault came about, the innermost place last."""
    frames = traceback.extract_tb(fault.__traceback__)[-6:]
    return [f"{_short(frame.filename)}:{frame.lineno}" for frame in frames]


def _short(filename: str) -> str:
    path = Path(filename)
    return path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) else path.name


def write_json(out: TextIO | None = None) -> logging.Handler:
    """Send the app's events, and the faults of its screens that Streamlit reports, to the standard output as JSON lines.

    Returns:
        What does so from now on.
    """
    handler = logging.StreamHandler(out or sys.stdout)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("fer_app")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    screens = logging.getLogger("streamlit.error_util")
    screens.handlers, screens.propagate = [handler], False
    return handler
