"""The history in a real browser: everything in one place, taken along, brought back, and gone when deleted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from fer_core import Timeline, from_csv, from_json, to_json
from tests.e2e.conftest import upload
from tests.e2e.live import Visitor
from tests.e2e.test_photo_in_browser import UPLOADS, has_no_sideways_overflow, held_bytes
from tests.factories import make_result

CHARTS = ".js-plotly-plot"


@pytest.fixture(scope="module")
def session_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten minutes of two people, as an earlier visit left them."""
    results = [make_result(2, index=i, time_s=i / 2, number=i, track_ids=np.array([0, 1])) for i in range(1200)]
    path = tmp_path_factory.mktemp("earlier") / "earlier.json"
    path.write_bytes(to_json(Timeline.of(results, ["Live 1"] * len(results))))
    return path


@pytest.fixture
def history(context: BrowserContext, server: str) -> Page:
    page = context.new_page()
    page.goto(f"{server}/history")
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    return page


def view(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).click()


def saved(page: Page, button: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.locator(".st-key-history_head").get_by_role("button", name=button, exact=False).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_a_photo_and_an_earlier_session_stand_together_and_come_back_from_their_file(
    history, session_file, tmp_path, server, browser
):
    upload(history, session_file)
    expect(history.get_by_text("1 recording ")).to_be_visible()
    history.get_by_role("link", name="Photo").click()
    history.get_by_role("button", name="A portrait").click()
    expect(history.get_by_role("heading", name="Looks happy")).to_be_visible()
    history.get_by_role("link", name="History").click()
    expect(history.get_by_text("2 recordings")).to_be_visible()
    expect(history.locator(CHARTS)).to_have_count(3)
    whole = from_json(saved(history, "JSON", tmp_path).read_bytes())
    assert set(whole.sources) == {"astronaut.jpg", "Live 1"}
    assert from_csv(saved(history, "CSV", tmp_path).read_bytes()).same_as(whole)
    context = browser.new_context()
    other = context.new_page()
    other.goto(f"{server}/history")
    upload(other, tmp_path / "mien-session.json")
    expect(other.get_by_text("1 recording ")).to_be_visible()
    context.close()


def test_a_note_is_a_flag_over_time_and_stands_in_the_report_which_opens_offline(history, session_file, tmp_path, context):
    upload(history, session_file)
    expect(history.get_by_text("1 recording ")).to_be_visible()
    view(history, "Notes")
    history.get_by_role("textbox", name="At").fill("4:10")
    history.get_by_role("textbox", name="Note").fill("the door <b>opens</b>")
    history.get_by_role("button", name="Add note").click()
    expect(history.get_by_text("the door <b>opens</b>")).to_be_visible()
    view(history, "Over time")
    expect(history.locator(CHARTS)).to_contain_text("note")
    report = saved(history, "HTML report", tmp_path)
    assert any(from_json(saved(history, "JSON", tmp_path).read_bytes()).notes)
    context.set_offline(True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    expect(page.locator(CHARTS).first).to_be_visible()
    expect(page.get_by_role("cell", name="the door <b>opens</b>")).to_be_visible()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def test_what_is_deleted_is_gone_also_from_the_server_s_memory_of_uploads(history, session_file):
    upload(history, session_file)
    expect(history.get_by_text("1 recording ")).to_be_visible()
    held_bytes(history, UPLOADS, most=0)
    history.get_by_role("button", name="Delete everything").click()
    history.get_by_role("button", name="Yes, delete everything").click()
    expect(history.get_by_text("Nothing here yet")).to_be_visible()
    expect(history.get_by_text("earlier.json")).to_have_count(0)


def test_a_phone_shows_each_view_without_scrolling_sideways(browser: Browser, server: str, session_file):
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{server}/history")
    upload(page, session_file)
    expect(page.get_by_text("1 recording ")).to_be_visible()
    for name, sign in (
        ("Over time", "Mean probability"),
        ("Notes", "No notes yet"),
        ("Recordings", "earlier.json"),
        ("Overview", "By person"),
    ):
        view(page, name)
        expect(page.get_by_text(sign).first).to_be_visible()
        assert has_no_sideways_overflow(page)
    context.close()


@pytest.mark.camera
def test_a_live_video_that_is_left_running_is_in_the_history(context: BrowserContext, server: str):
    visitor = Visitor.arrive(context, server)
    visitor.start()
    visitor.sees_painted_frames()
    visitor.page.get_by_role("link", name="History").click()
    visitor.sees("1 recording ")
    view(visitor.page, "Recordings")
    expect(visitor.page.get_by_text("Live 1", exact=True)).to_be_visible()
