"""Screen. What was measured of a model, a tab a question; a part that was not measured has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from fer_app import charts, charts_model, widgets
from fer_app.charts_model import Rows, ends, value
from fer_app.language import text
from fer_app.language import text_model as say
from fer_app.model_summary import show_card
from fer_core import ModelCard

Found = Mapping[str, Any]


def details(card: ModelCard, found: Found) -> None:
    """Show everything that was measured, a tab a question."""
    parts = panels(card, found)
    for tab, show in zip(st.tabs(list(parts)), parts.values(), strict=True):
        with tab:
            show()


def panels(card: ModelCard, found: Found) -> dict[str, Callable[[], None]]:
    """Return what each tab shows, by its title; without those that were not measured."""
    test = found.get("splits", {}).get("PrivateTest")
    from_card = [{"label": k, **row} for k, row in card.metrics.get("PrivateTest", {}).get("per_class", {}).items()]
    parts: dict[str, Callable[[], None] | None] = {
        say.CLASSES: partial(_classes, "classes", test["per_class"] if test else from_card, say.CLASSES_NOTE)
        if test or from_card
        else None,
        say.CONFUSION: partial(_confusion, "confusion", test, say.CONFUSION_NOTE) if test else None,
        say.SURE: partial(_sure, test) if test else None,
        say.PEOPLE: partial(_people, found["ferplus"]) if found.get("ferplus") else None,
        say.PHOTOS: partial(_photos, found["photos"]) if found.get("photos") else None,
        say.CHANGES: partial(_changes, found["robustness"]) if found.get("robustness") else None,
        say.GROUPS: partial(_groups, found["groups"]) if found.get("groups") else None,
        say.CARD: partial(show_card, card, found),
    }
    return {title: show for title, show in parts.items() if show}


def _looks(name: str) -> str:
    return text.word(name)


def _range(share: Any) -> str:  # noqa: ANN401 - a share of evaluation.json
    return say.between(*ends(share)) if isinstance(share, Mapping) and share["value"] is not None else "–"


def _chart(key: str, figure: Any, alt: str, table: Mapping[str, list[str]]) -> None:  # noqa: ANN401 - plotly's figure
    """Show a chart with its text alternative, and its numbers to unfold."""
    st.plotly_chart(figure, config=charts.STILL, alt=alt, key=f"model_{key}")
    widgets.numbers(table)


def _classes(key: str, rows: Rows, note: str) -> None:
    st.caption(note)
    shares = {row["label"]: row["recall"] for row in rows}
    table = {
        text.EXPRESSION: [_looks(row["label"]) for row in rows],
        say.PICTURES: [say.count(row["n"]) for row in rows],
        say.SAME_WORD: [text.percent(value(row["recall"])) for row in rows],
        say.INTERVAL: [_range(row["recall"]) for row in rows],
    }
    if all("precision" in row for row in rows):
        table[say.PRECISION] = [text.percent(value(row["precision"])) for row in rows]
    _chart(key, charts_model.interval_bars(shares), say.bars_alt({name: value(share) for name, share in shares.items()}), table)


def _confusion(key: str, test: Found, note: str) -> None:
    st.caption(note)
    labels, counts = test["labels"], test["confusion"]
    answers = [*labels, say.MISSED][: len(counts[0])]
    right = {name: row[i] / max(1, sum(row)) for i, (name, row) in enumerate(zip(labels, counts, strict=True))}
    columns = {_looks(name): [str(row[i]) for row in counts] for i, name in enumerate(answers)}
    table = {say.LABEL: [_looks(name) for name in labels], **columns}
    _chart(key, charts_model.confusion_map(labels, answers, counts, dark=_dark()), say.map_alt(right), table)


def _sure(test: Found) -> None:
    st.caption(say.SURE_NOTE)
    left, right = st.columns(2, gap="medium")
    filled = [row for row in test["reliability"] if row["n"]]
    with left:
        stated = {row["confidence"]: row["accuracy"] for row in filled}
        table = {
            say.CONFIDENCE: [text.percent(row["confidence"]) for row in filled],
            say.RIGHT: [text.percent(row["accuracy"]) for row in filled],
            say.FACES: [say.count(row["n"]) for row in filled],
        }
        _chart("reliability", charts_model.reliability_curve(filled, dark=_dark()), say.curve_alt(stated), table)
    with right:
        _coverage(test["coverage"], test.get("answered"))


def _coverage(points: Rows, chosen: Found | None) -> None:
    some = points[9::10]
    table = {
        say.ANSWERED: [text.percent(point["share"]) for point in some],
        say.RIGHT: [text.percent(point["accuracy"]) for point in some],
        say.THRESHOLD: [text.percent(point["threshold"]) for point in some],
    }
    alt = say.curve_alt({point["share"]: point["accuracy"] for point in some})
    _chart("coverage", charts_model.coverage_curve(points, chosen, dark=_dark()), alt, table)


def _people(found: Found) -> None:
    st.caption(say.PEOPLE_NOTE)
    shares = {say.MIEN: found["accuracy"]}
    if "human" in found:
        shares[say.ONE_PERSON] = found["human"].get("interval", found["human"]["agreement"])
    if "all_images" in found.get("human", {}):
        shares[say.ONE_PERSON_EVERYWHERE] = found["human"]["all_images"]["agreement"]
    table = {
        say.WHO: list(shares),
        say.AGREES: [text.percent(value(share)) for share in shares.values()],
        say.INTERVAL: [_range(share) for share in shares.values()],
    }
    _chart(
        "people", charts_model.interval_bars(shares), say.bars_alt({name: value(share) for name, share in shares.items()}), table
    )


def _photos(found: Found) -> None:
    _classes("photo_classes", found["per_class"], say.PHOTOS_NOTE)
    _confusion("photo_confusion", found, say.missed(value(found["missed"]), found["n"]))


def _changes(rows: Rows) -> None:
    st.caption(say.CHANGES_NOTE)
    unchanged = next((row["accuracy"] for row in rows if row["kind"] == "none"), None)
    changed = [row for row in rows if row["kind"] != "none"]
    kinds: dict[str, list[tuple[str, Any]]] = {}
    for row in changed:
        step = say.change_step(row["level"], row["unit"])
        kinds.setdefault(say.CHANGE_WORDS.get(row["kind"], row["kind"]), []).append((step, row["accuracy"]))
    steps = [(kind, *step) for kind, some in kinds.items() for step in some]
    table = {
        say.CHANGE: [f"{kind}, {step}" for kind, step, _ in steps],
        say.RIGHT: [text.percent(value(share)) for *_, share in steps],
        say.INTERVAL: [_range(share) for *_, share in steps],
    }
    _chart("changes", charts_model.change_dots(kinds, unchanged, dark=_dark()), say.CHANGES_ALT, table)


def _groups(rows: Rows) -> None:
    st.caption(say.GROUPS_LEAD)
    names = list(dict.fromkeys(name for row in rows for name in row["shares"]))
    table = {
        say.GROUP: [say.group(row["by"], row["group"]) for row in rows],
        say.PICTURES: [say.count(row["n"]) for row in rows],
        **{_looks(name): [text.percent(row["shares"].get(name, 0.0)) for row in rows] for name in names},
        say.NOT_SURE: [text.percent(row["not_sure"]) for row in rows],
        say.CONFIDENCE: [text.percent(row["confidence"]) for row in rows],
    }
    _chart("groups", charts_model.group_bars(rows), say.GROUPS_ALT, table)
    st.caption(say.GROUPS_NOTE)


def _dark() -> bool:
    return st.context.theme.type == "dark"
