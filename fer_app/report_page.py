"""Pure. A report as one HTML file that opens offline: texts, figures and tables below each other, and nothing to fetch.

Titles, texts and cells may be a visitor's words: they are escaped here. Figures escape theirs themselves.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go
import plotly.io

from fer_app.language import text

_STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 60rem; padding: 2.5rem 1.25rem 4rem; color: #22282b; background: #fcfbf9;
  font: 16px/1.55 system-ui, sans-serif; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .5rem; } h2 { font-size: 1.3rem; margin: 2.5rem 0 .25rem; }
p { margin: .35rem 0 .75rem; } .quiet { color: #5c6467; font-size: .92rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; padding: .4rem .9rem .4rem 0; border-bottom: 1px solid #e2ded5; overflow-wrap: anywhere; }
th { font-weight: 600; } td { font-variant-numeric: tabular-nums; } img { max-width: 100%; border-radius: .5rem; }
figure { display: inline-block; width: 8.5rem; margin: 1rem 1rem 0 0; vertical-align: top; font-size: .85rem; }
"""
# Plotly's own button row would offer to send the figure to a site of its maker.
_CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report; whatever it lacks is left out.

    Attributes:
        title: its heading.
        text: one paragraph.
        figure: a chart.
        alt: what the chart shows, for those who do not see it.
        table: the cells of each column, by its heading.
        pictures: small JPEGs, each with the words for it.
    """

    title: str
    text: str = ""
    figure: go.Figure | None = None
    alt: str = ""
    table: Mapping[str, Sequence[str]] | None = None
    pictures: Sequence[tuple[bytes, str]] = ()


def report_page(title: str, lead: str, sections: Sequence[Section]) -> bytes:
    """Return a report as UTF-8 HTML; the charts' script stands in it once, so that it needs no network.

    Args:
        title: the heading of the whole.
        lead: the paragraph below it.
        sections: in their order.
    """
    parts = [f"<h1>{escape(title)}</h1><p>{escape(lead)}</p>"]
    scripted = False
    for section in sections:
        parts.append(f"<h2>{escape(section.title)}</h2>")
        if section.text:
            parts.append(f'<p class="quiet">{escape(section.text)}</p>')
        if section.figure is not None:
            parts.append(_chart(section.figure, section.alt, with_script=not scripted))
            scripted = True
        if section.table is not None:
            parts.append(_table(section.table))
        parts += [_picture(*picture) for picture in section.pictures]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    begin = f'<!doctype html><html lang="{text.LANGUAGE_TAG}">'
    return f"{begin}<head>{head}<style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>".encode()


def _chart(figure: go.Figure, alt: str, *, with_script: bool) -> str:
    clear = go.Figure(figure).update_layout(paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", template="plotly_white")
    chart = plotly.io.to_html(clear, full_html=False, include_plotlyjs=with_script, config=_CONFIG, validate=False)
    return f'<div role="img" aria-label="{escape(alt)}">{chart}</div>'


def _table(columns: Mapping[str, Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in zip(*columns.values(), strict=True))
    return f'<div class="wide"><table><tr>{head}</tr>{"".join(f"<tr>{row}</tr>" for row in rows)}</table></div>'


def _picture(jpeg: bytes, words: str) -> str:
    source = f"data:image/jpeg;base64,{b64encode(jpeg).decode()}"
    return f'<figure><img src="{source}" alt="{escape(words)}"><figcaption>{escape(words)}</figcaption></figure>'
