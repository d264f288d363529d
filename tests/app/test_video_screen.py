"""The video screen as a visitor's clicks drive it, with the shipped model and no browser."""

from __future__ import annotations

import errno
import gc
import io
import tempfile
import threading
import time as clock
from datetime import time
from pathlib import Path

import av
import pytest
from streamlit.testing.v1 import AppTest

from fer_app import keys, resources, text_video
from fer_app.film import export, file
from fer_app.film.report import film_report
from fer_core import from_csv, from_json, to_csv, to_json
from tests.app.clips import WALL, clip, portrait
from tests.core.films import KINDS, speak, write_film

ROOT = Path(__file__).resolve().parents[2]
VIDEO = "fer_app/screens/video.py"
pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def film_bytes(tmp_path_factory) -> bytes:
    return clip(tmp_path_factory.mktemp("clip") / "a.mp4", seconds=2.0, empty_s=1.0)


@pytest.fixture
def app() -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=90).run()
    return sound(app.switch_page(VIDEO).run())


def sound(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    return app


def studio(app: AppTest):
    return app.session_state.video_studio


def upload(app: AppTest, content: bytes, name: str = "talk.mp4") -> AppTest:
    app.file_uploader[0].set_value((name, content, "video/mp4"))
    return sound(app.run())


def click(app: AppTest, key: str) -> AppTest:
    return sound(app.button(key=key).click().run())


def analysed(app: AppTest, content: bytes, name: str = "talk.mp4") -> AppTest:
    upload(app, content, name)
    click(app, "film_start")
    assert studio(app).film or studio(app).job.wait(80)
    return sound(app.run())


def test_no_thread_of_an_analysis_outlives_it_however_long_its_page_is_kept(app, film_bytes):
    def pooled() -> int:
        return sum("ThreadPoolExecutor" in thread.name for thread in threading.enumerate())

    before = pooled()
    analysed(app, film_bytes)
    gc.collect()
    deadline_s = clock.monotonic() + 10
    while pooled() > before:
        assert clock.monotonic() < deadline_s, f"{pooled() - before} threads are left"
        clock.sleep(0.05)
    assert len(studio(app).film.timeline) > 0


def plain(app: AppTest) -> str:
    return "\n".join(element.value for element in app.text)


def marked(app: AppTest) -> str:
    elements = (*app.markdown, *app.caption, *app.title, *app.subheader, *app.error, *app.info, *app.warning)
    return "\n".join(element.value for element in elements)


def test_a_first_visit_offers_the_upload_and_nothing_else(app):
    assert len(app.file_uploader) == 1
    assert text_video.LEAD in marked(app)
    assert not app.get("plotly_chart")


def test_a_video_is_analysed_in_the_background_and_shown_by_person_share_and_peak(app, film_bytes):
    analysed(app, film_bytes)
    film = studio(app).film
    assert set(film.timeline.sources) == {"talk.mp4"}
    assert 10 <= len(film.timeline.sources) <= 16
    assert len(film.timeline.sources) > len(film.timeline)  # the wall at the end shows nobody
    assert len(app.get("plotly_chart")) == 2
    assert "Strongest happy at 0:0" in marked(app)
    assert any(key[1] == "happy" for key in film.thumbs)
    assert app.session_state.analysed_videos.videos[0].timeline.same_as(film.timeline)
    assert not studio(app).job.error


def test_nothing_is_analysed_before_the_visitor_asks_for_it(app, film_bytes):
    upload(app, film_bytes)
    assert studio(app).job is None
    assert "with sound" in marked(app)
    assert not app.file_uploader


def test_a_part_and_a_rate_are_kept_to(app, film_bytes):
    upload(app, film_bytes)
    app.slider[0].set_value((time(0, 0, 1), time(0, 0, 2)))
    app.get("button_group")[0].set_value(10.0)
    click(app, "film_start")
    assert studio(app).film or studio(app).job.wait(80)
    times = studio(sound(app.run())).film.timeline.times_s
    assert times.min() >= 1
    assert times.max() < 2
    assert len(times) == 10


def test_stopping_midway_keeps_what_was_done(app, tmp_path):
    upload(app, clip(tmp_path / "long.mp4", seconds=20, sound=None))
    click(app, "film_start")
    job = studio(app).job
    while job.running and not len(studio(app).analysis._session):
        job.wait(0.05)
    click(app, "film_cancel")
    job.wait(60)
    sound(app.run())
    film = studio(app).film
    assert film.stopped
    assert 1 <= len(film.timeline.sources) < 100
    assert text_video.STOPPED in marked(app)
    assert not film.cut_short


def test_renaming_hiding_and_merging_change_what_is_shown_and_analyse_nothing_again(app, film_bytes):
    analysed(app, film_bytes)
    before = studio(app).film.timeline
    number = int(before.track_ids[0])
    name = next(i for i in app.text_input if i.label == text_video.NAME)
    name.set_value("Ann *x*").run()
    click(app, "film_rename")
    assert [p.name for p in studio(app).film.timeline.people] == ["Ann *x*"]
    assert "Ann *x*" in app.selectbox[0].options
    assert "*x*" not in marked(app)
    click(app, "film_hide")
    assert len(studio(app).film.shown) < len(before)
    click(app, "film_hide")
    assert len(studio(app).film.shown) == len(before)
    kept = app.session_state.analysed_videos.videos[0].timeline
    assert [(p.track_id, p.name) for p in kept.people] == [(number, "Ann *x*")]


def test_two_videos_of_one_name_have_different_sources(app, film_bytes):
    analysed(app, film_bytes)
    click(app, "film_remove")
    assert studio(app).video is None
    analysed(app, film_bytes)
    names = {name for video in app.session_state.analysed_videos.videos for name in video.timeline.sources}
    assert names == {"talk.mp4", "talk (2).mp4"}


def test_labels_are_compared_by_the_stated_rule_and_a_bad_file_of_labels_harms_nothing(app, film_bytes):
    analysed(app, film_bytes)
    truth = next(u for u in app.file_uploader if u.label == text_video.TRUTH_UPLOAD)
    truth.set_value(("t.csv", b"start,end,label\n0,1,furious\n", "text/csv"))
    sound(app.run())
    assert "expected a label of" in plain(app).lower()
    assert studio(app).truth == ()
    truth = next(u for u in app.file_uploader if u.label == text_video.TRUTH_UPLOAD)
    truth.set_value(("t.csv", b"start,end,label\n0,1,happy\n0:01,0:02,sad\n", "text/csv"))
    sound(app.run())
    assert len(studio(app).truth) == 2
    assert "agreement" in marked(app)
    assert text_video.TRUTH_RULE in marked(app)
    click(app, "film_truth_remove")
    assert studio(app).truth == ()


def test_the_annotated_video_is_made_on_demand_with_its_sound_and_leaves_no_file(app, film_bytes):
    analysed(app, film_bytes)
    assert studio(app).export is None
    click(app, "film_make")
    assert studio(app).export_job.wait(80)
    sound(app.run())
    mp4 = studio(app).export.mp4
    with av.open(io.BytesIO(mp4)) as made:
        assert made.streams.video[0].codec_context.name == "h264"
        assert made.streams.audio
    assert not list(Path(tempfile.gettempdir()).glob("mien-*"))
    assert len(app.get("video")) == 1
    click(app, "film_hide")
    assert not app.get("video")  # it would still show who is hidden now


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "expected a video"),
        (b"dear diary" * 100, "expected a video"),
        (b"\xff\xd8\xff\xe0" + b"0" * 500, "expected a video"),
    ],
)
def test_a_file_that_is_no_video_is_one_sentence_and_the_next_one_is_welcome(app, content, said, tmp_path):
    refused = "mien_refusals_total unreadable_video"
    before = resources.service().metrics.totals().get(refused, 0)
    upload(app, content)
    assert resources.service().metrics.totals()[refused] == before + 1
    assert said in plain(app)
    assert studio(app).video is None
    assert app.file_uploader
    upload(app, clip(tmp_path / "talk.mp4"))
    assert studio(app).video is not None
    assert said not in plain(app)


def test_sound_alone_is_told_apart(app, tmp_path):
    path = tmp_path / "voice.mp4"
    with av.open(str(path), "w") as voice:
        speak(voice, voice.add_stream("aac", rate=48000), 1.0)
    upload(app, path.read_bytes())
    assert "sound alone" in plain(app)


def test_a_truncated_video_gives_what_can_be_read(app, tmp_path):
    whole = write_film(tmp_path / "a.mkv", [portrait(40 + i) for i in range(80)], fps=10).read_bytes()
    analysed(app, whole[: len(whole) // 3], "cut.mkv")
    film = studio(app).film
    assert 1 <= len(film.timeline.sources) < 40


def test_a_video_without_a_face_gets_a_kind_sentence_and_no_chart(app, tmp_path):
    analysed(app, write_film(tmp_path / "wall.mp4", [WALL] * 10).read_bytes())
    assert text_video.NO_FACES in marked(app)
    assert not app.get("plotly_chart")


def test_a_full_disk_while_a_video_comes_in_is_one_sentence(app, film_bytes, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(file.shutil, "copyfileobj", full)
    upload(app, film_bytes)
    assert "No space left on device" in plain(app)
    assert studio(app).video is None


def test_a_full_disk_during_the_export_is_one_sentence_and_the_results_stay(app, film_bytes, monkeypatch):
    analysed(app, film_bytes)
    real = tempfile.TemporaryFile

    def small(*args, **kwargs):
        return Full(real(*args, **kwargs))

    monkeypatch.setattr(export.tempfile, "TemporaryFile", small)
    click(app, "film_make")
    assert studio(app).export_job.wait(80)
    sound(app.run())
    assert "No space left on device" in marked(app)
    assert studio(app).film.timeline.sources
    assert app.button(key="film_make")


class Full:
    """A file on a disk with little room left."""

    def __init__(self, held):
        self._held, self._left = held, 20_000

    def write(self, data):
        self._left -= len(data)
        if self._left < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self._held.write(data)

    def __getattr__(self, name):
        return getattr(self._held, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._held.close()


def test_the_report_and_the_tables_hold_what_is_shown(app, film_bytes):
    analysed(app, film_bytes)
    film = studio(app).film
    assert from_csv(to_csv(film.timeline)).same_as(film.timeline)
    assert from_json(to_json(film.timeline)).same_as(film.timeline)
    page = film_report(film).decode()
    assert "Strongest happy" in page
    assert page.count("data:image/jpeg;base64,") == len(film.thumbs) > 0
    assert 'src="http' not in page
    assert page.count("Plotly.newPlot") >= 2
    blurred = film_report(film, blur=True).decode()
    first = page.split("data:image/jpeg;base64,")[1][:2000]
    assert first not in blurred
    assert blurred.count("data:image/jpeg;base64,") == len(film.thumbs)
    assert page.count('<div role="img" aria-label="Line chart over time, on average ') == len(
        set(film.timeline.track_ids.tolist())
    )
    assert 'aria-label=""' not in page


def test_who_comes_back_from_another_page_finds_faces_blurred_as_before(app, film_bytes):
    analysed(app, film_bytes)
    blur = f"{keys.FILM_BLUR}_{studio(app).round}"
    sound(app.toggle(key=blur).set_value(True).run())
    sound(app.switch_page("fer_app/screens/history.py").run())
    sound(app.switch_page("fer_app/screens/video.py").run())
    assert app.toggle(key=blur).value is True


@pytest.mark.parametrize("kind", ["HEVC 10-bit in MOV", "AV1 in MP4", "VP9 in WebM", "MJPEG in AVI"])
def test_other_kinds_of_video_and_ten_bits_are_read_whatever_their_names_say(app, tmp_path, kind):
    path = write_film(tmp_path / f"a{KINDS[kind][0]}", [portrait()] * 6, kind=kind)
    analysed(app, path.read_bytes(), "named wrongly.mp4")
    film = studio(app).film
    assert len(film.timeline.sources) >= 3
    assert not film.faults


def test_a_video_deleted_in_the_history_is_gone_everywhere(app, film_bytes):
    analysed(app, film_bytes)
    video = studio(app).video
    sound(app.switch_page("fer_app/screens/history.py").run())
    assert "talk.mp4" in "".join((plain(app), marked(app), str(app.multiselect)))
    from_history = AppTest.from_function(delete_the_videos)
    from_history.session_state["video_studio"] = studio(app)
    from_history.session_state["analysed_videos"] = app.session_state.analysed_videos
    sound(from_history.run())
    assert from_history.session_state.analysed_videos.videos == ()
    assert studio(app).film is None
    assert video.closed


def delete_the_videos() -> None:
    from fer_app import recordings, state

    recordings.delete("video", state.reel().videos[0].number)


def test_the_keys_of_every_offered_file_are_there(app, film_bytes):
    analysed(app, film_bytes)
    assert {"film_csv", "film_json", "film_report"} <= {b.key for b in app.get("download_button")}
    assert "film_mp4" not in {b.key for b in app.get("download_button")}
