"""Workshop. What a report is made of: figures in words, tables, charts and sections, before they become HTML or Markdown.

Units: shares in [0, 1]; they are written as percentages.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from plotly.graph_objects import Figure

NOTHING = "–"
_SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Table:
    """Rows of text under a head; `caption` says what they are."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chart:
    """A figure.

    Attributes:
        title: its heading.
        alt: what it shows, in a sentence.
        figure: the figure itself.
        table: its numbers, for whoever cannot see it.
        legend: a "#RRGGBB" colour by what it stands for, where the figure has no legend of its own.
    """

    title: str
    alt: str
    figure: Figure
    table: Table
    legend: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """A part of the report.

    Attributes:
        anchor: its name in links, and in the list of pictures of the model's README.
        title: its heading.
        lead: its paragraphs.
        charts: figures, each with its table.
        notes: what must be known to read them rightly.
    """

    anchor: str
    title: str
    lead: tuple[str, ...]
    charts: tuple[Chart, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Headline:
    """A figure of the summary: its name, itself, its 95 % interval if it has one, and what it rests on."""

    name: str
    value: str
    interval: str
    rests_on: str

    @classmethod
    def of(cls, name: str, figure: Mapping[str, float] | float | None, rests_on: str) -> Headline:
        """Return the headline of a share, with its interval where it has one."""
        value, _, interval = with_interval(figure).partition(" (")
        return cls(name, value, interval.rstrip(")"), rests_on)


def points(lead: Mapping[str, float]) -> str:
    r"""Return a difference of two shares in points, with its interval.

    Example:
        >>> points({"value": 0.0156, "low": -0.002, "high": 0.03})
        '+1.6 (\u22120.2 to +3.0) points'
    """
    value, low, high = (f"{100 * lead[name]:+.1f}".replace("-", "\N{MINUS SIGN}") for name in ("value", "low", "high"))
    return f"{value} ({low} to {high}) points"


def percent(value: float | None) -> str:
    r"""Return a share with one decimal, or a dash where there is none.

    Example:
        >>> percent(0.6877), percent(None)
        ('68.8\xa0%', '–')
    """
    return NOTHING if value is None or math.isnan(value) else f"{value:.1%}".replace("%", f"{_SPACE}%")


def with_interval(figure: Mapping[str, float] | float | None) -> str:
    r"""Return a figure with its 95 % interval, where it has one.

    Example:
        >>> with_interval({"value": 0.6877, "low": 0.6732, "high": 0.7022})
        '68.8\xa0% (67.3 to 70.2)'
    """
    if not isinstance(figure, Mapping) or figure["value"] is None:
        return percent(value_of(figure))
    return f"{percent(figure['value'])} ({figure['low']:.1%} to {figure['high']:.1%})".replace("% to", " to").replace("%)", ")")


def value_of(figure: Mapping[str, float] | float | None) -> float:
    """Return a figure without its interval; nan where there is none."""
    value = figure["value"] if isinstance(figure, Mapping) else figure
    return math.nan if value is None else float(value)


def reach(figure: Mapping[str, float] | float | None) -> tuple[float, float]:
    """Return how far an interval reaches below and above its figure; nothing where there is none."""
    if not isinstance(figure, Mapping) or figure["value"] is None:
        return 0.0, 0.0
    return max(0.0, figure["value"] - figure["low"]), max(0.0, figure["high"] - figure["value"])


def count(number: int) -> str:
    r"""Return a count as people read it.

    Example:
        >>> count(3589)
        '3\xa0589'
    """
    return f"{number:,}".replace(",", _SPACE)


def joined(shares: Mapping[str, Any]) -> str:
    """Return named shares as one clause, for text alternatives."""
    return ", ".join(f"{name} {percent(value_of(share))}" for name, share in shares.items())


def grouped(rows: Sequence[Mapping[str, Any]], key: str) -> dict[str, list[Mapping[str, Any]]]:
    """Return rows by what they hold under a key, in the order of its first appearance."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


def changes(rows: Sequence[Mapping[str, Any]]) -> tuple[Any, dict[str, list[Mapping[str, Any]]]]:
    """Return the accuracy on unchanged pictures (None where it stands in no row), and the other rows by their kind."""
    kinds = grouped(rows, "kind")
    unchanged = kinds.pop("none", None)
    return (unchanged[0]["accuracy"] if unchanged else None), kinds
