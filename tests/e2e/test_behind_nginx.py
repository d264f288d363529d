"""Two instances behind Debian's nginx with TLS and the shipped configuration; one of them is killed."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from fer_app import text_hosting
from tests.e2e.conftest import ROOT, SAMPLE, _wait_until_up, free_port
from tests.e2e.live import PATIENCE_MS, Visitor

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
COMMUNITY_CLOUD_MB = 690
pytestmark = [
    pytest.mark.camera,
    pytest.mark.timeout(400),
    pytest.mark.skipif(NGINX is None or shutil.which("openssl") is None, reason="no nginx or openssl here; install them"),
]


@dataclass
class Instance:
    """One server, and the port of its numbers."""

    process: subprocess.Popen[bytes]
    metrics: int
    log: Path

    def sessions(self) -> float:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics}/metrics", timeout=30) as answer:
            return float(re.search(r"^mien_sessions_open (\S+)", answer.read().decode(), re.M)[1])


@contextlib.contextmanager
def instance(folder: Path, port: int):
    metrics, log = free_port(), folder / f"{port}.log"
    command = [sys.executable, "-m", "streamlit", "run", "serve.py", f"--server.port={port}", "--server.headless=true"]
    settings = os.environ | {"MIEN_METRICS_PORT": str(metrics), "MIEN_LIVE_SEATS": "2", "MIEN_DRAIN_SECONDS": "300"}
    with (
        log.open("wb") as out,
        subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=settings) as process,
    ):
        try:
            _wait_until_up(f"http://localhost:{port}", process, log)
            yield Instance(process, metrics, log)
        finally:
            process.kill()


def configuration(folder: Path, ports: list[int], listen: int) -> Path:
    """The shipped file with this machine's ports and a certificate of its own."""
    key, certificate = folder / "key.pem", folder / "cert.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*make, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    site = (ROOT / "deploy" / "nginx" / "mien.conf").read_text(encoding="utf-8")
    one = "    server 127.0.0.1:8501 max_fails=1 fail_timeout=5s;\n"
    assert one in site
    site = site.replace(one, "".join(one.replace("8501", str(port)) for port in ports))
    site = site.replace("listen 443 ssl", f"listen 127.0.0.1:{listen} ssl").replace(
        "listen 80;", f"listen 127.0.0.1:{free_port()};"
    )
    site = re.sub(
        r"/etc/letsencrypt\S+/(fullchain|privkey).pem", lambda f: str(certificate if f[1] == "fullchain" else key), site
    )
    site = site.replace("mien.example.org", "localhost")
    temp = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    whole = (
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}} http {{ access_log off; {temp}\n{site}}}"
    )
    (folder / "nginx.conf").write_text(whole, encoding="utf-8")
    return folder / "nginx.conf"


@contextlib.contextmanager
def proxy(folder: Path, ports: list[int]):
    """Run nginx before servers; its address."""
    folder.chmod(0o755)  # its workers are somebody else
    listen = free_port()
    conf = configuration(folder, ports, listen)
    with subprocess.Popen([NGINX, "-c", conf, "-e", folder / "start.log"]) as nginx:
        try:
            yield f"https://localhost:{listen}"
        finally:
            nginx.terminate()


@pytest.fixture
def two(tmp_path):
    """The address of the proxy, and the two instances behind it."""
    ports = [free_port(), free_port()]
    with instance(tmp_path, ports[0]) as first, instance(tmp_path, ports[1]) as second, proxy(tmp_path, ports) as url:
        yield url, (first, second)


@pytest.fixture
def arrive(browser, two):
    """Lets visitors arrive; each says which instance it came to."""
    url, _ = two
    contexts = []

    def at(which: Instance) -> Page:
        for _ in range(16):
            before = which.sessions()
            contexts.append(browser.new_context(ignore_https_errors=True, viewport={"width": 1280, "height": 900}))
            page = contexts[-1].new_page()
            page.set_default_timeout(PATIENCE_MS)
            page.goto(url)
            page.get_by_role("button", name="I understand").click()
            expect(page.get_by_role("button", name="I understand")).to_have_count(0, timeout=PATIENCE_MS)
            if which.sessions() > before:
                return page
            contexts.pop().close()
        pytest.fail("16 visitors in a row came to the other instance")

    yield at
    for context in contexts:
        context.close()


def peak_mb(process: subprocess.Popen[bytes]) -> float:
    """The most memory that a process has held so far."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


def adds_a_photo(page: Page) -> None:
    page.locator('[data-testid="stFileUploader"]').locator("input").set_input_files(SAMPLE)
    expect(page.get_by_text("Looks happy").first).to_be_visible(timeout=PATIENCE_MS)


def goes_to(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def test_the_proxy_s_headers_protect_the_page_and_break_nothing(browser, server, tmp_path):
    port = int(server.rsplit(":", 1)[1])
    with proxy(tmp_path, [port]) as url, contextlib.closing(browser.new_context(ignore_https_errors=True)) as context:
        page = context.new_page()
        refused = []
        page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
        headers = page.goto(url).headers
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert headers["permissions-policy"].startswith("camera=(self), microphone=()")
        assert "max-age=31536000" in headers["strict-transport-security"]
        page.get_by_role("button", name="A portrait").click(timeout=PATIENCE_MS)
        expect(page.get_by_text("Looks happy").first).to_be_visible(timeout=PATIENCE_MS)
        expect(page.locator(".js-plotly-plot").first).to_be_visible(timeout=PATIENCE_MS)
        assert [text for text in refused if url in text] == []
        assert page.request.get(f"{url}/_stcore/metrics").status == 404


def test_when_an_instance_is_killed_its_visitors_are_told_and_begin_anew_and_the_others_notice_nothing(arrive, two):
    _, (first, second) = two
    loser, keeper = arrive(first), arrive(second)
    for page in (loser, keeper):
        adds_a_photo(page)
        goes_to(page, "History")
        expect(page.get_by_text("1 recording").first).to_be_visible(timeout=PATIENCE_MS)
    goes_to(keeper, "Live")
    viewer = Visitor(keeper)
    viewer.start()
    viewer.sees_painted_frames()

    first.process.kill()
    expect(loser.get_by_text(text_hosting.LOST_SESSION)).to_be_visible(timeout=PATIENCE_MS)
    goes_to(loser, "Photo")
    expect(loser.get_by_text("Looks happy")).to_have_count(0, timeout=PATIENCE_MS)
    adds_a_photo(loser)

    viewer.sees_frames_move_on()
    viewer.does_not_see(text_hosting.LOST_SESSION)
    assert peak_mb(second.process) < COMMUNITY_CLOUD_MB

    second.process.terminate()
    viewer.sees("This server restarts within")
    viewer.sees_frames_move_on()
    viewer.stop()
    assert second.process.wait(timeout=120) in (0, -signal.SIGTERM)
    lines = [json.loads(line) for line in second.log.read_text().splitlines() if line.startswith("{")]
    assert [line["event"] for line in lines][-1] == "server ends"
