"""For people who do not see, or do not use a mouse: every screen as axe-core judges it, and a photo read by keyboard alone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.app.clips import clip
from tests.e2e.live import Visitor
from tests.e2e.test_photo_in_browser import looks
from tests.e2e.test_video_in_browser import analyse

GRAVE = {"serious", "critical"}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
FOCUSED = "name => document.activeElement.matches('button') && document.activeElement.innerText.includes(name)"


def grave_faults(page: Page) -> list[str]:
    """Return what axe-core finds wrong in a page and holds for serious or critical, a line for each place.

    A fault counts if it stays: what is about to be drawn anew is pale for a moment.
    """
    faults: list[str] = []
    for _ in range(5):
        found = Axe().run(page, options=RULES).response["violations"]
        faults = [
            f"{fault['id']}: {node['html'][:200]}" for fault in found if fault["impact"] in GRAVE for node in fault["nodes"]
        ]
        if not faults:
            break
        page.wait_for_timeout(1000)
    return faults


def drawn_to_its_foot(page: Page) -> None:
    """Wait for the last thing of every page: what is not drawn yet has no faults."""
    expect(page.get_by_role("radio", name="English")).to_be_visible()


def read_sample(page: Page) -> None:
    page.get_by_role("button", name="A portrait").click()
    expect(looks(page, "Looks happy")).to_be_visible()


SCREENS = {
    "": "Upload",
    "video": "Upload",
    "live": "I understand",
    "history": "Nothing here yet",
    "models": "Upload",
    "about": "Limits",
}


def test_no_empty_screen_has_a_grave_fault(context, server):
    page, faults = context.new_page(), {}
    for path, sight in SCREENS.items():
        page.goto(f"{server}/{path}")
        expect(page.get_by_text(sight).first).to_be_visible()
        drawn_to_its_foot(page)
        faults[path] = grave_faults(page)
    assert not any(faults.values()), faults


def test_a_photo_that_was_read_and_its_history_have_no_grave_fault(page):
    read_sample(page)
    assert grave_faults(page) == []
    page.get_by_role("link", name="History").click()
    expect(page.get_by_text("1 recording ")).to_be_visible()
    assert grave_faults(page) == []


def test_a_video_that_was_read_has_no_grave_fault(page, server, tmp_path):
    clip(tmp_path / "talk.mp4", seconds=3, empty_s=1)
    page.goto(f"{server}/video")
    analyse(page, tmp_path / "talk.mp4")
    assert grave_faults(page) == []


@pytest.mark.camera
def test_live_video_has_no_grave_fault(context, server):
    visitor = Visitor.arrive(context, server)
    visitor.start()
    visitor.sees_painted_frames()
    assert grave_faults(visitor.page) == []


def test_a_phone_has_no_grave_fault(browser: Browser, server: str):
    context: BrowserContext = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(server)
    read_sample(page)
    assert grave_faults(page) == []
    context.close()


def test_a_photo_is_read_by_keyboard_alone(page):
    expect(page.get_by_role("button", name="A portrait")).to_be_visible()
    tab_to(page, "A portrait")
    page.keyboard.press("Enter")
    expect(looks(page, "Looks happy")).to_be_visible()
    tab_to(page, "Delete")


def tab_to(page: Page, name: str) -> None:
    """Press the tab key until the button with this name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED, name):
            return
    raise AssertionError(f"60 presses of the tab key did not reach {name!r}")
