"""The models screen as clicks drive it: one photo, every model that ships, and nothing kept that was deleted."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from fer_app import compare, keys, resources, text_compare
from fer_app.hosting.limits import Limits
from fer_app.photos import read_photo
from fer_core import FER2013, MediaError, read_image
from fer_core.encode import encode_image

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = resources.SAMPLES[0]
pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def analyzer():
    return resources.analyzer(40, "fast")


@pytest.fixture(scope="module")
def compared(analyzer):
    return compare.compare_photo("portrait.jpg", SAMPLE.read_bytes(), analyzer, resources.classifiers())


@pytest.fixture
def app():
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    return sound(app.switch_page("fer_app/screens/models.py").run())


def sound(app):
    assert not app.exception, app.exception
    return app


def test_every_model_that_ships_answers_and_as_the_photo_screen_does(compared, analyzer):
    (face,) = compared.faces
    assert [answer.model for answer in face.answers] == list(resources.classifiers())
    (kept,) = read_photo("portrait.jpg", SAMPLE.read_bytes(), analyzer, engine="fast").result
    assert face.answers[0].label == kept.label
    assert face.answers[0].probabilities == pytest.approx(kept.probabilities, abs=1e-3)


def test_a_network_is_loaded_once_a_process_whatever_the_smallest_face(analyzer):
    assert resources.analyzer(90, "fast").classifier is analyzer.classifier
    assert resources.classifiers()[analyzer.card.name] is analyzer.classifier
    assert resources.analyzer(90, "fast").options.min_face_px == 90


def test_a_photo_without_a_face_is_no_error_and_a_diary_is(analyzer):
    blank = encode_image(np.full((80, 80, 3), 120, np.uint8))
    assert compare.compare_photo("x", blank, analyzer, resources.classifiers()).faces == ()
    with pytest.raises(MediaError):
        compare.compare_photo("x", b"dear diary", analyzer, resources.classifiers())


def test_a_heat_map_is_a_picture_of_the_face_in_colour(compared):
    (face,) = compared.faces
    picture = read_image(compare.looked_at(face, face.answers[0], resources.classifiers()[face.answers[0].model]))
    assert picture.shape == (288, 288, 3)
    assert (picture[..., 0].astype(int) - picture[..., 2]).max() > 60


def test_a_sample_is_compared_and_forgotten_when_it_is_deleted(app):
    sound(app.button(key=f"try_{SAMPLE.stem}").click().run())
    photo = app.session_state[keys.COMPARISON]
    assert photo.name == SAMPLE.name
    shown = " ".join(element.value for element in app.markdown)
    assert all(f"**{answer.model}**: " in shown for answer in photo.faces[0].answers)
    notes = [caption.value for caption in app.caption if "test faces" in caption.value]
    assert len(notes) == len(photo.faces[0].answers) == len(set(notes))
    assert text_compare.heat_note("happy") not in [caption.value for caption in app.caption]
    sound(app.toggle(key=keys.MODELS_HEAT).set_value(True).run())
    assert any("hangs" in caption.value for caption in app.caption)
    sound(app.button(key="delete_compared").click().run())
    assert app.session_state[keys.COMPARISON] is None


def test_deleting_everything_takes_the_compared_photo_along(app):
    sound(app.button(key=f"try_{SAMPLE.stem}").click().run())
    sound(app.switch_page("fer_app/screens/photo.py").run())
    sound(app.button(key="try_astronaut").click().run())
    sound(app.switch_page("fer_app/screens/history.py").run())
    sound(app.button(key="history_delete_yes").click().run())
    assert app.session_state[keys.COMPARISON] is None


def test_a_file_that_is_no_photo_is_told_and_the_screen_goes_on(app):
    refused = "mien_refusals_total unreadable_photo"
    before = resources.service().metrics.totals().get(refused, 0)
    app.file_uploader[0].set_value([("a.jpg", b"dear diary", "image/jpeg")])
    sound(app.run())
    assert resources.service().metrics.totals()[refused] == before + 1
    assert app.error[0].value.startswith("Could not be read")
    assert text_compare.UNITS_TITLE in [header.value for header in app.header]
    assert app.error[0].value.startswith("Could not be read"), sound(app.run())
    sound(app.button(key="try_astronaut").click().run())
    assert not app.error
    app.file_uploader[0].set_value([("a.jpg", b"dear diary", "image/jpeg")])
    sound(app.run())
    assert app.error
    assert app.session_state[keys.COMPARISON].name == "astronaut.jpg"


def test_it_is_said_how_many_faces_are_not_compared(analyzer):
    portrait = np.asarray(Image.open(SAMPLE).convert("RGB").resize((120, 120)))
    file = io.BytesIO()
    Image.fromarray(np.tile(portrait, (2, 4, 1))).save(file, "PNG")
    crowd = compare.compare_photo("crowd.png", file.getvalue(), analyzer, resources.classifiers())
    assert (len(crowd.faces), crowd.found) == (compare.MAX_FACES, 8)
    assert text_compare.largest(6, 8) == "The 6 largest of 8 faces, the largest first."


def test_movements_are_named_for_every_expression_and_none_is_said_to_be_felt():
    assert set(text_compare.UNITS) == set(FER2013.names)
    words = str([value for value in vars(text_compare).values() if isinstance(value, str)])
    assert " is happy" not in words
    assert "feels" not in words


def test_the_server_s_limits_hold_for_compared_photos_too(app, monkeypatch):
    monkeypatch.setenv("MIEN_ANALYSES_PER_MINUTE", "1")
    resources.service.clear()
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    app = sound(app.switch_page("fer_app/screens/models.py").run())
    for _ in range(2):
        sound(app.button(key="try_astronaut").click().run())
    counts = resources.service().metrics.totals()
    resources.service.clear()
    assert any("a minute for each visitor" in warning.value for warning in app.warning)
    assert counts["mien_analysis_seconds_count models"] == counts["mien_refusals_total analyses_per_minute"] == 1


def test_a_photo_with_more_pixels_than_the_server_allows_is_refused(analyzer):
    with pytest.raises(MediaError, match="megapixels"):
        compare.compare_photo(
            "x", encode_image(np.zeros((1100, 1000, 3), np.uint8)), analyzer, {}, limits=Limits(photo_megapixels=1)
        )
