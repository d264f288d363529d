"""Pure. A video's timeline → plotly figures: curves over time with strips of labels and answers above them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import plotly.graph_objects as go

from fer_app.film.reading import Curves
from fer_app.film.truth import Span
from fer_app.language import text, text_video
from fer_core.palette import colour_hex, ink_on

_HEIGHT_PX, _STRIP_PX = 320, 30
_TICKS = 7
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_DIM = 0.25  # the least of a marker that a finger may hit, and that nobody sees between two others
_LETTERS_PX = 12


def video_curves(
    curves: Curves, *, truth: Sequence[Span] = (), answers: Sequence[Span] = (), moment_s: float | None = None
) -> go.Figure:
    """Return one line a label over time; above them, where there are labels, a strip of those and one of the answers.

    Args:
        curves: mean probabilities over time.
        truth: the labelled parts.
        answers: the parts with one answer each.
        moment_s: a time to mark.
    """
    strips = [(text_video.STRIP_LABELS, truth), (text_video.STRIP_ANSWERS, answers)] if truth else []
    height = _HEIGHT_PX + _STRIP_PX * len(strips)
    # The lines come first: a click tells them from the strips by their place.
    figure = go.Figure([_line(curves, name) for name in curves.shares], layout=_layout(curves, height))
    top = 1.0 - _STRIP_PX * len(strips) / (height - 60)
    figure.update_layout(yaxis={"domain": [0, top]})
    for row, (title, spans) in enumerate(reversed(strips)):
        _add_strip(figure, title, spans, row, (top, (1.0 - top) / len(strips)))
    if moment_s is not None:
        figure.add_vline(x=moment_s, line={"width": 1.5, "color": "gray", "dash": "dot"})
    return figure


def spans_of(times_s: Sequence[float], words: Sequence[str]) -> tuple[Span, ...]:
    """Return the parts in which one word stands without a break; pictures without a word are in none.

    Args:
        times_s: the time of each picture, increasing.
        words: the word of each.
    """
    if not len(times_s):
        return ()
    steps = np.diff(times_s)
    ends = np.append(np.asarray(times_s)[1:], times_s[-1] + (np.median(steps) if len(steps) else 1.0))
    parts = []
    for word, group in groupby(range(len(words)), key=lambda i: words[i]):
        rows = list(group)
        if word:
            parts.append(Span(float(times_s[rows[0]]), float(ends[rows[-1]]), word))
    return tuple(parts)


def _line(curves: Curves, name: str) -> go.Scatter:
    word = text.word(name)
    # Lines without markers cannot be chosen by a click; these are as thin as the line.
    return go.Scatter(
        x=np.round(curves.times_s, 3).tolist(),
        y=[None if np.isnan(share) else round(float(share), 3) for share in curves.shares[name]],
        name=word,
        mode="lines+markers",
        line={"color": colour_hex(name), "width": 2},
        marker={"size": 4, "color": colour_hex(name)},
        unselected={"marker": {"opacity": _DIM}},
        customdata=[text_video.clock(time_s) for time_s in curves.times_s],
        hovertemplate=f"%{{customdata}} {word} %{{y:.0%}}<extra></extra>",
    )


def _add_strip(figure: go.Figure, title: str, spans: Sequence[Span], row: int, place: tuple[float, float]) -> None:
    """Draw parts as coloured bars in an axis of their own, `row` rows above the curves."""
    bottom, height = place[0] + row * place[1], place[1]
    axis = f"y{row + 2}"
    figure.update_layout(
        {
            f"yaxis{row + 2}": {
                "domain": [bottom + 0.2 * height, min(1.0, bottom + height)],
                "anchor": "x",
                "range": [-0.5, 0.5],
                "tickvals": [0],
                "ticktext": [title],
                "tickfont": {"size": _LETTERS_PX},
                "automargin": True,
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
            }
        }
    )
    figure.add_bar(
        x=[span.end_s - span.start_s for span in spans],
        base=[span.start_s for span in spans],
        y=[0] * len(spans),
        width=1,
        orientation="h",
        yaxis=axis,
        name=title,
        marker={"color": [colour_hex(span.label) for span in spans], "line": {"width": 0}},
        text=[text.word(span.label) for span in spans],  # colour alone would not do for everybody
        textposition="inside",
        insidetextanchor="middle",
        textfont={"size": _LETTERS_PX, "color": [ink_on(colour_hex(span.label)) for span in spans]},
        customdata=[[text.word(s.label), text_video.clock(s.start_s), text_video.clock(s.end_s)] for s in spans],
        hovertemplate=f"{title}: {text_video.STRIP_HOVER}<extra></extra>",
        showlegend=False,
    )


def _layout(curves: Curves, height: int) -> go.Layout:
    first, last = (float(curves.times_s[0]), float(curves.times_s[-1])) if len(curves.times_s) else (0.0, 1.0)
    step = next((step for step in _STEPS_S if (last - first) / step <= _TICKS), _STEPS_S[-1])
    ticks = np.arange(np.ceil(first / step) * step, last + 1e-6, step).tolist()
    edge = max(0.2, 0.01 * (last - first))
    return go.Layout(
        separators=text.SEPARATORS,
        height=height,
        margin={"l": 0, "r": 8, "t": 4, "b": 0},
        hovermode="closest",
        dragmode=False,
        barmode="overlay",
        clickmode="event+select",
        xaxis={
            "range": [first - edge, last + edge],
            "tickvals": ticks,
            "ticktext": [text_video.clock(tick) for tick in ticks],
            "fixedrange": True,
            "showgrid": False,
            "anchor": "y",
        },
        yaxis={"range": [-0.02, 1.02], "tickformat": ".0%", "nticks": 5, "automargin": True, "fixedrange": True},
        legend={"orientation": "h", "y": -0.14, "traceorder": "normal", "font": {"size": _LETTERS_PX}},
    )
