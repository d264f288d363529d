"""Workshop. A server of the app, and browsers that look at its live screen; what they saw, as numbers."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, Frame, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

_ROOT = Path(__file__).resolve().parents[2]
_WATCHER = Path(__file__).with_name("watcher.js")
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --use-fake-ui-for-media-stream --use-fake-device-for-media-stream "
    "--autoplay-policy=no-user-gesture-required --allow-loopback-in-peer-connection"
)
_PACE = re.compile(r"each takes (\d+) ms, 95 of 100 at most (\d+) ms · ([\d\s]+) analysed, ([\d\s]+) passed over")
_PATIENCE_MS = 60_000


@contextlib.contextmanager
def server(script: str = "streamlit_app.py", *flags: str, **settings: str) -> Iterator[tuple[str, psutil.Process]]:
    """Run the app as people start it, and yield its address and process.

    Args:
        script: what of it is started.
        flags: more of Streamlit's own.
        settings: more of its environment.

    Raises:
        RuntimeError: it did not start within a minute.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}", "--server.headless=true", *flags]
    # Enough places for all who are measured, however many this machine would give by itself.
    given = {
        "cwd": _ROOT,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        "env": os.environ | {"MIEN_LIVE_SEATS": "50"} | settings,
    }
    with subprocess.Popen(command, **given) as process:  # noqa: S603
        try:
            _wait(f"http://localhost:{port}/_stcore/health")
            yield f"http://localhost:{port}", psutil.Process(process.pid)
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
            process.kill()  # one that does not end must not hold up what is measured next


def _wait(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own server
            return
        time.sleep(0.2)
    raise RuntimeError("the server must answer within 60 s, got nothing; run `make run` and look at what it says")


@contextlib.contextmanager
def browser(camera: Path) -> Iterator[Browser]:
    """Run a Chromium whose camera shows a file.

    Raises:
        RuntimeError: there is no Chromium.
    """
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise RuntimeError("need Chromium, got none; install it or name it by CHROMIUM")
    with sync_playwright() as playwright:
        args = [*_FLAGS.split(), f"--use-file-for-fake-video-capture={camera}"]
        found = playwright.chromium.launch(executable_path=path, args=args)
        yield found
        found.close()


class Viewer:
    """One browser window at the live screen."""

    def __init__(self, chromium: Browser, url: str) -> None:
        self._context = chromium.new_context(viewport={"width": 1280, "height": 900})
        self._context.add_init_script(_WATCHER.read_text(encoding="utf-8"))
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(_PATIENCE_MS)
        self.page.goto(f"{url}/live")
        self.page.get_by_role("button", name="I understand").click()
        self._video.get_by_role("button", name="Start", exact=True).wait_for()

    @property
    def _video(self) -> Any:  # noqa: ANN401 - Playwright's locator of a frame
        return self.page.frame_locator("iframe[title*='webrtc']")

    @property
    def _frame(self) -> Frame:
        return next(frame for frame in self.page.frames if "webrtc" in frame.url)

    def start(self) -> float:
        """Press Start; return the seconds until the first painted frame was shown."""
        self._frame.evaluate("""() => {
            const start = [...document.querySelectorAll("button")].find((button) => button.textContent.trim() === "Start");
            window.mienWatch.clicked = performance.now();
            start.click();
        }""")
        self._frame.wait_for_function("() => window.mienWatch.first !== null", timeout=_PATIENCE_MS)
        return float(self._frame.evaluate("() => (window.mienWatch.first - window.mienWatch.clicked) / 1000"))

    def wait(self, seconds: float) -> None:
        """Wait, and take in meanwhile what the browser tells of all its pages.

        In a plain sleep nobody takes it in: after a minute of several pages their browser stands still.
        """
        self.page.wait_for_timeout(1000 * seconds)

    def look(self) -> dict[str, float]:
        """Return what was shown since the last look: different painted frames a second, and the delay's median and p95."""
        seen = self._frame.evaluate("""() => {
            const { looks, delays } = window.mienWatch;
            const answer = { looks: [...looks], delays: [...delays] };
            looks.length = delays.length = 0;
            return answer;
        }""")
        delays = sorted(seen["delays"])
        p95 = delays[int(0.95 * (len(delays) - 1))] if delays else float("nan")
        median = statistics.median(delays) if delays else float("nan")
        return {"fps": _rate_hz(seen["looks"]), "latency_ms": median, "latency_p95_ms": p95}

    def said(self) -> dict[str, float]:
        """Return what the screen says about itself: the callback's median and p95, frames analysed and dropped; or nothing."""
        try:
            found = _PACE.search(self.page.get_by_text("each takes").first.inner_text())
        except PlaywrightError:
            return {}
        if found is None:
            return {}
        numbers = [float(re.sub(r"\s", "", part)) for part in found.groups()]
        return dict(zip(("callback_p50_ms", "callback_p95_ms", "analysed", "dropped"), numbers, strict=True))

    def stop(self) -> None:
        """Press Stop and leave; what was measured stands, whatever the browser makes of it."""
        with contextlib.suppress(PlaywrightError):
            self._video.get_by_role("button", name="Stop", exact=True).click(timeout=_PATIENCE_MS / 4)
        with contextlib.suppress(PlaywrightError):
            self._context.close()


def _rate_hz(looks: list[tuple[float, int, bool]]) -> float:
    """Return the new painted frames a second: all that were shown, times the share of new ones among those looked at.

    Args:
        looks: time in ms, frames shown until then, whether this one was a new painted one; for each frame looked at.
    """
    if len(looks) < 2:
        return 0.0
    (first_ms, shown_before, _), (last_ms, shown, _) = looks[0], looks[-1]
    share = statistics.fmean(is_new for _, _, is_new in looks[1:])
    return 1000 * share * (shown - shown_before) / (last_ms - first_ms)


def cpu_share(process: psutil.Process, seconds: float, viewer: Viewer) -> float:
    """Return how much of one core a process used over some seconds that a viewer waits, in percent."""
    before = process.cpu_times()
    began = time.perf_counter()
    viewer.wait(seconds)
    after = process.cpu_times()
    spent = after.user + after.system - before.user - before.system
    return 100 * spent / (time.perf_counter() - began)


def memory_mb(process: psutil.Process) -> float:
    """Return the resident memory of a process in MB."""
    return process.memory_info().rss / 2**20
