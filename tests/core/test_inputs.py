"""What is named is what is meant: each file once, in a steady order, with a key of its own and a place for its copy."""

import io
import ntpath
import os
from pathlib import Path

import pytest

from fer_core.console import ProgressLine
from fer_core.errors import InputError
from fer_core.inputs import Job, find_files, plan_jobs
from fer_core.work import Failure, Outcome


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("b.jpg", "a.MP4", "sub/c.heic", "sub/deep/d.webm", ".git/e.jpg", "sub/.f.jpg", "notes.txt", "x[1].png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def named(*arguments, **knobs):
    return [path.as_posix() for path in find_files(arguments, **knobs)]


def test_a_folder_gives_its_photos_and_videos_in_order_and_nothing_else(folder):
    assert named(".") == ["a.MP4", "b.jpg", "x[1].png", "sub/c.heic", "sub/deep/d.webm"]
    assert named("sub") == ["sub/c.heic", "sub/deep/d.webm"]


def test_patterns_give_what_they_match_and_names_that_look_like_patterns_are_names(folder):
    assert named("**/*.heic", "*.jpg") == ["sub/c.heic", "b.jpg"]
    assert named("x[1].png") == ["x[1].png"]
    assert named("s*b") == ["sub/c.heic", "sub/deep/d.webm"]


def test_links_that_lead_in_a_circle_are_left_to_who_reads_them(folder):
    (folder / "round.jpg").symlink_to(folder / "round.jpg")
    for argument in (".", "round.*", "round.jpg"):
        assert "round.jpg" in named(argument, leave_out=folder / "seen")


def test_a_key_holds_the_name_that_stands_in_the_results(folder):
    short, long = (plan_jobs([path], manner="")[0] for path in (Path("b.jpg"), folder / "b.jpg"))
    assert short.path == long.path
    assert short.key != long.key


@pytest.mark.parametrize("name", ["x" * 300 + ".jpg", "x" * 300 + "*.jpg", "x/" * 3000 + "*.jpg", "\0.jpg"])
def test_a_name_that_no_file_can_have_is_left_to_who_reads_it(folder, name):
    assert named(name, "b.jpg") == [Path(name).as_posix(), "b.jpg"]


def test_a_folder_that_cannot_be_read_is_named_itself_so_that_it_fails(folder, monkeypatch):
    scan = os.scandir

    def scandir(path="."):
        if Path(path).name == "deep":
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert named(".") == ["a.MP4", "b.jpg", "x[1].png", "sub/c.heic", "sub/deep"]
    assert named("sub/deep") == ["sub/deep"]
    assert plan_jobs([Path("sub/deep")], manner="")[0].name == "sub/deep"


def test_links_to_folders_are_not_followed_and_links_to_files_are(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "g.jpg").write_text("g")
    (folder / "link").symlink_to(elsewhere)
    (folder / "sub" / "link.jpg").symlink_to(elsewhere / "g.jpg")
    assert named("sub") == ["sub/c.heic", "sub/link.jpg", "sub/deep/d.webm"]
    assert "link/g.jpg" not in named(".")
    assert named("link") == ["link/g.jpg"]


def test_a_file_counts_once_however_it_is_named(folder):
    (folder / "link.jpg").symlink_to(folder / "b.jpg")
    assert named("b.jpg", "./b.jpg", str(folder / "b.jpg"), "link.jpg", "sub/../b.jpg") == ["b.jpg"]


def test_what_is_named_is_taken_whatever_it_is_and_what_is_missing_is_not_forgotten(folder):
    assert named("notes.txt", "gone.jpg", "*.gone") == ["notes.txt", "gone.jpg", "*.gone"]
    assert named() == []


def test_copies_are_not_taken_for_files_unless_they_are_named(folder):
    assert named(".", leave_out=Path("sub")) == ["a.MP4", "b.jpg", "x[1].png"]
    assert named("**/*.heic", "*.jpg", "s*", leave_out=Path("sub")) == ["b.jpg"]
    assert named("sub/c.heic", leave_out=Path("sub")) == ["sub/c.heic"]


def test_copies_lie_as_the_files_lie(folder):
    jobs = plan_jobs(find_files(["."]), manner="m", annotate=Path("seen"))
    inside = [os.path.relpath(job.target, folder / "seen") for job in jobs]
    assert inside == ["a.MP4", "b.jpg", "x[1].png", "sub/c.heic", "sub/deep/d.webm"]
    assert all(Path(job.target).is_absolute() and Path(job.path).is_absolute() for job in jobs)


def test_two_files_never_share_a_copy(folder):
    (folder / "b").write_text("also a photo")
    jobs = plan_jobs([Path("b"), Path("b.jpg")], manner="m", annotate=Path("seen"))
    assert [Path(job.target).name for job in jobs] == ["b_", "b.jpg"]


def test_a_copy_never_takes_the_place_of_a_file(folder):
    with pytest.raises(InputError, match="folder of its own"):
        plan_jobs([Path("b.jpg")], manner="m", annotate=Path())


def test_a_copy_never_takes_the_place_of_a_file_that_a_link_leads_to(folder):
    (folder / "link").symlink_to(folder / "sub")
    with pytest.raises(InputError, match="folder of its own"):
        plan_jobs([Path("sub/c.heic")], manner="m", annotate=Path("link"))


def test_a_copy_that_is_itself_named_is_not_replaced(folder):
    (folder / "seen").mkdir()
    (folder / "seen" / "x[1].png.jpg").write_text("an earlier copy")
    files = [Path("x[1].png"), Path("b.jpg"), Path("seen/x[1].png.jpg")]
    with pytest.raises(InputError, match="folder of its own"):
        plan_jobs(files, manner="m", annotate=Path("seen"))
    assert len(plan_jobs(files, manner="m", annotate=Path("elsewhere"))) == len(plan_jobs(files[:2], manner="m")) + 1


def test_a_key_changes_with_file_name_and_manner_and_with_nothing_else(folder):
    def key(manner="m", annotate=None):
        return plan_jobs([Path("b.jpg")], manner=manner, annotate=annotate)[0].key

    first = key()
    assert key() == first
    assert plan_jobs([Path("a.MP4"), Path("b.jpg")], manner="m")[1].key == first
    assert len({first, key("other"), key(annotate=Path("seen"))}) == 3
    (folder / "b.jpg").write_text("changed")
    assert key() != first


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_counts_files_failures_and_the_time_left():
    now = iter(range(0, 1000, 20))
    out, jobs = io.StringIO(), [Job(name, name, name, 100) for name in ("a", "b", "c", "d")]
    line = ProgressLine(out, clock=lambda: next(now))
    line.begin(jobs)
    line.finished(jobs[0], Outcome(b"", 1, 0))
    line.finished(jobs[1], Failure("why"))
    line.under_way(jobs[2], 0.5)
    assert out.getvalue().splitlines() == [
        "1/4 files · 0:01:00 left · a",
        "2/4 files · 1 failed · 0:00:40 left · b",
        "2/4 files · 1 failed · 0:00:36 left · c",
    ]


def test_a_terminal_keeps_one_line_and_quiet_shows_nothing():
    out, job = Terminal(), Job("a" * 200, "a", "a", 100)
    for target in (out, None):
        line = ProgressLine(target, clock=iter(range(100)).__next__)
        line.begin([job])
        line.under_way(job, 0.5)
        line.close()
    assert "\n" not in out.getvalue()
    assert all(len(part) <= 78 for part in out.getvalue().split("\r"))


def test_a_small_video_takes_longer_than_a_large_photo_and_a_large_photo_longer_than_a_small_one():
    jobs = [
        Job(name, f"/{name}", name, size) for name, size in (("s.jpg", 1), ("l.jpg", 9), ("s.mp4", 2), ("l.avi", 3), ("x", 1))
    ]
    assert [job.name for job in sorted(jobs, key=lambda job: job.length)] == ["s.jpg", "l.jpg", "x", "s.mp4", "l.avi"]


def test_files_of_two_drives_have_no_common_folder_for_copies(tmp_path, monkeypatch):
    monkeypatch.setattr(os.path, "commonpath", ntpath.commonpath)
    files = [Path("C:/a.jpg"), Path("D:/b.jpg")]
    monkeypatch.setattr(os.path, "abspath", str)
    assert len(plan_jobs(files, manner="")) == 2
    with pytest.raises(InputError, match="several drives"):
        plan_jobs(files, manner="", annotate=tmp_path)
