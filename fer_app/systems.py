"""Screen. The systems that Mien comes from: the figure that each published, what it reaches here, and Mien on the same faces."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from fer_app import measured
from fer_app.language import text
from fer_app.language import text_systems as say

_Row = Mapping[str, str]


def show_systems() -> None:
    """Show a row a system; one that was not measured here has its published figure alone."""
    rows = measured.published()
    if not rows:
        return
    st.header(say.TITLE, anchor=False)
    st.markdown(say.LEAD)
    here = {row["model"]: row for row in measured.results()}
    cells = [cells_of(row, here.get(row["model"], {})) for row in rows]
    st.table(
        {head: [row[number] for row in cells] for number, head in enumerate(say.HEADS)}, hide_index=True, border="horizontal"
    )
    with st.expander(say.MEASURED_HOW):
        st.markdown("\n".join(f"- {say.published_how(row)}" for row in rows))


def cells_of(row: _Row, here: _Row) -> list[str]:
    """Return the cells of one system, in the order of the heads; few, so that a phone shows them."""
    published = f"{text.percent(float(row['published']))} {row['figure']}" if row["published"] else say.NONE
    named = [say.system(row["model"], row["whose"]), published]
    if not here:
        return [*named, say.NOT_YET, say.NONE]
    reached = _both(here, "accuracy")
    if row["figure"] == "F1":
        reached = say.with_f1(reached, text.percent(float(here["macro_f1"])))
    ours = say.measured_on(reached, here["classes"], here["private_test_n"], here["epochs"])
    return [*named, ours, _both(here, "mien_accuracy")]


def _both(here: _Row, name: str) -> str:
    """Return a figure over all faces, and over those in which the system found what it needs, where that differs."""
    share = text.percent(float(here[name]))
    found = here.get(f"{name}_found")
    return say.both(share, text.percent(float(found))) if found and int(here["not_found"] or 0) else share
