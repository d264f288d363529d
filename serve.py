"""Adapter. Mien as it is hosted: `streamlit run serve.py` adds JSON logs, Prometheus and an end that waits for running work."""

from __future__ import annotations

import streamlit as st

from fer_app.hosting.process import fault, life

app = st.App("streamlit_app.py", lifespan=life, on_script_error=fault)
