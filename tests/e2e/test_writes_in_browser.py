"""What the server writes while visitors use it: its system calls are watched, and nothing of a visitor is left on disk."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.app.clips import clip
from tests.e2e.conftest import SAMPLE, running, upload
from tests.e2e.live import RECORD_TRACKS, Visitor

STRACE = shutil.which("strace")
CALLS = "open,openat,creat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat"
WATCHED = ("strace", "-D", "-f", "-qq", "--seccomp-bpf", "-s", "300", "-e", f"trace={CALLS}", "-e", "signal=none")
CHANGES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_TMPFILE|\b(?:creat|rename\w*|link\w*|symlink\w*|mkdir\w*)\(")
# What a Python process may write besides, none of it a visitor's: devices and pipes; its own settings in /proc; the byte code of
# modules that it imports, whose names and content come from the installed packages alone.
HARMLESS = re.compile(r"^/dev/(null|tty|ptmx|urandom)$|^/proc/self/|^/sys/|/__pycache__(/[\w.-]+\.pyc(\.\d+)?)?$")


def can_watch() -> bool:
    """Whether processes may be traced here; some containers forbid it."""
    return STRACE is not None and subprocess.run(["strace", "-o", "/dev/null", "true"], check=False).returncode == 0


def written(log: Path) -> set[str]:
    """Return the paths that were opened for writing, made or renamed, as the trace has them."""
    lines = (line for line in log.read_text(errors="replace").splitlines() if CHANGES.search(line) and "ENOENT" not in line)
    return {path for line in lines for path in re.findall(r'"([^"]*)"', line)}


def beyond(paths: set[str], folder: Path) -> list[str]:
    outside = (path for path in paths if path != str(folder) and not path.startswith(f"{folder}/"))
    return sorted(path for path in outside if not HARMLESS.search(path))


def see_a_photo(context: BrowserContext, url: str) -> None:
    page = context.new_page()
    page.goto(url)
    upload(page, SAMPLE)
    expect(page.get_by_role("heading", name="Looks happy")).to_be_visible(timeout=90_000)
    with page.expect_download():
        page.get_by_role("button", name="Picture").click()
    page.close()


def see_a_video(context: BrowserContext, url: str, film: Path) -> None:
    page = context.new_page()
    page.goto(f"{url}/video")
    upload(page, film)
    page.locator(".st-key-film_start button").click(timeout=90_000)
    expect(page.get_by_role("heading", name="Strongest moments")).to_be_visible(timeout=90_000)
    page.get_by_role("button", name="Make the annotated video").click()
    expect(page.locator("video")).to_be_visible(timeout=90_000)
    page.close()


def see_live_video(context: BrowserContext, url: str) -> None:
    context.add_init_script(RECORD_TRACKS)
    visitor = Visitor.arrive(context, url)
    visitor.start()
    visitor.sees_painted_frames()
    visitor.stop()
    visitor.page.close()


@pytest.mark.camera
@pytest.mark.timeout(600)
@pytest.mark.skipif(not can_watch(), reason="no strace here, or it may not trace")
def test_photo_video_and_live_write_nowhere_but_in_the_temporary_folder_and_leave_it_empty(context, tmp_path_factory):
    folder, beside = (tmp_path_factory.mktemp(name) for name in ("temporary", "beside"))
    clip(beside / "talk.mp4", seconds=3)
    launch = [*WATCHED, "-o", str(beside / "trace"), sys.executable, "-m", "streamlit"]
    with running(launch, beside, TMPDIR=str(folder), TF_CPP_MIN_LOG_LEVEL="2") as url:
        see_a_photo(context, url)
        see_a_video(context, url, beside / "talk.mp4")
        see_live_video(context, url)
        context.close()
        assert list(folder.iterdir()) == []
    paths = written(beside / "trace")
    assert any(path.startswith(str(folder)) for path in paths), "the video's nameless file was not seen: nothing is watched"
    assert beyond(paths, folder) == []
    assert list(folder.iterdir()) == []


def test_a_file_written_elsewhere_would_be_seen(tmp_path):
    (tmp_path / "trace").write_text(
        '7 openat(AT_FDCWD, "/srv/kept.jpg", O_WRONLY|O_CREAT|O_CLOEXEC, 0666) = 9\n'
        '7 openat(AT_FDCWD, "/etc/hosts", O_RDONLY) = 9\n7 rename("/tmp/a/x", "/srv/y") = 0\n'
        '7 openat(AT_FDCWD, "/tmp/a/x", O_RDWR|O_EXCL <unfinished ...>\n7 openat(AT_FDCWD, "/dev/null", O_RDWR) = 3\n'
    )
    assert beyond(written(tmp_path / "trace"), Path("/tmp/a")) == ["/srv/kept.jpg", "/srv/y"]
