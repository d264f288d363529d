"""Pure. The history's figures → plotly; colours by the name of the expression.

Names of sources and people and notes are a visitor's words: Plotly reads markup, so they are escaped here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go

from fer_app import charts
from fer_app.language import text, text_history
from fer_app.moments import Moments
from fer_core.palette import colour_hex

_LETTERS_PX = 13
_MAX_NAME = 30
_EDGE = {"color": "rgba(110, 110, 110, 0.55)", "width": 1}  # a yellow bar on a white page needs one
_NOBODY = "rgba(128, 128, 128, 0.14)"
_FLAG = "#17696A"
_TICK_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)


def plain(words: str) -> str:
    """Return a visitor's words as Plotly shows them unchanged, shortened in their middle.

    Example:
        >>> plain("<b>x</b>")
        '&lt;b&gt;x&lt;/b&gt;'
    """
    half = _MAX_NAME // 2
    return escape(words if len(words) <= _MAX_NAME else f"{words[: half - 1]}…{words[-half:]}")


def stacked_rows(rows: Mapping[str, Mapping[str, float]], *, looks: Sequence[str]) -> go.Figure:
    """Return a stacked bar for each name.

    Args:
        rows: shares of answers, 0..1, by a source's or a person's name.
        looks: the answers to show.
    """
    names = list(rows)
    bars = [
        go.Bar(
            x=[rows[name].get(look, 0.0) for name in names],
            y=list(range(len(names))),
            name=text_history.answer(look),
            orientation="h",
            marker={"color": colour_hex(look), "line": _EDGE},
            customdata=[plain(name) for name in names],
            hovertemplate="%{customdata}: " + text_history.answer(look) + " %{x:.0%}<extra></extra>",
        )
        for look in looks
        if any(rows[name].get(look) for name in names)
    ]
    ticks = {"tickvals": list(range(len(names))), "ticktext": [f"{plain(name)}  " for name in names]}
    # Without a legend, which on a phone would lie on the bars: the shares of all stand before, in the same colours.
    layout = _layout(34 * len(names) + 30, barmode="stack", bargap=0.35)
    layout.update(
        showlegend=False,
        margin={"l": 0, "r": 24, "t": 0, "b": 0},
        xaxis={"range": [0, 1], "fixedrange": True, "tickformat": ".0%", "nticks": 5},
        yaxis={**ticks, "autorange": "reversed", "fixedrange": True, "tickfont": {"size": _LETTERS_PX}, "automargin": True},
    )
    return go.Figure(bars, layout)


def over_time(shown: Moments, *, looks: Sequence[str], flags: Sequence[tuple[float, str]]) -> go.Figure:
    """Return the mean probabilities of a source over time, with flags where notes are.

    Args:
        shown: the moments.
        looks: the expressions to show.
        flags: seconds and words of each note.
    """
    bars = [
        _moment_bars(shown, np.round(shares, 4).tolist(), text_history.answer(name), colour_hex(name), "%{y:.0%}")
        for name, shares in shown.shares.items()
        if name in looks
    ]
    if shown.nobody.any():
        empty = np.where(shown.nobody, 1.0, np.nan).tolist()
        bars.append(_moment_bars(shown, empty, text_history.NOBODY, _NOBODY, text_history.NOBODY_HOVER))
    figure = go.Figure(bars, _layout(340, barmode="stack", bargap=0, hovermode="x unified"))
    if flags:
        figure.add_trace(_flags(flags))
    for time_s, _ in flags:
        figure.add_vline(time_s, line={"color": _FLAG, "width": 1.5, "dash": "dot"})
    ends_s = (shown.times_s[0] - shown.step_s / 2, shown.times_s[-1] + shown.step_s / 2)
    ticks_s = _ticks_s(*ends_s)
    return figure.update_layout(
        margin={"l": 16, "r": 16},
        xaxis={"range": ends_s, "fixedrange": True, "tickvals": ticks_s, "ticktext": [text_history.clock(t) for t in ticks_s]},
        yaxis={"range": [0, 1.1], "visible": False, "fixedrange": True},
    )


def _ticks_s(start_s: float, end_s: float) -> list[float]:
    """Return round times between two, seven at the most."""
    longest_s = _TICK_STEPS_S[-1]
    steps_s = (*_TICK_STEPS_S, longest_s * np.ceil((end_s - start_s) / 6 / longest_s))
    step_s = next(step for step in steps_s if (end_s - start_s) / step <= 6)
    return (np.arange(np.ceil(start_s / step_s), np.floor(end_s / step_s) + 1) * step_s).tolist()


def _moment_bars(shown: Moments, values: list[float], name: str, colour: str, hover: str) -> go.Bar:
    return go.Bar(
        x=shown.times_s.tolist(),
        y=values,
        width=shown.step_s,
        name=name,
        marker={"color": colour, "line": {"width": 0}},
        hovertemplate=hover,
    )


def _flags(flags: Sequence[tuple[float, str]]) -> go.Scatter:
    return go.Scatter(
        x=[time_s for time_s, _ in flags],
        y=[1.05] * len(flags),
        mode="markers",
        marker={"symbol": "triangle-down", "size": 13, "color": _FLAG, "line": {"color": "white", "width": 1}},
        hovertext=[escape(words) for _, words in flags],
        hovertemplate="%{hovertext}<extra></extra>",
        name=text_history.FLAG,
    )


def pair_bars(sides: Sequence[Mapping[str, float]], names: Sequence[str], *, looks: Sequence[str]) -> go.Figure:
    """Return the shares of two sessions side by side: the first full, the second striped.

    Args:
        sides: the shares of each, 0..1 by answer.
        names: what to call each.
        looks: the answers to show.
    """
    words = [text_history.answer(look) for look in looks]
    bars = [
        go.Bar(
            x=[shares.get(look, 0.0) for look in looks],
            y=words,
            name=plain(name),
            orientation="h",
            marker={
                "color": [colour_hex(look) for look in looks],
                "line": _EDGE,
                "pattern": {"shape": shape, "fgcolor": "rgba(60, 60, 60, 0.75)", "size": 6, "solidity": 0.25},
                "cornerradius": 3,
            },
            text=[charts.text.percent(shares.get(look, 0.0)) for look in looks],
            textposition="outside",
            textfont={"size": 12},
            cliponaxis=False,
            hovertemplate="%{y}: %{x:.1%}<extra>" + plain(name) + "</extra>",
        )
        for shares, name, shape in zip(sides, names, ("", "/"), strict=True)
    ]
    layout = _layout(46 * len(looks) + 70, barmode="group", bargap=0.25, bargroupgap=0.08)
    layout.update(
        xaxis={"range": [0, 1.15], "visible": False, "fixedrange": True},
        yaxis={"autorange": "reversed", "fixedrange": True, "ticksuffix": "  ", "tickfont": {"size": _LETTERS_PX}},
    )
    return go.Figure(bars, layout)


def _layout(height_px: int, **settings: object) -> go.Layout:
    legend = {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal", "font": {"size": _LETTERS_PX}}
    return go.Layout(
        separators=text.SEPARATORS,
        height=height_px,
        margin={"l": 0, "r": 8, "t": 8, "b": 0},
        dragmode=False,
        legend=legend,
        showlegend=True,
        **settings,
    )
