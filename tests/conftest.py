"""Where tests find data that cannot be shipped; each is skipped where its folder is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples at every run, however slow the machine is.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

ROOT = Path(__file__).resolve().parent.parent


# What takes longest goes first, so that no worker is left with it at the end; of the others the order does not matter.
SLOWEST = (
    "test_batch",
    "test_reference",
    "test_training",
    "test_shipped",
    "test_progress",
    "test_evaluation",
    "test_tune",
    "test_cluster",
    "test_workshop",
    "test_export_detector",
    "test_systems",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slowest files first."""
    places = {name: place for place, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(SLOWEST)))


def data_folder(variable: str, default: str) -> Path:
    """Return the folder that an environment variable names, or skip the test."""
    folder = Path(os.environ.get(variable, ROOT / default)).resolve()
    if not folder.exists():
        pytest.skip(f"no data at {folder}; name a folder in {variable}")
    return folder


@pytest.fixture(scope="session")
def media_folder() -> Path:
    """A folder with photos/ (any photos), videos/ (any videos) and wider/ (WIDER FACE photos with boxes.csv)."""
    return data_folder("FER_MEDIA", "data/media")


@pytest.fixture(scope="session")
def labelled_photos() -> Path:
    """A folder of photos with labels.csv: file, perceived_emotion."""
    return data_folder("FER_PHOTOS", "data/photos")


@pytest.fixture(scope="session")
def prepared_faces() -> Path:
    """The file that `python -m fer_train prepare` writes."""
    return data_folder("FER_PREPARED", "data/fer2013.npz")


@pytest.fixture(scope="session")
def found_people() -> Path:
    """The folder of the file that `python -m fer_train.ages` writes of UTKFace's faces."""
    return data_folder("FER_PEOPLE", "data/people.npz").parent
