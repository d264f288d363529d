"""Limits, places, quotas, the end of a server, numbers and logs: the parts, without a page."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import psutil
import pytest

from fer_app import resources
from fer_app.film.plan import check_length, check_size
from fer_app.hosting import events
from fer_app.hosting.drain import Drain
from fer_app.hosting.limits import FIELDS, NAMES, Limits, read_limits, read_token
from fer_app.hosting.metrics import HOST, Metrics, memory_mb
from fer_app.hosting.process import drain_on_term
from fer_app.hosting.quota import Quota
from fer_app.hosting.seats import GONE_S, OFFER_S, Seats
from fer_app.hosting.service import Service
from fer_app.live import capacity
from fer_app.live.ice import SettingsError
from fer_core import MediaError, ModelError, VideoInfo

ROOT = Path(__file__).resolve().parents[2]
HOSTING = (ROOT / "docs" / "HOSTING.md").read_text(encoding="utf-8")


def test_settings_become_limits_and_none_leaves_the_defaults():
    assert read_limits({}) == (Limits(), ())
    limits, problems = read_limits({"MIEN_FACES": "30", "MIEN_LIVE_SEATS": "auto", "SOMETHING": "else"})
    assert (limits.faces, limits.live_seats, problems) == (30, 0, ())


@pytest.mark.parametrize("said", ["many", "-1", "0", "1e3", "99999999999", "٣", "2.5"])
def test_a_setting_that_cannot_be_used_is_named_and_leaves_its_default(said):
    limits, problems = read_limits({"MIEN_FACES": said, "MIEN_PHOTO_MB": "5"})
    assert (limits.faces, limits.photo_mb) == (Limits().faces, 5)
    assert len(problems) == 1
    assert problems[0].startswith("MIEN_FACES must be a whole number from 1 to 1000, got")


def test_every_limit_has_a_setting_and_its_default_stands_in_the_document():
    assert {field for field, _, _ in FIELDS.values()} == {field.name for field in fields(Limits)}
    for name, (field, _, _) in FIELDS.items():
        default = getattr(Limits(), field) or {"live_seats": "measured", "metrics_port": "off"}[field]
        assert f"| `{name}` | {default} |" in HOSTING
    assert all(f"`{name}`" in HOSTING for name in NAMES)


def test_a_token_that_could_be_guessed_is_refused_and_none_is_no_token():
    assert read_token({}) == ""
    assert read_token({"MIEN_OPERATOR_TOKEN": "x" * 16}) == "x" * 16
    with pytest.raises(SettingsError, match="16 characters or more, got 5"):
        read_token({"MIEN_OPERATOR_TOKEN": "hello"})


def test_the_next_visitor_waits_with_a_number_and_gets_the_place_that_is_left():
    seats = Seats(1)
    assert seats.sit("a", 0.0)
    assert [seats.number(who, 1.0) for who in "bc"] == [1, 2]
    assert not seats.sit("c", 2.0)
    seats.leave("a")
    assert [seats.number(who, 3.0) for who in "cb"] == [1, 0]
    assert seats.offered_s("b", 4.0) == OFFER_S - 1
    assert seats.offered_s("c", 4.0) == 0
    assert seats.sit("b", 4.0)
    assert seats.taken(5.0) == (1, 1)


def test_who_waits_in_another_tab_is_heard_of_once_a_minute_and_stays_in_line():
    seats = Seats(1)
    seats.sit("a", 0.0)
    for now_s in range(0, 300, 5):
        seats.stay("a", float(now_s))
        assert seats.number("often", float(now_s)) > 0
        if now_s % 60 == 0:
            assert seats.number("hidden", float(now_s)) == 2
    assert seats.taken(300.0) == (1, 2)
    assert seats.taken(400.0)[1] == 0


def test_who_has_closed_the_page_holds_up_nobody():
    seats = Seats(1)
    seats.sit("a", 0.0)
    assert [seats.number(who, 1.0) for who in "bcd"] == [1, 2, 3]
    seats.leave("a")
    assert seats.number("b", 2.0) == 0
    seats.keep({"d"}, 2.0 + GONE_S - 2)
    assert seats.number("d", 2.0 + GONE_S - 1) == 2, "a phone that was locked for a moment keeps its place"
    seats.keep({"d"}, 3.0 + GONE_S)
    assert seats.number("d", 3.0 + GONE_S) == 0
    assert seats.taken(3.0 + GONE_S) == (0, 0)


def test_who_comes_back_by_another_page_does_not_wait_long_behind_the_video_of_the_one_before():
    seats = Seats(1)
    seats.sit("closed", 0.0)
    assert seats.number("reloaded", 1.0) == 1
    seats.keep({"reloaded"}, 5.0)
    assert seats.number("reloaded", 5.0) == 1
    seats.keep({"reloaded"}, 1.0 + GONE_S)
    assert seats.number("reloaded", 1.0 + GONE_S) == 0
    seats.stay("open", 0.0)
    seats.keep({"open", "reloaded"}, 2.0 + GONE_S)
    assert seats.taken(2.0 + GONE_S)[0] == 1, "a page that is only slow keeps its place"


def test_an_offer_that_is_over_is_nobody_s():
    seats = Seats(1)
    seats.sit("a", 0.0)
    seats.number("b", 1.0)
    seats.leave("a")
    assert seats.number("b", 2.0) == 0
    assert seats.offered_s("b", 2.0 + OFFER_S + 1) == 0
    assert seats.sit("c", 2.0 + OFFER_S + 1)


class Hesitating:
    """A lock whose holder pauses after it is let go, so that others come in between."""

    def __init__(self):
        self._lock = threading.Lock()

    def __enter__(self):
        self._lock.acquire()

    def __exit__(self, *_):
        self._lock.release()
        time.sleep(0.02)


def test_two_who_come_at_the_same_moment_do_not_both_get_the_last_place():
    seats = Seats(1)
    seats._lock = Hesitating()
    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(lambda who: seats.sit(who, 0.0), "abc")) == 1


def test_looking_at_the_page_takes_no_place():
    seats = Seats(1)
    assert [seats.number(who, 0.0) for who in "abc"] == [0, 0, 0]
    assert seats.sit("c", 1.0)
    assert not seats.sit("a", 1.0)


def test_nobody_overtakes_the_line():
    seats = Seats(1)
    seats.sit("a", 0.0)
    seats.number("b", 1.0)
    seats.leave("a")
    assert not seats.sit("new", 2.0)
    assert seats.number("b", 2.0) == 0


def test_who_does_not_press_start_or_closes_the_page_holds_up_nobody():
    seats = Seats(1)
    seats.sit("a", 0.0)
    assert [seats.number(who, 1.0) for who in "bc"] == [1, 2]
    seats.leave("a")
    assert seats.number("b", 2.0) == 0
    for step in range(8):
        last = seats.number("c", 2.0 + OFFER_S / 8 * (step + 1.2))
    assert last == 0
    late_s = 2.0 + OFFER_S * 1.2
    assert seats.number("late", late_s) == 1
    assert seats.sit("c", late_s + 1)
    seats.stay("c", late_s + 90)
    assert seats.taken(late_s + 95) == (1, 0)


def test_a_video_that_runs_keeps_its_place_and_one_that_is_gone_does_not():
    seats = Seats(1)
    seats.sit("a", 0.0)
    for second in range(0, 100, 10):
        seats.stay("a", float(second))
    assert seats.number("b", 100.0) == 1
    assert seats.number("b", 110.0) == 1
    assert seats.number("b", 121.0) == 0


def test_a_quota_is_granted_anew_as_its_minute_passes():
    quota = Quota(2)
    quota.add(0.0)
    quota.add(30.0)
    assert (quota.left(40.0), quota.wait_s(40.0)) == (0, 20.0)
    assert (quota.left(60.0), quota.wait_s(60.0)) == (1, 0.0)


def test_a_video_over_its_limits_is_refused_in_one_sentence_and_one_within_them_is_not():
    info = VideoInfo(duration_s=90.0, size_wh=(64, 48), rate_hz=10.0, codec="h264", sound=False)
    check_size(io.BytesIO(b"x"), Limits(video_mb=1))
    check_length(info, Limits(video_minutes=2))
    with pytest.raises(MediaError, match="expected a video of at most 1 MB, got 2 MB; cut it"):
        check_size(io.BytesIO(bytes(2 << 20)), Limits(video_mb=1))
    with pytest.raises(MediaError, match=r"at most 1 minutes, got 1\.5; cut it"):
        check_length(info, Limits(video_minutes=1))


def test_more_cores_and_quicker_frames_mean_more_places_and_there_is_always_one():
    assert capacity.seats(20.0, 4.0) > capacity.seats(20.0, 2.0) > capacity.seats(40.0, 2.0)
    assert capacity.seats(5000.0, 1.0) == 1


@pytest.mark.model
def test_a_frame_s_way_is_measured_with_a_face_found():
    from fer_app import resources

    analyzer = resources.analyzer(40, resources.live_engine())
    assert len(analyzer.analyze(capacity._vga(resources.SAMPLES[0]))) == 1
    assert 1.0 < capacity.frame_ms(analyzer, resources.SAMPLES[0]) < 2000.0
    assert capacity.cores() >= 0.1


def wait_for_drains():
    for thread in threading.enumerate():
        if thread.name == "mien-drain":
            thread.join(20.0)


def test_a_server_without_work_ends_at_once_and_only_when_asked():
    stopped = []
    drain = Drain(60.0, lambda: 0, lambda: 0, stop=lambda: stopped.append(True))
    assert not drain.begun
    assert drain.begin()
    wait_for_drains()
    assert stopped == [True]
    assert not drain.begin()


def test_running_work_is_waited_for_and_not_beyond_the_bound():
    work, stopped = iter([2, 1, 0]), threading.Event()
    Drain(60.0, lambda: next(work), lambda: 0, stop=stopped.set).begin()
    wait_for_drains()
    assert stopped.is_set()
    assert list(work) == []
    endless = Drain(0.2, lambda: 1, lambda: 1, stop=(late := threading.Event()).set)
    endless.begin()
    wait_for_drains()
    assert late.is_set()
    assert endless.left_s() == 0.0


def test_what_was_just_finished_can_be_taken_home_by_those_who_are_still_there(monkeypatch):
    monkeypatch.setattr("fer_app.hosting.drain._LOOK_EVERY_S", 0.01)
    there = iter([1, 1, 1, 0])
    Drain(60.0, lambda: 0, lambda: next(there), stop=(stopped := threading.Event()).set).begin()
    wait_for_drains()
    assert stopped.is_set()
    assert list(there) == []
    monkeypatch.setattr("fer_app.hosting.drain._LAST_S", 0.1)
    drain = Drain(60.0, lambda: 0, lambda: 1, stop=(late := threading.Event()).set)
    drain.begin()
    wait_for_drains()
    assert late.is_set()


def test_the_first_signal_drains_and_the_second_goes_the_usual_way():
    usual = []
    before = signal.signal(signal.SIGTERM, lambda *_: usual.append(True))
    try:
        drain = Drain(60.0, lambda: 0, lambda: 0, stop=lambda: None)
        restore = drain_on_term(drain)
        signal.raise_signal(signal.SIGTERM)
        assert drain.begun
        assert usual == []
        signal.raise_signal(signal.SIGTERM)
        assert usual == [True]
        restore()
    finally:
        signal.signal(signal.SIGTERM, before)


_SEARCHED = """
import asyncio, gc
from fer_app.hosting.process import life
async def begin():
    async with life(None):
        print(len(gc.get_objects()), gc.get_freeze_count())
asyncio.run(begin())
"""


@pytest.fixture(scope="module")
def begun():
    """A server that has begun and ended, beside another one that has the port of the numbers."""
    with socket.create_server((HOST, 0)) as taken:
        env = {**os.environ, "MIEN_METRICS_PORT": str(taken.getsockname()[1])}
        return subprocess.run([sys.executable, "-c", _SEARCHED], capture_output=True, text=True, cwd=ROOT, check=True, env=env)


def test_a_second_server_on_a_machine_begins_without_its_numbers_and_says_so(begun):
    lines = [json.loads(line) for line in begun.stdout.splitlines() + begun.stderr.splitlines() if line.startswith("{")]
    (said,) = [line for line in lines if line.get("event") == "metrics are not served"]
    assert "in use" in said["problem"]


def test_a_search_for_garbage_leaves_out_what_a_hosted_server_began_with(begun):
    searched, left_out = map(int, re.search(r"^(\d+) (\d+)$", begun.stdout, re.MULTILINE).groups())
    assert searched < left_out / 10


def test_numbers_are_served_to_this_machine_alone_and_hold_what_was_counted():
    metrics = Metrics()
    metrics.session()
    metrics.frame(12.0, 3, fault=False)
    metrics.frame(12.0, 0, fault=True)
    metrics.analysis("photo", 0.4)
    metrics.refusal("live_seats")
    server = metrics.serve(0)
    try:
        assert server.server_address[0] == HOST == "127.0.0.1"
        with urllib.request.urlopen(f"http://{HOST}:{server.server_port}/metrics", timeout=10) as answer:
            said = answer.read().decode()
    finally:
        server.shutdown()
        server.server_close()
    for line in (
        "mien_sessions_total 1.0",
        'mien_live_frames_total{outcome="dropped"} 3.0',
        'mien_live_frames_total{outcome="analysed"} 1.0',
        'mien_live_frames_total{outcome="faulty"} 1.0',
        'mien_analysis_seconds_count{kind="photo"} 1.0',
        'mien_refusals_total{limit="live_seats"} 1.0',
    ):
        assert line in said


def test_errors_of_the_app_are_counted_and_warnings_are_not():
    metrics = Metrics()
    logging.getLogger("fer_app.somewhere").warning("a warning")
    assert metrics.totals()["mien_errors_total"] == 0
    logging.getLogger("fer_app.somewhere").error("an error")
    assert metrics.totals()["mien_errors_total"] == 1


def test_memory_is_that_of_this_process():
    assert memory_mb() == pytest.approx(psutil.Process().memory_info().rss / 2**20, rel=0.2)


def test_the_service_forgets_visitors_whose_page_is_closed():
    service = Service(Limits(live_seats=2), lambda: 1 // 0)
    here = [service.arrive(lambda: True), service.arrive(lambda: False)]
    assert service.here() == here[:1]
    assert service.metrics.totals()["mien_sessions_open"] == 1
    assert service.busy() == 0
    here[0].working = lambda: True
    assert service.busy() == 1


def test_only_those_who_come_after_the_end_was_asked_for_are_late():
    service = Service(Limits(live_seats=2), lambda: 1)
    service.drain._stop = lambda: None
    early = service.arrive(None)
    service.drain.begin()
    assert (early.late, service.arrive(None).late) == (False, True)


@pytest.fixture
def log():
    out, logger = io.StringIO(), logging.getLogger("fer_app")
    screens = logging.getLogger("streamlit.error_util")
    before = (logger.level, logger.propagate, screens.handlers, screens.propagate)
    handler = events.write_json(out)
    yield out
    logger.removeHandler(handler)
    logger.level, logger.propagate, screens.handlers, screens.propagate = before


def test_an_event_is_one_json_line_of_known_fields(log):
    events.note("server is up", seats=4)
    line = json.loads(log.getvalue())
    assert (line["event"], line["seats"], line["level"]) == ("server is up", 4, "info")
    with pytest.raises(ValueError, match="never log what visitors bring"):
        events.note("photo read", name="Anna at the beach.jpg")


def test_nothing_that_a_visitor_brought_gets_into_the_log(log):
    secret = "Anna at the beach.jpg"
    logger = logging.getLogger("fer_app.intake")
    logger.warning("left out %s", secret)
    try:
        raise ValueError(f"cannot read {secret}")
    except ValueError:
        logger.exception("a file failed")
        logging.getLogger("streamlit.error_util").exception("Uncaught app execution")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["left out %s", "a file failed", "Uncaught app execution"]
    assert lines[1]["error"] == "ValueError"
    assert lines[1]["at"][-1].startswith("tests/app/test_hosting_parts.py:")
    assert "Anna" not in log.getvalue()


def test_what_is_wrong_with_a_setting_or_a_model_s_file_is_in_the_log_since_both_are_the_operator_s(log, monkeypatch):
    monkeypatch.setenv("MIEN_PHOTO_MB", "900")
    resources.service.clear()
    resources.service()
    resources.service.clear()
    try:
        raise ModelError("models/mien/model.tflite is not the file of its card")
    except ModelError:
        logging.getLogger("fer_app.loading").exception("the networks cannot be loaded")
    setting, model = [json.loads(line)["problem"] for line in log.getvalue().splitlines()]
    assert setting.startswith("MIEN_PHOTO_MB must be")
    assert model == "models/mien/model.tflite is not the file of its card"
