"""What AppTest leaves behind is put right: other tests run in the same process."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator

import pytest

_MAIN = sys.modules["__main__"]


@pytest.fixture(autouse=True)
def the_same_main_module() -> Iterator[None]:
    """Put `__main__` back: Streamlit puts the app's script in its place, and each process that is spawned later would run it."""
    yield
    sys.modules["__main__"] = _MAIN


@pytest.fixture(autouse=True, scope="module")
def libraries_are_not_searched() -> None:
    """Leave what is loaded by now out of the app's search for garbage after each page; TensorFlow makes it thrice as long."""
    gc.collect()
    gc.freeze()
