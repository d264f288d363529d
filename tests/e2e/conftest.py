"""A real server in a process of its own, and Debian's Chromium with a camera made of a file."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from _pytest.runner import runtestprotocol
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.e2e.live import PATIENCE_MS

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "fer_app" / "samples" / "astronaut.jpg"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync "
    "--use-fake-ui-for-media-stream --use-fake-device-for-media-stream --autoplay-policy=no-user-gesture-required "
    "--allow-loopback-in-peer-connection"
)
START_S = 180
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.fspath).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.e2e)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium here; install it or name it by CHROMIUM"))


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Try a test of live video once more if it fails: camera, codec and network of a busy machine are no clockwork."""
    if item.get_closest_marker("camera") is None:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, nextitem=nextitem, log=False)
    if failed := [report for report in reports if report.failed]:
        reporter = item.config.pluginmanager.get_plugin("terminalreporter")
        reporter.write_line(f"\n{item.name} is tried once more after:\n{failed[0].longreprtext[-1500:]}")
        item._initrequest()  # fixtures anew
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


CAMERA_SHOWS = "() => document.querySelector('[data-testid=stCameraInput] video')?.readyState >= 2"


def take_snapshot(page: Page) -> None:
    """Press the camera's button once it shows a picture, as people do: a press before it does nothing."""
    page.wait_for_function(CAMERA_SHOWS)
    page.get_by_test_id("stCameraInputButton").click()


def upload(page: Page, *files: Path | dict[str, object]) -> None:
    """Choose files; while the page is redrawn the uploader before may still stand beside the new one."""
    chooser = page.get_by_test_id("stFileUploader").locator("input")
    expect(chooser).to_have_count(1, timeout=PATIENCE_MS)
    chooser.set_input_files(list(files))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _is_up(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while not _is_up(url):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.1)
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the server did not start:\n{log.read_text()[-4000:]}")


@contextlib.contextmanager
def running(launch: list[str], folder: Path, **settings: str) -> Iterator[str]:
    """Run the app, with settings in its environment; its output goes to a file, because a full pipe would stop it."""
    url = f"http://localhost:{(port := free_port())}"
    log = folder / "streamlit.log"
    command = [*launch, "run", "streamlit_app.py", f"--server.port={port}", "--server.headless=true"]
    environment = os.environ | {"MIEN_LIVE_SEATS": "8"} | settings  # however few a busy machine would give
    with (
        log.open("wb") as out,
        subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=environment) as process,
    ):
        try:
            _wait_until_up(url, process, log)
            yield url
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app as people start it."""
    with running([sys.executable, "-m", "streamlit"], tmp_path_factory.mktemp("server")) as url:
        yield url


@pytest.fixture(scope="session")
def camera_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of uncompressed video that shows the sample portrait: what the browser's camera sees.

    Few frames a second are enough here, and leave the machine to what is tested.
    """
    frame = np.full((480, 640, 3), 200, np.uint8)
    frame[:, 80:560] = np.asarray(Image.open(SAMPLE).resize((480, 480)).convert("RGB"))
    planes = cv2.cvtColor(frame, cv2.COLOR_RGB2YUV_I420).tobytes()
    path = tmp_path_factory.mktemp("camera") / "face.y4m"
    path.write_bytes(b"YUV4MPEG2 W640 H480 F8:1 Ip A1:1 C420\n" + (b"FRAME\n" + planes) * 8)
    return path


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@contextlib.contextmanager
def launched(playwright: Playwright, flags: list[str], camera_file: Path | None = None) -> Iterator[Browser]:
    """Start a browser whose camera shows a file, or a moving pattern."""
    args = [*flags, *([f"--use-file-for-fake-video-capture={camera_file}"] if camera_file else [])]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=args)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def browser(playwright: Playwright, camera_file: Path) -> Iterator[Browser]:
    with launched(playwright, FLAGS.split(), camera_file) as browser:
        yield browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, server: str) -> Page:
    """A visitor who has just arrived."""
    page = context.new_page()
    page.goto(server)
    return page
