"""Debian's nginx with TLS and the shipped configuration before a server, and a real browser before both."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from fer_app import text_live
from fer_app.text_hosting import LOST_SESSION
from tests.e2e.conftest import ROOT, SAMPLE, free_port, running, upload
from tests.e2e.live import PATIENCE_MS, Visitor, process_of

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = [
    pytest.mark.timeout(240),
    pytest.mark.skipif(NGINX is None or shutil.which("openssl") is None, reason="no nginx or openssl here; install them"),
]


def configuration(folder: Path, ports: list[int], listen: int) -> Path:
    """The shipped file with this machine's ports and a certificate of its own."""
    key, certificate = folder / "key.pem", folder / "cert.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*make, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    site = (ROOT / "deploy" / "nginx" / "mien.conf").read_text(encoding="utf-8")
    one = "    server 127.0.0.1:8501 max_fails=3 fail_timeout=5s;\n"
    assert one in site
    site = site.replace(one, "".join(one.replace("8501", str(port)) for port in ports))
    site = site.replace("listen 443 ssl", f"listen 127.0.0.1:{listen} ssl").replace(
        "listen 80;", f"listen 127.0.0.1:{free_port()};"
    )
    site = re.sub(
        r"/etc/letsencrypt\S+/(fullchain|privkey).pem", lambda f: str(certificate if f[1] == "fullchain" else key), site
    )
    site = site.replace("mien.example.org", "localhost").replace("/var/www/html", str(folder / "www"))
    temp = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root; " if os.geteuid() == 0 else ""  # whose workers may look into the folder of a test
    main = f"{user}daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}}"
    whole = f"{main} http {{ access_log off; {temp}\n{site}}}"
    (folder / "nginx.conf").write_text(whole, encoding="utf-8")
    return folder / "nginx.conf"


def wait_for_port(port: int) -> None:
    """Wait until somebody listens; what starts is measured against this, and no longer."""
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    pytest.fail(f"nobody listens at port {port}")


@contextlib.contextmanager
def proxy(folder: Path, ports: list[int]):
    """Run nginx before servers; its address."""
    folder.chmod(0o755)  # its workers are somebody else
    listen = free_port()
    conf = configuration(folder, ports, listen)
    with subprocess.Popen([NGINX, "-c", conf, "-e", folder / "start.log"]) as nginx:
        try:
            wait_for_port(listen)
            yield f"https://localhost:{listen}"
        finally:
            nginx.terminate()


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
        upload(page, SAMPLE)
        expect(page.get_by_text("Looks happy").first).to_be_visible(timeout=PATIENCE_MS)
        expect(page.locator(".js-plotly-plot").first).to_be_visible(timeout=PATIENCE_MS)
        assert [text for text in refused if url in text] == []
        assert page.request.get(f"{url}/_stcore/metrics").status == 404


def test_a_certificate_can_be_renewed_while_all_else_goes_to_https(server, tmp_path):
    (tmp_path / "www" / ".well-known" / "acme-challenge").mkdir(parents=True)
    (tmp_path / "www" / ".well-known" / "acme-challenge" / "token").write_text("answer")
    with proxy(tmp_path, [int(server.rsplit(":", 1)[1])]):
        plain = re.search(r"listen 127\.0\.0\.1:(\d+);", (tmp_path / "nginx.conf").read_text())[1]
        ask = http.client.HTTPConnection("127.0.0.1", int(plain), timeout=10)
        answers = []
        for path in ("/.well-known/acme-challenge/token", "/photo"):
            ask.request("GET", path)
            came = ask.getresponse()
            answers.append((came.status, came.read() if came.status == 200 else came.headers["Location"]))
        ask.close()
    assert answers == [(200, b"answer"), (301, "https://127.0.0.1/photo")]


def visitors_of(url: str) -> int:
    """How many pages are open at an instance: each is one lasting connection, which the proxy holds."""
    port = int(url.rsplit(":", 1)[1])
    return sum(link.status == "ESTABLISHED" and link.laddr.port == port for link in process_of(url).net_connections("tcp"))


def came_to(browser: Browser, url: str, instance: str, stack: contextlib.ExitStack) -> BrowserContext:
    """A visitor whom the proxy sends to an instance; it chooses by a cookie of its own, so some come before one does."""
    for _ in range(20):
        context = stack.enter_context(contextlib.closing(browser.new_context(ignore_https_errors=True)))
        before, page = visitors_of(instance), context.new_page()
        page.goto(url)
        expect(page.get_by_test_id("stFileUploader")).to_be_visible(timeout=PATIENCE_MS)
        if visitors_of(instance) > before:
            return context
        context.close()
    pytest.fail(f"twenty visitors came, none of them to {instance}")


def reads_a_photo(page: Page) -> None:
    upload(page, SAMPLE)
    expect(page.get_by_role("heading", name="Looks happy").first).to_be_visible(timeout=PATIENCE_MS)


def finds_it_in_the_history(page: Page) -> None:
    page.get_by_role("link", name="History").click()
    expect(page.get_by_text("1 recording ")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".js-plotly-plot").first).to_be_visible(timeout=PATIENCE_MS)


@pytest.mark.camera
def test_one_of_two_instances_dies_and_only_its_visitors_notice(browser, tmp_path):
    launch = [sys.executable, "-m", "streamlit"]
    with contextlib.ExitStack() as stack:
        folders = [tmp_path / name for name in ("doomed", "other", "proxy")]
        for folder in folders:
            folder.mkdir()
        doomed, other = (stack.enter_context(running(launch, folder)) for folder in folders[:2])
        ports = [int(each.rsplit(":", 1)[1]) for each in (doomed, other)]
        tmp_path.chmod(0o755)
        url = stack.enter_context(proxy(folders[2], ports))
        unlucky, lucky = (came_to(browser, url, each, stack).pages[0] for each in (doomed, other))
        for page in (unlucky, lucky):
            reads_a_photo(page)
            finds_it_in_the_history(page)
        watcher = Visitor.arrive(lucky.context, url)  # of the same browser, so of the same instance
        watcher.start()
        watcher.sees_painted_frames()
        process_of(doomed).kill()
        watcher.sees_frames_move_on()
        unlucky.get_by_role("link", name="Photo").click()  # a page stands as it was until its visitor does something
        expect(unlucky.get_by_text(LOST_SESSION)).to_be_visible(timeout=PATIENCE_MS)
        reads_a_photo(unlucky)
        finds_it_in_the_history(unlucky)
        watcher.sees_frames_move_on()
        watcher.stop()
        watcher.sees(text_live.SESSION)
        lucky.bring_to_front()
        lucky.get_by_role("link", name="Photo").click()
        expect(lucky.get_by_role("heading", name="Looks happy").first).to_be_visible(timeout=PATIENCE_MS)
        expect(lucky.get_by_text(LOST_SESSION)).to_have_count(0)
