"""Limits, the line before live video, the end of a server and the operator's page, as clicks drive them."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from fer_app import presence, resources, text, text_hosting, text_live
from fer_app.hosting.seats import OFFER_S
from fer_app.live import line
from fer_app.live.camera import CameraState
from tests.app.test_live_screen import LIVE, OPERATOR, PHOTO, ROOT, TOKEN, operator_page, play, portrait, shown, sound, video
from tests.app.test_screens import plain, upload

__all__ = ["portrait", "video"]  # fixtures
SAMPLE = resources.SAMPLES[0].read_bytes()
pytestmark = pytest.mark.model


TURN = "It is your turn: press Start within"


@pytest.fixture
def arrive(video, monkeypatch):
    """Lets visitors arrive at a server with given settings."""

    def at(page: str = PHOTO, **settings: str) -> AppTest:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        if settings:
            resources.service.clear()
            resources.analyzer.clear()
        app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
        app.button(key="confirm_notice").click()
        sound(app.run())
        return sound(app.switch_page(page).run()) if page != PHOTO else app

    yield at
    resources.analyzer.clear()


def png(size_wh):
    file = io.BytesIO()
    Image.new("RGB", size_wh).save(file, "PNG")
    return file.getvalue()


def test_photos_beyond_the_minute_s_share_are_refused_in_one_sentence_and_those_before_are_read(arrive):
    app = upload(arrive(MIEN_ANALYSES_PER_MINUTE="2"), *((f"{number}.jpg", SAMPLE) for number in range(3)))
    assert len(app.session_state.album.photos) == 2
    refusals = [line for line in plain(app) if line.startswith("This server reads up to 2 photos or videos a minute")]
    assert len(refusals) == 1
    assert "1 photo was left out. Try again in" in refusals[0]


def test_a_photo_of_too_many_pixels_is_refused_and_one_within_is_read(arrive):
    app = upload(arrive(MIEN_PHOTO_MEGAPIXELS="1"), ("large.png", png((1001, 1000))), ("small.png", png((999, 1000))))
    assert [photo.name for photo in app.session_state.album.photos] == ["small.png"]
    assert any("expected at most 1 megapixels" in line for line in plain(app))


def test_a_photo_of_too_many_bytes_is_refused(arrive):
    app = upload(arrive(MIEN_PHOTO_MB="1"), ("large.jpg", SAMPLE + bytes(1 << 20)))
    assert any("expected at most 1 MB" in line for line in plain(app))


def test_a_picture_of_more_faces_than_are_read_says_so_and_one_of_fewer_does_not(arrive):
    app = arrive(MIEN_FACES="2")
    sound(app.button(key="try_astronaut").click().run())
    assert text_hosting.most_faces(2) not in shown(app)
    sound(app.button(key="try_four_ways").click().run())
    assert shown(app).count(text_hosting.most_faces(2)) == 1
    assert len(app.session_state.album.photos[0].faces) == 2


def test_who_finds_no_place_waits_with_a_number_and_gets_the_place_when_it_is_free(arrive, video, portrait):
    first = arrive(LIVE, MIEN_LIVE_SEATS="1")
    play(first, video, portrait)
    video.state = CameraState()
    calls = len(video.calls)
    second, third = arrive(LIVE), arrive(LIVE)
    assert text_hosting.waiting(1, 1) in shown(second)
    assert text_hosting.waiting(2, 1) in shown(third)
    assert len(video.calls) == calls  # no video is offered to them
    sound(first.run())  # STOP
    assert text_live.SESSION in shown(first)
    sound(second.run())
    assert TURN in shown(second)
    assert text_hosting.waiting(1, 1) in shown(sound(third.run()))
    assert len(play(second, video, portrait).session_state.live_painter.take.session.timeline()) > 0


def test_who_goes_to_another_page_frees_the_place_at_once(arrive, video, portrait):
    first = arrive(LIVE, MIEN_LIVE_SEATS="1")
    play(first, video, portrait)
    video.state = CameraState()
    assert text_hosting.waiting(1, 1) in shown(second := arrive(LIVE))
    sound(first.switch_page("fer_app/screens/history.py").run())
    assert TURN in shown(sound(second.run()))


def two_in_line(arrive, video, portrait):
    """Return a visitor whose turn has come, for one place, and the one who stands behind them."""
    first = arrive(LIVE, MIEN_LIVE_SEATS="1")
    play(first, video, portrait)
    video.state = CameraState()
    second, third = arrive(LIVE), arrive(LIVE)
    sound(first.run())  # STOP
    assert TURN in shown(sound(second.run()))
    return second, third


@pytest.mark.parametrize("leave", ["page", "photos"])
def test_who_leaves_the_line_or_whose_turn_it_is_keeps_no_place_for_nobody(arrive, video, portrait, leave):
    second, third = two_in_line(arrive, video, portrait)
    if leave == "page":
        sound(second.switch_page("fer_app/screens/history.py").run())
    else:
        sound(second.button(key="live_snapshot").click().run())
    assert TURN in shown(sound(third.run()))


@pytest.mark.parametrize("look", ["_wait", "_turn"])
def test_who_waits_is_told_when_the_server_ends(arrive, monkeypatch, look):
    arrive(LIVE, MIEN_LIVE_SEATS="1")
    asked = []
    monkeypatch.setattr(line.st, "rerun", lambda scope: asked.append(scope))
    monkeypatch.setattr(line, "_number", lambda: 1)
    monkeypatch.setattr(line, "_offered_s", lambda: 30.0)
    getattr(line, look)()
    assert not asked
    drain = resources.service().drain
    drain._stop = lambda: None  # for good: it is asked for later than this test
    drain.begin()
    getattr(line, look)()
    assert asked == ["app"], "the whole page says that the server ends"


def test_whose_turn_is_over_stands_in_line_again(arrive, video, portrait, monkeypatch):
    second, third = two_in_line(arrive, video, portrait)
    later_s = time.monotonic() + OFFER_S + 1
    monkeypatch.setattr("fer_app.live.line.time.monotonic", lambda: later_s)
    assert TURN in shown(sound(third.run()))
    assert TURN not in shown(sound(second.run()))
    assert text_hosting.waiting(1, 1) in shown(second)


def test_who_waits_may_take_photos_instead_and_leaves_the_line(arrive, video, portrait):
    first = arrive(LIVE, MIEN_LIVE_SEATS="1")
    play(first, video, portrait)
    video.state = CameraState()
    second = arrive(LIVE)
    second.button(key="live_instead").click()
    sound(second.run())
    assert text_live.TROUBLE["chosen"] in shown(second)
    assert len(second.get("camera_input")) == 1
    assert text_hosting.waiting(1, 1) in shown(arrive(LIVE))


def test_of_two_who_press_start_for_the_last_place_one_plays_and_the_other_waits(arrive, video, portrait):
    first, second = arrive(LIVE, MIEN_LIVE_SEATS="1"), arrive(LIVE)
    play(first, video, portrait)
    sound(second.run())
    assert text_hosting.waiting(1, 1) in shown(second)
    assert second.session_state.live_painter.take is None


def test_when_the_time_is_up_the_session_is_kept_and_the_place_is_free(arrive, video, portrait):
    app = arrive(LIVE, MIEN_LIVE_SEATS="1", MIEN_LIVE_MINUTES="1")
    play(app, video, portrait)
    assert text_hosting.LIVE_TROUBLE["time_up"] not in shown(app)
    app.session_state.live_painter.take._began_s -= 61
    sound(app.run())
    assert shown(app).count(text_hosting.LIVE_TROUBLE["time_up"]) == 1
    assert len(app.session_state.live_sessions.takes) == 1
    assert text_hosting.waiting(1, 1) not in shown(arrive(LIVE))


def test_a_server_about_to_end_tells_newcomers_and_visitors_and_opens_no_live_video(arrive, video):
    app = arrive(LIVE)
    drain = resources.service().drain
    drain._stop = lambda: None  # for good: it is asked for later than this test
    assert text_hosting.CLOSING not in shown(app)
    drain.begin()
    calls = len(video.calls)
    assert text_hosting.CLOSING in shown(sound(app.run()))
    assert "This server restarts within" in shown(app)
    newcomer = arrive()
    assert text_hosting.NEWCOMER in shown(newcomer)
    assert len(video.calls) == calls
    assert len(sound(newcomer.button(key="try_astronaut").click().run()).session_state.album.photos) == 1


@pytest.mark.parametrize(
    ("said", "lost"), [("streamlit, token, 1f3a", True), ("streamlit, token", False), ("streamlit, token, ", False)]
)
def test_a_page_that_had_a_session_elsewhere_is_told_that_it_is_lost_and_a_new_page_is_not(arrive, monkeypatch, said, lost):
    monkeypatch.setattr(presence.st.context.__class__, "headers", {"Sec-WebSocket-Protocol": said})
    app = arrive()
    assert (text_hosting.LOST_SESSION in shown(app)) == lost
    if lost:
        app.button(key="close_lost").click()
        assert text_hosting.LOST_SESSION not in shown(sound(app.run()))


def test_without_a_token_the_operator_s_page_says_how_to_set_one_and_shows_nothing(arrive, monkeypatch):
    monkeypatch.delenv("MIEN_OPERATOR_TOKEN")
    app = sound(arrive().switch_page(OPERATOR).run())
    assert text_hosting.CLOSED in shown(app)
    assert [*app.metric, *app.table, *app.text_input, *app.button] == []


def test_a_short_token_keeps_the_operator_s_page_closed(arrive):
    app = sound(arrive(MIEN_OPERATOR_TOKEN="short").switch_page(OPERATOR).run())
    assert "16 characters or more, got 5" in shown(app)
    assert [*app.metric, *app.text_input] == []


@pytest.mark.parametrize("said", ["", "wrong", TOKEN + " ", TOKEN[:-1], "é" * 30])
def test_another_token_shows_nothing(arrive, said):
    app = sound(arrive().switch_page(OPERATOR).run())
    app.text_input(key="operator_token").set_value(said)
    app.button(key="operator_open").click()
    assert text_hosting.WRONG in shown(sound(app.run()))
    assert [*app.metric, *app.table] == []


def test_the_operator_sees_counts_and_never_a_picture_or_a_name(arrive, video, portrait, monkeypatch):
    monkeypatch.setattr("fer_app.hosting.service.LOST_AFTER_S", 120.0)  # a busy machine may draw the page more slowly than that
    visitor = upload(arrive(MIEN_LIVE_SEATS="3", MIEN_FACES="none"), ("anna.jpg", SAMPLE))
    sound(visitor.switch_page(LIVE).run())
    play(visitor, video, portrait)
    app = operator_page(arrive())
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures[text_hosting.FIGURES["seats"]] == "1 of 3"
    assert figures[text_hosting.FIGURES["sessions"]] == "2"
    seats, totals = (table.value for table in app.table)
    assert list(seats["Analysed"]) == ["3"]
    counts = dict(zip(totals[text_hosting.WHAT], totals[text_hosting.COUNT], strict=True))
    assert (counts["Photos"], counts["Sessions"], counts["Errors"]) == ("1", "2", "0")
    assert text_hosting.problem(
        "MIEN_FACES must be a whole number from 1 to 1000, got 'none'; correct it or leave it out"
    ) in shown(app)
    assert not app.get("image")
    assert "anna" not in shown(app) + str(seats) + str(totals)


def test_the_token_does_not_stay_in_the_session(arrive):
    app = operator_page(arrive())
    assert "operator_token" not in app.session_state
    sound(app.switch_page(PHOTO).run())
    assert len(sound(app.switch_page(OPERATOR).run()).metric) == len(text_hosting.FIGURES)
    assert text.TITLE not in shown(app)


def test_the_operator_s_button_begins_the_end(arrive, monkeypatch):
    app = operator_page(arrive())
    drain = resources.service().drain
    drain._stop = lambda: None  # for good: it is asked for later than this test
    assert not drain.begun
    sound(app.button(key="drain").click().run())
    assert drain.begun
