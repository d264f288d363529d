"""Live video in a real browser with a camera made of a file, and everything that may go wrong with it."""

from __future__ import annotations

import contextlib
import re
import sys

import pytest
from playwright.sync_api import expect

from fer_app import text, text_ages, text_live
from fer_app.live.pace import LEAST_FPS
from fer_core import from_csv, from_json
from tests.e2e.conftest import FLAGS, ROOT, free_port, launched, running, take_snapshot
from tests.e2e.live import PATIENCE_MS, RECORD_TRACKS, Lab, Visitor, process_of, until

pytestmark = [pytest.mark.camera, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    port = free_port()
    launch = [sys.executable, str(ROOT / "tests" / "e2e" / "lab.py")]
    with running(launch, tmp_path_factory.mktemp("lab"), LAB_PORT=str(port)) as url:
        yield Lab(url, f"http://127.0.0.1:{port}")


@pytest.fixture
def context(browser, lab):
    lab.ask("patient")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    context.add_init_script(RECORD_TRACKS)
    yield context
    context.close()
    lab.ask("kill")  # what a closed tab leaves goes by itself, within half a minute
    lab.threads_go()


@pytest.fixture
def visitor(context, lab):
    return Visitor.arrive(context, lab.url)


@pytest.fixture
def watching(visitor):
    """A visitor whose video runs."""
    visitor.start()
    visitor.sees_painted_frames()
    return visitor


def refusing(name):
    return f"navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', '{name}'))"


def test_a_visitor_starts_sees_faces_framed_stops_and_takes_the_session_home(watching, lab, tmp_path):
    watching.sees(text_live.visible(1))
    expect(watching.page.get_by_test_id("stPlotlyChart")).to_be_visible(timeout=PATIENCE_MS)
    watching.sees_frames_move_on()
    watching.stop()
    watching.sees(text_live.SESSION)
    watching.sees(text_live.SHARES)
    for button, read in (("CSV", from_csv), ("JSON", from_json)):
        with watching.page.expect_download() as download:
            watching.page.get_by_role("button", name=button).click()
        download.value.save_as(path := tmp_path / download.value.suggested_filename)
        assert len(read(path.read_bytes())) >= 1
    lab.threads_go()
    assert watching.camera_is_free()


def test_ages_are_shown_beside_the_video_once_asked_for_and_go_when_switched_off(watching):
    said = watching.page.get_by_text(re.compile(r"looks \d+-\d+ years old \(estimate\)"))
    watching.sees(text_live.visible(1))
    expect(said).to_have_count(0)
    for asked in (True, False):
        watching.page.get_by_role("button", name=text.SETTINGS).click()
        watching.page.get_by_text(text_ages.TOGGLE).click()
        watching.page.keyboard.press("Escape")
        expect(said).to_have_count(int(asked), timeout=PATIENCE_MS)
    watching.sees_frames_move_on()  # the same video all the while


def test_a_camera_that_does_not_open_gives_one_sentence_and_photos_take_over(context, lab):
    error, name = "NotAllowedError", "denied"  # the sentences of others: tests/app/test_live_screen.py
    context.add_init_script(refusing(error))
    visitor = Visitor.arrive(context, lab.url)
    visitor.start()
    visitor.sees(text_live.TROUBLE[name])
    visitor.sees(text_live.PHOTO_NOTE)
    expect(visitor.page.get_by_test_id("stCameraInput")).to_have_count(0)
    expect(visitor.page.get_by_text(error)).to_have_count(0)
    assert not lab.stream_threads()


def test_a_page_without_https_says_so_before_anyone_presses_start(context, lab):
    context.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    visitor = Visitor.arrive(context, lab.url)
    visitor.sees(text_live.TROUBLE["insecure"])


def test_a_connection_that_does_not_come_about_gives_way_to_photos_and_frees_the_camera(context, lab):
    lab.ask("hurry")
    context.add_init_script("RTCPeerConnection.prototype.setRemoteDescription = () => new Promise(() => {})")
    visitor = Visitor.arrive(context, lab.url)
    visitor.start()
    visitor.sees(text_live.TROUBLE["slow"])
    until(visitor.camera_is_free, "the camera is still in use")
    lab.threads_go()


def test_a_snapshot_is_read_where_the_video_is_off(visitor):
    visitor.page.get_by_role("button", name=text_live.PREFER_SNAPSHOT).click()
    take_snapshot(visitor.page)
    expect(visitor.page.get_by_role("heading", name="Looks happy")).to_be_visible(timeout=PATIENCE_MS)
    visitor.page.get_by_role("button", name=text_live.TRY_AGAIN).click()
    visitor.start()
    visitor.sees_painted_frames()


@pytest.fixture
def three_cameras(playwright):
    """A browser with cameras that show a pattern without a face, for a file is one camera only; the second measures depth."""
    flags = FLAGS.replace("fake-device-for-media-stream", "fake-device-for-media-stream=device-count=3")
    with launched(playwright, flags.split()) as browser:
        yield browser


def test_another_camera_can_be_chosen_and_is_the_one_that_starts(three_cameras, lab):
    lab.ask("patient")
    with contextlib.closing(three_cameras.new_context(viewport={"width": 1280, "height": 900})) as context:
        context.add_init_script(RECORD_TRACKS)
        visitor = Visitor.arrive(context, lab.url)
        cameras = visitor.choose_camera(2)
        assert len(set(cameras)) == 3
        visitor.asks_for_a_camera_in_vain({"deviceId": {"exact": "one that was there last time"}})
        visitor.start()
        visitor.sees(text_live.NOBODY)
        visitor.sees_frames_move_on()
        visitor.asks_for_a_camera_in_vain({"width": {"exact": 99_999}})
        visitor.sees_frames_move_on()
        visitor.does_not_see(text_live.TROUBLE["missing"])
        assert visitor.page.evaluate("() => window.videoTracks.at(-1).label") == cameras[2]
        visitor.stop()
        visitor.sees(text_live.SESSION)


@pytest.mark.parametrize("fault", ["burst", "corrupt"])
def test_frames_that_cannot_be_analysed_are_one_sentence_and_the_video_goes_on(watching, lab, fault):
    lab.ask(fault)
    watching.sees(text_live.FAULTY)
    watching.sees_frames_move_on()
    watching.sees_painted_frames()
    lab.ask("brisk")
    expect(watching.page.get_by_text(text_live.FAULTY)).to_have_count(0, timeout=PATIENCE_MS)


def test_a_change_of_resolution_in_mid_stream_is_no_fault(watching):
    width = watching.video.evaluate("video => video.videoWidth")
    watching.video.evaluate("() => window.tracks[0].applyConstraints({ width: 320, height: 240 })")
    until(lambda: 0 < watching.video.evaluate("video => video.videoWidth") < width, "the size did not change")
    watching.sees_painted_frames()
    watching.does_not_see(text_live.FAULTY)


def test_a_tab_that_sleeps_and_wakes_goes_on(watching):
    session = watching.page.context.new_cdp_session(watching.page)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    session.send("Page.setWebLifecycleState", {"state": "active"})
    watching.sees_frames_move_on()
    watching.sees_painted_frames()


def test_a_server_that_stands_still_for_a_moment_goes_on_with_the_same_video(watching, lab):
    watching.page.evaluate("() => { window.seen = []; }")
    watching.video.evaluate("""() => window.peers.at(-1).addEventListener(
        "iceconnectionstatechange", ({ target }) => window.top.seen.push(target.iceConnectionState))""")
    with lab.standing_still():
        missed = "() => window.seen.includes('disconnected')"
        until(lambda: watching.page.evaluate(missed), "the browser missed nothing", within_s=30)
    watching.sees_frames_move_on()
    watching.does_not_see(text_live.SESSION)


def test_a_closed_tab_frees_the_threads(watching, lab):
    assert lab.stream_threads()
    lab.ask("brisk")
    watching.page.close()
    lab.threads_go(within_s=150)


def test_a_page_change_ends_the_video_and_the_way_back_keeps_the_session(watching, lab):
    watching.page.get_by_role("link", name="About").click()
    expect(watching.page.get_by_role("heading", name="What Mien does")).to_be_visible(timeout=PATIENCE_MS)
    lab.threads_go()
    watching.page.get_by_role("link", name="Live").click()
    watching.sees(text_live.SESSION)
    watching.does_not_see(text_live.LOST)
    watching.start()
    watching.sees_painted_frames()


def test_stop_within_the_first_second_leaves_nothing_behind_and_start_works_again(visitor, lab):
    visitor.start()
    visitor.stop()
    lab.threads_go()
    until(visitor.camera_is_free, "the camera is still in use")
    visitor.start()
    visitor.sees_painted_frames()


def test_two_tabs_of_one_visitor_have_two_videos_and_stopping_one_leaves_the_other(watching, context, lab):
    second = Visitor.arrive(context, lab.url)
    second.start()
    second.sees_painted_frames()
    second.stop()
    second.sees(text_live.SESSION)
    watching.page.bring_to_front()
    watching.sees_frames_move_on()
    watching.does_not_see(text_live.SESSION)


def test_a_killed_worker_is_one_sentence_and_start_works_again(watching, lab):
    lab.ask("kill")
    either = watching.page.get_by_text(text_live.IDLE).or_(watching.page.get_by_text(text_live.LOST))
    expect(either.first).to_be_visible(timeout=PATIENCE_MS)
    expect(watching.frame.get_by_role("button", name="Start", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    lab.threads_go()
    watching.start()
    watching.sees_painted_frames()


def test_a_server_that_is_too_slow_asks_the_browser_for_less_and_later_for_more(watching, lab):
    lab.ask("slow")
    until(lambda: watching.most_sent_fps() == LEAST_FPS, "the browser goes on sending frames that are passed over")
    lab.ask("quick")
    until(lambda: watching.most_sent_fps() > LEAST_FPS, "the browser is not asked for more again")
    watching.sees_frames_move_on()


def test_the_server_takes_every_packet_that_waits_in_one_turn(lab):
    """Streamlit runs on uvloop where it is there; asyncio takes one a turn, and a busy machine falls behind for seconds."""
    assert any("uvloop" in part.path for part in process_of(lab.url).memory_maps())
