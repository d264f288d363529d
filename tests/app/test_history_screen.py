"""The history as clicks drive it: what is gathered, filtered, noted, compared, loaded and deleted."""

from __future__ import annotations

import gc
import time
import weakref
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.runtime.uploaded_file_manager import DeletedFile
from streamlit.testing.v1 import AppTest

from fer_app import history_files, keys, resources, text_history
from fer_app.history import MAX_NOTE, MAX_NOTES
from fer_app.live.take import Take
from fer_app.takes import KeptTake, Shelf
from fer_core import Timeline, to_csv, to_json
from fer_core.people import Person, with_person
from tests.factories import make_result, make_timeline

ROOT = Path(__file__).resolve().parents[2]
HISTORY, LIVE, PHOTO = (f"fer_app/screens/{name}.py" for name in ("history", "live", "photo"))
OLD = ROOT / "tests" / "core" / "old"
pytestmark = pytest.mark.model


def sound(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    return app


@pytest.fixture
def app() -> AppTest:
    """A visitor who has just arrived and looks at the history."""
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    return sound(app.switch_page(HISTORY).run())


BAD_TIME = "such as 1:30, and between 0:00 and 0:39 for this source"


def walk(seconds=40, *, number=0, a_second=2):
    """A live session of two people, of whom the second is there half of the time."""
    ids = (np.array([0, 1]), np.array([0]))
    results = [
        make_result(2 - i % 2, index=i, time_s=i / a_second, number=number + i, track_ids=ids[i % 2])
        for i in range(seconds * a_second)
    ]
    return Timeline.of(results, [""] * len(results))


def with_takes(app: AppTest, *timelines: Timeline) -> AppTest:
    shelf = Shelf()
    for timeline in timelines:
        shelf = shelf.with_take(KeptTake(timeline, time.time(), threshold=0.3, analysed=len(timeline.sources)))
    app.session_state.live_sessions = shelf
    return sound(app.run())


def with_photo(app: AppTest) -> AppTest:
    sound(app.switch_page(PHOTO).run())
    app.button(key="try_astronaut").click()
    sound(app.run())
    return sound(app.switch_page(HISTORY).run())


def view(app: AppTest, name: str) -> AppTest:
    app.button_group(key=keys.HISTORY_VIEW).set_value(name)
    return sound(app.run())


def load(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    app.file_uploader[0].set_value([(name, content, "application/json") for name, content in files])
    return sound(app.run())


def shown(app: AppTest) -> str:
    elements = (*app.markdown, *app.caption, *app.title, *app.header, *app.subheader, *app.warning)
    return "\n".join(element.value for element in elements)


def plain(app: AppTest) -> list[str]:
    return [element.value for element in app.text]


def test_an_empty_history_says_what_to_do_and_offers_to_load(app):
    assert text_history.EMPTY in shown(app)
    assert len(app.file_uploader) == 1
    assert not app.get("plotly_chart")
    assert not app.get("download_button")


def test_photos_and_live_sessions_stand_in_one_place(app):
    with_photo(with_takes(app, walk()))
    assert "2 recordings" in shown(app)
    assert len(app.get("plotly_chart")) == 3
    view(app, text_history.RECORDINGS)
    assert {"Live 1", "astronaut.jpg"} <= set(plain(app))


def test_a_video_that_ran_when_the_visitor_left_it_is_in_the_history(app):
    sound(app.switch_page(LIVE).run())
    take = Take(resources.analyzer(40, "fast"))
    take.step(np.zeros((120, 160, 3), np.uint8))
    app.session_state.live_painter.take = take
    sound(app.switch_page(HISTORY).run())
    assert "1 recording " in shown(app)
    assert app.session_state.live_painter.take is None


def test_a_photo_alone_has_no_course_of_time_and_a_live_session_has_one(app):
    view(with_photo(app), text_history.TIME)
    assert text_history.NO_TIME in shown(app)
    with_takes(app, walk())
    assert text_history.NO_TIME not in shown(app)
    assert app.selectbox(key=keys.HISTORY_TIMED).options == ["Live 1"]
    assert len(app.get("plotly_chart")) == 1


def test_a_filter_leaves_what_was_chosen_and_can_be_cleared(app):
    with_takes(app, walk(), walk(number=500))
    assert app.multiselect(key=keys.HISTORY_SOURCES).options == ["Live 2", "Live 1"]
    app.multiselect(key=keys.HISTORY_SOURCES).set_value(["Live 1"])
    sound(app.run())
    table = app.dataframe[0].value
    assert list(table[text_history.NAME]) == ["Live 1"]
    app.button(key="history_filter_clear").click()
    sound(app.run())
    assert list(app.dataframe[0].value[text_history.NAME]) == ["Live 2", "Live 1"]


def test_a_filter_forgets_what_was_deleted(app):
    with_takes(app, walk(), walk(number=500))
    app.multiselect(key=keys.HISTORY_SOURCES).set_value(["Live 1"])
    sound(app.run())
    view(app, text_history.RECORDINGS)
    app.button(key="history_delete_live_1").click()
    sound(app.run())
    view(app, text_history.OVERVIEW)
    assert list(app.dataframe[0].value[text_history.NAME]) == ["Live 2"]


def test_people_of_a_filter_are_the_only_ones_that_count(app):
    with_takes(app, walk())
    people = app.multiselect(key=keys.HISTORY_PEOPLE).options
    assert people == ["Person 1 · Live 1", "Person 2 · Live 1"]
    app.multiselect(key=keys.HISTORY_PEOPLE).set_value(people[1:])
    sound(app.run())
    assert list(app.dataframe[1].value[text_history.NAME]) == people[1:]


def add_note(app: AppTest, source: str, at: str, words: str) -> AppTest:
    app.selectbox(key="history_note_source").set_value(source)
    app.text_input(key="history_note_time_0").set_value(at)
    app.text_input(key="history_note_text_0").set_value(words)
    app.button(key="history_note_add").click()
    return sound(app.run())


def test_a_note_marks_the_nearest_moment_is_exported_and_can_be_taken_away(app):
    add_note(view(with_takes(app, walk()), text_history.NOTES), "Live 1", "0:14", "the door **opens**")
    assert "the door **opens**" in plain(app)
    timeline = app.session_state.live_sessions.takes[0].timeline
    assert {float(timeline.times_s[row]): note for row, note in enumerate(timeline.notes) if note} == {14.0: "the door **opens**"}
    assert b"the door **opens**" in to_csv(timeline)
    app.button(key="history_note_delete_live_1_28").click()
    sound(app.run())
    assert not any(app.session_state.live_sessions.takes[0].timeline.notes)


def test_a_second_note_on_one_moment_takes_nothing_from_the_first(app):
    page = add_note(view(with_takes(app, walk()), text_history.NOTES), "Live 1", "0:14", "the door")
    for words in ("opens", "x" * MAX_NOTE):
        written = sum(map(len, app.session_state.live_sessions.takes[0].timeline.notes))
        page.text_input(key=f"history_note_time_{written}").set_value("0:14")
        page.text_input(key=f"history_note_text_{written}").set_value(words)
        page.button(key="history_note_add").click()
        sound(page.run())
        assert [note for note in app.session_state.live_sessions.takes[0].timeline.notes if note] == ["the door · opens"]
    assert text_history.NOTE_TAKEN in shown(page)


def test_every_note_can_be_seen_and_a_full_list_says_so(app, monkeypatch):
    timeline = walk(120)
    notes = tuple(f"note {row}" if row < MAX_NOTES else "" for row in range(len(timeline.sources)))
    view(with_takes(app, replace(timeline, notes=notes)), text_history.NOTES)
    seen = [text for text in plain(app) if text.startswith("note ")]
    while len(seen) < MAX_NOTES:
        app.session_state["history_notes_page"] = len(seen) // 50 + 1
        seen += [text for text in plain(sound(app.run())) if text.startswith("note ")]
    assert seen == list(notes[:MAX_NOTES])
    assert text_history.notes_full(MAX_NOTES) in shown(app)
    assert not app.text_input


def test_a_note_on_a_photo_needs_no_time_and_stands_in_the_photo_s_own_files(app):
    from fer_app.exports import csv_of

    add_note(view(with_photo(app), text_history.NOTES), "astronaut.jpg", "whenever", "my hero")
    assert app.session_state.album.photos[0].note == "my hero"
    assert b"my hero" in csv_of(app.session_state.album.photos)


def test_a_note_on_a_session_of_one_picture_needs_no_time_either(app):
    one = walk().where(np.arange(len(walk().sources)) == 0)
    late = replace(one, times_s=one.times_s + 10)
    add_note(view(with_takes(app, late), text_history.NOTES), "Live 1", "0:10", "alone")
    assert app.session_state.live_sessions.takes[0].timeline.notes == ("alone",)


@pytest.mark.parametrize(
    ("at", "words", "said"), [("soon", "x", BAD_TIME), ("9:00", "x", BAD_TIME), ("0:01", " ", text_history.NOTE_EMPTY)]
)
def test_a_note_that_cannot_be_placed_gets_a_sentence_and_changes_nothing(app, at, words, said):
    add_note(view(with_takes(app, walk()), text_history.NOTES), "Live 1", at, words)
    assert said in shown(app)
    assert not any(app.session_state.live_sessions.takes[0].timeline.notes)


def test_two_sessions_are_compared_and_one_alone_is_not(app):
    view(with_takes(app, walk()), text_history.COMPARE)
    assert text_history.COMPARE_ALONE in shown(app)
    with_takes(app, walk(), walk(number=500))
    assert app.selectbox(key=keys.HISTORY_SIDES[0]).options[0] == text_history.ALL_HERE
    app.selectbox(key=keys.HISTORY_SIDES[0]).set_value("Live 1 (Live)")
    app.selectbox(key=keys.HISTORY_SIDES[1]).set_value("Live 2 (Live)")
    sound(app.run())
    assert len(app.get("plotly_chart")) == 1
    assert len(app.dataframe[0].value) == 8


def test_a_session_is_compared_with_a_loaded_one(app):
    with_takes(app, walk())
    load(app, ("before.json", to_json(walk(number=900))))
    view(app, text_history.COMPARE)
    assert app.selectbox(key=keys.HISTORY_SIDES[1]).options == ["Live 1 (Live)", "before.json (Loaded)"]
    assert len(app.get("plotly_chart")) == 1


@pytest.mark.parametrize("name", ["timeline-1.csv", "timeline-1.json"])
def test_a_session_of_the_first_schema_is_loaded(app, name):
    load(app, (name, (OLD / name).read_bytes()))
    assert "1 recording" in shown(app)
    assert not app.session_state.history_drawer.refused


def test_what_was_downloaded_comes_back_whole(app):
    timeline = with_person(replace(walk(), sources=("clip.mp4",) * 80), Person("clip.mp4", 1, "Ann", hidden=True))
    for ending, content in (("csv", to_csv(timeline)), ("json", to_json(timeline))):
        load(app, (f"talk.{ending}", content))
    first, second = (file.timeline for file in app.session_state.history_drawer.files)
    assert first.same_as(timeline)
    assert second.same_as(timeline)
    assert "2 recordings" in shown(app)


@pytest.mark.parametrize(
    "content", [b"", b"dear diary", b"{", b"{}", b"a,b\r\n1,2\r\n", b"\xff\xfe\x00", b"[1]", to_json(make_timeline(()))]
)
def test_a_bad_file_gets_one_sentence_and_nothing_is_lost(app, content):
    with_takes(app, walk())
    load(app, ("bad **x** <b>.json", content), ("good.json", to_json(walk())))
    drawer = app.session_state.history_drawer
    assert [file.name for file in drawer.files] == ["good.json"]
    assert [file.name for file in drawer.refused] == ["bad **x** <b>.json"]
    assert "bad **x** <b>.json" in plain(app)
    assert sum(line.startswith("Could not be read: ") for line in plain(app)) == 1
    assert len(app.session_state.live_sessions.takes) == 1
    load(app, ("fine.json", to_json(walk())))
    assert not app.session_state.history_drawer.refused


def test_deleting_one_leaves_the_others(app):
    view(with_takes(with_photo(app), walk(), walk(number=500)), text_history.RECORDINGS)
    app.button(key="history_delete_live_1").click()
    sound(app.run())
    assert "Live 1" not in plain(app)
    assert {"Live 2", "astronaut.jpg"} <= set(plain(app))
    app.button(key="history_delete_photo_1").click()
    sound(app.run())
    assert not app.session_state.album.photos
    assert [take.take_id for take in app.session_state.live_sessions.takes] == [2]


def test_what_was_deleted_is_gone_from_memory(app):
    with_takes(app, walk())
    load(app, ("old.json", to_json(walk(number=900))))
    add_note(view(app, text_history.NOTES), "Live 1", "0:01", "private")
    held = [
        weakref.ref(app.session_state.live_sessions.takes[0].timeline.probs),
        weakref.ref(app.session_state.history_drawer.files[0].timeline.probs),
    ]
    assert all(ref() is not None for ref in held)
    app.button(key="history_delete_yes").click()
    sound(app.run())
    sound(app.run())
    gc.collect()
    assert text_history.EMPTY in shown(app)
    assert all(ref() is None for ref in held)
    assert "private" not in "".join((*plain(app), shown(app)))


def test_the_whole_history_is_offered_as_csv_json_and_html(app):
    with_takes(app, walk(), walk(number=500))
    assert {"history_csv", "history_json", "history_html"} <= {button.key for button in app.get("download_button")}


def test_two_visitors_do_not_see_each_other_s_history(app):
    with_takes(app, walk())
    other = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    sound(other.switch_page(HISTORY).run())
    assert text_history.EMPTY in shown(other)


def test_files_that_were_taken_in_already_are_passed_over_when_a_quick_click_tells_of_them_again(monkeypatch):
    monkeypatch.setattr(history_files.st, "session_state", {"chosen": [DeletedFile("1")]})
    monkeypatch.setattr(history_files.state, "put", lambda _: pytest.fail("nothing new came"))
    history_files._take_in("chosen")
