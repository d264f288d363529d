"""The live screen and the operator's check as clicks drive them; the video itself is stubbed at its one import."""

from __future__ import annotations

import gc
import tomllib
import weakref
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from fer_app import resources, text, text_live, text_operator
from fer_app.album import MAX_PHOTOS
from fer_app.live import camera, probe, relay_probe, take
from fer_app.live.camera import CameraState
from fer_app.live.ice import NAMES
from fer_app.live.turn_check import TurnAnswer

ROOT = Path(__file__).resolve().parents[2]
LIVE, PHOTO, OPERATOR = (f"fer_app/screens/{name}.py" for name in ("live", "photo", "operator"))
TOKEN = "a token of the operator"
pytestmark = pytest.mark.model


class Video:
    """Stands in for the browser: says how the video stands and hands frames to the painter."""

    def __init__(self) -> None:
        self.state = CameraState()
        self.said: str | None = None
        self.calls: list[dict[str, object]] = []
        self.painter, self.before = None, self.state
        self.released = 0
        self.asked_for: list[int] = []

    def open(self, painter, **arguments):
        if self.painter is None or self.state != self.before:
            painter.changed()
        self.painter, self.before = painter, self.state
        self.calls.append(arguments)
        return self.state

    def release(self):
        self.state, self.released = CameraState(), self.released + 1

    def probe(self):
        said, self.said = self.said, None
        return said

    def send(self, image, *, count=3):
        for _ in range(count):
            self.painter.take.step(image)
            self.painter.take.meter.add(self.painter.take._began_s + self.painter.take.age_s, 8.0)


@pytest.fixture
def video(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MIEN_LIVE_SEATS", "9")
    monkeypatch.setenv("MIEN_OPERATOR_TOKEN", TOKEN)
    resources.service.clear()
    st.cache_data.clear()
    resources.turn_answers.clear()
    video = Video()
    monkeypatch.setattr(camera, "open_camera", video.open)
    monkeypatch.setattr(camera, "release", video.release)
    monkeypatch.setattr(probe, "camera_trouble", video.probe)
    monkeypatch.setattr(probe, "ask_for", video.asked_for.append)
    yield video
    resources.service.clear()
    st.cache_data.clear()
    resources.turn_answers.clear()


@pytest.fixture(scope="module")
def portrait():
    from skimage.data import astronaut

    return astronaut()


@pytest.fixture
def app(video) -> AppTest:
    """A visitor on the live screen who has read the notice."""
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    app.switch_page(LIVE).run()
    app.button(key="confirm_notice").click()
    return sound(app.run())


def sound(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    return app


def shown(app: AppTest) -> str:
    elements = (
        *app.markdown,
        *app.caption,
        *app.title,
        *app.header,
        *app.subheader,
        *app.error,
        *app.warning,
        *app.info,
        *app.success,
    )
    return "\n".join(element.value for element in elements)


def operator_page(app: AppTest) -> AppTest:
    """Show the operator's page and its token."""
    sound(app.switch_page(OPERATOR).run())
    app.text_input(key="operator_token").set_value(TOKEN)
    app.button(key="operator_open").click()
    return sound(app.run())


def play(app, video, image):
    video.state = CameraState(signalling=True)
    sound(app.run())
    video.state = CameraState(playing=True)
    video.send(image)
    return sound(app.run())


def test_the_camera_waits_for_the_notice_and_says_so(video):
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    sound(app.switch_page(LIVE).run())
    assert text_live.NEEDS_NOTICE in shown(app)
    assert not video.calls
    app.button(key="confirm_notice").click()
    sound(app.run())
    assert video.calls
    assert text_live.NEEDS_NOTICE not in shown(app)


def test_people_in_the_picture_are_to_be_told(app):
    assert text_live.TELL in shown(app)
    assert text_live.BESIDE_IDLE in shown(app)


def test_on_one_machine_no_ice_server_is_used(app, video):
    assert video.calls[-1]["ice_servers"] == ()


def test_while_the_video_runs_people_bars_and_the_last_minute_stand_beside_it(app, video, portrait):
    play(app, video, portrait)
    assert text_live.visible(1) in shown(app)
    assert len(app.get("html")) >= 1
    assert len(app.get("plotly_chart")) == 1
    assert text_live.counts(3, 0) in shown(app)
    assert text_live.SESSION not in shown(app)


def test_stop_keeps_the_session_with_summary_and_files(app, video, portrait):
    play(app, video, portrait)
    video.state = CameraState()
    sound(app.run())
    assert text_live.SESSION in shown(app)
    assert text_live.SHARES in shown(app)
    assert {"live_csv_1", "live_json_1"} <= {button.key for button in app.get("download_button")}
    assert len(app.session_state.live_sessions.takes) == 1
    assert len(app.session_state.live_sessions.takes[0].timeline) == 3
    app.button(key="live_delete_1").click()
    sound(app.run())
    assert text_live.SESSION not in shown(app)
    assert not app.session_state.live_sessions.takes


def test_two_runs_are_two_sessions_and_people_count_anew(app, video, portrait):
    for _ in range(2):
        play(app, video, portrait)
        video.state = CameraState()
        sound(app.run())
    takes = app.session_state.live_sessions.takes
    assert [take.take_id for take in takes] == [2, 1]
    assert [take.people for take in takes] == [(0,), (0,)]


def test_stop_before_the_first_picture_keeps_nothing(app, video):
    video.state = CameraState(signalling=True)
    sound(app.run())
    video.state = CameraState()
    sound(app.run())
    assert app.session_state.live_painter.take is None
    assert text_live.SESSION not in shown(app)


def test_a_page_change_ends_the_session_and_keeps_it_as_one_that_was_not_lost(app, video, portrait, monkeypatch):
    play(app, video, portrait)
    monkeypatch.setattr(take, "LOST_AFTER_S", 0.0)  # no picture came for longer, as on a busy machine
    sound(app.switch_page(PHOTO).run())
    assert len(app.session_state.live_sessions.takes) == 1
    assert app.session_state.live_painter.take is None
    video.state = CameraState()
    sound(app.switch_page(LIVE).run())
    assert len(app.session_state.live_sessions.takes) == 1
    assert text_live.SESSION in shown(app)
    assert text_live.LOST not in shown(app)


@pytest.mark.parametrize("name", ["denied", "missing", "busy", "insecure", "failed"])
def test_a_camera_that_does_not_open_gives_one_sentence_and_photos_take_over(app, video, name):
    video.said = name
    sound(app.run())
    assert shown(app).count(text_live.TROUBLE[name]) == 1
    assert not app.get("camera_input"), "nobody asked for it"
    assert ("camera_button" in keys_of(app.button)) == (name == "failed"), "a camera that is blocked takes no photos either"
    assert shown(app).count(text_live.SNAPSHOT_NOTE if name == "failed" else text_live.PHOTO_NOTE) == 1
    others = set(text_live.TROUBLE.values()) - {text_live.TROUBLE[name]}
    assert not any(sentence in shown(app) for sentence in others)
    app.button(key="live_again").click()
    sound(app.run())
    assert not app.get("camera_input")


def keys_of(elements) -> list[str]:
    return [element.key for element in elements]


def test_a_snapshot_goes_the_way_of_photos(app, video):
    app.button(key="live_snapshot").click()
    sound(app.run())
    app.camera_input[0].upload("shot.jpg", resources.SAMPLES[0].read_bytes())
    sound(app.run())
    assert "Looks happy" in shown(app)
    assert len(app.session_state.album.photos) == 1
    assert not app.get("camera_input"), "the camera closes after its photo"
    sound(app.button(key="camera_button").click().run())
    assert len(app.get("camera_input")) == 1
    sound(app.switch_page("fer_app/screens/history.py").run())
    assert not sound(app.switch_page(LIVE).run()).get("camera_input"), "it opens again for who asks"


def test_a_snapshot_for_which_there_is_no_room_says_so(app, video):
    app.button(key="live_snapshot").click()
    for _ in range(MAX_PHOTOS):
        sound(app.run())
        app.camera_input[0].upload("shot.jpg", resources.SAMPLES[0].read_bytes())
        sound(app.run())
        app.button(key="camera_button").click()
    sound(app.run())
    assert len(app.session_state.album.photos) == MAX_PHOTOS
    app.camera_input[0].upload("shot.jpg", resources.SAMPLES[0].read_bytes())
    assert text.too_many(MAX_PHOTOS, 1) in [element.value for element in sound(app.run()).text]


def test_a_connection_that_takes_too_long_gives_way_and_the_camera_is_freed(app, video, monkeypatch):
    from fer_app.live import panel

    video.state = CameraState(signalling=True)
    sound(app.run())
    assert text_live.BESIDE_WAITING in shown(app)
    monkeypatch.setattr(panel, "CONNECT_S", -1.0)
    sound(app.run())
    assert text_live.TROUBLE["slow"] in shown(app)
    assert video.released
    assert video.painter.take is None
    assert not app.get("camera_input")
    sound(app.button(key="camera_button").click().run())
    assert len(app.get("camera_input")) == 1


def test_faults_are_one_sentence_beside_the_video(app, video, portrait):
    play(app, video, portrait)
    assert text_live.FAULTY not in shown(app)
    take = video.painter.take
    take.meter.add(take._began_s + take.age_s, 1.0, fault=True)
    sound(app.run())
    assert shown(app).count(text_live.FAULTY) == 1


def test_settings_reach_the_running_stream(app, video, portrait):
    play(app, video, portrait)
    app.toggle(key="setting_live_mirror").set_value(False)
    app.select_slider(key="setting_live_smooth_s").set_value(2.0)
    sound(app.run())
    assert video.painter.look.mirror is False
    assert video.painter.take.stream.smooth_s == 2.0


def test_malformed_settings_are_one_sentence_for_visitors_and_the_reason_for_the_operator(app, video, monkeypatch):
    monkeypatch.setenv("MIEN_TURN_URLS", "https://turn.example.org")
    st.cache_data.clear()
    sound(app.run())
    assert text_live.TROUBLE["setup"] in shown(app)
    assert "example.org" not in shown(app)
    operator_page(app)
    assert "MIEN_TURN_URLS must list addresses" in shown(app)


def test_a_provider_that_does_not_answer_ends_no_video_that_runs(app, video, portrait, monkeypatch):
    play(app, video, portrait)
    monkeypatch.setenv("MIEN_TURN_URLS", "https://turn.example.org")
    st.cache_data.clear()
    sound(app.run())
    assert text_live.TROUBLE["setup"] not in shown(app)
    assert video.painter.take is not None
    video.state = CameraState()
    sound(app.run())
    assert text_live.TROUBLE["setup"] in shown(app)


def test_the_log_says_why_live_video_is_not_set_up_and_names_no_password(monkeypatch, caplog):
    monkeypatch.setenv("MIEN_TURN_URLS", "turn:mien:hush@turn.example.org")
    st.cache_data.clear()
    resources.ice_setup()
    st.cache_data.clear()
    (record,) = [record for record in caplog.records if "not set up" in record.message]
    assert "MIEN_TURN_URLS must list addresses" in record.mien["problem"]
    assert "turn:…@turn.example.org" in record.mien["problem"]
    assert "hush" not in record.message


def test_the_operator_sees_that_no_turn_server_is_set(app):
    operator_page(app)
    assert text_operator.NONE_SET in shown(app)


@pytest.mark.parametrize(
    ("works", "verdict"), [((True, True), "ALL_WORK"), ((False, True), "FIRST_FAILS"), ((True, False), "SOME_FAIL")]
)
def test_the_operator_sees_which_turn_servers_work(app, monkeypatch, works, verdict):
    monkeypatch.setenv("MIEN_TURN_URLS", "turn:a.example,turn:b.example")
    monkeypatch.setenv("MIEN_TURN_SECRET", "hush")
    monkeypatch.setattr(
        resources, "ask_all", lambda servers: [TurnAnswer(s["urls"], w, "x", 1.0) for s, w in zip(servers, works, strict=True)]
    )
    monkeypatch.setattr(relay_probe, "relays", lambda servers, asked: ["tcp"])
    st.cache_data.clear()
    operator_page(app)
    assert getattr(text_operator, verdict) not in shown(app)
    app.button(key="check_turn").click()
    sound(app.run())
    assert getattr(text_operator, verdict) in shown(app)
    assert text_operator.browser_relays(["tcp"]) in shown(app)
    assert "hush" not in shown(app)


def test_networks_that_cannot_be_loaded_are_one_sentence(video, monkeypatch):
    from fer_core import ModelError

    def refuse(*_, **__):
        raise ModelError("model.tflite in /srv/secret must be whole, got half; restore it")

    monkeypatch.setattr(resources, "load_analyzer", refuse)
    resources.loaded.clear()
    resources.analyzer.clear()
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    sound(app.switch_page(LIVE).run())
    assert text.MODEL_MISSING in shown(app)
    assert np.char.find(shown(app), "/srv") == -1


class Loop:
    """Garbage that only a search finds."""

    def __init__(self):
        self.me = self


def test_garbage_is_searched_for_after_a_whole_page_and_not_after_each_part_drawn_every_second():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["runner"]["postScriptGC"] is False
    gc.disable()
    try:
        lost = weakref.ref(Loop())
        assert lost() is not None
        assert not AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run().exception
        assert lost() is None
    finally:
        gc.enable()
