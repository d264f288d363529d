"""The report of a model as a browser without a network shows it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from fer_core import ModelCard
from fer_core.labels import FER2013
from fer_train.data import FaceTable
from fer_train.report_page import render
from tests.evaluations import make_evaluation

CARD = ModelCard(name="imagined", labels=FER2013, sha256={}, limits=("It does not exist.",))


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    """The report of a model that does not exist."""
    images = np.random.default_rng(0).integers(0, 256, (1, 48, 48), dtype=np.uint8)
    none = np.zeros(1, int)
    table = FaceTable(images, none, np.zeros((1, 10), int), np.array(["PrivateTest"]), none == 0, np.array([1]))
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(make_evaluation(), CARD, table), encoding="utf-8")
    return path


@pytest.fixture(params=["light", "dark"])
def offline(request, browser: Browser, report: Path):
    """A phone without a network that shows the report, and what the page complained about."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=request.param, offline=True)
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(report.as_uri())
    yield page, faults
    context.close()


def test_every_chart_is_drawn_offline_and_fits_a_phone(offline: tuple[Page, list[str]]):
    page, faults = offline
    expect(page.locator(".chart .main-svg >> nth=0")).to_be_visible()
    assert page.locator(".chart").count() == page.locator(".chart .plot-container").count() > 8
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.querySelector('.face img').naturalWidth") == 48
    assert faults == []


def test_letters_in_charts_take_the_colour_of_the_page(offline: tuple[Page, list[str]]):
    page, _ = offline
    expect(page.locator(".ytick text").first).to_be_visible()
    inks = page.evaluate(
        "[getComputedStyle(document.querySelector('.ytick text')).fill, getComputedStyle(document.body).color]",
    )
    assert inks[0] == inks[1]
