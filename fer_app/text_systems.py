"""Pure. Every sentence about the systems that Mien comes from."""

from __future__ import annotations

from collections.abc import Mapping

TITLE = "Where Mien comes from"
LEAD = (
    "Five student projects, and a small network that one of them began with. Each is trained again in Mien's workshop, by one "
    "protocol: training pictures that are copies of test pictures are left out, the public test chooses, the private test "
    "measures. Mien answers the same faces; merged expressions are merged for both, dropped ones for both."
)
HEADS = ("System", "Published", "Here", "Mien, same faces")
NONE = "–"
NOT_YET = "not trained yet"
MEASURED_HOW = "On what the published figures were measured"


def system(name: str, whose: str) -> str:
    """Return what a system is called, and whose it is."""
    return f"{name}: {whose}"


def measured_on(figure: str, classes: str, faces: str, epochs: str) -> str:
    """Return a figure with what it rests on."""
    return f"{figure}; {classes} classes, {faces} faces, {epochs} epoch{'' if epochs == '1' else 's'}"


def both(all_faces: str, found: str) -> str:
    """Return two figures of a system that first looks for something in each face."""
    return f"{all_faces} ({found} of those found)"


def with_f1(accuracy: str, f1: str) -> str:
    """Return an accuracy with the macro F1 beside it, for a system that published that."""
    return f"{accuracy}, {f1} F1"


def published_how(row: Mapping[str, str]) -> str:
    """Return what a published figure rests on."""
    where = f"{row['figure']} on {row['measured_on']}; " if row["published"] else ""
    return f"**{row['model']}**: {where}{row['note']}."
