"""The bench of live video, without a browser: what the fake camera shows, and the page that is written."""

from __future__ import annotations

import numpy as np
import pytest

from fer_train.bench import camera_file
from fer_train.bench.live_page import page

ONE = {
    **{"fps": 29.1, "callback_p50_ms": 7.0, "callback_p95_ms": 20.0, "first_frame_s": 3.5, "latency_ms": 150.0},
    **{"cpu_percent": 40.0, "starts": 5, "seconds": 60},
}


def decoded(frame):
    """The number in a frame's strip, read as the watcher in the browser reads it."""
    middle = frame[-10, 10 : camera_file.FIELD_PX * 10 : camera_file.FIELD_PX, 0] > 127
    assert list(middle[:2]) == [True, False]
    return int("".join("01"[int(bit)] for bit in middle[2:]), 2)


@pytest.mark.model
@pytest.mark.parametrize("count", [1, 3])
def test_each_frame_of_the_fake_camera_carries_its_number_and_faces_move(count):
    frames = camera_file.scenes(count)
    assert [decoded(frame) for frame in frames] == list(range(120))
    assert {frame.shape for frame in frames} == {(480, 640, 3)}
    assert not np.array_equal(frames[0][:400], frames[30][:400])


def test_the_mirror_s_place_of_the_strip_is_empty_in_a_frame_that_was_not_painted():
    frames = camera_file._marked([np.full((480, 640, 3), 255, np.uint8)])
    assert frames[0][-20:, -200:].max() == 0


def test_the_camera_s_file_has_a_header_and_every_frame_whole(tmp_path):
    frames = [np.zeros((480, 640, 3), np.uint8)] * 3
    content = camera_file.write(tmp_path / "x.y4m", frames).read_bytes()
    header, rest = content.split(b"\n", 1)
    assert header.startswith(b"YUV4MPEG2 W640 H480 F30:1")
    assert len(rest) == 3 * (len(b"FRAME\n") + 640 * 480 * 3 // 2)


def test_the_page_holds_each_figure_against_must_and_goal():
    said = page({"machine": {"cores": 2}, "one face": ONE, "three faces": ONE})
    rows = {line.split(" | ")[0].strip("| "): line for line in said.splitlines() if line.startswith("|")}
    assert rows["painted frames a second"].endswith("| goal |")
    assert rows["callback, 95 of 100"].endswith("| must |")
    assert rows["Start to first painted frame, median"].endswith("| no |")
    assert "Memory" not in said


def test_the_page_tells_of_several_viewers_and_memory_where_they_were_measured():
    several = {
        "viewers": 2,
        "seconds": 10,
        "fps": [12.0, 14.0],
        "latency_first_ms": 200.0,
        "latency_last_ms": 190.0,
        "cpu_percent": 90.0,
    }
    memory = {"minutes": 30, "early_mb": 300.0, "last_mb": 303.0, "growth_percent": 1.0}
    said = page({"machine": {}, "one face": ONE, "three faces": ONE, "several": several, "memory": memory})
    assert "12.0, 14.0" in said
    assert "-10 ms" in said
    assert "+1.0 %" in said
