"""Adapter. Uploaded files leave the server's memory as soon as they are read.

Streamlit keeps the bytes of every uploaded file until the session ends, also when its widget is gone: a visitor who
deletes a photo would not have deleted it, and a session would grow with every photo.
"""

from __future__ import annotations

from collections.abc import Iterable

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx


def let_go(file_ids: Iterable[str]) -> None:
    """Remove files of this session from the server's memory; ids that it does not have are passed over."""
    context = get_script_run_ctx()
    if context is None or not isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        return  # a manager of another kind keeps its files elsewhere, and has its own rules
    for file_id in file_ids:
        context.uploaded_file_mgr.remove_file(context.session_id, file_id)
