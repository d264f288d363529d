"""Screen. A model in short: three plain sentences, four figures, and its card. Figures come from the card, which is always there.

What only evaluation.json knows (the human line, the interval of photos, size and time) is left out where it is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from fer_app import measured
from fer_app.charts_model import ends, value
from fer_app.language import text
from fer_app.language import text_about as words
from fer_app.language import text_model as say
from fer_core import ModelCard

Found = Mapping[str, Any]


def headline(card: ModelCard, found: Found) -> None:
    """Show what the model can do, in plain sentences and four figures."""
    test = card.metrics.get("PrivateTest")
    st.caption(f"{words.model_name(card.name)}. {words.MODEL_LEAD if test else words.MODEL_UNMEASURED}")
    if not test:
        return
    with st.container(border=True, key="model_plain"):
        st.markdown("\n".join(f"- {sentence}" for sentence in sentences(test, found)))
    shown = figures(card, found)
    for column, (name, (share, pictures)) in zip(st.columns(len(shown), gap="medium"), shown.items(), strict=True):
        with column, st.container(border=True, height="stretch"):
            st.metric(words.FIGURES[name], text.percent(value(share)))
            interval = f"{say.INTERVAL} {say.between(*ends(share))}. " if isinstance(share, Mapping) else ""
            st.caption(f"{words.FIGURE_WORDS[name]} {interval}{words.measured_on(pictures)}")


def sentences(test: Found, found: Found) -> list[str]:
    """Return the sentences that come first; the one about people only where people voted on the test's pictures."""
    accuracy, answered = test["accuracy"], test["answered"]
    person = found.get("ferplus", {}).get("human", {}).get("agreement")
    people = [say.plain_people(test["ferplus_accuracy"]["value"], person)] if "ferplus_accuracy" in test else []
    return [
        say.plain_test(accuracy["value"], accuracy["low"], accuracy["high"], test["n"]),
        *people,
        say.plain_answered(answered["share"], answered["accuracy"] or 0.0),
    ]


def figures(card: ModelCard, found: Found) -> dict[str, tuple[Any, int]]:
    """Return the headline figures: the share, with its interval where it is known, and the number of pictures behind it."""
    test, photos = card.metrics["PrivateTest"], found.get("photos") or card.metrics.get("photos")
    answered = test["answered"]
    shown = {
        "test": (test["accuracy"], test["n"]),
        **({"votes": (test["ferplus_accuracy"], test["ferplus_n"])} if "ferplus_accuracy" in test else {}),
        "answered": (answered["accuracy"], round(answered["share"] * test["n"])),
    }
    return shown | ({"photos": (photos["agreement"], photos["n"])} if photos else {})


def _epochs(training: dict[str, Any]) -> str:
    done = training.get("epochs_completed", "–")
    if began := training.get("began_with"):
        return say.epochs_after(done, [say.epochs_of(start["epochs_completed"], start["model"]) for start in began])
    return str(done)


def show_card(card: ModelCard, found: Found) -> None:
    """Show what the card says: limits, facts, and the other models that ship."""
    st.subheader(say.CARD_LIMITS, anchor=False)
    st.markdown("\n".join(f"- {limit}" for limit in card.limits))
    facts = {
        say.FACTS["data"]: str(card.training.get("data", "–")),
        say.FACTS["epochs"]: _epochs(card.training),
        say.FACTS["commit"]: str(card.training.get("commit", "–")),
        say.FACTS["input"]: say.chip(card.input["size_px"]) if "size_px" in card.input else "–",
        say.FACTS["labels"]: ", ".join(text.word(name) for name in card.labels.names),
        say.FACTS["temperature"]: f"{card.temperature:g}",
        say.FACTS["threshold"]: text.percent(card.threshold),
        say.FACTS["size"]: say.megabytes(found.get("size_bytes")),
        say.FACTS["time"]: say.milliseconds(found.get("latency_ms", {}).get("one_face_one_thread")),
        say.FACTS["sha256"]: say.short(card.sha256.get("model.tflite", "–")),
    }
    st.table({say.FIGURE: list(facts), words.model_name(card.name): list(facts.values())}, hide_index=True, border="horizontal")
    _models([row for row in measured.results() if not row.get("mien")])


def _models(rows: list[dict[str, str]]) -> None:
    """Show results.csv turned: a column a model, so that a phone shows it."""
    shown = {key: name for key, name in say.MODEL_FIGURES.items() if any(row.get(key) for row in rows)}
    if not shown:
        return
    st.subheader(say.CARD_MODELS, anchor=False)
    columns = {row["model"]: [text.percent(float(row[key])) if row.get(key) else "–" for key in shown] for row in rows}
    st.table({say.FIGURE: list(shown.values()), **columns}, hide_index=True, border="horizontal")
