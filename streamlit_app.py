"""Screen. The router: page settings, navigation, and the end of what a page that was left had begun; nothing else."""

from __future__ import annotations

import gc

import streamlit as st

from fer_app import intake, resources, state, widgets
from fer_app.hosting import banner
from fer_app.language import text, text_compare, text_history, text_live, text_operator, text_video
from fer_app.live import line

st.set_page_config(page_title=text.APP_NAME, page_icon=str(resources.ICON), layout="wide", initial_sidebar_state="collapsed")
st.logo(str(resources.LOGO), size="large")
st.html(resources.STYLE)
page = st.navigation(
    [
        st.Page("fer_app/screens/photo.py", title=text.PHOTO_PAGE, icon=":material/photo_camera:", default=True),
        st.Page("fer_app/screens/video.py", title=text_video.VIDEO_PAGE, icon=":material/movie:"),
        st.Page("fer_app/screens/live.py", title=text_live.LIVE_PAGE, icon=":material/videocam:"),
        st.Page("fer_app/screens/history.py", title=text_history.HISTORY_PAGE, icon=":material/history:"),
        st.Page("fer_app/screens/models.py", title=text_compare.PAGE, icon=":material/compare:"),
        st.Page("fer_app/screens/about.py", title=text.ABOUT_PAGE, icon=":material/info:"),
        st.Page("fer_app/screens/operator.py", title=text_operator.OPERATOR_PAGE, icon=":material/lan:", visibility="hidden"),
    ],
    position="top",
)
if page.title != text_live.LIVE_PAGE and state.painter().take is not None:  # the video goes with its place in the page
    line.end()
    state.end_take(left=True)
if state.turned_to(page.url_path):
    intake.leave()
    line.end()
banner.show()
if not (page.title == text_video.VIDEO_PAGE and state.studio().working()):  # which says so itself, once a second
    banner.ending()
page.run()
widgets.languages()
gc.collect()  # after whole pages alone: .streamlit/config.toml says why
