"""Pure. An analysed video as one HTML report: curves, shares, strongest moments, people, agreement with labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from fer_app import charts, charts_video
from fer_app.film import reading
from fer_app.film.plan import Film
from fer_app.film.truth import Span, agreement
from fer_app.language import text, text_live, text_video
from fer_app.report_page import Section, report_page
from fer_app.takes import shares_of_time
from fer_core import blur_faces, read_image
from fer_core.encode import encode_image

_MOST_CHARTS = 10


def film_report(film: Film, truth: tuple[Span, ...] = (), *, track_id: int | None = None, blur: bool = False) -> bytes:
    """Return the report of a video, without hidden people.

    Args:
        film: the video.
        truth: labels to compare with.
        track_id: the person whom labels are compared with; the largest face if omitted.
        blur: make faces in pictures unrecognisable.
    """
    people = tuple(row for row in reading.people_of(film) if not row.hidden)
    lead = text_video.done(len(film.timeline.sources), len(people), film.plan.start_s, film.last_s)
    shares = shares_of_time(film.take)
    sections = [_agreement(film, truth, track_id)] if truth else []
    titles = titles_of(people)
    sections += [_curves(film, row.track_id, titles[row.track_id], truth) for row in people[:_MOST_CHARTS]]
    if shares:
        sections.append(Section(text_video.SHARES, text_video.EVERYONE, charts.share_bars(shares), text_live.shares_alt(shares)))
    sections += [_peaks(film, titles, blur=blur), _people(people, titles), Section(text_video.LIMITS, text_video.REPORT_NOTE)]
    return report_page(film.name, f"{lead}. {text_video.LEAD_REPORT}", sections)


def titles_of(rows: Iterable[reading.PersonRow]) -> dict[int, str]:
    """Return what people are called, each otherwise, by their numbers: whose name is not theirs alone has the number too."""
    titles = {row.track_id: row.name or text_live.person(row.track_id) for row in rows}
    often = Counter([*titles.values(), text_video.EVERYONE])
    return {number: title if often[title] == 1 else f"{title} ({text_live.person(number)})" for number, title in titles.items()}


def _curves(film: Film, track_id: int, title: str, truth: tuple[Span, ...]) -> Section:
    words = reading.leading(film.shown, film.threshold, track_id=track_id) if truth else ()
    answers = charts_video.spans_of(film.shown.times_s, words) if words else ()
    curves = reading.curves(film.shown, track_id=track_id)
    figure = charts_video.video_curves(curves, truth=truth, answers=answers)
    return Section(text.of(text_video.OVER_TIME, title), text_video.CURVES_NOTE, figure, text_video.curves_alt(curves.means()))


def _peaks(film: Film, titles: dict[int, str], *, blur: bool) -> Section:
    found = reading.peaks(film.shown, film.threshold)
    pictures = [
        (_hidden(jpeg) if blur else jpeg, text_video.peak(peak.label, peak.time_s))
        for peak in found
        if (jpeg := film.thumbs.get(peak.shown))
    ]
    cells = {
        text_video.PEAKS: [text_video.peak(peak.label, peak.time_s) for peak in found],
        text_video.PERSON: [titles.get(peak.track_id, "") for peak in found],
        text_video.CONFIDENCE: [text.percent(peak.confidence) for peak in found],
    }
    return Section(text_video.PEAKS, table=cells, pictures=pictures)


def _hidden(jpeg: bytes) -> bytes:
    """Return a face as JPEG in which nobody is recognised any more."""
    image = read_image(jpeg)
    return encode_image(blur_faces(image, [[0, 0, image.shape[1], image.shape[0]]]))


def _people(people: tuple[reading.PersonRow, ...], titles: dict[int, str]) -> Section:
    columns = (
        [titles[row.track_id] for row in people],
        [text_video.seconds(row.seconds) for row in people],
        [text_video.clock(row.first_s) for row in people],
        [text_video.clock(row.last_s) for row in people],
        [text_video.most(row.shares) for row in people],
    )
    return Section(text_video.PEOPLE, table=dict(zip(text_video.COLUMNS, columns, strict=True)))


def _agreement(film: Film, truth: tuple[Span, ...], track_id: int | None) -> Section:
    found = agreement(film.shown, truth, film.threshold, track_id=track_id)
    said = text_video.TRUTH_NONE
    if found.share is not None:
        said = text_video.agrees(found.share, found.labelled_s, found.unseen_s).replace("**", "")
    cells = {
        text_video.STRIP_LABELS: [text_video.looks_word(name) for name in found.by_label],
        text_video.AGREEMENT: [text.percent(share) for share in found.by_label.values()],
    }
    return Section(text_video.AGREEMENT, f"{said} {text_video.TRUTH_RULE}", table=cells)
