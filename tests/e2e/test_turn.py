"""Video through a TURN server: coturn on loopback, and a browser whose UDP is blocked."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from fer_app import text, text_hosting, text_live, text_operator
from fer_app.live.ice import own_servers
from fer_app.live.turn_check import ask_all
from tests.e2e.conftest import CHROMIUM, FLAGS, free_port, running
from tests.e2e.live import PATIENCE_MS, RECORD_TRACKS, Visitor, until

TURNSERVER = shutil.which("turnserver")
SECRET = "loopback"
TOKEN = "a token of the operator"
pytestmark = [
    pytest.mark.camera,
    pytest.mark.timeout(400),
    pytest.mark.skipif(TURNSERVER is None, reason="no coturn here; install it"),
]
# The pair of candidates in use: what kind ours is, and by which protocol it reaches its relay.
PAIR_IN_USE = """async () => {
    for (const peer of window.peers || []) {
        const stats = await peer.getStats();
        const reports = [...stats.values()];
        const transport = reports.find(report => report.type === "transport" && report.selectedCandidatePairId);
        if (!transport) continue;
        const pair = stats.get(transport.selectedCandidatePairId);
        const ours = stats.get(pair.localCandidateId);
        return [ours.candidateType, ours.relayProtocol, pair.bytesReceived > 0];
    }
    return null;
}"""


def pair_in_use(visitor):
    return visitor.video.evaluate(PAIR_IN_USE)


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def turn(tmp_path_factory):
    """Coturn on loopback, over TCP alone; its address."""
    port, log = free_port(), tmp_path_factory.mktemp("turn") / "coturn.log"
    flags = f"-n --no-cli --no-tls --no-dtls --no-udp --use-auth-secret --static-auth-secret={SECRET} --realm=mien"
    flags += f" --allow-loopback-peers --listening-ip=127.0.0.1 --listening-port={port} --relay-ip=127.0.0.2"
    flags += f" --log-file={log} --simple-log --pidfile={log}.pid"
    with (
        log.with_suffix(".out").open("wb") as out,
        subprocess.Popen([TURNSERVER, *flags.split()], stdout=out, stderr=out) as process,
    ):
        until(lambda: is_listening(port), "coturn did not start", within_s=30)
        yield f"turn:127.0.0.1:{port}?transport=tcp"
        process.terminate()


@pytest.fixture(scope="module")
def url(turn, tmp_path_factory):
    folder = tmp_path_factory.mktemp("behind")
    settings = {"MIEN_TURN_URLS": turn, "MIEN_TURN_SECRET": SECRET, "MIEN_OPERATOR_TOKEN": TOKEN}
    with running([sys.executable, "-m", "streamlit"], folder, **settings) as url:
        yield url


@pytest.fixture
def walled(playwright, camera_file, tmp_path):
    """A visitor's browser that may use no UDP at all, as behind many firewalls: Chromium's own setting for that."""
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text('{"webrtc": {"ip_handling_policy": "disable_non_proxied_udp"}}')
    flags = [*FLAGS.split(), f"--use-file-for-fake-video-capture={camera_file}"]
    size = {"width": 1280, "height": 900}
    context = playwright.chromium.launch_persistent_context(tmp_path, executable_path=CHROMIUM, args=flags, viewport=size)
    context.add_init_script(RECORD_TRACKS)
    yield context
    context.close()


def test_with_udp_blocked_painted_frames_arrive_through_the_relay(walled, url):
    visitor = Visitor.arrive(walled, url)
    visitor.start()
    visitor.sees_painted_frames()
    visitor.sees_frames_move_on()
    # The browser may just have changed to another pair of candidates, through which nothing has come yet.
    until(lambda: pair_in_use(visitor) == ["relay", "tcp", True], lambda: f"the pair in use is {pair_in_use(visitor)}")
    visitor.stop()
    visitor.sees(text_live.SESSION)


def test_with_udp_blocked_and_no_relay_the_visitor_is_told_and_takes_photos(walled, server):
    visitor = Visitor.arrive(walled, server)
    visitor.start()
    visitor.sees(text_live.TROUBLE["slow"])
    expect(visitor.page.get_by_test_id("stCameraInput")).to_have_count(0)
    visitor.page.get_by_role("button", name=text.CAMERA_OPEN).click()
    expect(visitor.page.get_by_test_id("stCameraInput")).to_be_visible(timeout=PATIENCE_MS)


def test_the_operator_s_check_gets_relays_from_the_server_and_from_the_browser(walled, url):
    page = walled.new_page()
    page.goto(f"{url}/operator")
    page.get_by_label(text_hosting.ASK).fill(TOKEN, timeout=PATIENCE_MS)
    page.get_by_role("button", name=text_hosting.OPEN).click()
    page.get_by_role("button", name=text_operator.CHECK).click(timeout=PATIENCE_MS)
    expect(page.get_by_text(text_operator.ALL_WORK)).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text(text_operator.browser_relays(["tcp"]))).to_be_visible(timeout=PATIENCE_MS)


def test_the_check_tells_a_wrong_secret_and_a_closed_port_from_a_relay(turn):
    def ask(url, secret):
        servers = own_servers({"MIEN_TURN_URLS": url, "MIEN_TURN_SECRET": secret}, now_s=time.time())
        with ThreadPoolExecutor(1) as elsewhere:  # Playwright's event loop runs in this thread
            [answer] = elsewhere.submit(ask_all, servers).result()
        return answer

    good, wrong = ask(turn, SECRET), ask(turn, "wrong")
    nobody = ask(f"turn:127.0.0.1:{free_port()}?transport=tcp", SECRET)
    silent = ask(f"turn:127.0.0.1:{free_port()}?transport=udp", SECRET)
    assert good.works
    assert good.said.startswith("127.0.0.2:")
    assert (wrong.works, "401" in wrong.said) == (False, True)
    assert (nobody.works, nobody.said.startswith("cannot be reached")) == (False, True)
    assert not silent.works
