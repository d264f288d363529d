"""Pure. A model's figures, as `evaluate` wrote them → plotly figures for the about screen.

A share is a number, or {"value", "low", "high"} with its 95 % interval; None where nothing could be measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from fer_app import charts
from fer_app.language import text
from fer_app.language import text_model as say
from fer_core.palette import colour_hex

Share = Mapping[str, float] | float | None
Rows = Sequence[Mapping[str, Any]]
_TEAL, _TEAL_ON_DARK, _SECOND = "#17696A", "#5CBDB3", "#D0803F"
_GROUND, _GROUND_ON_DARK = "#F3F1EC", "#232A2D"
_QUIET = {"color": "#888888", "dash": "dot", "width": 1.5}
_AXIS = {"fixedrange": True, "tickformat": ".0%"}
# Plotly measures names in its own letters and Streamlit shows them in wider ones: the blanks keep the first one whole.
_NAMES = {"fixedrange": True, "tickprefix": "\N{NO-BREAK SPACE}" * 3, "ticksuffix": "  ", "tickfont": {"size": 13}}


def value(share: Share) -> float:
    """Return a share without its interval, 0 where there is none."""
    found = share["value"] if isinstance(share, Mapping) else share
    return 0.0 if found is None else float(found)


def ends(share: Share) -> tuple[float, float]:
    """Return the ends of a share's interval; the share itself, twice, where it has none."""
    if not isinstance(share, Mapping) or share["value"] is None:
        return value(share), value(share)
    return share["low"], share["high"]


def _plain(traces: Sequence[Any], *, height: int, **layout: Any) -> go.Figure:  # noqa: ANN401 - Plotly's own options
    margin = {"l": 0, "r": 8, "t": 8, "b": 0}
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 13}, "traceorder": "normal"}
    basis = {"height": height, "margin": margin, "dragmode": False, "legend": legend, "separators": text.SEPARATORS}
    return go.Figure(traces, go.Layout(**basis, **layout))


def interval_bars(shares: Mapping[str, Share]) -> go.Figure:
    """Return a bar a name with its interval; names of expressions in their colours, other names in gray."""
    figure = charts.share_bars({name: value(share) for name, share in shares.items()})
    values, reach = [value(share) for share in shares.values()], [ends(share) for share in shares.values()]
    above = [high - middle for (_, high), middle in zip(reach, values, strict=True)]
    below = [middle - low for (low, _), middle in zip(reach, values, strict=True)]
    figure.update_yaxes(_NAMES)
    figure.update_traces(
        error_x={"type": "data", "symmetric": False, "array": above, "arrayminus": below, "thickness": 1.5, "width": 4},
        text=None,
    )
    names, words = figure.data[0].y, [text.percent(number) for number in values]
    # Beyond the interval, where the bar's own label would lie upon it.
    labels = go.Scatter(x=[high for _, high in reach], y=names, text=[f"  {word}" for word in words], mode="text")
    return figure.add_trace(labels.update(textposition="middle right", hoverinfo="skip", cliponaxis=False, textfont={"size": 13}))


def confusion_map(labels: Sequence[str], answers: Sequence[str], counts: Sequence[Sequence[int]], *, dark: bool) -> go.Figure:
    """Return what is taken for what: a row a label, a column an answer, each cell out of 100 of its row."""
    shares = [[cell / max(1, sum(row)) for cell in row] for row in counts]
    cells = go.Heatmap(
        z=shares,
        x=[text.word(name) for name in answers],
        y=[text.word(name) for name in labels],
        customdata=[list(row) for row in counts],
        text=[[f"{100 * share:.0f}" if share else "" for share in row] for row in shares],
        texttemplate="%{text}",
        hovertemplate=f"{say.CELL_HOVER}<extra></extra>",
        colorscale=[[0, _GROUND_ON_DARK if dark else _GROUND], [1, _TEAL_ON_DARK if dark else _TEAL]],
        zmin=0,
        zmax=1,
        xgap=2,
        ygap=2,
        showscale=False,
    )
    axis = {"fixedrange": True, "showgrid": False, "tickfont": {"size": 13}}
    yaxis = {**axis, **_NAMES, "autorange": "reversed", "title": say.LABEL_AXIS}
    return _plain([cells], height=44 * len(labels) + 100, xaxis={**axis, "tickangle": -45, "title": say.ANSWER_AXIS}, yaxis=yaxis)


def reliability_curve(bins: Rows, *, dark: bool) -> go.Figure:
    """Return how many answers are right at each confidence, beside the line where they should lie."""
    filled = [row for row in bins if row["n"]]
    ideal = go.Scatter(x=[0, 1], y=[0, 1], mode="lines", line=_QUIET, name=say.AS_STATED, hoverinfo="skip")
    curve = go.Scatter(
        x=[row["confidence"] for row in filled],
        y=[row["accuracy"] for row in filled],
        customdata=[row["n"] for row in filled],
        mode="lines+markers",
        line={"color": _accent(dark), "width": 2.5},
        name=say.AS_MEASURED,
        hovertemplate=f"{say.RELIABILITY_HOVER}<extra></extra>",
    )
    axis = {**_AXIS, "range": [0, 1.02]}
    return _plain(
        [curve, ideal], height=320, xaxis={**axis, "title": say.CONFIDENCE_AXIS}, yaxis={**axis, "title": say.RIGHT_AXIS}
    )


def coverage_curve(points: Rows, chosen: Mapping[str, float] | None, *, dark: bool) -> go.Figure:
    """Return how right answers are when only so many faces are answered; a mark where Mien stands."""
    line = go.Scatter(
        x=[point["share"] for point in points],
        y=[point["accuracy"] for point in points],
        mode="lines",
        line={"color": _accent(dark), "width": 2.5},
        name=say.POSSIBLE,
        hovertemplate=f"{say.COVERAGE_HOVER}<extra></extra>",
    )
    marks = []
    if chosen:
        spot = {"color": _SECOND, "size": 14, "symbol": "diamond", "line": {"color": "white", "width": 1}}
        marks = [go.Scatter(x=[chosen["share"]], y=[chosen["accuracy"]], mode="markers", marker=spot, name=say.MIEN)]
    xaxis = {**_AXIS, "range": [0, 1.02], "title": say.ANSWERED_AXIS}
    return _plain([line, *marks], height=320, xaxis=xaxis, yaxis={**_AXIS, "title": say.RIGHT_AXIS})


def change_dots(kinds: Mapping[str, Sequence[tuple[str, Share]]], unchanged: Share, *, dark: bool) -> go.Figure:
    """Return a row a kind of change with a dot a step, and a dotted line where unchanged pictures stand.

    Args:
        kinds: by the kind's name, each step's words and share of right answers.
        unchanged: the share of right answers to unchanged pictures.
        dark: the page is dark.
    """
    dots = [
        go.Scatter(
            x=[value(share) for _, share in steps],
            y=[name] * len(steps),
            text=[words for words, _ in steps],
            mode="lines+markers",
            line={"color": _accent(dark), "width": 2},
            marker={"size": 11},
            error_x=_whiskers([share for _, share in steps]),
            hovertemplate="%{text}: %{x:.1%}<extra></extra>",
        )
        for name, steps in kinds.items()
    ]
    yaxis = {**_NAMES, "autorange": "reversed"}
    figure = _plain(dots, height=36 * len(kinds) + 60, showlegend=False, xaxis={**_AXIS, "range": [0, 1]}, yaxis=yaxis)
    return figure.add_vline(value(unchanged), line=_QUIET)


def _whiskers(shares: Sequence[Share]) -> dict[str, Any]:
    reach = [(ends(share), value(share)) for share in shares]
    above, below = [high - middle for (_, high), middle in reach], [middle - low for (low, _), middle in reach]
    return {"type": "data", "symmetric": False, "array": above, "arrayminus": below, "thickness": 1, "width": 3}


def group_bars(rows: Rows) -> go.Figure:
    """Return a stacked bar a group: the share of each answer."""
    names = list(dict.fromkeys(name for row in rows for name in row["shares"]))
    bars = [
        go.Bar(
            x=[row["shares"].get(name, 0.0) for row in rows],
            y=[say.group(row["by"], row["group"]) for row in rows],
            name=text.word(name),
            orientation="h",
            marker={"color": colour_hex(name), "line": {"color": "rgba(110, 110, 110, 0.55)", "width": 1}},
            hovertemplate="%{y}: " + text.word(name) + " %{x:.0%}<extra></extra>",
        )
        for name in names
    ]
    yaxis = {**_NAMES, "autorange": "reversed", "type": "category"}
    return _plain(bars, height=30 * len(rows) + 130, barmode="stack", xaxis={**_AXIS, "range": [0, 1]}, yaxis=yaxis)


def _accent(dark: bool) -> str:
    return _TEAL_ON_DARK if dark else _TEAL
