"""Screen. Two sessions side by side."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fer_app import charts, charts_history, keys
from fer_app.album import free_name
from fer_app.history import LOADED, Recording
from fer_app.history_filter import only_choices
from fer_app.history_panels import facts_of
from fer_app.language import text, text_history
from fer_app.shares import sightings


def sides(found: Sequence[Recording]) -> dict[str, tuple[Recording, ...]]:
    """Return what can be compared, by name: each recording, and all that was analysed in this session."""
    here = tuple(recording for recording in found if recording.kind != LOADED)
    offered = {text_history.ALL_HERE: here} if len(here) > 1 else {}
    for recording in found:
        offered[free_name(text_history.side(recording.name, recording.kind), offered)] = (recording,)
    return offered


def compare(found: Sequence[Recording], looks: Sequence[str]) -> None:
    """Offer two sessions and show their shares side by side."""
    offered = sides(found)
    if len(offered) < 2:
        st.markdown(text_history.COMPARE_ALONE)
        return
    st.markdown(text_history.COMPARE_LEAD)
    chosen = []
    for column, label, key, usual in zip(
        st.columns(2, gap="medium"), text_history.SIDES, keys.HISTORY_SIDES, (0, 1), strict=True
    ):
        only_choices(key, list(offered))
        with column:
            chosen.append(st.selectbox(label, list(offered), index=usual, key=key))
            faces = sightings(offered[chosen[-1]])
            if len(offered[chosen[-1]]) == 1:
                st.caption(facts_of(offered[chosen[-1]][0], faces))
    shares = [sightings(offered[name]).shares() for name in chosen]
    figure = charts_history.pair_bars(shares, chosen, looks=looks)
    alt = "; ".join(text_history.shares_alt(side) for side in shares)
    st.plotly_chart(figure, key="history_pair", config=charts.STILL, alt=alt)
    with st.expander(text_history.NUMBERS):
        st.dataframe(numbers(shares, looks), hide_index=True)


def numbers(shares: Sequence[dict[str, float]], looks: Sequence[str]) -> dict[str, list[str]]:
    """Return the shares of two sides and their difference, row by row."""
    first, second = ([side.get(look, 0.0) for look in looks] for side in shares)
    return {
        text.EXPRESSION: [text_history.answer(look) for look in looks],
        text_history.SIDES[0]: [text.percent(share) for share in first],
        text_history.SIDES[1]: [text.percent(share) for share in second],
        text_history.DIFFERENCE: [text_history.points(b - a) for a, b in zip(first, second, strict=True)],
    }
