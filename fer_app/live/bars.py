"""Pure. The people in view as HTML: lines and bars for each. A chart for each would cost ten times as much every second."""

from __future__ import annotations

from html import escape

from fer_app.language import text, text_ages, text_live
from fer_core import FaceView, FrameResult
from fer_core.palette import colour_hex

MAX_PEOPLE = 4


def people_html(result: FrameResult) -> str:
    """Return the people of a result, from left to right in the order of their numbers, the first few with bars."""
    views = sorted(result, key=lambda view: view.track_id)
    cards = "".join(_card(view) for view in views[:MAX_PEOPLE])
    rest = f"<p>{text_live.more_people(len(views) - MAX_PEOPLE)}</p>" if len(views) > MAX_PEOPLE else ""
    return f'<div class="mien-people">{cards}{rest}</div>'


def _card(view: FaceView) -> str:
    shown = view.shown or view.label
    head = f"<b>{escape(text_live.person(view.track_id))}</b> {escape(text_live.looks(shown))}"
    aged = f"<p>{escape(text_ages.in_view(view.age.range))}</p>" if view.age else ""
    bars = "".join(_bar(name, share) for name, share in view.probabilities.items())
    alt = escape(text.chart_alt(view.probabilities))
    return f'<div class="mien-person"><p>{head}</p>{aged}<div role="img" aria-label="{alt}">{bars}</div></div>'


def _bar(name: str, share: float) -> str:
    fill = f"width:{100 * share:.0f}%;background:{colour_hex(name)}"
    word = escape(text.word(name))
    return f'<div class="mien-bar"><span>{word}</span><i><b style="{fill}"></b></i><em>{text.percent(share)}</em></div>'
