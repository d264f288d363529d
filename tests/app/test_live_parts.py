"""The pieces of the live view, without a browser: the callback, the meter, the painted picture, sessions, ICE settings."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import av
import numpy as np
import pytest
from aiortc import MediaStreamTrack, VideoStreamTrack
from aiortc.contrib.media import MediaRelay
from aiortc.mediastreams import MediaStreamError
from streamlit_webrtc.process import AsyncVideoProcessTrack

from fer_app import takes, text_live
from fer_app.live import bars, camera, ice, minute, paint, probe, providers
from fer_app.live.meter import Meter
from fer_app.live.pace import LEAST_FPS, MOST_FPS, Pace
from fer_app.live.painter import Painter
from fer_app.live.take import Take
from fer_app.takes import MAX_TAKES, KeptTake, Shelf, shares_of_time
from fer_core import FER2013, load_analyzer
from fer_core.emoji import add_emoji, emoji
from fer_core.palette import ICONS, NOT_SURE
from tests.factories import make_result, make_timeline


@pytest.fixture(scope="module")
def analyzer():
    return load_analyzer()


@pytest.fixture(scope="module")
def portrait():
    from skimage.data import astronaut

    return astronaut()


@pytest.fixture
def painter(analyzer):
    painter = Painter()
    painter.take = Take(analyzer)
    return painter


def frame_of(image):
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24").reformat(format="yuv420p")


def on_frames(painter, *images):
    return asyncio.run(painter.on_frames([frame_of(image) for image in images]))


# -- the callback


@pytest.mark.model
def test_the_callback_paints_the_very_frame_that_it_analysed(painter, portrait):
    [answer] = on_frames(painter, portrait)
    plain = frame_of(np.ascontiguousarray(portrait[:, ::-1])).to_ndarray(format="rgb24")
    differs = np.abs(answer.to_ndarray(format="rgb24").astype(int) - plain).max(axis=-1) > 60
    assert 0.002 < differs.mean() < 0.2
    assert len(painter.take.latest) == 1
    assert len(painter.take.session) == 1


@pytest.mark.model
def test_frames_that_waited_are_passed_over_and_counted(painter, portrait):
    assert len(on_frames(painter, portrait, portrait, portrait)) == 1
    reading = painter.take.read()
    assert (reading.analysed, reading.dropped, reading.faults) == (1, 2, 0)


@pytest.mark.model
def test_a_fault_gives_the_plain_frame_is_counted_and_does_not_raise(painter, portrait, monkeypatch):
    def burst(_):
        raise RuntimeError("burst")

    monkeypatch.setattr(painter.take, "step", burst)
    frame = frame_of(portrait)
    assert asyncio.run(painter.on_frames([frame])) == [frame]
    assert painter.take.read().faults == 1
    monkeypatch.undo()
    on_frames(painter, portrait)
    assert (painter.take.read().analysed, painter.take.read().faults) == (1, 1)


@pytest.mark.model
def test_a_thousand_faults_write_one_line_into_the_log(painter, portrait, monkeypatch, caplog):
    monkeypatch.setattr(painter.take, "step", lambda _: 1 / 0)
    for _ in range(1000):
        asyncio.run(painter.on_frames([None]))
    assert painter.take.read().faults == 1000
    assert len(caplog.records) == 1


@pytest.mark.model
def test_a_change_of_resolution_in_mid_stream_is_no_fault(painter, portrait):
    for side in (512, 256, 512):
        [answer] = on_frames(painter, portrait[:: 512 // side, :: 512 // side])
        assert (answer.width, answer.height) == (side, side)
    assert painter.take.read().faults == 0
    assert len(painter.take.latest) == 1


def test_frames_between_two_runs_pass_as_they_are(portrait):
    frame = frame_of(portrait)
    assert asyncio.run(Painter().on_frames([frame])) == [frame]


@pytest.mark.model
def test_a_visitor_who_left_the_page_has_not_lost_the_connection_and_one_who_looked_on_has(painter, portrait, monkeypatch):
    on_frames(painter, portrait)
    painter.take.read()
    now_s = time.perf_counter()
    monkeypatch.setattr(time, "perf_counter", lambda: now_s + 10)
    assert not painter.take.kept().lost
    painter.take.read()
    assert painter.take.kept().lost
    assert not painter.take.kept(left=True).lost


def test_a_slow_listener_gets_the_newest_frame_and_no_backlog():
    class Counting(MediaStreamTrack):
        kind = "video"
        number = 0

        async def recv(self):
            if self.number == 50:
                raise MediaStreamError
            await asyncio.sleep(0)
            self.number += 1
            return self.number

    async def listen():
        relay = MediaRelay()
        camera.hand_on_the_newest(relay)
        track, heard = relay.subscribe(Counting()), []
        with contextlib.suppress(MediaStreamError):
            while True:
                heard.append(await track.recv())
                for _ in range(9):
                    await asyncio.sleep(0)
        return heard

    heard = asyncio.run(listen())
    assert heard == sorted(set(heard))
    assert 2 <= len(heard) < 30


def test_a_track_is_stopped_before_its_first_frame_and_its_thread_goes():
    kind = type("Track", (AsyncVideoProcessTrack,), {})
    camera.let_stop_before_start(kind)

    async def stop_twice():
        track = kind(VideoStreamTrack(), object())
        track.stop()
        track.stop()
        return track._thread

    assert not asyncio.run(stop_twice()).is_alive()


# -- the meter


def test_the_meter_knows_pace_and_cost_of_the_last_seconds():
    meter = Meter()
    for number in range(90):
        meter.add(number / 30, 10.0 if number % 10 else 40.0, dropped=number % 2)
    reading = meter.reading(89 / 30)
    assert reading.fps == pytest.approx(30)
    assert reading.p50_ms == 10.0
    assert reading.p95_ms == 40.0
    assert (reading.analysed, reading.dropped) == (90, 45)
    assert meter.reading(100.0).fps == 0


def test_an_unused_meter_reads_zero_and_infinitely_idle():
    reading = Meter().reading(5.0)
    assert (reading.analysed, reading.fps, reading.p95_ms) == (0, 0, 0)
    assert reading.idle_s == reading.fault_idle_s == float("inf")


# -- the painted picture


def test_a_mirrored_result_mirrored_again_is_the_first_one():
    result = make_result(3)
    twice = paint.mirrored(paint.mirrored(result))
    assert np.allclose(twice.faces.boxes, result.faces.boxes, atol=1e-3)
    assert np.allclose(twice.faces.landmarks, result.faces.landmarks, atol=1e-3)


def test_left_eyes_stay_left_of_right_eyes_in_the_mirror():
    turned = paint.mirrored(make_result(2))
    assert (turned.faces.landmarks[:, 0, 0] < turned.faces.landmarks[:, 1, 0]).all()


def test_names_are_readable_in_the_mirror_and_the_kept_boxes_are_those_of_the_true_picture():
    image, result = np.full((480, 640, 3), 128, np.uint8), make_result(1)
    mirror = paint.paint(image, result, paint.Look(mirror=True), not_sure_below=0.0)
    readable = paint.paint(image, paint.mirrored(result), paint.Look(mirror=False), not_sure_below=0.0)
    backwards = paint.paint(image, result, paint.Look(mirror=False), not_sure_below=0.0)[:, ::-1]
    assert np.array_equal(mirror, readable)
    assert not np.array_equal(mirror, backwards)
    assert np.array_equal(result.faces.boxes, make_result(1).faces.boxes)


@pytest.mark.parametrize("style", paint.STYLES)
def test_each_style_paints_something_and_leaves_the_image_alone(style):
    image = np.full((480, 640, 3), 128, np.uint8)
    painted = paint.paint(image, make_result(2), paint.Look(mirror=False, style=style), not_sure_below=0.0)
    assert (image == 128).all()
    assert (painted != 128).any()


def test_boxes_only_paints_less_than_words_and_emoji():
    image = np.full((480, 640, 3), 128, np.uint8)
    styles = {s: paint.paint(image, make_result(1), paint.Look(mirror=False, style=s), not_sure_below=0.0) for s in paint.STYLES}
    changed = {style: (painted != 128).any(axis=-1).sum() for style, painted in styles.items()}
    assert changed["boxes"] < min(changed["labels"], changed["emoji"])


def test_every_label_has_a_drawn_face_of_its_own():
    faces = {name: np.asarray(emoji(name, 48)).tobytes() for name in ICONS}
    assert len(set(faces.values())) == len(ICONS)


def test_emoji_stay_inside_the_picture():
    for size_wh in ((20, 16), (640, 480)):
        image = np.zeros((size_wh[1], size_wh[0], 3), np.uint8)
        assert add_emoji(image, make_result(3, size_wh=size_wh)).shape == image.shape


# -- beside the video


def test_bars_name_each_visible_person_with_what_the_video_shows():
    result = make_result(2, track_ids=np.array([4, 1]))
    html = bars.people_html(result)
    assert html.index(text_live.person(1)) < html.index(text_live.person(4))
    assert html.count('class="mien-bar"') == 2 * len(FER2013)


def test_a_crowd_gets_a_few_bars_and_a_count_of_the_rest():
    html = bars.people_html(make_result(9, track_ids=np.arange(9)))
    assert html.count('class="mien-person"') == bars.MAX_PEOPLE
    assert text_live.more_people(5) in html


def test_the_minute_has_sixty_places_and_gaps_where_nobody_was_visible():
    timeline = make_timeline((1,) * 50)  # two seconds at 25 a second
    shown = minute.last_minute(timeline, 9.99)
    assert all(len(values) == minute.SPAN_S for values in shown.shares.values())
    seen = ~np.isnan(shown.shares["happy"])
    assert seen.sum() == 2
    assert np.allclose(sum(values[seen] for values in shown.shares.values()), 1, atol=1e-5)


def test_an_empty_timeline_gives_an_empty_minute():
    shown = minute.last_minute(make_timeline(()), 1.0)
    assert np.isnan(shown.shares["sad"]).all()
    assert minute.average(shown)["sad"] == 0


# -- finished sessions


def kept(faces_per_picture=(1, 1), *, threshold=0.0, number=0):
    return KeptTake(make_timeline(faces_per_picture, number=number), began_at=0.0, threshold=threshold)


def test_shares_of_time_add_up_to_one_or_are_absent():
    assert sum(shares_of_time(kept((1, 2, 0, 1))).values()) == pytest.approx(1)
    assert shares_of_time(kept((0, 0))) == {}
    assert shares_of_time(kept(())) == {}


def test_unsure_time_has_a_share_of_its_own():
    shares = shares_of_time(kept((1, 1, 1), threshold=1.1))
    assert shares[NOT_SURE] == pytest.approx(1)


def test_the_shelf_keeps_the_newest_and_a_bounded_number():
    shelf = Shelf()
    for number in range(MAX_TAKES + 3):
        shelf = shelf.with_take(kept(number=number))
    assert [take.take_id for take in shelf.takes] == list(range(MAX_TAKES + 3, 3, -1))
    assert shelf.without(shelf.takes[0].take_id).takes == shelf.takes[1:]


def test_the_shelf_keeps_the_newest_however_large_and_lets_the_oldest_go(monkeypatch):
    monkeypatch.setattr(takes, "MAX_ROWS", 9)
    shelf = Shelf().with_take(kept()).with_take(kept((1, 1, 1, 1, 1)))
    assert [take.take_id for take in shelf.takes] == [2]
    assert [take.take_id for take in Shelf().with_take(kept()).with_take(kept()).takes] == [2, 1]


# -- ICE settings

OWN = {"MIEN_TURN_URLS": "turn:a.example:3478, turns:a.example:443?transport=tcp", "MIEN_TURN_SECRET": "s"}


def test_no_settings_are_no_servers():
    assert providers.ice_servers({}) == []


def test_own_servers_come_in_their_order_and_where_udp_is_closed_tls_comes_first():
    urls = [server["urls"] for server in providers.ice_servers(OWN)]
    assert urls == ["turn:a.example:3478", "turns:a.example:443?transport=tcp"]
    closed = [server["urls"] for server in providers.ice_servers({**OWN, "MIEN_UDP": "closed"})]
    assert closed == urls[::-1]


def test_a_shared_secret_gives_credentials_for_a_day():
    [server, _] = ice.own_servers(OWN, now_s=1000)
    assert server["username"] == "87400:mien"
    expected = hmac.new(b"s", b"87400:mien", "sha1").digest()
    assert base64.b64decode(server["credential"]) == expected


@pytest.mark.parametrize(
    "settings",
    [
        {"MIEN_TURN_URLS": "https://turn.example.org", "MIEN_TURN_SECRET": "s"},
        {"MIEN_TURN_URLS": "turn:a.example:99999", "MIEN_TURN_SECRET": "s"},
        {"MIEN_TURN_URLS": "turns:a.example?transport=udp", "MIEN_TURN_SECRET": "s"},
        {"MIEN_TURN_URLS": "turn:a.example"},
        {"MIEN_TURN_URLS": "turn:a.example", "MIEN_TURN_USERNAME": "me"},
        {"MIEN_STUN_URLS": "turn:a.example"},
        {"MIEN_UDP": "perhaps"},
        {"CLOUDFLARE_TURN_KEY_ID": "x"},
        {"TWILIO_AUTH_TOKEN": "x"},
    ],
)
def test_malformed_settings_are_refused_with_one_sentence_that_tells_no_secret(settings):
    with pytest.raises(ice.SettingsError) as refusal:
        providers.ice_servers({**settings, "MIEN_TURN_PASSWORD": "hush"} if "MIEN_TURN_USERNAME" not in settings else settings)
    assert "got" in str(refusal.value)
    assert "hush" not in str(refusal.value)


class Provider(BaseHTTPRequestHandler):
    """Answers as Cloudflare and Twilio do."""

    answer: tuple[int, object] = (200, {})
    seen: dict[str, str] = {}  # noqa: RUF012 - read by the tests

    def do_POST(self):
        Provider.seen = {"path": self.path, **dict(self.headers)}
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(Provider.answer[0])
        self.end_headers()
        self.wfile.write(json.dumps(Provider.answer[1]).encode())

    def log_message(self, *_):
        """Stay quiet."""


@pytest.fixture
def provider():
    server = HTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_cloudflare_s_answer_is_used_without_the_ports_that_browsers_block(provider):
    urls = ["turn:c.example:53?transport=udp", "turn:c.example:3478?transport=udp", "turns:c.example:443?transport=tcp"]
    Provider.answer = 201, {"iceServers": [{"urls": ["stun:c.example"]}, {"urls": urls, "username": "u", "credential": "p"}]}
    keys = {"CLOUDFLARE_TURN_KEY_ID": "a/b", "CLOUDFLARE_TURN_KEY_API_TOKEN": "t", "MIEN_UDP": "closed"}
    servers = providers.ice_servers(keys, cloudflare=provider)
    assert [server["urls"] for server in servers] == [urls[2], urls[1], "stun:c.example"]
    assert servers[0]["credential"] == "p"
    assert Provider.seen["path"] == "/a%2Fb/credentials/generate-ice-servers"
    assert Provider.seen["Authorization"] == "Bearer t"


def test_twilio_s_answer_is_used(provider):
    Provider.answer = 201, {"ice_servers": [{"url": "turn:t.example:443?transport=tcp", "username": "u", "credential": "p"}]}
    servers = providers.ice_servers({"TWILIO_ACCOUNT_SID": "AC", "TWILIO_AUTH_TOKEN": "t"}, twilio=provider)
    assert servers == [{"urls": "turn:t.example:443?transport=tcp", "username": "u", "credential": "p"}]


@pytest.mark.parametrize(
    "answer", [(403, {}), (200, {}), (200, []), (200, {"iceServers": "x"}), (200, {"iceServers": [{"urls": 3}]})]
)
def test_a_provider_that_refuses_or_talks_nonsense_is_one_sentence(provider, answer):
    Provider.answer = answer
    keys = {"CLOUDFLARE_TURN_KEY_ID": "a", "CLOUDFLARE_TURN_KEY_API_TOKEN": "hush"}
    with pytest.raises(ice.SettingsError, match="Cloudflare") as refusal:
        providers.ice_servers(keys, cloudflare=provider)
    assert "hush" not in str(refusal.value)


def test_a_provider_that_cannot_be_reached_is_one_sentence():
    with pytest.raises(ice.SettingsError, match="answer within"):
        providers.ice_servers({"TWILIO_ACCOUNT_SID": "AC", "TWILIO_AUTH_TOKEN": "t"}, twilio="http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("error", "name"),
    [("NotAllowedError", "denied"), ("NotFoundError", "missing"), ("NotReadableError", "busy"), ("Whatever", "failed")],
)
def test_every_error_of_a_browser_has_a_sentence(error, name):
    assert probe.trouble_name(error) == name
    assert text_live.TROUBLE[name]


def watched(pace, *, seconds, machine_fps, from_s=0.0, counts=(0, 0)):
    """Let a camera send what it is asked for to a machine that analyses so many frames a second; return the counts."""
    analysed, dropped = counts
    for second in range(seconds):
        asked = pace.update(from_s + second, round(analysed), round(dropped))
        analysed, dropped = analysed + min(asked, machine_fps), dropped + max(0, asked - machine_fps)
    return analysed, dropped


def test_a_machine_that_keeps_up_is_sent_everything():
    pace = Pace()
    watched(pace, seconds=60, machine_fps=28)  # now and then a frame is passed over
    assert pace.fps == MOST_FPS


def test_a_busy_machine_is_sent_little_more_than_it_analyses_and_more_again_when_it_is_free():
    pace = Pace()
    counts = watched(pace, seconds=30, machine_fps=12)
    assert 12 <= pace.fps <= 15
    watched(pace, seconds=60, machine_fps=40, from_s=30.0, counts=counts)
    assert pace.fps == MOST_FPS
    pace.reset()
    assert pace.update(0.0, 5, 500) == MOST_FPS  # what came before is not held against it


def test_a_browser_is_never_asked_for_less_than_an_eye_takes_for_movement():
    pace = Pace()
    watched(pace, seconds=30, machine_fps=1)
    assert pace.fps == LEAST_FPS


def test_a_stream_that_stands_still_is_no_reason_to_send_more():
    pace = Pace()
    counts = watched(pace, seconds=30, machine_fps=10)
    before = pace.fps
    for second in range(30, 90):
        assert pace.update(second, *map(round, counts)) <= before
