"""Screen. Pieces of the models screen: the answers side by side, what they hang on, and what people look for."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from fer_app import charts, compare, compared, keys, widgets
from fer_app.language import text, text_model
from fer_app.language import text_compare as say
from fer_core import ModelCard
from fer_core.classify import EmotionClassifier

_A_ROW = 3
_Models = Mapping[str, EmotionClassifier]


def show_comparison(photo: compare.Comparison, models: _Models) -> None:
    """Show the photo and one of its faces, and below, where there is room for all of them, every model's answer."""
    with st.container(horizontal=True, vertical_alignment="center", key="compared_head"):
        with st.container(key="name_compared", width="content"):
            st.text(photo.name)
        widgets.quiet_button(say.DELETE, compared.reset, icon=":material/delete:", key="delete_compared")
    where, beside = st.columns([2, 3], gap="medium")
    where.image(photo.framed_jpeg, width="stretch", alt=say.PHOTO_ALT)
    with beside:
        if not photo.faces:
            st.markdown(f"**{say.NO_FACE}**")
            return
        face = photo.faces[_which(len(photo.faces))]
        if photo.found > len(photo.faces):
            st.caption(say.largest(len(photo.faces), photo.found))
        heat = _face(face)
    _answers(face, models, heat=heat)


def _which(faces: int) -> int:
    if faces < 2:
        return 0
    key = compared.round_key(keys.MODELS_FACE)
    return st.segmented_control(say.WHICH, range(faces), default=0, format_func=say.face_number, required=True, key=key)


def _face(face: compare.ComparedFace) -> bool:
    """Show the face; return whether people want to see what the models looked at."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.image(face.crop_jpeg, width=104, alt=say.FACE_ALT)
        return st.toggle(say.HEAT, help=say.HEAT_HELP, key=keys.MODELS_HEAT)


def _answers(face: compare.ComparedFace, models: _Models, *, heat: bool) -> None:
    for start in range(0, len(face.answers), _A_ROW):
        row = face.answers[start : start + _A_ROW]
        for column, answer in zip(st.columns(len(row), gap="medium"), row, strict=True):
            with column, st.container(border=True, height="stretch", key=f"answer_{answer.model}"):
                _answer(face, answer, models[answer.model], heat=heat)


def _answer(face: compare.ComparedFace, answer: compare.Answer, classifier: EmotionClassifier, *, heat: bool) -> None:
    """Show one model's answer, how good and how large the model is, and on demand what its answer hangs on."""
    confidence = answer.probabilities[answer.label]
    st.markdown(text.of(f"**{answer.model}**", text.looks_like(answer.label, confidence, answer.threshold)))
    if note := _note(classifier.card):
        st.caption(note)
    bars = charts.probability_bars(answer.probabilities, threshold=answer.threshold)
    st.plotly_chart(bars, key=f"compared_{answer.model}", config=charts.STILL, alt=text.chart_alt(answer.probabilities))
    if heat:
        looks = text.word(answer.label)
        st.image(compare.looked_at(face, answer, classifier), width=288, alt=say.heat_alt(answer.model, looks))
        st.caption(say.heat_note(looks))


def _note(card: ModelCard) -> str:
    """Return what a card says of its model's test and file; nothing of a model that was not tested."""
    test = card.metrics.get("PrivateTest")
    size = next((row["bytes"] for row in card.metrics.get("litert", ()) if row["shipped"]), None)
    return say.model_note(test["accuracy"]["value"], text_model.megabytes(size)) if test else ""


def show_units() -> None:
    """Show which movements people associate with each expression."""
    st.header(say.UNITS_TITLE, anchor=False)
    st.markdown(say.UNITS_LEAD)
    rows = [(text.word(name), *unit) for name, unit in say.UNITS.items()]
    columns = {head: [row[number] for row in rows] for number, head in enumerate(say.UNITS_HEADS)}
    st.table(columns, hide_index=True, border="horizontal")
