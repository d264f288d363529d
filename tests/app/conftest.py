"""What AppTest leaves behind is put right: other tests run in the same process."""

from __future__ import annotations

import functools
import gc
import sys
from collections.abc import Iterator

import pytest
from streamlit.components.v2 import manifest_scanner

_MAIN = sys.modules["__main__"]


@pytest.fixture(autouse=True)
def the_same_main_module() -> Iterator[None]:
    """Put `__main__` back: Streamlit puts the app's script in its place, and each process that is spawned later would run it."""
    yield
    sys.modules["__main__"] = _MAIN


@pytest.fixture(autouse=True, scope="session")
def packages_are_looked_through_once() -> Iterator[None]:
    """Keep what Streamlit finds of components among all installed packages; it looks anew for each visitor of an AppTest."""
    with pytest.MonkeyPatch.context() as patch:
        scan = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(autouse=True, scope="module")
def libraries_are_not_searched() -> None:
    """Leave what is loaded by now out of the app's search for garbage after each page; TensorFlow makes it thrice as long."""
    gc.collect()
    gc.freeze()
