"""Screen. What remains of a session after STOP: its summary and its files."""

from __future__ import annotations

from functools import partial

import streamlit as st

from fer_app import charts, exports, state, widgets
from fer_app.language import text_live
from fer_app.takes import KeptTake, shares_of_time


def last_session(take: KeptTake) -> None:
    """Show a finished session: how long, who, the share of time for each expression, and the downloads."""
    with st.container(border=True, key="live_session"):
        if take.lost:
            st.warning(text_live.LOST, icon=":material/wifi_off:")
        st.subheader(text_live.SESSION, anchor=False)
        st.caption(text_live.session_facts(take.seconds, take.analysed, len(take.people)))
        shares = shares_of_time(take)
        if shares:
            st.caption(text_live.SHARES)
            bars = charts.share_bars(shares)
            st.plotly_chart(bars, key=f"live_shares_{take.take_id}", config=charts.STILL, alt=text_live.shares_alt(shares))
        else:
            st.markdown(text_live.NO_FACES)
        _actions(take)


def _actions(take: KeptTake) -> None:
    stem, key = exports.take_stem(take), take.take_id
    with st.container(horizontal=True, gap="small", key=f"live_actions_{key}"):
        widgets.download(
            text_live.DOWNLOAD_CSV, partial(exports.take_csv, take), f"{stem}.csv", "text/csv", key=f"live_csv_{key}"
        )
        widgets.download(
            text_live.DOWNLOAD_JSON, partial(exports.take_json, take), f"{stem}.json", "application/json", key=f"live_json_{key}"
        )
        widgets.quiet_button(
            text_live.DELETE, partial(state.delete_take, key), icon=":material/delete:", key=f"live_delete_{key}"
        )
