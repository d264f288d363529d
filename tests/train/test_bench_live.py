"""The bench of live video, without a browser: what the fake camera shows, and the page that is written."""

from __future__ import annotations

import argparse
import json

import numpy as np
import pytest

from fer_train.bench import camera_file, live, record, viewers
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


def test_the_rate_is_that_of_all_shown_frames_times_the_share_of_new_painted_ones_among_those_looked_at():
    looks = [(0.0, 100, True), (100.0, 103, True), (200.0, 106, False), (1000.0, 130, True)]
    assert viewers._rate_hz(looks) == pytest.approx(30 * 2 / 3)
    assert viewers._rate_hz(looks[:1]) == 0


def test_the_page_tells_of_several_viewers_and_memory_where_they_were_measured():
    several = {
        "viewers": 2,
        "seconds": 10,
        "fps": [12.0, 14.0],
        "latency_ms": [200.0, 220.0, 190.0, 230.0, 195.0],
        "cpu_percent": 90.0,
    }
    memory = {"minutes": 30, "early_mb": 300.0, "last_mb": 303.0, "growth_percent": 1.0}
    said = page({"machine": {}, "one face": ONE, "three faces": ONE, "several": several, "memory": memory})
    assert "12.0, 14.0" in said
    assert "200, 220, 190, 230, 195 ms" in said
    assert "+1.0 %" in said


ARGS = argparse.Namespace(quick=False, seconds=60, starts=5, viewers=0, memory_minutes=30, video=None, only=None)


@pytest.fixture
def measured(monkeypatch, tmp_path):
    """Run the bench with parts that stand in for a browser; return its figures and what was written after each part."""
    monkeypatch.setattr(live, "scenes", lambda *_: [])
    monkeypatch.setattr(live, "write", lambda path, _: path)

    def run(one, memory, only=None):
        monkeypatch.setattr(live, "one_viewer", one)
        monkeypatch.setattr(live, "memory", memory)
        written = []

        def keep(figures):
            record.write(tmp_path, "live", figures, page(figures))
            written.append(((tmp_path / "live.md").read_text(), json.loads((tmp_path / "live.json").read_text())))

        return live.measure(argparse.Namespace(**{**vars(ARGS), "only": only, "out": tmp_path}), lambda _: None, keep), written

    return run


def broken(*_, **__):
    raise live.PlaywrightError("Target page has been closed\nCall log: a hundred lines")


def test_a_part_that_fails_twice_loses_no_other_and_the_page_says_so(measured):
    figures, written = measured(lambda *_, **__: ONE, broken)
    assert all(ONE.items() <= figures[part].items() for part in ("one face", "three faces"))
    assert len(written) == 3
    assert "Not measured" not in written[1][0]
    assert "- memory: Error: Target page has been closed\n" in written[2][0]
    assert written[2][1]["one face"]["fps"] == 29.1


def test_a_part_that_fails_once_is_measured_again_and_not_called_missing(measured):
    calls = []

    def once(*_, **__):
        calls.append(1)
        return broken() if len(calls) == 1 else ONE

    figures, written = measured(once, lambda *_, **__: {"minutes": 30, "early_mb": 1.0, "last_mb": 1.0, "growth_percent": 0.0})
    assert not figures["missing"]
    assert len(calls) == 3
    assert "Not measured" not in written[-1][0]


def test_a_part_that_is_measured_alone_leaves_the_others_as_they_were_written(measured):
    remembered = {"minutes": 30, "early_mb": 1.0, "last_mb": 1.0, "growth_percent": 0.0}
    measured(lambda *_, **__: ONE, lambda *_, **__: remembered)
    figures, _ = measured(lambda *_, **__: {**ONE, "fps": 9.0}, broken, only=["three faces"])
    assert (figures["one face"]["fps"], figures["three faces"]["fps"]) == (29.1, 9.0)
    assert remembered.items() <= figures["memory"].items()
    assert not figures["missing"]


def test_a_fault_of_the_bench_itself_is_not_taken_for_a_hiccup(measured):
    with pytest.raises(ZeroDivisionError):
        measured(lambda *_, **__: 1 / 0, broken)


def test_a_page_without_one_viewer_s_figures_still_tells_the_rest():
    said = page({"machine": {}, "missing": {"one face": "no browser"}, "three faces": ONE})
    assert "| painted frames a second | – | 29.1 |" in said
    assert "- one face: no browser" in said


def test_a_delay_that_no_frame_told_is_no_number_and_no_verdict():
    said = page({"machine": {}, "one face": {**ONE, "latency_ms": float("nan")}, "three faces": ONE})
    assert "| glass-to-glass delay, median | – | 150 ms | ≤ 400 ms | ≤ 200 ms | – |" in said
