"""Screen. What Mien is, its limits, the law, and the model's figures as its card has them."""

from __future__ import annotations

import logging
from typing import Any

import streamlit as st

from fer_app import charts, resources, text
from fer_app import text_about as words
from fer_core import ModelCard, ModelError


def figures(card: ModelCard) -> dict[str, tuple[float, int]]:
    """Return the headline figures that the card has: the share, and the number of pictures it rests on."""
    test, photos = card.metrics.get("PrivateTest", {}), card.metrics.get("photos", {})
    found: dict[str, tuple[float, int]] = {}
    if test:
        found["test"] = (test["accuracy"]["value"], test["n"])
        found["votes"] = (test["ferplus_accuracy"]["value"], test["ferplus_n"])
        found["answered"] = (test["answered"]["accuracy"], round(test["answered"]["share"] * test["n"]))
    if photos:
        found["photos"] = (photos["agreement"], photos["n"])
    return found


def show_figures(card: ModelCard) -> None:
    """Show the headline figures side by side."""
    st.caption(f"{words.model_name(card.name)}. {words.MODEL_LEAD}")
    found = figures(card)
    if not found:
        st.caption(words.MODEL_UNMEASURED)
    for column, (name, (share, count)) in zip(st.columns(max(1, len(found)), gap="medium"), found.items(), strict=False):
        with column, st.container(border=True, height="stretch"):
            st.metric(words.FIGURES[name], text.percent(share))
            st.caption(f"{words.FIGURE_WORDS[name]} {words.measured_on(count)}")


def show_recalls(per_class: dict[str, dict[str, Any]]) -> None:
    """Show how often each expression is recognised, as bars and as a table."""
    st.subheader(words.RECALL_TITLE, anchor=False)
    st.caption(words.RECALL_NOTE)
    recalls = {name: row["recall"] for name, row in per_class.items()}
    st.plotly_chart(charts.share_bars(recalls), config=charts.STILL, alt=words.recall_alt(recalls))
    with st.expander(text.NUMBERS):
        rows = {
            text.EXPRESSION: [text.LOOKS.get(name, name) for name in per_class],
            words.RECOGNISED: [text.percent(share) for share in recalls.values()],
            words.PICTURES: [row["n"] for row in per_class.values()],
        }
        st.table(rows, hide_index=True, border="horizontal")


st.title(words.ABOUT_TITLE, anchor=False)
st.markdown(words.ABOUT_LEAD)
for row in words.ABOUT_SECTIONS:
    for column, (title, body) in zip(st.columns(2, gap="medium"), row, strict=True):
        with column:
            st.header(title, anchor=False)
            st.markdown(body)
st.header(words.MODEL_TITLE, anchor=False)
try:
    card = resources.card()
except ModelError:
    logging.getLogger(__name__).exception("the model's card cannot be read")
    st.caption(words.MODEL_UNMEASURED)
else:
    show_figures(card)
    if test := card.metrics.get("PrivateTest"):
        show_recalls(test["per_class"])
