"""The parts of the video screen, one by one, without a network and without a page."""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import io
import itertools
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_app import charts_video, text_live, text_video
from fer_app.film import export, file, reading, reel, report, thumbs, truth, watch
from fer_app.film.file import VideoFile
from fer_app.film.job import Job, Places
from fer_app.film.plan import Film, Plan
from fer_app.film.studio import Studio
from fer_core import FER2013, InputError, MediaError, Timeline, VideoInfo, load_analyzer, probe_video, read_image
from fer_core.palette import NOT_SURE
from fer_core.people import Person, merged, with_person
from tests.app.clips import clip
from tests.factories import make_result, make_timeline

NAMES = FER2013.names
INFO = VideoInfo(10.0, (640, 480), 5.0, "h264", True)


def held() -> int:
    """How many of our files without a name this process holds open."""
    links = []
    for fd in Path("/proc/self/fd").iterdir():
        try:
            links.append(os.readlink(fd))
        except OSError:
            continue
    return sum("mien-" in link or "/#" in link or "(deleted)" in link for link in links)


def looking(*words: str, number: int = 0, every_s: float = 0.2) -> Timeline:
    """A timeline of one person who looks like each word in turn; "" is nobody, a "?" after a word an unsure one."""
    results = []
    for index, word in enumerate(words):
        result = make_result(0 if not word else 1, index=index, time_s=index * every_s, track_ids=np.array([number] * bool(word)))
        results.append(result)
    line = Timeline.of(results, ["a.mp4"] * len(words))
    probs = np.full((len(line), len(NAMES)), 0.01, np.float32)
    for row, word in enumerate(filter(None, words)):
        share = 0.25 if word.endswith("?") else 0.94
        probs[row] = (1 - share) / (len(NAMES) - 1)
        probs[row, NAMES.index(word.rstrip("?"))] = share
    return Timeline(
        line.sources, line.frame_indices, line.times_s, line.sizes_wh, line.rows, line.track_ids, line.boxes, line.scores, probs
    )


def film(line: Timeline, **more) -> Film:
    return Film("a.mp4", line, INFO, Plan(), 0.4, 0.0, **more)


# -- the file


def test_several_readers_of_one_file_do_not_disturb_each_other():
    content = bytes(range(256)) * 5000
    video = VideoFile.copied(io.BytesIO(content))
    wrong = []

    def read(seed: int) -> None:
        reader, rng = video.open(), np.random.default_rng(seed)
        for place in rng.integers(0, len(content) - 100, 200).tolist():
            reader.seek(place)
            if reader.read(100) != content[place : place + 100]:
                wrong.append(place)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert video.open().read() == content
    assert video.open().seek(0, io.SEEK_END) == len(content)


def test_a_file_goes_when_it_is_closed_and_when_nobody_holds_it():
    before = held()
    one, other = (VideoFile.copied(io.BytesIO(b"x" * 10)) for _ in range(2))
    reader = one.open()
    assert held() == before + 2
    one.close()
    assert reader.read() == b""
    del other
    gc.collect()
    assert held() == before


def test_a_file_has_no_name_in_the_folder_for_temporary_files(tmp_path, monkeypatch):
    monkeypatch.setattr(file.tempfile, "tempdir", str(tmp_path))
    video = VideoFile.copied(io.BytesIO(b"x"))
    assert list(tmp_path.iterdir()) == []
    video.close()


@pytest.mark.parametrize(("answers", "goes"), [(itertools.repeat(False), True), (itertools.cycle([False, False, True]), False)])
def test_a_file_goes_once_its_visitor_has_been_gone_for_long_and_not_before(monkeypatch, answers, goes):
    monkeypatch.setattr(watch, "_LOOK_EVERY_S", 0.001)
    monkeypatch.setattr(watch, "GONE_S", 0.003)
    video, asked = VideoFile.copied(io.BytesIO(b"x")), threading.Semaphore(0)

    def present() -> bool:
        asked.release()
        return next(answers)

    video.close_when_gone(present)
    if goes:
        assert ended(lambda: video.closed)
    else:
        for _ in range(30):
            assert asked.acquire(timeout=30)
        assert not video.closed
        video.close()


def ended(condition: Callable[[], bool]) -> bool:
    """Whether something has come about within half a minute."""
    deadline_s = time.monotonic() + 30
    while not condition() and time.monotonic() < deadline_s:
        threading.Event().wait(0.001)
    return condition()


def watching() -> int:
    return sum(thread.name == "mien-video-watch" for thread in threading.enumerate())


def test_one_thread_looks_after_every_file_and_ends_with_the_last(monkeypatch):
    monkeypatch.setattr(watch, "_LOOK_EVERY_S", 0.001)
    assert ended(lambda: watching() == 0)
    before, videos = held(), [VideoFile.copied(io.BytesIO(b"x")) for _ in range(5)]
    for video in videos:
        video.close_when_gone(lambda: True)
    assert (watching(), held()) == (1, before + 5)
    del videos[3:], video  # nobody holds these any more: being looked after does not keep them
    gc.collect()
    assert held() == before + 3
    for video in videos:
        video.close()
    assert ended(lambda: watching() == 0)
    assert held() == before


# -- the work


def test_a_job_says_what_went_wrong_in_the_librarys_words_and_hides_what_nobody_foresaw(caplog):
    def fails(fault: Exception) -> str:
        def work(_: Job) -> None:
            raise fault

        job = Job(work, unexpected="a sentence").start()
        assert job.wait(10)
        return job.error

    assert fails(MediaError("expected a video, got none; convert it")) == "expected a video, got none; convert it"
    assert fails(ZeroDivisionError("secret path")) == "a sentence"
    assert "secret path" in caplog.text


def test_a_job_that_is_cancelled_ends_and_estimates_only_what_it_can():
    job = Job(lambda job: [None for _ in iter(job.stopping, True)] and None, unexpected=text_video.UNEXPECTED)
    assert job.remaining_s() is None
    job.report(0.5)
    assert job.remaining_s() >= 0
    job.start()
    assert job.running
    job.cancel()
    assert job.wait(10)
    assert not job.error
    assert 0 < job.took_s < 10


def test_work_waits_for_a_place_and_gives_it_back_also_after_a_fault():
    places, done, begun, go = Places(1), [], threading.Event(), threading.Event()

    def fails(_: Job) -> None:
        begun.set()
        go.wait(10)
        raise MediaError("expected a video, got none; convert it")

    first = Job(fails, unexpected="", places=places).start()
    assert begun.wait(10)
    second = Job(lambda job: done.append(job.stopping()), unexpected="", places=places).start()
    third = Job(lambda job: done.append(job.stopping()), unexpected="", places=places).start()
    third.cancel()  # who has had enough of waiting is let go at once
    assert third.wait(10)
    assert done == [True]
    assert second.waiting
    assert not first.waiting
    go.set()
    assert second.wait(10)
    assert done == [True, False]
    assert not second.waiting
    assert places.enter(bool)


def test_places_are_given_in_the_order_in_which_they_were_asked_for():
    places, order, jobs = Places(1), [], []
    assert places.enter(bool)
    for number in range(5):
        jobs.append(Job(lambda _, number=number: order.append(number), unexpected="", places=places).start())
        while len(places._line) < number + 1:
            time.sleep(0.001)
    places.leave()
    assert all(job.wait(10) for job in jobs)
    assert order == [0, 1, 2, 3, 4]


def test_a_video_that_is_let_go_while_it_waits_is_not_called_damaged_and_leaves_the_line(tmp_path):
    places, studio = Places(1), Studio()
    assert places.enter(bool)
    studio.take("a.mp4", io.BytesIO(clip(tmp_path / "a.mp4", seconds=0.5)), present=None)
    studio.begin(Plan(5, 0.0, None, 40, 60.0), load_analyzer(), places=places)
    assert studio.job.waiting
    studio.video.close()
    assert studio.job.wait(10)
    found = studio.finish()
    assert (found.let_go, found.faults, found.stopped) == (True, "", False)


@pytest.mark.parametrize("content", [b"", b"no video at all" * 50])
def test_a_studio_keeps_nothing_of_what_is_no_video(content):
    before, studio = held(), Studio()
    studio.take("a.mp4", io.BytesIO(content), present=None)
    assert studio.video is None
    assert studio.last_problem[0] == "a.mp4"
    assert "expected a video" in studio.last_problem[1]
    assert held() == before


def test_a_studio_that_is_closed_lets_the_file_go(tmp_path):
    before, studio = held(), Studio()
    studio.take("a.mp4", io.BytesIO(clip(tmp_path / "a.mp4", seconds=0.5)), present=None)
    assert held() == before + 1
    assert studio.first_picture()[:2] == b"\xff\xd8"
    studio.close()
    assert held() == before
    assert studio.name == ""


def test_an_annotated_video_that_would_fill_the_memory_is_refused_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(export, "MAX_BYTES", 1000)
    video = VideoFile.copied(io.BytesIO(clip(tmp_path / "a.mp4", seconds=2.0)))
    before = held()
    making = export.Export(video, film(looking("happy", "happy")), frames=True, blur=False)
    job = Job(making.run, unexpected=text_video.UNEXPECTED).start()
    assert job.wait(60)
    assert "command line" in job.error
    assert making.mp4 == b""
    assert held() == before
    assert probe_video(video.open()).sound
    video.close()


# -- what is read from a timeline


def test_peaks_are_the_clearest_sure_moments_and_never_the_unsure_ones():
    found = reading.peaks(looking("happy", "happy", "sad?", "", "fear"), 0.4)
    assert [(peak.label, round(peak.time_s, 2)) for peak in found] == [("fear", 0.8), ("happy", 0.0)]


def test_curves_are_gaps_where_the_person_is_not_visible():
    curves = reading.curves(looking("happy", "", "sad"), track_id=0)
    assert np.isnan(curves.shares["happy"]).tolist() == [False, True, False]
    assert curves.times_s.tolist() == pytest.approx([0, 0.2, 0.4])
    assert np.isnan(reading.curves(looking("happy"), track_id=7).shares["happy"]).all()


def test_curves_of_a_long_video_have_few_points_and_the_same_mean():
    line = looking(*(["happy", "sad"] * 2000))
    curves = reading.curves(line)
    assert len(curves.times_s) <= reading.MAX_POINTS
    assert (np.diff(curves.times_s) > 0).all()
    assert float(curves.shares["happy"].mean()) == pytest.approx(float(line.probs[:, NAMES.index("happy")].mean()), abs=0.01)


@given(st.lists(st.sampled_from(["", "happy", "sad?", "fear"]), max_size=30))
def test_any_timeline_gives_curves_peaks_and_words(words):
    line = looking(*words)
    assert len(reading.leading(line, 0.4)) == len(words)
    assert set(reading.leading(line, 0.4)) <= {*NAMES, NOT_SURE, ""}
    assert len(reading.curves(line).times_s) == len(words)
    assert {peak.label for peak in reading.peaks(line, 0.4)} <= {"happy", "fear"}
    charts_video.video_curves(reading.curves(line), truth=(truth.Span(0, 1, "happy"),))


def test_people_are_listed_with_the_hidden_ones_and_the_longest_seen_first():
    line = make_timeline((2, 2, 1), number=3)
    ids = np.array([5, 2, 5, 2, 5])
    line = Timeline(
        line.sources, line.frame_indices, line.times_s, line.sizes_wh, line.rows, ids, line.boxes, line.scores, line.probs
    )
    named = Film("clip.mp4", with_person(line, Person("clip.mp4", 2, "Ann", hidden=True)), INFO, Plan(), 0.4, 0.0)
    rows = reading.people_of(named)
    assert [(row.track_id, row.name, row.hidden) for row in rows] == [(5, "", False), (2, "Ann", True)]
    assert set(named.shown.track_ids.tolist()) == {5}


def test_people_of_one_name_are_told_apart_and_no_name_is_everyone():
    line = Timeline.of([make_result(4, track_ids=np.arange(4))], ["a.mp4"])
    for number, name in enumerate(["Ann", text_video.EVERYONE, "Ann", text_live.person(7)]):
        line = with_person(line, Person("a.mp4", number, name))
    titles = report.titles_of(reading.people_of(film(line)))
    assert len(set(titles.values()) - {text_video.EVERYONE}) == 4
    assert (titles[3], titles[0]) == (text_live.person(7), f"Ann ({text_live.person(0)})")


def test_a_film_is_cut_short_only_where_the_file_promised_more():
    assert film(looking(*["happy"] * 10)).cut_short
    assert not film(looking(*["happy"] * 10), stopped=True).cut_short
    assert not film(looking(*["happy"] * 10), let_go=True).cut_short
    assert not film(looking(*["happy"] * 10), faults="no room").cut_short
    assert not film(looking(*["happy"] * 49)).cut_short


def test_faces_are_kept_for_each_person_and_expression_and_no_more_than_the_bound(monkeypatch):
    monkeypatch.setattr(thumbs, "MAX_THUMBS", 3)
    kept, image = thumbs.Thumbs(0.0), np.zeros((480, 640, 3), np.uint8)
    for number in range(10):
        kept.look(image, make_result(1, time_s=float(number), track_ids=np.array([number]), number=number))
    assert len(kept.kept()) == 3
    unsure = thumbs.Thumbs(1.1)
    unsure.look(image, make_result(2, track_ids=np.array([0, 1])))
    assert not unsure.kept()


def test_two_people_at_their_clearest_in_one_picture_keep_their_own_faces_also_when_they_are_merged():
    kept, image = thumbs.Thumbs(0.0), np.zeros((480, 640, 3), np.uint8)
    result = make_result(2, track_ids=np.array([0, 1]))
    probs = np.tile(np.array([0.01, 0.01, 0.01, 0.9, 0.03, 0.02, 0.02], np.float32), (2, 1))
    probs[1] = (0.02, 0.01, 0.01, 0.88, 0.04, 0.02, 0.02)
    result = dataclasses.replace(result, emotions=dataclasses.replace(result.emotions, probs=probs))
    for view, shade in zip(result, (80, 200), strict=True):
        x0, y0, x1, y1 = map(int, view.box)
        image[y0:y1, x0:x1] = shade
    kept.look(image, result)
    assert len(kept.kept()) == 2
    line = Timeline.of([result], ["a.mp4"])
    (peak,) = reading.peaks(merged(line, "a.mp4", (1, 0)), 0.4)
    face = read_image(kept.kept()[peak.shown])
    assert face[face.shape[0] // 2, face.shape[1] // 2].mean() == pytest.approx(80, abs=15)


def test_an_annotated_video_ends_where_the_analysis_did_also_when_that_broke_off():
    looks = {}
    for name, more in (("whole", {}), ("stopped", {"stopped": True}), ("broken", {"faults": "too long"})):
        looks[name] = export.Export(None, film(looking(*["happy"] * 10), **more), frames=True, blur=True)._look().end_s
    assert looks["whole"] is None
    assert looks["stopped"] == looks["broken"] == pytest.approx(1.85)


def test_a_note_leaves_an_annotated_video_as_it_is_and_a_name_does_not():
    line = looking(*["happy"] * 3)
    made = export.Export(None, film(line), frames=True, blur=False)
    assert made.fits(film(dataclasses.replace(line, notes=("a laugh", "", ""))), frames=True, blur=False)
    assert not made.fits(film(line), frames=True, blur=True)
    assert not made.fits(film(with_person(line, Person("a.mp4", 0, "Ann"))), frames=True, blur=False)


@pytest.mark.parametrize(("point", "goes_to"), [((3, 7.0), 7.0), ((3, 99.0), 9.5), ((7, 4.0), 2.0), ((None, 4.0), 4.0)])
def test_a_point_of_a_curve_is_gone_to_within_the_video_and_a_strip_is_none(monkeypatch, point, goes_to):
    from fer_app.film import results

    number, x = point
    chosen = {"x": x} if number is None else {"x": x, "curve_number": number}
    session = {"chart": {"selection": {"points": [chosen]}}, "moment": 2.0}
    monkeypatch.setattr(results.st, "session_state", session)
    results._go_to_point("chart", "moment", 7, 0.0, 9.5)
    assert session["moment"] == goes_to


def test_a_reel_is_bounded_and_forgets_by_number(monkeypatch):
    monkeypatch.setattr(reel, "MAX_ROWS", 25)
    full = reel.Reel()
    for _ in range(4):
        full = full.with_film(film(looking(*["happy"] * 5)))
    assert [video.number for video in full.videos] == [4, 3]
    assert [video.number for video in full.without(4).videos] == [3]
    changed = looking(*["sad"] * 5)
    assert full.with_timeline(3, changed).videos[1].timeline is changed


# -- labels to compare with


def test_labels_are_read_with_and_without_a_heading_in_seconds_and_minutes():
    wanted = (truth.Span(0.0, 2.5, "happy"), truth.Span(62.0, 70.0, "fear"))
    for content in ("start,end,label\n0,2.5,Happy\n1:02,1:10,afraid\n", "1:02,1:10,fear\r\n0,0:02.5,happiness\r\n"):
        assert truth.parse_truth(content.encode("utf-8-sig")) == wanted


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "1 to 5000 lines"),
        (b"start,end,label\n", "1 to 5000 lines"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"0,1\n", "line 1"),
        (b"0,1,furious", "furious"),
        (b"2,1,happy", "later end"),
        (b"a,b,happy", "later end"),
        (b"0,nan,happy", "later end"),
        (b"0,2,happy\n1,3,sad\n", "overlap"),
    ],
)
def test_a_bad_file_of_labels_is_refused_with_its_reason(content, said):
    with pytest.raises(InputError, match=said):
        truth.parse_truth(content)


@given(st.binary(max_size=200))
def test_any_bytes_are_labels_or_refused(content):
    with contextlib.suppress(InputError):
        assert truth.parse_truth(content)


def test_agreement_counts_time_with_a_face_and_takes_not_sure_for_disagreement():
    line = looking("happy", "happy", "sad?", "happy", "", "sad")
    found = truth.agreement(line, (truth.Span(0, 0.9, "happy"), truth.Span(0.9, 2, "sad")), 0.4)
    assert found.share == pytest.approx(4 / 5)
    assert found.by_label == {"happy": pytest.approx(3 / 4), "sad": pytest.approx(1.0)}
    assert found.unseen_s == pytest.approx(0.2)
    assert found.labelled_s == pytest.approx(1.2)


def test_agreement_is_none_where_no_label_meets_a_face():
    assert truth.agreement(looking("happy"), (truth.Span(5, 6, "happy"),), 0.4).share is None
    assert truth.agreement(looking("happy"), (truth.Span(0, 1, "happy"),), 0.4, track_id=3).share is None


def test_parts_with_one_answer_stand_side_by_side_and_gaps_stay_empty():
    line = looking("happy", "happy", "", "sad")
    spans = charts_video.spans_of(line.times_s, reading.leading(line, 0.4))
    assert [(round(s.start_s, 2), round(s.end_s, 2), s.label) for s in spans] == [(0.0, 0.4, "happy"), (0.6, 0.8, "sad")]
    assert charts_video.spans_of([], []) == ()


def test_times_are_said_as_players_show_them_and_never_rounded_up():
    assert [text_video.clock(t) for t in (0, 59.99, 60, 3599.9, 3600)] == ["0:00", "0:59", "1:00", "59:59", "1:00:00"]
