"""What the history is made of, without a screen: shares, moments, notes, names of sources, files and the report."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from fer_app import charts_history, history, history_files, history_panels, text, text_history
from fer_app.album import LeftOut
from fer_app.history import LIVE, LOADED, Drawer, Recording, distinct, joined, notes_of, row_at, timed, with_note
from fer_app.history_compare import sides
from fer_app.history_report import report_of
from fer_app.moments import MAX_MOMENTS, MOST_ROWS, moments, moments_table, source_part
from fer_app.shares import ANSWERS, sightings
from fer_app.takes import KeptTake, Shelf, seconds_each
from fer_core import FERPLUS, FrameResult, InputError, Timeline, from_json, to_csv, to_json
from fer_core.palette import NOT_SURE, colour_hex
from fer_core.people import Person, merged, with_person
from fer_core.types import Emotions, Faces
from tests.factories import make_result, make_timeline


def face(look, *, time_s=0.0, index=0, track_id=0, sure=0.9):
    """A picture with one face that looks like something."""
    probs = np.full((1, 7), (1 - sure) / 6)
    probs[0, ANSWERS.index(look)] = sure
    found = Faces(np.array([[0, 0, 9, 9]]), np.ones(1), np.zeros((1, 5, 2)), (20, 20), np.array([track_id]))
    return FrameResult(found, Emotions(probs), index, time_s)


def course(looks, *, source="clip.mp4", step_s=0.5, track_id=0):
    results = [face(look, time_s=i * step_s, index=i, track_id=track_id) for i, look in enumerate(looks)]
    return Timeline.of(results, [source] * len(results))


def recording(timeline, *, kind=LOADED, number=1, name="a.json", threshold=0.5):
    return Recording(kind, number, name, timeline, threshold)


# -- how long a picture counts


def test_pictures_count_until_the_next_one_and_a_gap_counts_as_no_more_than_a_second():
    timeline = replace(course(["happy"] * 4), times_s=np.array([0.0, 0.5, 1.0, 60.0]))
    assert seconds_each(timeline).tolist() == [0.5, 0.5, 1.0, 0.5]


def test_a_session_that_was_thinned_out_keeps_its_length():
    thinned = [*np.arange(0, 4000, 2.0), *np.arange(4000, 4300, 0.1)]
    timeline = replace(course(["happy"] * len(thinned)), times_s=np.array(thinned))
    assert seconds_each(timeline).sum() == pytest.approx(4300, abs=3)
    paused = np.array([*np.arange(0, 10, 0.1), 60.0, 120.0, *np.arange(121, 130, 0.1)])
    assert seconds_each(replace(course(["happy"] * len(paused)), times_s=paused)).sum() == pytest.approx(10 + 9 + 3, abs=1.5), (
        "a pause counts little"
    )


def test_pictures_five_seconds_apart_are_no_gaps():
    assert seconds_each(course(["sad"] * 3, step_s=5.0)).tolist() == [5.0, 5.0, 5.0]


def test_photos_count_a_second_each_and_sources_do_not_mix():
    photos = Timeline.of([face("happy"), face("sad")], ["a.jpg", "b.jpg"])
    assert seconds_each(Timeline.joined([photos, course(["sad"] * 2)])).tolist() == [1.0, 1.0, 0.5, 0.5]
    assert seconds_each(make_timeline(())).shape == (0,)


# -- shares


def test_shares_add_up_to_one_and_an_empty_choice_has_none():
    faces = sightings([recording(make_timeline((1, 2, 0, 1)))])
    assert sum(faces.shares().values()) == pytest.approx(1)
    assert faces.narrowed(sources=["nowhere"]).shares() == {}
    assert sightings([]).shares() == {}


def test_what_is_below_the_threshold_is_not_sure_and_nothing_else():
    shares = sightings([recording(course(["happy", "sad"]), threshold=0.95)]).shares()
    assert shares[NOT_SURE] == pytest.approx(1)
    assert shares["happy"] == 0


def test_each_source_has_its_own_shares():
    found = [recording(course(["happy"] * 3)), recording(course(["sad"] * 3, source="b.mp4"), number=2)]
    by_source = sightings(found).by_source()
    assert by_source["clip.mp4"]["happy"] == by_source["b.mp4"]["sad"] == pytest.approx(1)
    assert by_source["b.mp4"]["happy"] == 0


def test_one_name_is_one_person_in_two_sources_and_a_number_is_not():
    two = [course(["happy"] * 2), course(["sad"] * 4, source="b.mp4")]
    found = [recording(timeline, number=i) for i, timeline in enumerate(two)]
    assert len(sightings(found).by_person()) == 2
    named = [with_person(timeline, Person(timeline.sources[0], 0, "Ann")) for timeline in two]
    shares = sightings([recording(timeline, number=i) for i, timeline in enumerate(named)]).by_person()
    assert shares["Ann"]["sad"] == pytest.approx(2 / 3)


def test_hidden_people_do_not_count_and_photos_have_no_people():
    hidden = with_person(course(["happy"] * 2), Person("clip.mp4", 0, hidden=True))
    assert len(sightings([recording(hidden)])) == 0
    assert sightings([recording(Timeline.of([face("happy", track_id=-1)], ["a.jpg"]))]).by_person() == {}


def test_merged_people_are_one():
    results = [face("sad", time_s=i / 2, index=i, track_id=i % 2) for i in range(6)]
    timeline = merged(Timeline.of(results, ["c"] * 6), "c", (0, 1))
    assert list(sightings([recording(timeline)]).by_person()) == ["Person 1 · c"]


# -- over time


def test_a_moment_at_which_others_were_visible_is_not_called_empty():
    results = [make_result(n, index=i, time_s=float(i), track_ids=np.arange(n)) for i, n in enumerate((2, 1, 0))]
    timeline = Timeline.of(results, ["c"] * 3)
    second = moments(timeline, timeline.track_ids == 1)
    at = [round(time_s / second.step_s) for time_s in (0.0, 1.0, 2.0)]
    assert second.nobody[at].tolist() == [False, False, True]
    assert [np.isnan(second.shares["happy"][i]) for i in at] == [False, True, True]


def test_a_course_of_time_is_also_a_short_table_in_words():
    times_s = np.arange(0, 3600, 2.0)
    happy = np.where(times_s < 1800, np.nan, 0.9)
    table = moments_table(times_s, {"happy": happy, "sad": 1 - np.nan_to_num(happy)})
    assert list(table) == ["Time", text.PROBABILITY]
    assert len(table["Time"]) == MOST_ROWS
    assert (table["Time"][0], table["Time"][-1]) == ("0:00", "59:58")
    said = table[text.PROBABILITY]
    assert (said[0], said[-1]) == (f"sad {text.percent(1.0)}", f"happy {text.percent(0.9)}, sad {text.percent(0.1)}")
    assert moments_table(np.zeros(1), {"happy": np.full(1, np.nan)}) == {"Time": ["0:00"], text.PROBABILITY: ["–"]}
    short = moments_table(np.arange(0, 8, 0.2), {"happy": np.ones(40)})["Time"]
    assert len(set(short)) == 40
    assert (short[1], short[-1]) == ("0:00.20", "0:07.80")


def test_a_time_may_be_written_with_a_point_or_a_comma():
    assert [text_history.seconds_of(words) for words in ("1:02:05,5", "1:02:05.5", "1,5,5")] == [3725.5, 3725.5, None]


def test_hours_are_a_bounded_number_of_moments():
    timeline = course(["happy", "sad"] * 7200, step_s=1.0)
    found = moments(timeline)
    assert len(found.times_s) <= MAX_MOMENTS
    assert found.step_s == 120
    assert found.shares["happy"] + found.shares["sad"] == pytest.approx(np.full(len(found.times_s), 11 / 12), abs=0.01)


def test_nobody_visible_is_not_the_same_as_not_analysed():
    results = [face("happy", time_s=0), make_result(0, time_s=1, index=1), face("happy", time_s=9, index=2)]
    found = moments(Timeline.of(results, ["c"] * 3))
    seconds = found.times_s // 1
    assert found.nobody[seconds == 1].any()
    assert not found.nobody[(seconds > 1) & (seconds < 9)].any()
    assert np.isnan(found.shares["happy"][seconds == 5]).all()


def test_a_part_of_a_source_begins_where_it_begins():
    timeline = replace(course(["sad"] * 3), times_s=np.array([60.0, 61.0, 62.0]))
    assert moments(timeline).times_s[0] == pytest.approx(60.05)


def test_only_sources_with_several_pictures_have_a_course_of_time():
    photos = Timeline.of([face("happy")], ["a.jpg"])
    assert list(timed([recording(photos), recording(course(["sad"] * 2), number=2)])) == ["clip.mp4"]


# -- names and notes


def test_loaded_photos_have_faces_and_no_length_and_a_loaded_video_has_both():
    photos = Timeline.of([make_result(2), make_result(1)], ["a.jpg", "b.jpg"])
    video = course(["happy", "sad"])
    assert not history.has_course(recording(photos))
    assert history.has_course(recording(video))
    said = history_panels.facts_of(recording(photos), sightings([recording(photos)]))
    assert text.faces_found(3) in said
    assert "0 people" not in said
    assert text_history.people(1) in history_panels.facts_of(recording(video), sightings([recording(video)]))


@pytest.mark.parametrize("length_s", [7, 90, 86_400, 90_000, 1e9, 1e13])
def test_an_axis_of_any_length_has_a_few_round_times(length_s):
    ticks = charts_history._ticks_s(0.0, length_s)
    assert 1 <= len(ticks) <= 7


def test_sources_of_one_name_are_told_apart_with_their_people_and_notes():
    one = with_note(with_person(course(["happy"] * 2), Person("clip.mp4", 0, "Ann")), 1, "applause")
    found = distinct([recording(one, name="new.json"), recording(one, number=2, name="old.json")])
    assert [r.timeline.sources[0] for r in found] == ["clip.mp4", "clip.mp4 · old.json"]
    assert found[1].timeline.people == (Person("clip.mp4 · old.json", 0, "Ann"),)
    assert [note.source for note in notes_of(found)] == ["clip.mp4", "clip.mp4 · old.json"]
    assert found[0].timeline is one


def test_a_note_goes_to_the_nearest_picture_and_never_beyond_the_end():
    timeline = course(["sad"] * 5)
    assert row_at(timeline, "clip.mp4", 1.1) == 2
    assert row_at(timeline, "clip.mp4", 2.9) == 4
    assert row_at(timeline, "clip.mp4", 3.1) is None
    later = replace(timeline, times_s=timeline.times_s + 300)
    assert row_at(later, "clip.mp4", 299.5) == 0
    assert row_at(later, "clip.mp4", 0.0) is None


def test_notes_and_people_come_through_every_file():
    timeline = with_note(with_person(course(["sad"] * 3), Person("clip.mp4", 0, "Ann")), 2, "the =door")
    for content in (to_csv(timeline), to_json(timeline)):
        assert history_files.read_session(content).same_as(timeline)


def test_everything_joined_reads_back_with_the_oldest_first():
    found = [recording(course(["happy"], source="new.mp4")), recording(course(["sad"], source="old.mp4"), number=2)]
    assert from_json(to_json(joined(found))).sources == ("old.mp4", "new.mp4")


def test_two_recordings_of_one_name_can_be_compared():
    two = [recording(course(["happy"])), recording(course(["sad"], source="b"), number=2)]
    assert [found.number for (found,) in sides(two).values()] == [1, 2]


# -- loading


@pytest.mark.parametrize("content", [b"", b"{}", b"a;b", to_json(make_timeline(())), to_csv(make_timeline((1,), labels=FERPLUS))])
def test_what_is_no_session_of_the_seven_expressions_is_refused(content):
    with pytest.raises(InputError):
        history_files.read_session(content)


def test_the_drawer_is_bounded_and_says_so(monkeypatch):
    monkeypatch.setattr(history, "MAX_ROWS", 10)
    content = to_json(course(["happy"] * 4))
    drawer = history_files.with_file(Drawer(), "a.json", content)
    drawer = history_files.with_file(drawer, "b.json", content)
    assert [file.name for file in drawer.files] == ["a.json"]
    assert [file.name for file in drawer.refused] == ["b.json"]
    assert text_history.LOAD_FULL in drawer.refused[0].reason
    assert drawer.next_round().refused == ()


def test_files_of_one_name_get_names_and_numbers_of_their_own():
    drawer = Drawer(refused=(LeftOut("x", "y"),)).with_file("a.json", course(["sad"])).with_file("a.json", course(["sad"]))
    assert [(file.name, file.number) for file in drawer.files] == [("a (2).json", 2), ("a.json", 1)]
    assert [file.number for file in drawer.without(1).files] == [2]


def test_live_sessions_are_named_so_that_their_rows_can_be_told_apart():
    shelf = Shelf().with_take(KeptTake(make_timeline((1,)), 0.0, 0.4)).with_take(KeptTake(make_timeline((1,)), 0.0, 0.4))
    assert [r.name for r in history.of_takes(shelf)] == ["Live 2", "Live 1"]
    assert {r.kind for r in history.of_takes(shelf)} == {LIVE}


# -- charts and the report

HOSTILE = '<img src=x onerror="alert(1)"><b>x</b>'


def test_charts_escape_what_a_visitor_wrote():
    rows = charts_history.stacked_rows({HOSTILE: {"happy": 1.0}}, looks=ANSWERS)
    pair = charts_history.pair_bars([{"happy": 1.0}, {"sad": 1.0}], [HOSTILE, "b"], looks=ANSWERS)
    time = charts_history.over_time(moments(course(["sad"] * 3)), looks=ANSWERS, flags=[(0.5, HOSTILE)])
    for figure in (rows, pair, time):
        assert "<b" not in re.sub(r"<extra>|</extra>", "", figure.to_json().replace("\\u003c", "<"))


def test_bars_have_the_colours_of_their_names():
    bars = charts_history.stacked_rows({"a": {"sad": 0.5, "happy": 0.5}}, looks=ANSWERS)
    assert {bar.name: bar.marker.color for bar in bars.data} == {"sad": colour_hex("sad"), "happy": colour_hex("happy")}


def test_an_expression_that_is_filtered_out_has_no_bar_and_the_others_keep_their_height():
    found = moments(course(["sad", "happy"] * 3))
    figure = charts_history.over_time(found, looks=["sad"], flags=[])
    assert [trace.name for trace in figure.data] == ["sad"]
    assert max(v for v in figure.data[0].y if v == v) == pytest.approx(0.9, abs=0.01)


def test_the_report_is_one_file_that_fetches_nothing_and_escapes_what_a_visitor_wrote():
    timeline = with_note(course(["sad", "happy"] * 20, source=HOSTILE), 3, HOSTILE)
    page = report_of([recording(with_person(timeline, Person(HOSTILE, 0, HOSTILE)))]).decode()
    own = re.sub(r"<script.*?</script>", "", page, flags=re.S)
    assert "<img" not in own
    assert "&lt;img" in own
    assert not re.findall(r"""(?:src|href)=["']?(?:https?:)?//""", own)
    assert "is happy" not in own
    assert page.count("plotly.js v") <= 1


def test_a_report_of_pictures_without_faces_says_so():
    page = report_of([recording(Timeline.of([make_result(0)], ["wall.jpg"]))]).decode()
    assert text_history.NO_FACES in page


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("1:30", 90),
        ("14", 14),
        ("0:00", 0),
        ("1:00:01", 3601),
        ("", None),
        ("-1", None),
        ("1:2:3:4", None),
        ("٣", None),
        ("1e9", None),
    ],
)
def test_times_are_read_as_people_write_them(words, seconds):
    assert text_history.seconds_of(words) == seconds


def test_words_speak_of_looks_and_never_of_being():
    assert text_history.most_often({"happy": 1.0}) == "most often looks happy"
    assert "is happy" not in json.dumps([value for value in vars(text_history).values() if isinstance(value, str)])


def test_people_who_are_hidden_are_not_drawn_over_time_and_are_not_nobody():
    timeline = with_person(course(["happy"] * 3), Person("clip.mp4", 0, hidden=True))
    found = moments(source_part(timeline, "clip.mp4"))
    assert np.isnan(found.shares["happy"]).all()
    assert not found.nobody.any()
    shown = with_person(timeline, Person("clip.mp4", 0))
    assert moments(source_part(shown, "clip.mp4")).shares["happy"][0] > 0.5
