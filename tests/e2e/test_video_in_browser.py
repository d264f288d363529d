"""What a visitor does with a video, in a real browser on a real server with the shipped model."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path

import av
import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from fer_app.resources import has_ages
from fer_core import from_csv
from tests.app.clips import clip
from tests.e2e.conftest import upload
from tests.e2e.test_photo_in_browser import has_no_sideways_overflow, held_bytes


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("talk") / "talk.mp4"
    clip(path, seconds=4, empty_s=1)
    return path


@pytest.fixture(scope="module")
def long_talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "long.mp4"
    clip(path, seconds=240, sound=None)
    return path


@pytest.fixture
def video_page(context: BrowserContext, server: str) -> Page:
    page = context.new_page()
    page.goto(f"{server}/video")
    return page


def add(page: Page, path: Path) -> None:
    upload(page, path)
    # In the moment of its arrival the name stands in the uploader and in the page.
    expect(page.get_by_text(path.name).first).to_be_visible()


def start(page: Page) -> None:
    page.locator(".st-key-film_start button").click()


def open_page(page: Page, name: str, sight: Locator) -> None:
    """Go to another page; a click that meets the redraw at the work's end may be lost, and is made again."""
    for _ in range(3):
        page.get_by_role("link", name=name).click()
        with contextlib.suppress(AssertionError):
            expect(sight).to_be_visible(timeout=15_000)
            return
    expect(sight).to_be_visible()


def analyse(page: Page, path: Path) -> None:
    add(page, path)
    start(page)
    expect(page.get_by_role("heading", name="Strongest moments")).to_be_visible(timeout=90_000)


def files_without_a_name() -> int:
    """How many deleted files the servers of these tests hold open: a visitor's video is one."""
    links = []
    for process in psutil.Process().children(recursive=True):
        try:
            links += [os.readlink(fd) for fd in Path(f"/proc/{process.pid}/fd").iterdir() if "streamlit" in process.cmdline()]
        except (OSError, psutil.Error):
            continue
    return sum("(deleted)" in link and "/memfd" not in link for link in links)


def wait_for_files(page: Page, count: int, *, seconds: float) -> None:
    for _ in range(int(seconds * 2)):
        if files_without_a_name() == count:
            return
        page.wait_for_timeout(500)
    assert files_without_a_name() == count


# First: whoever came before leaves a file for the seconds until the page is known to be closed.
def test_the_uploaded_bytes_leave_the_memory_and_the_file_goes_with_the_button(video_page, talk):
    page = video_page
    wait_for_files(page, 0, seconds=60)  # those of the visitors before
    add(page, talk)
    held_bytes(page, "UploadedFileManager", most=0)
    wait_for_files(page, 1, seconds=30)
    page.get_by_role("button", name="Remove this video").click()
    expect(page.get_by_test_id("stFileUploader")).to_be_visible()
    wait_for_files(page, 0, seconds=10)


@pytest.mark.skipif(not has_ages(), reason="no model of ages ships")
def test_a_table_of_people_with_ages_has_no_button_that_makes_a_file_of_it(video_page, talk):
    page = video_page
    add(page, talk)
    page.get_by_text("Estimate ages").click()
    expect(page.get_by_text("years on average").first).to_be_visible()  # which moves the button down
    start(page)
    expect(page.get_by_role("heading", name="Strongest moments")).to_be_visible(timeout=90_000)
    table = page.locator(".st-key-film_people_with_ages")
    table.get_by_test_id("stDataFrame").hover()
    expect(table.get_by_test_id("stElementToolbar")).to_have_count(1)
    expect(table.get_by_test_id("stElementToolbar")).to_be_hidden()


def test_a_video_goes_from_upload_to_curves_player_and_files(video_page, talk, tmp_path):
    page = video_page
    analyse(page, talk)
    expect(page.get_by_text("Strongest happy at 0:0")).to_be_visible()
    expect(page.get_by_role("img", name="with faces framed")).to_be_visible()
    page.get_by_role("button", name="Make the annotated video").click()
    player = page.locator("video")
    expect(player).to_be_visible(timeout=90_000)
    page.wait_for_function("document.querySelector('video').readyState > 1")
    assert page.evaluate("document.querySelector('video').error") is None
    with page.expect_download() as download:
        page.get_by_role("button", name="Annotated video", exact=False).last.click()
    download.value.save_as(tmp_path / "made.mp4")
    with av.open(io.BytesIO((tmp_path / "made.mp4").read_bytes())) as made:
        assert made.streams.video[0].codec_context.name == "h264"
        assert made.streams.audio
    with page.expect_download() as download:
        page.locator(".st-key-film_csv button").click()
    download.value.save_as(tmp_path / "talk.csv")
    assert set(from_csv((tmp_path / "talk.csv").read_bytes()).sources) == {"talk.mp4"}


def test_a_click_on_the_chart_shows_that_moment(video_page, talk):
    page = video_page
    analyse(page, talk)
    chart = page.get_by_test_id("stPlotlyChart").first
    points = chart.locator(".scatterlayer .trace").nth(3).locator("path.point")
    expect(points.first).to_be_attached()
    slider = page.locator(".st-key-film_moment_s_1, [class*=st-key-film_moment]").get_by_role("slider")
    before = slider.get_attribute("aria-valuenow")
    place = points.nth(points.count() - 2).bounding_box()
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    expect(slider).not_to_have_attribute("aria-valuenow", before)
    expect(page.get_by_role("img", name="The video at 0:03, with faces framed")).to_be_visible()


def test_stopping_keeps_what_was_done_and_says_so(video_page, long_talk):
    page = video_page
    add(page, long_talk)
    start(page)
    expect(page.get_by_role("img", name="The picture that was analysed last")).to_be_visible()
    page.get_by_role("button", name="Stop here").click()
    expect(page.get_by_text("Stopped by you")).to_be_visible()
    expect(page.get_by_role("heading", name="Strongest moments")).to_be_visible()


def test_the_work_goes_on_while_another_page_is_open(video_page, tmp_path):
    page, path = video_page, tmp_path / "half_a_minute.mp4"
    clip(path, seconds=30, sound=None)
    add(page, path)
    start(page)
    expect(page.get_by_role("button", name="Stop here")).to_be_visible()  # a page left in the click's own moment takes it along
    open_page(page, "About", page.get_by_role("heading", name="What Mien does"))
    page.get_by_role("link", name="Video").click()
    expect(page.get_by_role("heading", name="Strongest moments")).to_be_visible(timeout=90_000)
    open_page(page, "History", page.get_by_text(path.name).first)


def test_a_tab_closed_midway_stops_the_work_and_leaves_no_file(browser: Browser, server: str, page: Page, long_talk):
    wait_for_files(page, 0, seconds=60)
    context = browser.new_context()
    other = context.new_page()
    other.goto(f"{server}/video")
    add(other, long_talk)
    start(other)
    expect(other.get_by_role("button", name="Stop here")).to_be_visible()
    assert files_without_a_name() == 1
    context.close()
    wait_for_files(page, 0, seconds=60)


def test_the_report_opens_offline_and_fetches_nothing(video_page, talk, browser, tmp_path):
    page = video_page
    analyse(page, talk)
    with page.expect_download() as download:
        page.get_by_role("button", name="Report", exact=False).click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    context = browser.new_context(viewport={"width": 390, "height": 844}, offline=True)
    report = context.new_page()
    asked, faults = [], []
    report.on("request", lambda request: asked.append(request.url))
    report.on("pageerror", lambda fault: faults.append(str(fault)))
    report.goto(path.as_uri())
    expect(report.locator(".plot-container").first).to_be_visible()
    expect(report.get_by_text("Strongest happy").first).to_be_visible()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert faults == []
    assert report.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_a_phone_shows_everything_without_scrolling_sideways(browser, server, talk):
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{server}/video")
    add(page, talk)
    assert has_no_sideways_overflow(page)
    start(page)
    expect(page.get_by_role("heading", name="Strongest moments")).to_be_visible(timeout=90_000)
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
    assert has_no_sideways_overflow(page)
    context.close()
