"""Many files at once: nothing lost, nothing double, nothing left behind, whatever is wrong with one of them."""

import csv
import io
import os
import resource
import signal
import subprocess
import sys
import time
from dataclasses import replace

import cv2
import numpy as np
import psutil
import pyarrow.parquet
import pytest
from skimage.data import astronaut

from fer_core import Options, from_csv, from_json, load_analyzer
from fer_core.__main__ import main
from fer_core.inputs import Job
from fer_core.journal import Journal
from fer_core.parquet import from_parquet
from fer_core.video import probe_video, read_video
from fer_core.work import Outcome
from tests.conftest import ROOT
from tests.core.films import sounds_of, write_film
from tests.factories import make_timeline

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]
FACE = astronaut()[0:240, 100:340]


def save(path, image=FACE):
    cv2.imwrite(str(path), image[..., ::-1])
    return path


@pytest.fixture
def mixed(tmp_path, monkeypatch):
    """A folder of photos and videos, good ones and bad ones, which is the working folder."""
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    save(folder / "a.jpg")
    save(folder / "sub" / "a.jpg", FACE[:, ::-1])
    save(folder / "nobody.png", np.full((90, 120, 3), 200, np.uint8))
    write_film(folder / "film.mp4", [FACE] * 4, sound="aac")
    (folder / "empty.mp4").touch()
    (folder / "letter.jpg").write_text("no photo")
    (folder / ".hidden.jpg").touch()
    (folder / "notes.txt").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


GOOD = ["in/a.jpg", "in/film.mp4", "in/nobody.png", "in/sub/a.jpg"]


def everything(folder):
    """Return all files below a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def command(*arguments, **more):
    """Start the command line in a process of its own."""
    call = [sys.executable, "-m", "fer_core", "analyze", *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL} | more
    return subprocess.Popen(call, env=os.environ | {"PYTHONPATH": str(ROOT)}, text=True, **pipes)


def test_photos_and_videos_go_to_one_file_and_bad_ones_are_told_at_the_end(mixed, capsys):
    before = everything(mixed)
    assert main(["analyze", "in", "gone.jpg", "--workers", "2", "--quiet"]) == 1
    timeline = from_csv((mixed / "results.csv").read_bytes())
    assert list(dict.fromkeys(timeline.sources)) == GOOD
    assert timeline.sources.count("in/film.mp4") == 4
    assert set(timeline.face_sources) == {*GOOD} - {"in/nobody.png"}
    said = capsys.readouterr()
    assert "4 of 7 files analysed: 6 faces in 7 pictures → results.csv" in said.out
    for name, words in (("in/empty.mp4", "none or a damaged"), ("in/letter.jpg", "a photo"), ("gone.jpg", "got nothing")):
        assert any(line.startswith(f"failed: {name}: expected") and words in line for line in said.err.splitlines())
    assert everything(mixed) == sorted([*before, "results.csv"])


def test_results_of_an_earlier_run_outlive_a_wrong_name(mixed, capsys):
    (mixed / "results.csv").write_text("of an earlier run")
    assert main(["analyze", "in/aa.jpg", "--workers", "1", "--quiet"]) == 1
    assert (mixed / "results.csv").read_text() == "of an earlier run"
    assert "0 of 1 files analysed; results.csv stays as it was" in capsys.readouterr().out
    assert not (mixed / "results.csv.journal").exists()
    (mixed / "results.csv").unlink()
    assert main(["analyze", "in/aa.jpg", "--workers", "1", "--quiet"]) == 1
    assert "0 of 1 files analysed; results.csv was not written" in capsys.readouterr().out


@pytest.mark.parametrize(("every", "said"), [("10", ""), ("0.5", "only the first")])
def test_a_video_is_said_to_end_early_only_where_no_picture_was_due_any_more(every, said):
    from fer_core import VideoInfo
    from fer_core.work import _remark

    line = replace(make_timeline((1, 1)), times_s=np.array([0.0, 10.0]))
    info = VideoInfo(19.0, (640, 480), 30.0, "h264", True)
    assert _remark(info, line, float(every)).startswith(said)
    assert bool(_remark(info, line, float(every))) == bool(said)


def test_all_kinds_of_results_hold_the_same(mixed):
    for kind in ("csv", "json", "parquet"):
        assert (
            main(["analyze", "in/a.jpg", "in/nobody.png", "in/film.mp4", "--out", f"r.{kind}", "--workers", "1", "--quiet"]) == 0
        )
    timeline = from_csv((mixed / "r.csv").read_bytes())
    assert from_json((mixed / "r.json").read_bytes()).same_as(timeline)
    assert from_parquet((mixed / "r.parquet").read_bytes()).same_as(timeline)
    table = pyarrow.parquet.read_table(mixed / "r.parquet")
    rows = list(csv.DictReader(io.StringIO((mixed / "r.csv").read_text(encoding="utf-8-sig"))))
    assert table.column_names == list(rows[0])
    assert table.num_rows == len(rows) == 6


def test_annotated_copies_are_complete_and_blurred_on_demand(mixed):
    assert main(["analyze", "in", "--annotate", "seen", "--workers", "1", "--quiet"]) == 1
    assert everything(mixed / "seen") == ["a.jpg", "film.mp4", "nobody.png.jpg", "sub/a.jpg"]
    assert sounds_of(mixed / "seen" / "film.mp4")[0] == "aac"
    assert len(list(read_video(mixed / "seen" / "film.mp4"))) == 4
    plain = cv2.imread(str(mixed / "seen" / "a.jpg"))
    assert main(["analyze", "in", "--annotate", "seen", "--blur", "--workers", "1", "--quiet"]) == 1
    assert np.abs(cv2.imread(str(mixed / "seen" / "a.jpg")).astype(int) - plain).mean() > 3
    assert len(from_csv((mixed / "results.csv").read_bytes()).sources) == 7


def test_of_a_crowd_everybody_is_blurred_and_listed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    portrait = cv2.resize(FACE, (64, 64), interpolation=cv2.INTER_AREA)
    crowd = np.tile(portrait, (11, 11, 1))
    save(tmp_path / "crowd.png", crowd)
    found = len(load_analyzer(Options(max_faces=1000)).detector.detect(crowd))
    assert found > 100
    assert main(["analyze", "crowd.png", "--annotate", "seen", "--blur", "--workers", "1", "--quiet"]) == 0
    assert len(from_csv((tmp_path / "results.csv").read_bytes())) == found


def test_a_list_is_split_where_lines_end_and_nowhere_else(mixed):
    save(mixed / "a\u2028b.jpg")
    with command("-", "--quiet", "--workers", "1", stdin=subprocess.PIPE) as run:
        _, told = run.communicate("a\u2028b.jpg\r\nin/a.jpg\n")
    assert run.returncode == 0, told
    assert from_csv((mixed / "results.csv").read_bytes()).sources == ("a\u2028b.jpg", "in/a.jpg")


def test_every_takes_fewer_pictures_and_the_true_times(mixed):
    assert main(["analyze", "in/film.mp4", "--every", "0.2", "--workers", "1", "--quiet"]) == 0
    assert from_csv((mixed / "results.csv").read_bytes()).times_s.tolist() == pytest.approx([0, 0.2], abs=1e-3)


def test_patterns_and_a_list_on_standard_input_name_each_file_once(mixed):
    with command("in/*.p?g", "in/a.jpg", "-", "--quiet", stdin=subprocess.PIPE) as run:
        _, told = run.communicate("in/sub/a.jpg\nin/a.jpg\n\n")
    assert run.returncode == 0, told
    assert from_csv((mixed / "results.csv").read_bytes()).sources == ("in/nobody.png", "in/a.jpg", "in/sub/a.jpg")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["in", "--out", "results.xlsx"], ".parquet"),
        (["in/notes"], "nothing"),
        (["in", "--annotate", "in"], "folder of its own"),
        (["in", "--annotate", "seen", "--blur", "--every", "2"], "faces move"),
        (["in", "--blur"], "--annotate"),
        (["in", "--model", "none"], "model must be"),
        (["in", "--dask", "tcp://127.0.0.1:9"], "Dask scheduler"),
    ],
)
def test_what_cannot_be_is_said_before_any_work(mixed, capsys, monkeypatch, arguments, words):
    monkeypatch.setattr("fer_core.batch._CONNECT_S", 1)
    before = everything(mixed)
    code = main(["analyze", *arguments, "--quiet", "--workers", "1"])
    assert code == (1 if arguments == ["in/notes"] else 2)
    assert words in capsys.readouterr().err
    assert set(everything(mixed)) - {"results.csv", "results.csv.journal"} == set(before)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "required: PATH"),
        (["in", "--every", "0"], "got 0; 0.2 takes"),
        (["in", "--workers", "x"], "got 'x'; write it in digits"),
        (["in", "--workers", "1.5"], "got 1.5; one for each core"),
        (["in", "--workers", "inf"], "got inf; one for each core"),
        (["in", "--min-face", "2"], "min_face_px must be 12"),
        (["in", "--nonsense"], "--nonsense"),
    ],
)
def test_a_wrong_command_line_is_refused_in_words_and_exits_with_2(arguments, words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["analyze", *arguments])
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_help_tells_what_it_does_the_exit_codes_and_examples(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["analyze", "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert all(words in said for words in ("exit codes:", "examples:", "--dask ADDRESS", "journal", "perceive"))


def waits(condition, *, at_most_s=120):
    """Wait for another process; this is what it is measured against, not a pause."""
    end = time.monotonic() + at_most_s
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def finished_paths(journal):
    """Return the files of the outcomes in a journal that nobody holds."""
    import sqlite3

    with sqlite3.connect(journal) as file:
        return {os.fsdecode(path) for (path,) in file.execute("SELECT path FROM finished")}


def finished(journal):
    """Return how many outcomes a journal that nobody holds has."""
    return len(finished_paths(journal))


FILM_FRAMES = 1200  # enough that no machine, however busy, is done with them before it is told to end


def six_photos_and_a_film(tmp_path, monkeypatch, frames):
    (tmp_path / "in").mkdir()
    for i in range(6):
        save(tmp_path / "in" / f"{i}.png", np.roll(FACE, i, axis=1))
    write_film(tmp_path / "in" / "film.avi", [FACE] * frames, kind="MJPEG in AVI")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def many(tmp_path, monkeypatch):
    """Six photos and a video that is larger, comes first therefore, and takes longer than all of them; the working folder."""
    return six_photos_and_a_film(tmp_path, monkeypatch, FILM_FRAMES)


@pytest.fixture
def few(tmp_path, monkeypatch):
    """The same with a short video, for runs that nothing races against."""
    return six_photos_and_a_film(tmp_path, monkeypatch, 200)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_ended_goes_on_where_it_stopped(many, sign):
    arguments = ("in", "--annotate", "seen", "--workers", "2")
    with command(*arguments) as run:
        waits(lambda: (many / "seen" / "3.png.jpg").exists())
        workers = workers_of(run)
        run.send_signal(sign)
        _, told = run.communicate()
    assert run.returncode == (-9 if sign == signal.SIGKILL else 128 + sign), told
    assert len(workers) == 2
    psutil.wait_procs(workers, timeout=60)
    assert not any(worker.is_running() for worker in workers)
    if sign != signal.SIGKILL:
        assert not [name for name in everything(many) if name.endswith(".part")]
    assert not (many / "results.csv").exists()
    before = finished(many / "results.csv.journal")
    assert 3 <= before <= 6
    if sign != signal.SIGKILL:  # the photos alone: the video takes its time
        goes_on_with_photos(many, changed=range(3) if sign == signal.SIGTERM else range(0))
        return
    with command("in", "--annotate", "seen", "--workers", "2") as again:
        said, told = again.communicate()
    assert again.returncode == 0, told
    assert f"7 of 7 files analysed ({before} of them by a run before)" in said
    timeline = from_csv((many / "results.csv").read_bytes())
    assert sorted(set(timeline.sources)) == sorted(f"in/{name}" for name in ("film.avi", *(f"{i}.png" for i in range(6))))
    assert timeline.sources.count("in/film.avi") == FILM_FRAMES
    assert len(timeline.sources) == FILM_FRAMES + 6
    assert len(everything(many)) == 7 + 7 + 1
    assert probe_video(many / "seen" / "film.avi.mp4").size_wh == (240, 240)


def goes_on_with_photos(many, *, changed):
    """Hold that a broken-off run goes on with what it had, and does those photos again that are others by now."""
    photos = [f"in/{i}.png" for i in range(6)]
    others = {photos[i] for i in changed}
    kept = len(finished_paths(many / "results.csv.journal") - {str(many / photo) for photo in others})
    for photo in others:
        save(many / photo, np.full((90, 120, 3), 200, np.uint8))
    with command(*photos, "--annotate", "seen", "--workers", "2") as again:
        said, told = again.communicate()
    assert again.returncode == 0, told
    assert (f"6 of 6 files analysed ({kept} of them by a run before)" if kept else "6 of 6 files analysed: ") in said
    timeline = from_csv((many / "results.csv").read_bytes())
    assert set(timeline.sources) == set(photos)
    assert set(timeline.face_sources) == set(photos) - others


def workers_of(run):
    """Return the worker processes of a run."""
    try:
        return [child for child in psutil.Process(run.pid).children() if "spawn_main" in " ".join(child.cmdline())]
    except psutil.NoSuchProcess:
        return []


def test_a_worker_that_dies_loses_nothing(few):
    with command("in", "--workers", "2") as run:
        waits(lambda: len(workers_of(run)) == 2)
        workers_of(run)[0].kill()
        said, told = run.communicate()
    assert run.returncode == 0, told
    assert "7 of 7 files analysed: " in said
    assert len(from_csv((few / "results.csv").read_bytes()).sources) == 200 + 6


def test_another_run_with_the_same_results_leaves_what_a_broken_off_one_has_finished(mixed):
    journal = mixed / "results.csv.journal"
    stale = Job("in/a.jpg", str(mixed / "in" / "a.jpg"), "before it changed", 1)
    with Journal(journal) as held:
        for job in (stale, Job("x.jpg", "/elsewhere/x\udcff.jpg", "of another run", 1)):
            held.add(job, Outcome(b"", 1, 0))
    assert main(["analyze", "in/nobody.png", "--workers", "1", "--quiet"]) == 0
    assert finished(journal) == 2
    assert main(["analyze", "in/a.jpg", "--workers", "1", "--quiet"]) == 0
    assert finished(journal) == 1
    with Journal(journal) as held:
        assert held.keys() == {"of another run"}
        held.settle([Job("x.jpg", "/elsewhere/x\udcff.jpg", "", 1)])
    assert not journal.exists()


def test_a_picture_that_no_copy_can_hold_stops_nothing(mixed, capsys):
    write_film(mixed / "wide.avi", [np.zeros((16, 16_386, 3), np.uint8)] * 2, kind="MJPEG in AVI")
    cv2.imwrite(str(mixed / "strip.png"), np.zeros((20, 65_520, 3), np.uint8))
    assert main(["analyze", "strip.png", "wide.avi", "in/a.jpg", "--annotate", "seen", "--workers", "1", "--quiet"]) == 1
    said = capsys.readouterr()
    assert "1 of 3 files analysed" in said.out
    assert "at most 65500 pixels a side" in said.err
    assert "16,384 pixels wide and high for H.264, got 16386 x 16" in said.err


def test_a_copy_whose_name_is_too_long_stops_nothing(mixed, capsys):
    long = save(mixed / ("x" * 251 + ".png")).name
    assert main(["analyze", long, "in/a.jpg", "--annotate", "seen", "--workers", "1", "--quiet"]) == 1
    said = capsys.readouterr()
    assert "1 of 2 files analysed" in said.out
    assert "got File name too long; shorten its name" in said.err
    assert everything(mixed / "seen") == ["in/a.jpg"]


def test_a_terminal_that_cannot_write_an_arrow_or_a_name_changes_nothing(mixed, monkeypatch):
    terminal = io.TextIOWrapper(io.BytesIO(), "ascii")
    monkeypatch.setattr(sys, "stdout", terminal)
    assert main(["analyze", "in/a.jpg", "--out", "réponse\udcff.csv", "--workers", "1", "--quiet"]) == 0
    terminal.flush()
    assert b"1 faces in 1 pictures \\u2192 r\\xe9ponse\\udcff.csv" in terminal.buffer.getvalue()


def test_parquet_without_its_package_is_refused_before_any_work(mixed, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert main(["analyze", "in", "--out", "r.parquet", "--workers", "1", "--quiet"]) == 2
    assert "Parquet needs pyarrow" in capsys.readouterr().err
    assert not (mixed / "r.parquet.journal").exists()


def test_two_runs_do_not_write_the_same_results(many, capsys):
    with command("in", "--workers", "1") as run:
        waits(lambda: (many / "results.csv.journal").exists() and workers_of(run))
        assert main(["analyze", "in", "--workers", "1", "--quiet"]) == 2
        assert "another run" in capsys.readouterr().err
        run.send_signal(signal.SIGINT)
        run.communicate()


def test_a_full_disk_ends_the_run_in_words_and_leaves_no_unfinished_file(few):
    def little_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    with command("in", "--annotate", "seen", "--workers", "1", preexec_fn=little_room) as run:
        _, told = run.communicate()
    assert run.returncode == 3, told
    assert "expected a place to write" in told
    assert "got File too large" in told
    assert not [name for name in everything(few) if name.endswith(".part")]
    with command("in", "--annotate", "seen", "--workers", "1") as again:
        assert again.wait() == 0


def test_a_journal_that_is_none_is_refused_and_left_alone(mixed, capsys):
    (mixed / "results.csv.journal").write_text("my diary, which is long enough to be taken for a file of another kind" * 20)
    assert main(["analyze", "in/a.jpg", "--workers", "1", "--quiet"]) == 2
    assert "journal" in capsys.readouterr().err
    assert (mixed / "results.csv.journal").read_text().startswith("my diary")
