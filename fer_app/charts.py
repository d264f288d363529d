"""Pure. Results → plotly figures; colours by the name of the expression, never by its position."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from fer_app.language import text
from fer_core.palette import colour_hex

_ROW_PX = 25
_LETTERS_PX = 13
_FAINT = 0.55
_MINUTE_PX = 220
_EDGE = {"color": "rgba(110, 110, 110, 0.55)", "width": 1}  # a yellow bar on a white page needs one
# A finger that scrolls the page must not drag a chart.
STILL = {"displayModeBar": False, "scrollZoom": False}


def share_bars(shares: Mapping[str, float], *, faint: frozenset[str] = frozenset()) -> go.Figure:
    """Return one horizontal bar a label, in the order given.

    Args:
        shares: 0..1 by the name of an expression.
        faint: names whose bars stand back.
    """
    names = list(shares)
    opacity = [_FAINT if name in faint else 1.0 for name in names]
    bars = go.Bar(
        x=[shares[name] for name in names],
        y=[text.word(name) for name in names],
        text=[text.percent(shares[name]) for name in names],
        marker={"color": [colour_hex(name) for name in names], "opacity": opacity, "line": _EDGE, "cornerradius": 4},
        orientation="h",
        textposition="outside",
        textfont={"size": _LETTERS_PX},
        cliponaxis=False,
        hovertemplate="%{y}: %{x:.1%}<extra></extra>",
    )
    return go.Figure(bars, layout=_bare_layout(len(names)))


def probability_bars(probabilities: Mapping[str, float], *, threshold: float) -> go.Figure:
    """Return the bars of one face: the best guess stands out, a dotted line marks where "not sure" ends.

    Args:
        probabilities: the probability of every label.
        threshold: a best guess below this is answered by "not sure".
    """
    best = max(probabilities, key=lambda name: probabilities[name])
    figure = share_bars(probabilities, faint=frozenset(probabilities) - {best})
    figure.add_vline(x=threshold, line={"dash": "dot", "width": 1, "color": "gray"}, opacity=0.7)
    return figure


def expression_areas(times_s: Sequence[float], shares: Mapping[str, Sequence[float]], *, span_s: float) -> go.Figure:
    """Return the probabilities over time as steps of areas that add up to 1; a gap stays empty.

    Seven outlines, and not a bar for each second and name: a browser draws this anew every second, beside the video.

    Args:
        times_s: seconds before now, 0 or less, evenly spaced.
        shares: for each name, one value a time, 0..1 or NaN for a gap.
        span_s: how many seconds the axis shows.
    """
    areas = [
        go.Scatter(
            x=list(times_s),
            y=[0.0 if math.isnan(share) else round(float(share), 3) for share in values],
            name=text.word(name),
            mode="lines",
            line={"shape": "hvh", "width": 0},
            fillcolor=colour_hex(name),
            stackgroup="all",
            hovertemplate="%{y:.0%}",
        )
        for name, values in shares.items()
    ]
    return go.Figure(areas, layout=_moving_layout(span_s))


def _moving_layout(span_s: float) -> go.Layout:
    return go.Layout(
        separators=text.SEPARATORS,
        height=_MINUTE_PX,
        margin={"l": 0, "r": 0, "t": 4, "b": 0},
        hovermode="x unified",
        dragmode=False,
        uirevision="live",
        xaxis={"range": [-span_s, 0.5], "fixedrange": True, "ticksuffix": " s", "nticks": 5, "showgrid": False},
        yaxis={"range": [0, 1], "visible": False, "fixedrange": True},
        legend={"orientation": "h", "y": -0.18, "traceorder": "normal", "font": {"size": _LETTERS_PX}},
    )


def _bare_layout(rows: int) -> go.Layout:
    return go.Layout(
        separators=text.SEPARATORS,
        height=_ROW_PX * rows + 10,
        margin={"l": 0, "r": 8, "t": 4, "b": 4},
        xaxis={"range": [0, 1.18], "visible": False, "fixedrange": True},
        yaxis={"autorange": "reversed", "fixedrange": True, "ticksuffix": "  ", "tickfont": {"size": _LETTERS_PX}},
        bargap=0.3,
        dragmode=False,
        showlegend=False,
    )
