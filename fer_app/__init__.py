"""Screen. Mien's screens: what a visitor sees; every computation is fer_core's."""

# Streamlit imports pandas late, in the thread of the first visitor who needs it, and Plotly takes up whatever of it is there:
# while half of it is, the chart of a second visitor fails. Who imports this package waits until it is whole.
import pandas  # noqa: F401
