"""The bench of load without a server: counting, what is kept of earlier runs, and the page that is written."""

from __future__ import annotations

import contextlib
import json
import math

import pytest

from fer_train.bench import hosted, load, load_parts
from fer_train.bench.load_page import PARTS, page
from fer_train.bench.load_tally import Tally, percentile, summary
from fer_train.bench.wire import HOST, LostError

SAID = {"refused": 0, "logged_faults": 0, "faults": []}
UPLOADS = {
    **{
        "visitors": 50,
        "photo_kb": 73,
        "answered": 50,
        "lost": 0,
        "open_p95_s": 3.0,
        "min_s": 2,
        "p50_s": 9.0,
        "p95_s": 17.5,
        "max_s": 18.1,
    },
    **{"idle_mb": 300.0, "busy_mb": 350.0, "server_cpu_s": 25.0, "visitors_cpu_s": 2.0},
    **SAID,
}
MIXED = {
    **{"viewers": 2, "uploaders": 10, "seconds": 60, "every_s": 10, "fps": [9.0, 7.5], "fps_alone": [12.0, 13.0]},
    **{"answered": 40, "lost": 1, "p50_s": 1.0, "p95_s": 2.0, "max_s": 3.0},
    **SAID,
    "faults": ["TimeoutError: no answer"],
}
USED = {"memory_mb": 300.0, "threads": 20, "handles": 40}
SESSIONS = {
    **{"count": 500, "at_once": 10, "settle_s": 130, "left": 0, "lost": 0, "answered": 500, "growth_percent": 1.0},
    **{"before": USED, "after": USED | {"handles": 46}, "curve": [{"sessions": 500, **USED}]},
    **SAID,
}


def hours(last_mb, minutes=120.0):
    curve = [{"age_s": 60.0 * minute, **USED} for minute in range(int(minutes))]
    curve[-1]["memory_mb"] = last_mb
    about = {"visitors": 3, "sessions": 40, "left": 0, "answered": 400, "lost": 0, "steps": {"photo": 40, "page": 160}}
    return {**about, **summary(curve, minutes), **SAID}


def rows(figures):
    said = page({"machine": {"cores": 2}, "seats": 8, "ran": [], **figures})
    return {line.split(" | ")[0].strip("| "): line for line in said.splitlines() if line.startswith("|")}


def test_a_percentile_is_one_of_the_values_and_of_none_there_is_none():
    values = [float(number) for number in range(1, 51)]
    assert (percentile(values, 0.5), percentile(values, 0.95), percentile(values, 1)) == (25.0, 48.0, 50.0)
    assert math.isnan(percentile([], 0.95))


def test_what_is_lost_is_counted_and_is_no_answer():
    tally = Tally()
    with tally.noticing(), tally.timed("photo"):
        pass
    with tally.noticing(), tally.timed("photo"):
        raise LostError("no answer")
    assert (tally.row()["answered"], tally.row()["lost"], tally.steps) == (1, 1, ["photo"])
    assert tally.row()["faults"] == ["LostError: no answer"]


def test_a_fault_of_the_bench_itself_is_not_counted_but_raised():
    tally = Tally()
    with pytest.raises(ZeroDivisionError), tally.noticing():
        _ = 1 / 0
    assert not tally.faults


def test_memory_is_compared_with_minute_five_or_with_the_middle_of_a_short_run():
    long = [{"age_s": 10.0 * n, "memory_mb": 100.0 if n <= 40 else 110.0, "threads": 5, "handles": 6} for n in range(721)]
    assert summary(long, 120)["early_minute"] == 5
    assert summary(long, 120)["growth_percent"] == 10.0
    assert summary(long[:25], 4)["early_minute"] == 2
    assert summary(long[:25], 4)["growth_percent"] == 0.0


def test_the_page_holds_each_figure_against_its_limit():
    found = rows({"uploads": UPLOADS, "mixed_live": MIXED, "sessions": SESSIONS})
    assert found["answered"] == "| answered | 50 of 50 | 50 | yes |"
    assert found["uploads lost"].endswith("| 1 | 0 | no |")
    assert found["painted frames a second, each viewer"].endswith("| 9.0, 7.5 | ≥ 8 | no |")
    assert found["threads"].endswith("| yes |")
    assert found["open file handles"].endswith("| 40, then 46 | ≤ 45 | no |")


@pytest.mark.parametrize(("last_mb", "word"), [(315.0, "yes"), (316.0, "no")])
def test_memory_may_grow_by_five_percent_and_no_more(last_mb, word):
    row = {**hours(300.0), "last_memory_mb": last_mb, "growth_percent": round(100 * (last_mb / 300 - 1), 1)}
    assert rows({"hours": row})["memory"].endswith(f"| ≤ +5 % | {word} |")


def test_the_page_says_what_was_run_and_what_is_of_an_earlier_run():
    said = page({"machine": {}, "seats": 8, "ran": ["hours"], "hours": hours(300.0, 8.0), "uploads": UPLOADS})
    assert "Mixed use for 8 minutes" in said
    assert "this one was shortened" in said
    assert "The last run measured\nhours. Of earlier runs: uploads." in said
    assert "viewers of live video and" not in said
    assert "shortened" not in page({"machine": {}, "seats": 8, "ran": ["hours"], "hours": hours(300.0)})


def test_what_was_met_in_place_of_an_answer_is_on_the_page():
    assert "In place of an answer: TimeoutError: no answer." in page({"machine": {}, "seats": 8, "ran": [], "mixed_live": MIXED})


@pytest.fixture
def measured(monkeypatch, tmp_path):
    """Run the bench with parts that stand in for servers and browsers."""
    monkeypatch.setattr(load, "_files", lambda: contextlib.nullcontext((tmp_path / "film", tmp_path / "camera")))
    for name in PARTS:
        monkeypatch.setattr(load_parts, name, lambda *_, **__: {})

    def run(*given):
        args = load.arguments([*given, "--out", str(tmp_path)])
        return load.measure(args, lambda _: None, lambda _: None)

    return run


def test_parts_that_are_not_run_keep_their_figures(measured, tmp_path):
    (tmp_path / "load.json").write_text(json.dumps({"quick": False, "uploads": UPLOADS, "hours": {"minutes": 7}}))
    figures = measured("--only", "hours")
    assert figures["uploads"] == UPLOADS
    assert "minutes" not in figures["hours"]
    assert figures["ran"] == ["hours"]


def test_a_part_that_fails_is_named_and_keeps_its_figures(measured, monkeypatch, tmp_path):
    def broken(*_, **__):
        raise OSError("no browser")

    (tmp_path / "load.json").write_text(json.dumps({"quick": False, "mixed_live": MIXED}))
    monkeypatch.setattr(load_parts, "mixed_live", broken)
    figures = measured()
    assert figures["mixed_live"] == MIXED
    assert figures["missing"] == {"mixed_live": "OSError: no browser"}
    assert figures["ran"] == ["uploads", "hours", "sessions"]


def test_figures_of_a_quick_run_are_not_kept(measured, tmp_path):
    (tmp_path / "load.json").write_text(json.dumps({"quick": True, "uploads": UPLOADS}))
    assert "uploads" not in measured("--only", "hours")


@pytest.mark.parametrize("option", ["--url", "--host", "--port", "--server"])
def test_no_other_server_can_be_named(option):
    with pytest.raises(SystemExit):
        load.arguments([option, "example.org"])


def test_the_server_listens_on_this_machine_alone(monkeypatch):
    given = []

    @contextlib.contextmanager
    def server(*flags, **settings):
        given.extend(flags)
        yield "http://localhost:1", None

    monkeypatch.setattr(hosted, "server", server)
    with hosted.hosted() as running:
        assert running.port == 1
    assert HOST == "127.0.0.1"
    assert f"--server.address={HOST}" in given


def test_counts_that_differ_in_labels_are_added_up():
    refusals = 'mien_refusals_total{limit="a"} 1.0\nmien_refusals_total{limit="b"} 3.0\n'
    text = f"# HELP mien_errors_total x\nmien_errors_total 2.0\n{refusals}"
    assert hosted.read_counts(text) == {"mien_errors_total": 2.0, "mien_refusals_total": 4.0}
