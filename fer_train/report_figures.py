"""Workshop. Measured numbers → Plotly figures, without colours but those of the expressions: the page themes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from fer_core.palette import colour_hex
from fer_train.report_parts import count, percent, reach, value_of

Rows = Sequence[Mapping[str, Any]]
_EDGE = {"color": "rgba(120, 120, 120, 0.6)", "width": 1}  # black bars on a dark page and yellow ones on a white page need one
_QUIET = {"color": "#888888", "dash": "dot", "width": 1.5}
_SHARES = {"range": [0, 1.02], "tickformat": ".0%", "fixedrange": True}
_LEGEND_PX = 58  # two rows of a legend on a phone
_LEGEND = {
    "orientation": "h",
    "xref": "container",
    "yref": "container",
    "x": 0,
    "y": 1,
    "yanchor": "top",
    "traceorder": "normal",
}


def _figure(traces: Sequence[Any], *, height: int, **layout: Any) -> go.Figure:  # noqa: ANN401 - Plotly's own options
    margin = {"l": 8, "r": 12, "t": _LEGEND_PX if "legend" in layout else 8, "b": 8}
    empty = go.layout.Template()  # instead of the default, whose colours would be part of every figure
    return go.Figure(traces, go.Layout(height=height, margin=margin, template=empty, dragmode=False, barcornerradius=3, **layout))


def _whiskers(figures: Sequence[Mapping[str, float] | float | None]) -> dict[str, Any]:
    below, above = (list(side) for side in zip(*map(reach, figures), strict=True))
    return {"type": "data", "symmetric": False, "array": above, "arrayminus": below, "thickness": 1.5, "width": 4}


def share_bars(figures: Mapping[str, Any], counts: Mapping[str, int]) -> go.Figure:
    """Return a horizontal bar with its interval for each name.

    Args:
        figures: a share or an interval by the name of an expression.
        counts: the number of pictures behind each; without, the names are no expressions and have no colours of their own.
    """
    values = list(figures.values())
    bars = go.Bar(
        x=[value_of(value) for value in values],
        y=[f"{name} (n {count(counts[name])})" if name in counts else name for name in figures],
        error_x=_whiskers(values),
        text=[percent(value_of(value)) for value in values],
        textposition="inside",
        insidetextanchor="start",
        textangle=0,
        marker={"line": _EDGE} | ({"color": [colour_hex(name) for name in figures]} if counts else {}),
        orientation="h",
        hovertemplate="%{y}: %{x:.1%}<extra></extra>",
    )
    yaxis = {"autorange": "reversed", "fixedrange": True, "ticksuffix": " "}
    return _figure([bars], height=34 * len(values) + 60, xaxis=_SHARES, yaxis=yaxis)


def confusion_map(rows: Sequence[str], columns: Sequence[str], counts: Sequence[Sequence[int]]) -> go.Figure:
    """Return the heat map of a confusion matrix: each row's shares in per cent, its counts on hover."""
    shares = [[cell / max(1, sum(row)) for cell in row] for row in counts]
    cells = go.Heatmap(
        z=shares,
        x=list(columns),
        y=list(rows),
        customdata=[list(row) for row in counts],
        text=[[f"{100 * share:.0f}" if share else "" for share in row] for row in shares],
        texttemplate="%{text}",
        hovertemplate="label %{y}, answer %{x}: %{customdata} of the row, %{z:.1%}<extra></extra>",
        zmin=0,
        zmax=1,
        xgap=2,
        ygap=2,
        showscale=False,
    )
    axes = {"fixedrange": True, "showgrid": False, "zeroline": False}
    xaxis = {**axes, "title": "answer", "tickangle": -45}
    return _figure([cells], height=110 + 42 * len(rows), xaxis=xaxis, yaxis={**axes, "autorange": "reversed", "ticksuffix": " "})


def reliability_curve(bins: Rows) -> go.Figure:
    """Return accuracy against confidence, bin by bin, over the share of faces in each."""
    filled = [row for row in bins if row["n"]]
    total = sum(row["n"] for row in filled)
    middles, widths = [(row["low"] + row["high"]) / 2 for row in filled], [row["high"] - row["low"] for row in filled]
    faces = go.Bar(x=middles, y=[row["n"] / total for row in filled], width=widths, opacity=0.3, name="share of faces")
    ideal = go.Scatter(x=[0, 1], y=[0, 1], mode="lines", line=_QUIET, name="perfect", hoverinfo="skip")
    curve = go.Scatter(
        x=[row["confidence"] for row in filled],
        y=[row["accuracy"] for row in filled],
        customdata=[row["n"] for row in filled],
        mode="lines+markers",
        name="this model",
        hovertemplate="%{customdata} faces: said %{x:.0%}, right %{y:.0%}<extra></extra>",
    )
    axes = {"xaxis": {**_SHARES, "title": "confidence"}, "yaxis": {**_SHARES, "title": "accuracy"}}
    return _figure([curve, faces, ideal], height=380, legend=_LEGEND, **axes)


def coverage_curve(curves: Mapping[str, Rows], chosen: Mapping[str, float] | None) -> go.Figure:
    """Return accuracy among the answered against the share answered.

    Args:
        curves: the points of each split, by its name; the first one is the main one.
        chosen: the point where the served threshold stands: threshold, share and accuracy.
    """
    traces = [
        go.Scatter(
            x=[point["share"] for point in points],
            y=[point["accuracy"] for point in points],
            customdata=[point["threshold"] for point in points],
            mode="lines",
            line={"width": 2.5} if name == next(iter(curves)) else {"width": 1.5, "dash": "dash"},
            name=name,
            hovertemplate="threshold %{customdata:.2f}: answers %{x:.0%}, right %{y:.1%}<extra>" + name + "</extra>",
        )
        for name, points in curves.items()
    ]
    if chosen:
        spot = {"size": 13, "symbol": "diamond", "line": _EDGE}
        traces.append(
            go.Scatter(x=[chosen["share"]], y=[chosen["accuracy"]], mode="markers", marker=spot, name="chosen threshold")
        )
    yaxis = {"tickformat": ".0%", "fixedrange": True, "title": "accuracy among the answered"}
    return _figure(traces, height=380, legend=_LEGEND, xaxis={**_SHARES, "title": "share of faces answered"}, yaxis=yaxis)


def level_curve(rows: Rows, clean: float | None) -> go.Figure:
    """Return accuracy over the levels of one kind of harm, and the accuracy on untouched pictures as a dotted line."""
    levels = [str(row["level"]) for row in rows]
    figures = [row["accuracy"] for row in rows]
    curve = go.Scatter(
        x=levels,
        y=[value_of(figure) for figure in figures],
        error_y=_whiskers(figures),
        mode="lines+markers",
        hovertemplate="%{x}: %{y:.1%}<extra></extra>",
    )
    xaxis = {"type": "category", "fixedrange": True, "title": rows[0]["unit"]}
    figure = _figure([curve], height=230, xaxis=xaxis, yaxis=_SHARES, showlegend=False)
    return figure if clean is None else figure.add_hline(clean, line=_QUIET)


def group_bars(rows: Rows) -> go.Figure:
    """Return a stacked bar a group: the share of each answer; the legend is the page's."""
    groups = [f"{row['group']} (n {count(row['n'])})" for row in rows]
    names = list(dict.fromkeys(name for row in rows for name in row["shares"]))
    bars = [
        go.Bar(
            x=[row["shares"].get(name, 0.0) for row in rows],
            y=groups,
            name=name,
            orientation="h",
            marker={"color": colour_hex(name), "line": _EDGE, "cornerradius": 0},
            hovertemplate="%{y}: " + name + " %{x:.1%}<extra></extra>",
        )
        for name in names
    ]
    yaxis = {"autorange": "reversed", "fixedrange": True, "ticksuffix": " "}
    xaxis = {**_SHARES, "range": [0, 1]}
    return _figure(bars, height=36 * len(rows) + 44, barmode="stack", showlegend=False, xaxis=xaxis, yaxis=yaxis)
