"""Screen. What was measured of estimated ages, for whom they are how far off, and what their pictures' makers allow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from fer_app import age_choice
from fer_app.language import text, text_model
from fer_app.language import text_ages as say
from fer_core import ModelCard

Found = Mapping[str, Any]


def show_ages() -> None:
    """Show the figures of the card, its limits and its terms; nothing where no model of ages ships."""
    loaded = age_choice.estimator()
    if loaded is None:
        return
    card, found = loaded.card, loaded.card.metrics[age_choice.MEASURED_ON]
    st.header(say.TITLE, anchor=False)
    st.markdown(say.LEAD)
    st.caption(say.measured(found["n"], found["missed"], found["guessing_the_median"]))
    _headline(found)
    st.table(by_age(found), hide_index=True, border="horizontal")
    st.caption(found["note"])
    _limits(card)


def _headline(found: Found) -> None:
    """Show by how much estimates are off, and how often the range is nearly right, each with its interval."""
    off, near = found["years_off"], found["within_one_range"]
    shown = {
        "years_off": (say.years(off["value"]), say.between(off["low"], off["high"])),
        "within_one_range": (text.percent(near["value"]), text_model.between(near["low"], near["high"])),
    }
    for column, (name, (value, interval)) in zip(st.columns(len(shown), gap="medium"), shown.items(), strict=True):
        with column, st.container(border=True, height="stretch"):
            st.metric(say.FIGURES[name], value)
            st.caption(f"{say.FIGURE_WORDS[name]} {text_model.INTERVAL} {interval}.")


def by_age(found: Found) -> dict[str, list[str]]:
    """Return the columns of the table: a row a range of age; no other group is shown."""
    rows = [row for row in found["groups"] if row["by"] == "age"]
    return {
        say.AGE: [row["group"] for row in rows],
        say.FACES: [text_model.count(row["n"]) for row in rows],
        say.OFF: [say.years(row["years_off"]) for row in rows],
        say.OLDER: [say.older_by(row["looks_older_by"]) for row in rows],
    }


def _limits(card: ModelCard) -> None:
    st.subheader(say.LIMITS, anchor=False)
    st.markdown("\n".join(f"- {limit}" for limit in card.limits))
    st.markdown(f"**{say.TERMS}.** {card.training['data']}")
