"""Workshop. The report as one HTML file that a browser opens offline: Plotly's script and the pictures stand inside it.

The pictures of the gallery are research data: the page belongs into a run's folder, never among the models that ship.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from plotly.offline import get_plotlyjs

from fer_core import ModelCard
from fer_core.encode import encode_image
from fer_train import report_sections as sections
from fer_train import report_trust as trust
from fer_train import report_wild as wild
from fer_train.data import FaceTable
from fer_train.report_parts import NOTHING, Chart, Section, percent

TEMPLATE = Path(__file__).parent / "report.html"


def parts(measured: Mapping[str, Any], limits: Sequence[str]) -> list[Section]:
    """Return the sections of a report, without those that were not measured."""
    found = [
        sections.summary(measured),
        sections.classes(measured),
        sections.confusion(measured),
        trust.reliability(measured),
        trust.coverage(measured),
        sections.head(measured),
        sections.versus(measured),
        sections.ferplus(measured),
        wild.photos(measured),
        wild.robustness(measured),
        wild.groups(measured),
        wild.gallery(measured),
        wild.limits(limits),
    ]
    return [section for section in found if section is not None]


def theme(*, ink: str, line: str, accents: Sequence[str], ground: str) -> dict[str, Any]:
    """Return a Plotly template for one colour scheme of the page."""
    axis = {"gridcolor": line, "linecolor": line, "zerolinecolor": line, "automargin": True}
    scale = [[0.0, ground], [1.0, accents[0]]]
    layout = {
        "font": {"color": ink, "size": 13, "family": "system-ui, 'Segoe UI', Roboto, sans-serif"},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "xaxis": axis,
        "yaxis": axis,
        "colorway": list(accents),
        "legend": {"bgcolor": "rgba(0,0,0,0)"},
    }
    return {"layout": layout, "data": {"heatmap": [{"type": "heatmap", "colorscale": scale}]}}


def themes() -> dict[str, dict[str, Any]]:
    """Return the page's two themes; the first accent is its own, the second stands beside it."""
    return {
        "light": theme(ink="#22282B", line="#E2DED5", accents=("#17696A", "#C2703D", "#6C5B94"), ground="#F3F1EC"),
        "dark": theme(ink="#E8EBE9", line="#343C40", accents=("#5CBDB3", "#E5A06E", "#B5A4DC"), ground="#232A2D"),
    }


def _picture(table: FaceTable, row: int) -> str | None:
    """Return a test picture as a data URI; None where the table does not hold its row."""
    where = np.flatnonzero(table.rows == row)
    if not len(where):
        return None
    return "data:image/png;base64," + base64.b64encode(encode_image(table.images[where[0]], kind="png")).decode()


def faces(mistakes: Sequence[Mapping[str, Any]], table: FaceTable) -> list[dict[str, Any]]:
    """Return what the gallery shows of each mistake: the picture, the answer, and both sets of labels."""
    return [
        {
            "row": mistake["row"],
            "picture": _picture(table, mistake["row"]),
            "said": mistake["said"],
            "confidence": percent(mistake["confidence"]),
            "fer2013": mistake["fer2013"],
            "majority": mistake["ferplus_majority"] or "no majority",
            "votes": f"Votes: {wild.votes_in_words(mistake['votes']) or NOTHING}",
        }
        for mistake in mistakes
    ]


def _spec(chart: Chart) -> Any:  # noqa: ANN401 - Plotly's JSON
    return json.loads(chart.figure.to_json())


def render(measured: Mapping[str, Any], card: ModelCard, table: FaceTable) -> str:
    """Return the report as HTML.

    Args:
        measured: what `evaluate` wrote into evaluation.json.
        card: the model's card, for its name, labels and limits.
        table: the prepared rows, for the pictures of the gallery.
    """
    world = Environment(autoescape=True, undefined=StrictUndefined, loader=FileSystemLoader(TEMPLATE.parent), trim_blocks=True)
    return world.get_template(TEMPLATE.name).render(
        name=card.name,
        labels=card.labels.names,
        headline=sections.headline(measured),
        sections=parts(measured, card.limits),
        faces=faces(measured.get("mistakes", ()), table),
        themes=themes(),
        spec=_spec,
        plotly_js=get_plotlyjs(),
    )
