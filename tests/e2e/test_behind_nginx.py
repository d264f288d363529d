"""Debian's nginx with TLS and the shipped configuration before a server, and a real browser before both."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import ROOT, SAMPLE, free_port, upload
from tests.e2e.live import PATIENCE_MS

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
