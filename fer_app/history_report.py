"""Pure. The history as one HTML report: shares, sources, people, each source over time, notes, and what it does not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from fer_app import charts, charts_history
from fer_app.history import Recording, notes_of, timed
from fer_app.language import text, text_history
from fer_app.moments import Moments, moments, source_part
from fer_app.report_page import Section, report_page
from fer_app.shares import ANSWERS, sightings

MAX_CHARTS = 20
_MAX_ROWS = 200


def report_of(found: Sequence[Recording]) -> bytes:
    """Return the report of recordings whose sources are named apart."""
    faces = sightings(found)
    shares = faces.shares()
    if not shares:
        sections = [Section(text_history.SHARES, text_history.NO_FACES)]
    else:
        sections = [
            Section(text_history.SHARES, text_history.SHARES_NOTE, charts.share_bars(shares), text_history.shares_alt(shares)),
            *_rows(text_history.BY_SOURCE, text_history.BY_SOURCE_NOTE, faces.by_source()),
            *_rows(text_history.BY_PERSON, text_history.BY_PERSON_NOTE, faces.by_person()),
        ]
    return report_page(text_history.REPORT_TITLE, text_history.REPORT_LEAD, [*sections, *_over_time(found), *_notes(found)])


def shares_table(rows: Mapping[str, Mapping[str, float]], looks: Sequence[str]) -> dict[str, list[str]]:
    """Return shares as the cells of a table, by its headings."""
    cells = {text_history.answer(look): [text.percent(shares.get(look, 0.0)) for shares in rows.values()] for look in looks}
    return {text_history.NAME: list(rows), **cells}


def _rows(title: str, note: str, rows: Mapping[str, Mapping[str, float]]) -> list[Section]:
    first = dict(list(rows.items())[:_MAX_ROWS])
    drawn = dict(list(first.items())[:MAX_CHARTS])
    figure = charts_history.stacked_rows(drawn, looks=ANSWERS)
    return [Section(title, note, figure, text_history.rows_alt(title, len(drawn)), shares_table(first, ANSWERS))] if rows else []


def time_alt(found: Moments) -> str:
    """Return what a source looks like over time, for those who do not see the chart."""
    means = {name: float(np.nanmean(values)) for name, values in found.shares.items() if not np.isnan(values).all()}
    return text.of(text_history.VIEWS[text_history.TIME].split(": ")[1], text_history.shares_alt(means))


def _over_time(found: Sequence[Recording]) -> list[Section]:
    sections = []
    for source, recording in list(timed(found).items())[:MAX_CHARTS]:
        part = source_part(recording.timeline, source)
        flags = [(note.time_s, note.text) for note in notes_of([recording]) if note.source == source]
        shown = moments(part)
        figure = charts_history.over_time(shown, looks=ANSWERS, flags=flags)
        sections.append(Section(source, text_history.TIME_NOTE, figure, time_alt(shown)))
    return sections


def _notes(found: Sequence[Recording]) -> list[Section]:
    notes = notes_of(found)[:_MAX_ROWS]
    if not notes:
        return []
    table = {
        text_history.NOTE_SOURCE: [note.source for note in notes],
        text_history.NOTE_TIME: [text_history.clock(note.time_s) for note in notes],
        text_history.NOTE_TEXT: [note.text for note in notes],
    }
    return [Section(text_history.NOTES_TITLE, table=table)]
