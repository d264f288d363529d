"""The bench's visitor without a browser, against the app itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fer_train.bench.load_use import ANSWER, add_photo
from fer_train.bench.visitor import Visitor
from fer_train.bench.wire import LostError, put
from tests.e2e.conftest import SAMPLE


@pytest.fixture
def port(server: str) -> int:
    return int(server.rpartition(":")[2])


@pytest.fixture
def visitor(port: int) -> Iterator[Visitor]:
    with Visitor(port) as visitor:
        yield visitor


def test_a_photo_is_answered_with_its_pictures_and_deleted(visitor):
    add_photo(visitor, SAMPLE)
    assert visitor.fetch_pictures() >= 3  # the photo, the face, the chip
    visitor.press("delete_")
    assert not visitor.shows(ANSWER)


def test_other_pages_are_reached_and_a_page_that_says_something_else_is_no_answer(visitor):
    visitor.go("history")
    visitor.must_show("Everything from this session")
    with pytest.raises(LostError, match="Looks happy"):
        visitor.must_show(ANSWER)
    with pytest.raises(LostError, match="widget"):
        visitor.press("photo_upload")


def test_a_file_without_the_server_s_mark_is_refused(visitor, port):
    with pytest.raises(LostError, match="403"):
        put(port, "/_stcore/upload_file/nobody/nothing", "2|wrong|wrong|1", "a.jpg", b"")
