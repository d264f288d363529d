"""Workshop. The figures of live video as one page of Markdown."""

from __future__ import annotations

import math
from typing import Any

from fer_train.bench.tables import load_before, table

_Row = dict[str, Any]
# What each figure must be, and what it should be: name, unit, key, must, goal, whether more is better.
_TARGETS = (
    ("painted frames a second", "", "fps", 18, 28, True),
    ("callback, median", "ms", "callback_p50_ms", 25, 8, False),
    ("callback, 95 of 100", "ms", "callback_p95_ms", 45, 15, False),
    ("Start to first painted frame, median", "s", "first_frame_s", 3, 1.2, False),
    ("glass-to-glass delay, median", "ms", "latency_ms", 400, 200, False),
    ("server CPU, one viewer, of a core", "%", "cpu_percent", 100, 45, False),
)


def page(figures: _Row) -> str:
    """Return all figures of a run as Markdown; what was not measured is left out."""
    facts = ", ".join(f"{name} {value}" for name, value in figures["machine"].items())
    head = f"Written by `make bench-live`; the figures behind it are in `live.json`. {facts}."
    parts = ["# Live video, measured", head]
    parts += [_one(figures)] if {"one face", "three faces"} & figures.keys() else []
    parts += [_several(figures["several"])] if "several" in figures else []
    parts += [_memory(figures["memory"])] if "memory" in figures else []
    parts += [_missing(figures["missing"])] if figures.get("missing") else []
    return "\n\n".join(parts) + "\n"


def _one(figures: _Row) -> str:
    one, three = figures.get("one face", {}), figures.get("three faces", {})
    row = one or three
    text = f"""## One viewer

Chromium with a fake camera at 640x480, 30 frames a second, one face and three; server and browser share the machine. Every
frame carries its number: a painted frame counts once, however often it is sent, and the delay runs from the camera's frame on
the screen to the painted one. Of a busy browser's frames a part is looked at: the rate is that of all frames shown, times the
share of new painted ones among those. {row["starts"]} starts, then {row["seconds"]:g} s.{load_before(row)}
Must and goal are what Mien asked of itself before anything was measured.

"""
    lines = [_line(target, one, three) for target in _TARGETS]
    return text + table(["", "one face", "three faces", "must", "goal", "one face holds"], lines)


def _line(target: tuple[str, str, str, float, float, bool], one: _Row, three: _Row) -> list[str]:
    name, unit, key, must, goal, more = target
    sign = "≥" if more else "≤"
    cells = [_value(row.get(key), unit) for row in (one, three)]
    return [
        name,
        *cells,
        f"{sign} {must:g} {unit}".strip(),
        f"{sign} {goal:g} {unit}".strip(),
        _verdict(one.get(key), must, goal, more),
    ]


def _unknown(value: float | None) -> bool:
    return value is None or math.isnan(value)


def _value(value: float | None, unit: str) -> str:
    return "–" if _unknown(value) else f"{value:.3g} {unit}".strip() if abs(value) < 100 else f"{value:.0f} {unit}".strip()


def _verdict(value: float | None, must: float, goal: float, more: bool) -> str:
    if _unknown(value):
        return "–"
    better = (lambda limit: value >= limit) if more else (lambda limit: value <= limit)
    return "goal" if better(goal) else "must" if better(must) else "no"


def _several(row: _Row) -> str:
    frames = ", ".join(f"{fps:.1f}" for fps in row["fps"])
    delays = ", ".join(f"{delay:.0f}" for delay in row["latency_ms"])
    return f"""## {row["viewers"]} viewers at once

For {row["seconds"]:g} s, each in a window of its own, all in one browser. Painted frames a second of each, in its slowest fifth:
{frames} (must 8, goal 15). Median delay in each fifth, which should not grow: {delays} ms.
Server CPU: {row["cpu_percent"]:.0f} % of a core.{load_before(row)}"""


def _memory(row: _Row) -> str:
    return f"""## Memory

One viewer for {row["minutes"]:g} minutes: {row["early_mb"]:.0f} MB early on, {row["last_mb"]:.0f} MB at the end, a change of
{row["growth_percent"]:+.1f} % (must +10 %, goal +2 %).{load_before(row)}"""


def _missing(parts: _Row) -> str:
    lines = "\n".join(f"- {name}: {why}" for name, why in parts.items())
    return f"## Not measured\n\nThese parts failed twice and are left out above.\n\n{lines}"
