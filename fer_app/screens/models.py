"""Screen. One photo, every model's answer side by side, and what each looked at."""

from __future__ import annotations

import logging
import time

import streamlit as st

from fer_app import compare_panels, compared, intake, resources, state, state_hosting, widgets
from fer_app.album import clean_name
from fer_app.compare import compare_photo
from fer_app.language import text, text_hosting
from fer_app.language import text_compare as say
from fer_app.uploads import let_go
from fer_core import MediaError, ModelError


def way_in() -> intake.Incoming | None:
    """Offer the upload and the samples; return what came."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        key, most_mb = compared.round_key("models_upload"), resources.service().limits.photo_mb
        file = st.file_uploader(say.UPLOAD, type=intake.TYPES, key=key, help=say.UPLOAD_HELP, max_upload_size=most_mb)
    with right:
        sampled = intake.samples()
    return intake.Incoming(file.file_id, file.name, file.getvalue) if file else next(iter(sampled), None)


def read(came: intake.Incoming) -> None:
    """Ask every model about what came, and keep that; of a file that is no photo, why it is none."""
    service = resources.service()
    limits = service.limits
    if not state_hosting.quota_left():
        service.metrics.refusal("analyses_per_minute")
        st.warning(text_hosting.not_yet(limits.analyses_per_minute, state_hosting.quota_wait_s()), icon=":material/hourglass:")
        return
    state_hosting.count_analysis()
    with st.spinner(text.LOADING):
        analyzer, models = resources.analyzer(state.usual_min_face_px(), resources.live_engine()), resources.classifiers()
    began_s = time.perf_counter()
    try:
        photo = compare_photo(clean_name(came.name), came.read(), analyzer, models, limits=limits)
        compared.keep(photo)
        service.metrics.analysis("models", time.perf_counter() - began_s)
    except MediaError as error:
        service.metrics.refusal("unreadable_photo")
        compared.refuse(str(error))
    let_go([came.mark])
    st.rerun()


st.title(say.TITLE, anchor=False)
st.markdown(say.LEAD)
widgets.notice()
came = way_in()
try:
    if came:
        read(came)
    if why := compared.problem():
        st.error(text.unreadable(why))
    kept = compared.photo()
    if kept:
        compare_panels.show_comparison(kept, resources.classifiers())
except ModelError:
    logging.getLogger(__name__).exception("the networks cannot be loaded")
    st.error(text.MODEL_MISSING)
compare_panels.show_units()
