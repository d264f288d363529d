"""Screen. The operator's page, behind a token: how the server is doing, and whether TURN does its work."""

from __future__ import annotations

import streamlit as st

from fer_app import resources, state_hosting
from fer_app.hosting import console
from fer_app.language import text_hosting
from fer_app.language import text_operator as words
from fer_app.live import relay_probe


def server_side() -> None:
    """Show what each TURN server answered to this server."""
    st.subheader(words.SERVER_SIDE, anchor=False)
    answers = resources.turn_answers()
    rows = {
        words.ADDRESS: [answer.url for answer in answers],
        words.ANSWER: [words.answer(answer.works, answer.said) for answer in answers],
        words.TIME: [f"{answer.ms:.0f} ms" for answer in answers],
    }
    works = [answer.works for answer in answers]
    (st.success if all(works) else st.warning)(words.verdict(works))
    st.table(rows, hide_index=True, border="horizontal")
    st.caption(words.FIRST_COUNTS)


def browser_side(servers: tuple[dict[str, str], ...]) -> None:
    """Show whether this browser gets a relay."""
    st.subheader(words.BROWSER_SIDE, anchor=False)
    if (said := relay_probe.relays(servers, asked=state_hosting.relay_question())) is not None:
        state_hosting.remember_relays(said)
    found = state_hosting.relays()
    if found is None:
        st.caption(words.BROWSER_WAITING)
    else:
        (st.success if found else st.warning)(words.browser_relays(found))


def connection() -> None:
    """Show whether live video works from anywhere."""
    st.header(words.TITLE, anchor=False)
    st.markdown(words.LEAD)
    setup = resources.ice_setup()
    if setup.problem:
        st.error(words.problem(setup.problem))
    elif not any(server["urls"].startswith("turn") for server in setup.servers):
        st.info(words.NONE_SET)
    else:
        st.button(words.CHECK, icon=":material/refresh:", on_click=state_hosting.ask_for_relays, key="check_turn")
        if state_hosting.relay_question():
            server_side()
            browser_side(setup.servers)
    st.markdown(words.HOW)


st.title(text_hosting.TITLE, anchor=False)
if console.gate():
    console.server()
    connection()
