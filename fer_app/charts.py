"""Pure. Results → plotly figures; colours by the name of the expression, never by its position."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from fer_app import text
from fer_core.palette import colour_hex

_ROW_PX = 25
_LETTERS_PX = 13
_FAINT = 0.55
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
        y=[text.LOOKS.get(name, name) for name in names],
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


def _bare_layout(rows: int) -> go.Layout:
    return go.Layout(
        height=_ROW_PX * rows + 10,
        margin={"l": 0, "r": 8, "t": 4, "b": 4},
        xaxis={"range": [0, 1.18], "visible": False, "fixedrange": True},
        yaxis={"autorange": "reversed", "fixedrange": True, "ticksuffix": "  ", "tickfont": {"size": _LETTERS_PX}},
        bargap=0.3,
        dragmode=False,
        showlegend=False,
    )
