"""The screens as a visitor's clicks drive them, from the entrypoint, with the shipped model and no browser."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

from fer_app import intake, resources, text, text_about
from fer_app.album import MAX_PHOTOS
from fer_core import ModelError

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = resources.SAMPLES[0]
PHOTO, ABOUT = "fer_app/screens/photo.py", "fer_app/screens/about.py"
pytestmark = pytest.mark.model


@pytest.fixture
def app() -> AppTest:
    """A visitor who has just arrived."""
    return sound(AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run())


def sound(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    return app


def click(app: AppTest, key: str) -> AppTest:
    return sound(app.button(key=key).click().run())


def upload(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    uploader = app.file_uploader[0]
    uploader.set_value([(name, content, "image/jpeg") for name, content in files])
    return sound(app.run())


def plain(app: AppTest) -> list[str]:
    """What is shown without any markup."""
    return [element.value for element in app.text]


def marked(app: AppTest) -> str:
    """What is shown as Markdown, where markup would count."""
    elements = (*app.markdown, *app.caption, *app.title, *app.header, *app.subheader, *app.error)
    return "\n".join(element.value for element in elements)


def answers(app: AppTest) -> list[str]:
    return [element.value.split(": ", 1)[1] for element in app.subheader]


def blank_png() -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.full((120, 160, 3), 128, np.uint8)).save(file, "PNG")
    return file.getvalue()


def test_a_first_visit_shows_the_notice_a_sample_and_no_camera(app):
    assert text.NOTICE in marked(app)
    assert app.button(key="try_astronaut").label == text.SAMPLE_TITLES["astronaut.jpg"]
    assert not app.get("camera_input")
    assert not app.header


def test_one_click_on_a_sample_shows_the_whole_result(app):
    click(app, "try_astronaut")
    assert answers(app) == ["Looks happy"]
    assert len(app.get("plotly_chart")) == len(app.table) == 1
    assert {button.label for button in app.get("download_button")} == {"Picture", "Faces blurred", "CSV", "JSON"}
    assert text.rule(app.session_state.album.photos[0].threshold) in marked(app)


def test_the_table_behind_a_chart_holds_all_seven_probabilities(app):
    click(app, "try_astronaut")
    table = app.table[0].value
    assert list(table[text.EXPRESSION]) == list(text.LOOKS.values())


def test_several_photos_come_through_and_can_be_had_as_one_file(app):
    upload(app, ("a.jpg", SAMPLE.read_bytes()), ("a.jpg", resources.SAMPLES[1].read_bytes()))
    assert {"a.jpg", "a (2).jpg"} <= set(plain(app))
    assert {"csv_all", "json_all"} <= {button.key for button in app.get("download_button")}


def test_a_bad_file_is_named_and_the_others_come_through(app):
    upload(app, ("diary.jpg", b"dear diary"), ("a.jpg", SAMPLE.read_bytes()))
    assert answers(app) == ["Looks happy"]
    assert "diary.jpg" in plain(app)
    assert any(line.startswith("Could not be read: expected a photo") for line in plain(app))
    click(app, "close_left_out")
    assert "diary.jpg" not in plain(app)


@pytest.fixture
def one_photo_a_run(monkeypatch):
    """A click ends each run while its second photo is read."""
    read, seen = intake.read_photo, []

    def leaving(name, *args, **knobs):
        seen.append(name)
        if len(seen) > 1:
            raise StopException
        return read(name, *args, **knobs)

    monkeypatch.setattr(intake, "read_photo", leaving)


def test_a_click_on_the_same_page_while_photos_are_read_loses_none(app, one_photo_a_run, monkeypatch):
    upload(app, *((f"{number}.jpg", SAMPLE.read_bytes()) for number in range(3)))
    monkeypatch.undo()
    sound(app.run())
    sound(app.switch_page(ABOUT).run())
    sound(app.switch_page(PHOTO).run())
    assert len(app.session_state.album.photos) == 3
    assert not any("not read" in line for line in plain(app))


def test_of_photos_whose_page_is_left_it_is_said_that_they_were_not_read(app, one_photo_a_run, monkeypatch):
    upload(app, *((f"{number}.jpg", SAMPLE.read_bytes()) for number in range(3)))
    sound(app.switch_page(ABOUT).run())
    sound(app.switch_page(PHOTO).run())
    assert len(app.session_state.album.photos) == 1
    assert "2 photos were not read, because you left the page first. Add them again." in plain(app)
    monkeypatch.undo()
    upload(app, ("a.jpg", SAMPLE.read_bytes()))
    assert not any("not read" in line for line in plain(app))
    assert app.session_state.album.round_start == app.session_state.album.last_id == 2


def test_names_of_files_are_never_rendered_as_markup(app):
    name = "**x** <img src=y> :red[z] $q$.jpg"
    upload(app, (name, SAMPLE.read_bytes()), (f"bad {name}", b"dear diary"))
    assert {name, f"bad {name}"} <= set(plain(app))
    assert "<img" not in marked(app)
    assert "**x**" not in marked(app)


def test_a_photo_without_a_face_gets_a_kind_sentence_and_no_chart(app):
    upload(app, ("wall.png", blank_png()))
    assert text.NO_FACE in marked(app)
    assert not app.get("plotly_chart")
    assert not plain(app)[1:]


def test_more_photos_than_are_kept_are_refused_with_a_sentence(app):
    upload(app, *((f"{number}.png", blank_png()) for number in range(MAX_PHOTOS + 2)))
    assert len(app.session_state.album.photos) == MAX_PHOTOS
    assert text.too_many(MAX_PHOTOS, 2) in plain(app)


def test_a_file_that_cannot_be_read_takes_no_room(app):
    good = [(f"{number}.png", blank_png()) for number in range(MAX_PHOTOS)]
    upload(app, ("broken.png", b"no picture"), *good, ("one too many.png", blank_png()))
    assert len(app.session_state.album.photos) == MAX_PHOTOS
    assert text.too_many(MAX_PHOTOS, 1) in plain(app)


def test_a_doubtful_best_guess_is_answered_by_not_sure(app):
    click(app, "try_astronaut")
    album = app.session_state.album
    app.session_state.album = replace(album, photos=(replace(album.photos[0], threshold=0.999),))
    sound(app.run())
    assert answers(app) == ["Not sure"]
    assert "Perhaps happy" in marked(app)


def test_a_blurred_face_gets_advice_and_a_sharp_one_does_not(app):
    click(app, "try_astronaut")
    assert "blurred" not in marked(app)
    click(app, "try_four_ways")
    assert text.ADVICE["blurred"] in marked(app)


def test_the_camera_waits_for_the_visitor_and_for_the_notice(app):
    click(app, "camera_button")
    assert not app.get("camera_input")
    assert text.CAMERA_NEEDS_NOTICE in marked(app)
    click(app, "confirm_notice")
    assert len(app.get("camera_input")) == 1
    assert text.NOTICE not in marked(app)
    click(app, "camera_button")
    assert not app.get("camera_input")


def test_a_snapshot_is_read_and_the_camera_closes(app):
    click(app, "camera_button")
    click(app, "confirm_notice")
    app.camera_input[0].upload("shot.jpg", SAMPLE.read_bytes())
    sound(app.run())
    assert answers(app) == ["Looks happy"]
    assert not app.get("camera_input")


def test_results_and_settings_stay_when_the_visitor_changes_screens(app):
    click(app, "try_astronaut")
    sound(app.toggle(key="setting_landmarks").set_value(True).run())
    sound(app.switch_page(ABOUT).run())
    assert text_about.ABOUT_TITLE in marked(app)
    sound(app.switch_page(PHOTO).run())
    assert answers(app) == ["Looks happy"]
    assert app.toggle(key="setting_landmarks").value is True


def test_landmarks_are_drawn_by_choice(app):
    click(app, "try_astronaut")
    without = picture_url(app)
    sound(app.toggle(key="setting_landmarks").set_value(True).run())
    assert picture_url(app) != without
    sound(app.toggle(key="setting_landmarks").set_value(False).run())
    assert picture_url(app) == without


def picture_url(app: AppTest) -> str:
    pictures = [image.url for group in app.get("image") for image in group.proto.imgs if "framed" in image.alt]
    assert len(pictures) == 1
    return pictures[0]


def test_deleting_one_photo_leaves_the_others_and_deleting_all_leaves_none(app):
    upload(app, *((f"{number}.png", blank_png()) for number in range(3)))
    click(app, "delete_2")
    assert [photo.photo_id for photo in app.session_state.album.photos] == [3, 1]
    click(app, "delete_all")
    assert app.session_state.album.photos == ()
    assert not app.header


def test_many_photos_are_shown_a_few_at_a_time(app):
    upload(app, *((f"{number}.png", blank_png()) for number in range(6)))
    assert len([line for line in plain(app) if line.endswith(".png")]) == 4


def test_photos_of_one_upload_keep_their_order_and_newer_uploads_come_first(app):
    upload(app, ("1.png", blank_png()), ("2.png", blank_png()))
    upload(app, ("3.png", blank_png()))
    assert [photo.name for photo in app.session_state.album.photos] == ["3.png", "1.png", "2.png"]


def test_deleting_the_only_photo_of_the_last_page_shows_the_page_before(app):
    upload(app, *((f"{number}.png", blank_png()) for number in range(5)))
    sound(app.get("pagination")[0].set_value(2).run())
    assert "4.png" in plain(app)
    click(app, "delete_1")
    assert {"0.png", "3.png"} <= set(plain(app))


def test_cards_stand_in_the_order_of_the_faces_from_left_to_right(app):
    click(app, "try_four_ways")
    photo = app.session_state.album.photos[0]
    by_place = sorted(photo.result, key=lambda face: face.box[0])
    assert answers(app) == [text.looks_like(face.label, face.confidence, photo.threshold) for face in by_place]
    confidences = [f"Confidence {text.percent(face.confidence)}" for face in by_place if face.confidence >= photo.threshold]
    assert [c.value for c in app.caption if c.value.startswith("Confidence")] == confidences


def test_networks_that_cannot_be_loaded_are_one_sentence_that_names_no_path(monkeypatch):
    def refuse(*_, **__):
        raise ModelError("model.tflite in /srv/secret must be whole, got half; restore it")

    monkeypatch.setattr(resources, "load_analyzer", refuse)
    resources.loaded.clear()
    resources.analyzer.clear()
    app = upload(AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run(), ("a.jpg", SAMPLE.read_bytes()))
    assert text.MODEL_MISSING in marked(app)
    assert "/srv" not in "".join((*plain(app), marked(app)))
    assert app.session_state.album.photos == ()


@pytest.mark.parametrize(
    ("installed", "haar", "offered"), [(("fast",), False, False), (("fast", "reference"), False, True), (("fast",), True, True)]
)
def test_the_engine_is_a_choice_only_where_there_is_one(monkeypatch, installed, haar, offered):
    monkeypatch.setattr(resources, "available_engines", lambda: installed)
    monkeypatch.setattr(resources, "has_haar", lambda: haar)
    app = sound(AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run())
    assert (text.ENGINE in [group.label for group in app.get("button_group")]) == offered


def test_faces_by_the_haar_cascade_are_read_and_it_is_said_what_it_does_not_know(app):
    next(group for group in app.get("button_group") if group.label == text.ENGINE).set_value(resources.HAAR).run()
    app = upload(app, ("portrait.jpg", SAMPLE.read_bytes()))
    (photo,) = app.session_state.album.photos
    assert photo.engine == resources.HAAR
    assert len(photo.faces) >= 1
    assert text.HAAR_NOTE in marked(app)
    assert "with the Haar cascade" in marked(app)


@pytest.mark.reference
@pytest.mark.timeout(300)
def test_the_reference_engine_reads_the_sample_and_it_is_said_which_engine_did():
    app = sound(AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=240).run())
    next(group for group in app.get("button_group") if group.label == text.ENGINE).set_value("reference").run()
    app = upload(app, ("portrait.jpg", SAMPLE.read_bytes()))
    assert answers(app) == ["Looks happy"]
    assert "on the reference engine" in marked(app)
    assert "on the fast engine" not in marked(app)


def test_the_about_screen_states_limits_law_and_the_card_s_figures(app):
    sound(app.switch_page(ABOUT).run())
    shown = marked(app)
    assert text_about.LIMITS in shown
    assert text_about.LAW in shown
    test = resources.card().metrics.get("PrivateTest")
    figures = {metric.label: metric.value for metric in app.metric}
    assert (text_about.MODEL_UNMEASURED in shown) == (not figures)
    if test:
        assert figures[text_about.FIGURES["test"]] == text.percent(test["accuracy"]["value"])
