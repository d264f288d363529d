"""What the app takes of a small host's memory: Streamlit Community Cloud's 690 MB, with the settings that its page gives."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, expect

from tests.app.clips import clip
from tests.e2e.conftest import ROOT, SAMPLE, running, upload
from tests.e2e.live import PATIENCE_MS, Visitor, process_of
from tests.hostile.reading import peak_mb

MOST_MB = 690
PAGE = ROOT / "docs" / "deploy" / "community_cloud.md"


def settings() -> dict[str, str]:
    """Return the settings that the page gives."""
    found = dict(re.findall(r'^    (MIEN_\w+) = "?([^"\n]*)"?$', PAGE.read_text(encoding="utf-8"), flags=re.M))
    assert {"MIEN_LIVE_SEATS", "MIEN_VIDEO_MB", "MIEN_PHOTO_MEGAPIXELS"} <= set(found)
    return found


def largest_photo(path: Path, megapixels: float) -> None:
    side = int((megapixels * 1e6) ** 0.5)
    Image.open(SAMPLE).resize((side, side)).save(path, quality=80)


def largest_video(path: Path, megabytes: float) -> None:
    """A short film in a file as large as the host lets in: MP4 may hold room that nobody uses."""
    clip(path, seconds=3)
    room = int(megabytes * 1e6) - path.stat().st_size
    with path.open("ab") as file:
        file.write(room.to_bytes(4, "big") + b"free")
        file.truncate(path.stat().st_size + room - 8)


def go_live(context: BrowserContext, url: str) -> Visitor:
    visitor = Visitor.arrive(context, url)
    visitor.start()
    visitor.sees_painted_frames()
    return visitor


@pytest.mark.camera
@pytest.mark.timeout(600)
@pytest.mark.skipif(sys.platform != "linux", reason="the system tells the most memory held on Linux alone")
def test_two_live_viewers_the_largest_photo_and_the_largest_video_fit_into_the_cloud_s_memory(context, tmp_path):
    given = settings()
    largest_photo(tmp_path / "large.jpg", float(given["MIEN_PHOTO_MEGAPIXELS"]))
    largest_video(tmp_path / "large.mp4", float(given["MIEN_VIDEO_MB"]))
    with running([sys.executable, "-m", "streamlit"], tmp_path, **given | {"MIEN_UDP": "open"}) as url:
        for _ in range(int(given["MIEN_LIVE_SEATS"])):
            go_live(context, url)
        page = context.new_page()
        page.goto(url)
        upload(page, tmp_path / "large.jpg")
        expect(page.get_by_role("heading", name="Looks happy")).to_be_visible(timeout=PATIENCE_MS)
        page.goto(f"{url}/video")
        upload(page, tmp_path / "large.mp4")
        page.locator(".st-key-film_start button").click(timeout=PATIENCE_MS)
        expect(page.get_by_role("heading", name="Strongest moments")).to_be_visible(timeout=PATIENCE_MS)
        page.get_by_role("link", name="History").click()
        expect(page.locator(".js-plotly-plot").first).to_be_visible(timeout=PATIENCE_MS)
        server = process_of(url)
        loaded = {Path(part.path).name for part in server.memory_maps()}
        assert not [name for name in loaded if "tensorflow" in name], "the reference engine was loaded by nobody's wish"
        print(f"at most {peak_mb(server.pid):.0f} MB")  # noqa: T201 - `pytest -rP` shows it
        assert peak_mb(server.pid) < MOST_MB
