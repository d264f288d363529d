"""Screen. What Mien is, how good it is, its limits and the law; figures as the model's files have them."""

from __future__ import annotations

import logging

import streamlit as st

from fer_app import age_panel, measured, model_panels, model_summary, resources, systems
from fer_app.language import text_about as words
from fer_core import ModelError


def show_sections(sections: tuple[tuple[str, str], ...]) -> None:
    """Show titled paragraphs side by side."""
    for column, (title, body) in zip(st.columns(len(sections), gap="medium"), sections, strict=True):
        with column:
            st.header(title, anchor=False)
            st.markdown(body)


def show_model() -> None:
    """Show what was measured of the model that the screens use."""
    st.header(words.MODEL_TITLE, anchor=False)
    try:
        card = resources.card()
    except ModelError:
        logging.getLogger(__name__).exception("the model's card cannot be read")
        st.caption(words.MODEL_UNMEASURED)
        return
    found = measured.evaluation(card)
    model_summary.headline(card, found)
    model_panels.details(card, found)
    systems.show_systems()


st.title(words.ABOUT_TITLE, anchor=False)
st.markdown(words.ABOUT_LEAD)
show_sections(words.ABOUT_SECTIONS[0])
model = st.container()  # filled last: what the law says is there whatever becomes of the figures
show_sections(words.ABOUT_SECTIONS[1])
with model:
    show_model()
    age_panel.show_ages()
