"""What a visitor does with photos, in a real browser on a real server with the shipped model."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from fer_app.resources import has_ages
from fer_core import from_csv
from tests.e2e.conftest import SAMPLE, take_snapshot, upload

NO_CAMERA = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('denied', 'NotAllowedError'))"

HELD = r"""async ([kind, least, most]) => {
    for (const until = Date.now() + 30000; ; await new Promise(next => setTimeout(next, 500))) {
        const metrics = await (await fetch("/_stcore/metrics")).text();
        const found = metrics.match(new RegExp(`"${kind}",cache=""} (\\d+)`));
        const bytes = found ? Number(found[1]) : 0;
        if (least <= bytes && bytes <= most) return bytes;
        if (Date.now() > until) throw new Error(`${kind}: ${bytes} bytes, expected ${least} to ${most}`);
    }
}"""
MEDIA, UPLOADS = "st_memory_media_file_storage", "UploadedFileManager"


def held_bytes(page: Page, kind: str, *, least: int = 0, most: int = 10**12) -> int:
    """Wait until the server says that it holds so many bytes of a kind in memory; it counts every five seconds."""
    return page.evaluate(HELD, [kind, least, most])


def looks(page: Page, answer: str):
    return page.get_by_role("heading", name=answer)


def has_no_sideways_overflow(page: Page) -> bool:
    """Neither the document nor the part of it that scrolls, nor any picture, chart or card, reaches beyond the window."""
    expect(page.get_by_role("radio", name="English")).to_be_visible()  # at the foot of each page, so all else is drawn
    return page.evaluate("""() => {
        const scrolling = [document.scrollingElement, document.querySelector("[data-testid=stMain]")];
        const parts = [...document.querySelectorAll("[data-testid=stMain] :is(img, button, p, .js-plotly-plot)")];
        return scrolling.every(e => e.scrollWidth <= e.clientWidth)
            && parts.every(e => e.getBoundingClientRect().right <= window.innerWidth);
    }""")


@pytest.fixture
def phone(browser: Browser, server: str):
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(server)
    yield page
    context.close()


def test_an_uploaded_photo_is_framed_and_named_and_its_csv_reads_back(page, tmp_path):
    upload(page, SAMPLE)
    expect(looks(page, "Looks happy")).to_be_visible()
    expect(page.get_by_role("img", name="Your photo, with 1 face framed: Looks happy")).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart")).to_contain_text("happy")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=False).click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    timeline = from_csv(path.read_bytes())
    assert path.name == "astronaut.csv"
    assert len(timeline) == 1


@pytest.mark.skipif(not has_ages(), reason="no model of ages ships")
def test_a_face_s_card_says_how_old_it_looks_once_that_is_switched_on(page):
    said = page.get_by_text(re.compile("Looks .* years old · estimate: .*, off by .* on average"))
    page.get_by_role("button", name="A portrait").click()
    expect(looks(page, "Looks happy")).to_be_visible()
    expect(said).to_have_count(0)
    page.get_by_role("button", name="Settings").click()
    page.get_by_text("Estimate ages").click()
    expect(page.get_by_text("must not be used to admit or refuse people")).to_be_visible()
    page.keyboard.press("Escape")
    upload(page, SAMPLE)
    expect(looks(page, "Looks happy")).to_have_count(2)
    expect(said).to_have_count(1)


def test_the_downloaded_picture_is_the_framed_one(page, tmp_path):
    upload(page, SAMPLE)
    with page.expect_download() as download:
        page.get_by_role("button", name="Picture").click()
    download.value.save_as(tmp_path / "framed.jpg")
    framed, plain = (np.asarray(Image.open(p).convert("RGB"), int) for p in (tmp_path / "framed.jpg", SAMPLE))
    assert framed.shape == plain.shape
    assert (np.abs(framed - plain).max(axis=-1) > 60).mean() > 0.005


def test_a_bad_file_gets_one_sentence_and_the_good_one_comes_through(page):
    upload(
        page,
        {"name": "note <img src=x> **y** :smile:.jpg", "mimeType": "image/jpeg", "buffer": b"dear diary"},
        _as_upload(SAMPLE),
    )
    expect(looks(page, "Looks happy")).to_be_visible()
    expect(page.get_by_text("note <img src=x> **y** :smile:.jpg")).to_be_visible()
    expect(page.get_by_text("expected a photo")).to_have_count(1)


def _as_upload(path: Path) -> dict[str, object]:
    return {"name": path.name, "mimeType": "image/jpeg", "buffer": path.read_bytes()}


def test_the_camera_opens_only_after_the_notice_and_its_snapshot_is_read(page):
    page.get_by_role("button", name="Take a photo").click()
    expect(page.get_by_text("Please confirm the notice")).to_be_visible()
    expect(page.get_by_test_id("stCameraInput")).to_have_count(0)
    page.get_by_role("button", name="I understand").click()
    take_snapshot(page)
    expect(looks(page, "Looks happy")).to_be_visible()
    expect(page.get_by_test_id("stCameraInput")).to_have_count(0)


def test_a_denied_camera_gives_a_sentence(context: BrowserContext, server: str):
    context.add_init_script(NO_CAMERA)
    page = context.new_page()
    page.goto(server)
    page.get_by_role("button", name="I understand").click()
    page.get_by_role("button", name="Take a photo").click()
    expect(page.get_by_text("Your browser or device is blocking the camera")).to_be_visible()
    expect(page.get_by_role("button", name="Close the camera")).to_be_visible()


def test_results_stay_when_the_visitor_changes_screens_and_go_when_deleted(page):
    upload(page, SAMPLE)
    expect(looks(page, "Looks happy")).to_be_visible()
    page.get_by_role("link", name="About").click()
    expect(looks(page, "What Mien does")).to_be_visible()
    page.get_by_role("link", name="Photo").click()
    expect(looks(page, "Looks happy")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(looks(page, "Looks happy")).to_have_count(0)


def test_the_notice_is_confirmed_once_a_session(page):
    page.get_by_role("button", name="I understand").click()
    expect(page.get_by_text("Before you start")).to_have_count(0)
    page.get_by_role("link", name="About").click()
    expect(looks(page, "What Mien does")).to_be_visible()
    page.get_by_role("link", name="Photo").click()
    expect(page.get_by_test_id("stFileUploader")).to_be_visible()
    expect(page.get_by_text("Before you start")).to_have_count(0)


def test_a_phone_shows_everything_without_scrolling_sideways(phone):
    expect(phone.get_by_test_id("stFileUploader")).to_be_visible()
    assert has_no_sideways_overflow(phone)
    phone.get_by_role("button", name="One face, four ways").click()
    expect(looks(phone, re.compile("Looks|Not sure"))).to_have_count(4)
    assert has_no_sideways_overflow(phone)


def test_two_visitors_do_not_see_each_others_results(page, browser, server):
    upload(page, SAMPLE)
    expect(looks(page, "Looks happy")).to_be_visible()
    other_context = browser.new_context()
    other = other_context.new_page()
    other.goto(server)
    expect(other.get_by_text("Before you start")).to_be_visible()
    expect(looks(other, "Looks happy")).to_have_count(0)
    other_context.close()


def test_a_click_in_the_middle_of_a_batch_neither_loses_nor_doubles_a_photo(page):
    upload(page, *({**_as_upload(SAMPLE), "name": f"{number}.jpg"} for number in range(8)))
    page.get_by_role("button", name="I understand").click()
    expect(page.get_by_text("8 photos read, 8 faces found")).to_be_visible()
    expect(page.get_by_text("8 photos ·")).to_be_visible()


@pytest.fixture
def grainy(tmp_path: Path) -> Path:
    """The sample, large and with grain: more bytes than all other sessions of these tests hold together."""
    portrait = np.asarray(Image.open(SAMPLE).resize((1600, 1600)), int)
    grain = np.random.default_rng(7).normal(0, 20, portrait.shape)
    path = tmp_path / "grainy.jpg"
    Image.fromarray((portrait + grain).clip(0, 255).astype(np.uint8)).save(path, quality=90)
    return path


def test_uploaded_files_and_deleted_photos_leave_the_memory_of_the_server(page, grainy):
    expect(page.get_by_role("button", name="A portrait")).to_be_visible()
    before = held_bytes(page, MEDIA, least=1)
    upload(page, grainy)
    expect(page.get_by_text("grainy.jpg").first).to_be_visible()
    held_bytes(page, MEDIA, least=before + 300_000)
    held_bytes(page, UPLOADS, most=0)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Results")).to_have_count(0)
    held_bytes(page, MEDIA, most=before)


def test_the_page_asks_no_other_host_for_anything(context: BrowserContext, server: str):
    hosts: set[str] = set()
    page = context.new_page()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.goto(server)
    upload(page, SAMPLE)
    expect(looks(page, "Looks happy")).to_be_visible()
    assert hosts - {""} == {urlsplit(server).netloc}  # "" is data: and blob:, which ask nobody


def test_a_file_over_the_limit_is_refused_in_the_browser_and_gives_no_result(page, tmp_path):
    too_large = tmp_path / "large.jpg"
    with too_large.open("wb") as file:
        file.truncate(26 * 1024 * 1024)
    upload(page, too_large)
    expect(page.get_by_text(re.compile("25.*MB or smaller"))).to_be_visible()
    expect(page.get_by_role("heading", name="Results")).to_have_count(0)
