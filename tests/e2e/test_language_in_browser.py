"""The language in a real browser: it decides, the switch changes it, and files made on a click keep it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from fer_app.languages.fr import text, text_history, text_live, text_video
from tests.e2e.test_photo_in_browser import has_no_sideways_overflow


@pytest.fixture
def phone(browser: Browser, server: str):
    """A French visitor's phone."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="fr-FR")
    page = context.new_page()
    page.goto(server)
    yield page
    context.close()


def title(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", name=words, exact=True)).to_be_visible()


def test_every_screen_is_french_and_fits_a_phone(phone, server):
    title(phone, text.TITLE)
    for path, words in (("video", text_video.TITLE), ("live", text_live.TITLE), ("history", text_history.TITLE)):
        phone.goto(f"{server}/{path}")
        title(phone, words)
        expect(phone.get_by_role("radio", name="English")).to_be_visible()
        assert has_no_sideways_overflow(phone)


def test_the_switch_changes_the_page_and_what_it_says_of_its_language(phone):
    title(phone, text.TITLE)
    expect(phone.locator("html")).to_have_attribute("lang", "fr")
    phone.get_by_role("radio", name="English").click()
    title(phone, "Read the expressions in a photo")
    expect(phone.locator("html")).to_have_attribute("lang", "en")
    phone.get_by_role("radio", name="Français").click()
    title(phone, text.TITLE)
    expect(phone.locator("html")).to_have_attribute("lang", "fr")


def test_a_report_that_is_made_on_a_click_is_french(browser, server, tmp_path):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR", accept_downloads=True)
    page = context.new_page()
    page.goto(server)
    page.get_by_role("button", name=text.SAMPLE_TITLES["astronaut.jpg"]).click()
    expect(page.get_by_role("heading", name=text.looks_like("happy", 1.0, 0.4))).to_be_visible()
    page.get_by_role("link", name=text_history.HISTORY_PAGE).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=text_history.DOWNLOAD_HTML).click()
    download.value.save_as(tmp_path / "report.html")
    context.close()
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert '<html lang="fr">' in report
    assert text_history.REPORT_TITLE in report
