"""State. What one visitor's session remembers of the server's limits and of being its operator; beside `state`."""

from __future__ import annotations

import hmac
import time

import streamlit as st

from fer_app import keys, presence, resources, state
from fer_app.hosting.service import Visitor


def visitor() -> Visitor:
    """Return how the service knows this session; it gets to know it here."""
    if keys.VISITOR not in st.session_state:
        new = resources.service().arrive(presence.present())
        new.working, new.lost_session = state.studio().working, presence.asks_for_another_session()
        st.session_state[keys.VISITOR] = new
    return st.session_state[keys.VISITOR]


def close_lost() -> None:
    """Show the sentence about a lost session no more."""
    visitor().lost_session = False


def quota_left() -> int:
    """Return how many more analyses this visitor may ask for now."""
    return visitor().quota.left(time.monotonic())


def quota_wait_s() -> float:
    """Return how many seconds pass until one more analysis is granted."""
    return visitor().quota.wait_s(time.monotonic())


def count_analysis() -> None:
    """Count one analysis of this visitor."""
    visitor().quota.add(time.monotonic())


def is_operator() -> bool:
    """Return whether this session has shown the operator's token."""
    return st.session_state.get(keys.OPERATOR, False)


def show_token(token: str) -> None:
    """Compare what was entered with the operator's token, in a time that tells nothing about it, and forget it."""
    entered = st.session_state.pop(keys.OPERATOR_TOKEN, "")
    st.session_state[keys.OPERATOR] = bool(token) and hmac.compare_digest(entered.encode(), token.encode())


def ask_for_relays() -> None:
    """Ask the visitor's browser anew whether it gets a relay."""
    st.session_state[keys.RELAY_QUESTION] = str(time.time())
    st.session_state[keys.RELAYS] = None


def relay_question() -> str:
    """Return the mark of the question that the browser is to answer; empty before the first."""
    return st.session_state.get(keys.RELAY_QUESTION, "")


def remember_relays(protocols: list[str]) -> None:
    """Keep the browser's answer: the protocols by which it reached relays."""
    st.session_state[keys.RELAYS] = tuple(protocols)


def relays() -> tuple[str, ...] | None:
    """Return the browser's answer; None while there is none."""
    return st.session_state.get(keys.RELAYS)
