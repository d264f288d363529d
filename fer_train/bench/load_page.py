"""Workshop. The bench of load as a page of Markdown: each figure, its limit, and whether it holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fer_train.bench.tables import load_before, table

_Row = dict[str, Any]
MUST_GROWTH_PERCENT = 5.0
MUST_FPS = 8.0
WHOLE_MINUTES = 120
FLAT, FLAT_SHARE = 5, 0.1
"""Threads and file handles that may be more at the end, at least or of those before: who is served at the moment has some."""

_HEAD = ["", "measured", "must", "holds"]
_PLURALS = {
    "photo": "photos",
    "sample": "samples",
    "page": "pages",
    "video": "videos",
    "deletion": "deletions",
    "notice": "notices",
}


def page(figures: _Row) -> str:
    """Return all figures as a page; a part that was never measured is left out."""
    parts = [_head(figures)]
    parts += [write(figures[name]) for name, write in _SECTIONS.items() if name in figures]
    parts += [_missing(figures["missing"])] if figures.get("missing") else []
    return "\n\n".join(parts) + "\n"


def _head(figures: _Row) -> str:
    facts = ", ".join(f"{name} {value}" for name, value in figures["machine"].items())
    kept = [name for name in _SECTIONS if name in figures and name not in figures["ran"]]
    earlier = f" Of earlier runs: {', '.join(kept)}." if kept else ""
    return f"""# What a hosted demo carries, measured

Written by `make bench-load`; the figures behind it are in `load.json`. {facts}. The last run measured
{", ".join(figures["ran"]) or "nothing"}.{earlier} Each part says with which load the machine went into it.
What a figure must be is what Mien asked of itself before anything was measured.

Each part starts `serve.py` anew, on 127.0.0.1 alone; the bench has no way to name another address. All limits are those that
a demo has by default ([HOSTING.md](../HOSTING.md)) but for two: `MIEN_LIVE_SEATS={figures["seats"]}`, because the measured
places may refuse viewers by design, and `MIEN_DRAIN_SECONDS=5`, so that a part ends. Visitors have 60 analyses a minute each,
as anywhere.

Uploaders and sessions are **not browsers**: they speak Streamlit's own protocol (its websocket, its upload with the XSRF
cookie), so that many visitors measure the server and not many browsers. A step counts as answered only if the page that came
back says what it must: of the photo, "Looks happy". They load no scripts and draw nothing, which costs a server files that
browsers keep. Viewers of live video are real pages of Chromium with a fake camera. All of them share the machine with the
server."""


def _uploads(row: _Row) -> str:
    lines = [
        _line("lost", row["lost"], 0),
        ["answered", f"{row['answered']} of {row['visitors']}", f"{row['visitors']}", _word(row["answered"] == row["visitors"])],
        _line("refused by a limit", row["refused"], 0),
        _line("faults in the server's log", row["logged_faults"], 0),
        ["until the answer, shortest and median", f"{row['min_s']:.1f} s, {row['p50_s']:.1f} s", "", ""],
        ["until the answer, 95 of 100", f"{row['p95_s']:.1f} s", "", ""],
        ["until the answer, longest", f"{row['max_s']:.1f} s", "", ""],
        ["until all pages had opened at once, 95 of 100", f"{row['open_p95_s']:.1f} s", "", ""],
        ["memory of the server before and just after", f"{row['idle_mb']:.0f} MB, {row['busy_mb']:.0f} MB", "", ""],
        ["seconds of the cores, server and visitors", f"{row['server_cpu_s']:.1f} s, {row['visitors_cpu_s']:.1f} s", "", ""],
    ]
    return f"""## {row["visitors"]} visitors upload a photo at once

Their pages are open; then all upload a portrait of {row["photo_kb"]} kB in the same moment. The time runs from the choice of
the file to the page with the answer.{load_before(row)}

{table(_HEAD, lines)}{_faults(row)}"""


def _mixed_live(row: _Row) -> str:
    slowest = min(row["fps"], default=0.0)
    lines = [
        ["painted frames a second, each viewer", _list(row["fps"]), f"≥ {MUST_FPS:g}", _word(slowest >= MUST_FPS)],
        ["the same before the uploads began", _list(row["fps_alone"]), "", ""],
        _line("uploads lost", row["lost"], 0),
        ["uploads answered", row["answered"], "", ""],
        _line("refused by a limit", row["refused"], 0),
        _line("faults in the server's log", row["logged_faults"], 0),
        ["until the answer, median", f"{row['p50_s']:.1f} s", "", ""],
        ["until the answer, 95 of 100", f"{row['p95_s']:.1f} s", "", ""],
        ["until the answer, longest", f"{row['max_s']:.1f} s", "", ""],
    ]
    return f"""## {row["viewers"]} viewers of live video and {row["uploaders"]} uploaders

For {row["seconds"]:g} s. Viewers are pages of one Chromium, 640x480, 30 frames a second, one face; each uploader adds a
photo every {row["every_s"]:g} s, fetches the pictures of the answer, and deletes it.{load_before(row)}

{table(_HEAD, lines)}{_faults(row)}"""


def _hours(row: _Row) -> str:
    steps = ", ".join(f"{count} {_PLURALS.get(step, step)}" for step, count in row["steps"].items())
    flat = [_flat(what, row[f"early_{name}"], row[f"last_{name}"]) for name, what in _FLAT_NAMES]
    grown = row["growth_percent"]
    early = f"{row['early_memory_mb']:.0f} MB at minute {row['early_minute']:g}"
    lines = [
        [
            "memory",
            f"{early}, {row['last_memory_mb']:.0f} MB at the end: {grown:+.1f} %",
            f"≤ +{MUST_GROWTH_PERCENT:g} %",
            _word(grown <= MUST_GROWTH_PERCENT),
        ],
        *flat,
        _line("pages that the server takes for open afterwards", row["left"], 0),
        _line("steps lost", row["lost"], 0),
        _line("refused by a limit", row["refused"], 0),
        _line("faults in the server's log", row["logged_faults"], 0),
    ]
    return f"""## Mixed use for {row["minutes"]:g} minutes

{_shortened(row["minutes"])}{row["visitors"]} visitors at a time come and go: the notice, a sample, a photo, other pages, a
short video; every second one deletes everything, the others just close the page. Early and late figures are medians of five
minutes, about minute {row["early_minute"]:g} and the last ones. {row["sessions"]} sessions,
{row["answered"]} steps answered: {steps}.{load_before(row)}

{table(_HEAD, lines)}{_faults(row)}"""


def _sessions(row: _Row) -> str:
    before, after, grown = row["before"], row["after"], row["growth_percent"]
    curve = ", ".join(f"{look['sessions']}: {look['memory_mb']:.0f} MB" for look in row["curve"])
    lines = [
        _line("sessions that the server takes for open afterwards", row["left"], 0),
        _line("sessions lost", row["lost"], 0),
        [
            "memory once Streamlit's store is full, and at the end",
            f"{grown:+.1f} %",
            f"≤ +{MUST_GROWTH_PERCENT:g} %",
            _word(grown <= MUST_GROWTH_PERCENT),
        ],
        ["memory before and after", f"{before['memory_mb']:.0f} MB, {after['memory_mb']:.0f} MB", "", ""],
        *(_flat(what, before[name], after[name]) for name, what in _FLAT_NAMES),
        _line("faults in the server's log", row["logged_faults"], 0),
    ]
    return f"""## {row["count"]} sessions opened and closed

{row["at_once"]} at a time. Streamlit keeps up to 128 closed sessions for two minutes, for pages that reconnect; what is said
of "after" was read {row["settle_s"]:g} s later. Memory after so many sessions: {curve}.{load_before(row)}

{table(_HEAD, lines)}{_faults(row)}"""


_FLAT_NAMES = (("threads", "threads"), ("handles", "open file handles"))
_SECTIONS: dict[str, Callable[[_Row], str]] = {
    "uploads": _uploads,
    "mixed_live": _mixed_live,
    "hours": _hours,
    "sessions": _sessions,
}
PARTS = tuple(_SECTIONS)


def _shortened(minutes: float) -> str:
    return f"A whole run takes {WHOLE_MINUTES} minutes; this one was shortened. " if minutes < WHOLE_MINUTES else ""


def _line(what: str, value: float, must: float) -> list[str]:
    return [what, f"{value:g}", f"{must:g}", _word(value <= must)]


def _flat(what: str, before: float, after: float) -> list[str]:
    most = before + max(FLAT, round(FLAT_SHARE * before))
    return [what, f"{before:g}, then {after:g}", f"≤ {most:g}", _word(after <= most)]


def _word(holds: bool) -> str:
    return "yes" if holds else "no"


def _list(values: list[float]) -> str:
    return ", ".join(f"{value:.1f}" for value in values)


def _faults(row: _Row) -> str:
    """Return what was met in place of an answer, if anything was."""
    return "\n\nIn place of an answer: " + "; ".join(row["faults"]) + "." if row["faults"] else ""


def _missing(parts: _Row) -> str:
    lines = "\n".join(f"- {name}: {why}" for name, why in parts.items())
    return f"## Not measured\n\nThese parts failed in the last run; what stands above of them is of an earlier one.\n\n{lines}"
