"""Estimated ages: only where they are asked for, screen by screen, with their error beside them, and in no file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_app import age_choice, age_panel, exports, keys, resources, text_ages, text_model
from fer_app.film.report import film_report
from fer_app.languages.fr import text_ages as french
from fer_app.live import bars
from fer_app.live.take import Take
from fer_core import ModelError, to_csv, to_json
from fer_core.people import merged
from tests.app import aged
from tests.app.aged import FIGURES, EverybodyLooks
from tests.app.clips import clip
from tests.app.test_live_screen import LIVE, play, portrait, shown, video
from tests.app.test_screens import ABOUT, PHOTO, ROOT, SAMPLE, click, sound, upload
from tests.app.test_video_screen import VIDEO, analysed, studio
from tests.app.test_video_screen import upload as add_video
from tests.factories import make_result

__all__ = ["portrait", "video"]  # fixtures
pytestmark = pytest.mark.model
LINE = text_ages.line("30-39", 34.0, FIGURES["years_off"]["value"])
NOTE = text_ages.note(FIGURES["years_off"]["value"])


@pytest.fixture
def ages(monkeypatch):
    """A model of ages ships, whatever lies in the folder of models."""
    ages = EverybodyLooks()
    monkeypatch.setattr(resources, "has_ages", lambda: True)
    monkeypatch.setattr(resources, "ages", lambda: ages)
    return ages


def arrive(page: str = PHOTO, locale: str | None = None) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=90)
    app.context["locale"] = locale
    return sound(app.run().switch_page(page).run())


def switch(app: AppTest, key: str, *, on: bool = True) -> AppTest:
    return sound(app.toggle(key=key).set_value(on).run())


def toggles(app: AppTest) -> set[str]:
    return {toggle.key for toggle in app.toggle}


# -- the photo screen


def test_ages_are_off_until_they_are_asked_for(ages):
    app = click(arrive(), "try_astronaut")
    assert app.toggle(key=keys.AGES).value is False
    assert NOTE in shown(app)
    assert "years old" not in shown(app).replace(NOTE, "")
    assert ages.asked == 0
    assert app.session_state.album.photos[0].result.ages is None


def test_a_face_s_card_says_how_old_it_looks_only_while_that_is_asked_for(ages):
    app = click(switch(arrive(), keys.AGES), "try_astronaut")
    assert [caption.value for caption in app.caption].count(LINE) == 1
    assert LINE not in shown(switch(app, keys.AGES, on=False))
    assert LINE in shown(switch(app, keys.AGES))


def test_a_photo_read_before_ages_were_asked_for_has_no_line(ages):
    app = switch(click(arrive(), "try_astronaut"), keys.AGES)
    assert LINE not in shown(app)


def test_no_file_of_a_photo_says_how_old_anybody_looks(ages):
    app = click(switch(arrive(), keys.AGES), "try_astronaut")
    photos = app.session_state.album.photos
    aged_files = [exports.csv_of(photos), exports.json_of(photos), exports.picture_of(photos[0], marked=False)]
    plain = click(arrive(), "try_astronaut").session_state.album.photos
    assert exports.csv_of(plain) == aged_files[0]
    assert exports.picture_of(plain[0], marked=False) == aged_files[2]
    assert not any(words in aged_files[1] for words in (b"30-39", b"years", b'"age'))


def test_what_is_said_of_the_error_is_the_card_s(ages):
    app = click(switch(arrive(), keys.AGES), "try_astronaut")
    assert age_choice.years_off(ages.card) == 7.26
    assert "off by 7 years on average" in LINE
    assert shown(app).count("off by 7 years on average") == 2


@pytest.mark.parametrize("why", ["missing", "altered", "not measured"])
def test_where_there_is_no_model_of_ages_nothing_is_offered_and_nothing_breaks(monkeypatch, why):
    def altered():
        raise ModelError("ages.tflite in /srv/secret must be whole, got half; restore it")

    monkeypatch.setattr(resources, "has_ages", lambda: why != "missing")
    monkeypatch.setattr(resources, "ages", altered if why == "altered" else lambda: EverybodyLooks(measured=False))
    app = upload(arrive(), ("a.jpg", SAMPLE.read_bytes()))
    assert keys.AGES not in toggles(app)
    assert len(app.subheader) == 1
    assert text_ages.TITLE not in shown(sound(app.switch_page(ABOUT).run()))


def test_a_missing_or_altered_model_of_ages_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(resources, "MODELS_FOLDER", tmp_path)
    resources.ages.clear()
    assert not resources.has_ages()
    with pytest.raises(ModelError, match=r"card\.json"):
        resources.ages()
    (tmp_path / "ages").mkdir()
    (tmp_path / "ages" / "card.json").write_text("{}")
    assert resources.has_ages()
    assert age_choice.estimator() is None


# -- a screen of its own for each wish


def test_asking_on_one_screen_switches_ages_on_on_no_other(ages, video, portrait, tmp_path):
    app = switch(arrive(), keys.AGES)
    sound(app.switch_page(VIDEO).run())
    add_video(app, clip(tmp_path / "a.mp4", seconds=0.5))
    assert app.toggle(key=keys.FILM_AGES).value is False
    sound(app.switch_page(LIVE).run())
    sound(app.button(key="confirm_notice").click().run())
    assert app.toggle(key=keys.LIVE_AGES).value is False
    play(app, video, portrait)
    assert video.painter.take.latest.ages is None
    sound(app.switch_page(PHOTO).run())
    assert app.toggle(key=keys.AGES).value is True


# -- the video screen


@pytest.fixture(scope="module")
def film_bytes(tmp_path_factory) -> bytes:
    return clip(tmp_path_factory.mktemp("clip") / "a.mp4", seconds=1.0)


def people_table(app: AppTest):
    return app.dataframe[-1].value


def test_the_people_of_a_video_have_a_column_of_ages_where_it_was_asked_for_and_its_files_have_none(ages, film_bytes):
    app = add_video(arrive(VIDEO), film_bytes)
    switch(app, keys.FILM_AGES)
    click(app, "film_start")
    assert studio(app).film or studio(app).job.wait(80)
    sound(app.run())
    film = studio(app).film
    assert list(people_table(app)[text_ages.COLUMN]) == ["30-39"] * len(film.ages)
    assert {age.range for age in film.ages.values()} == {"30-39"}
    assert NOTE in shown(app)
    files = (to_csv(film.timeline), to_json(film.timeline), film_report(film))
    assert not any(b"30-39" in content or b"years old" in content for content in files)
    kept = app.session_state.analysed_videos.videos[0]
    assert not hasattr(kept, "ages")
    two = replace(film, ages={**film.ages, 7: EverybodyLooks(60).estimate(None, [0])[0]})
    number = next(iter(film.ages))
    same = two.with_timeline(merged(two.timeline, two.name, (number,)))
    assert same.ages[number].range == "30-39"


def test_the_people_of_a_video_have_no_column_of_ages_unless_it_was_asked_for(ages, film_bytes):
    app = analysed(arrive(VIDEO), film_bytes)
    assert text_ages.COLUMN not in people_table(app)
    assert not studio(app).film.ages
    assert ages.asked == 0


def test_the_table_with_ages_has_no_button_that_would_put_them_into_a_file():
    style = Path(resources.STYLE).read_text(encoding="utf-8")
    assert '.st-key-film_people_with_ages [data-testid="stElementToolbar"] { display: none; }' in style


# -- the live screen


def live_html(app: AppTest) -> str:
    return "".join(element.proto.body for element in app.get("html"))


def test_live_ages_come_and_go_while_the_video_runs_and_sessions_keep_none(ages, video, portrait):
    app = sound(arrive(LIVE).button(key="confirm_notice").click().run())
    play(app, video, portrait)
    said = text_ages.in_view("30-39")
    assert said not in live_html(app)
    switch(app, keys.LIVE_AGES)
    video.send(portrait)
    assert said in live_html(sound(app.run()))
    switch(app, keys.LIVE_AGES, on=False)
    assert said not in live_html(app)
    video.send(portrait)
    assert video.painter.take.latest.ages is None
    timeline = video.painter.take.kept().timeline
    assert not any(words in content for content in (to_csv(timeline), to_json(timeline)) for words in (b"30-39", b"years"))


def test_a_take_says_ages_from_the_next_picture_on_and_no_longer_once_they_are_not_asked_for(ages, portrait):
    take = Take(resources.analyzer(40, resources.live_engine()))
    assert take.step(portrait).ages is None
    take.stream.ages = ages
    assert take.step(portrait).ages[0].range == "30-39"
    take.stream.ages = None
    assert take.step(portrait).ages is None


def test_bars_say_how_old_somebody_looks_only_where_it_was_estimated():
    result = make_result(2, track_ids=np.arange(2))
    assert "years" not in bars.people_html(result)
    html = bars.people_html(replace(result, ages=EverybodyLooks(80).estimate(None, result.faces)))
    assert html.count(text_ages.in_view("70+")) == 2


# -- the about screen


def test_the_about_screen_has_the_card_s_figures_by_age_and_by_no_other_group(ages):
    app = arrive(ABOUT)
    page = shown(app)
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures[text_ages.FIGURES["years_off"]] == text_ages.years(7.26)
    assert text_ages.between(7.11, 7.43) in page
    assert text_model.between(0.87, 0.89) in page
    assert text_ages.measured(4567, 0.03, 15.5) in page
    assert all(words in page for words in (aged.NOTE, aged.TERMS, aged.LIMITS[0]))
    table = next(table.value for table in app.table if text_ages.OLDER in table.value)
    assert list(table[text_ages.AGE]) == [row["group"] for row in FIGURES["groups"] if row["by"] == "age"]
    assert next(iter(table[text_ages.OLDER])) == "\N{MINUS SIGN}1.2\N{NO-BREAK SPACE}years"


# -- words


def test_sentences_say_looks_and_estimate_and_never_what_somebody_is(ages):
    assert LINE.startswith("Looks ")
    assert all("estimate" in words for words in (LINE, NOTE.lower(), text_ages.in_view("3-9"), text_ages.COLUMN))
    assert " is 3" not in LINE + text_ages.in_view("30-39")
    assert "admit or refuse" in NOTE


def test_a_visitor_who_reads_french_reads_ages_in_french(ages):
    app = click(switch(arrive(locale="fr-FR"), keys.AGES), "try_astronaut")
    assert french.line("30-39", 34.0, 7.26) in shown(app)
    assert french.note(7.26) in shown(app)
    assert french.line("70+", 80.0, 1.0).startswith("Semble avoir 70 ans ou plus · ")
    assert french.line("70+", 80.0, 1.0).endswith(" 80 ans, erreur moyenne de 1 an")
    about = sound(app.switch_page(ABOUT).run())
    assert "7,3\N{NO-BREAK SPACE}ans" in {metric.value for metric in about.metric}


# -- the model that ships


@pytest.mark.skipif(not resources.has_ages(), reason="no model of ages ships")
def test_the_shipped_model_says_how_old_the_sample_looks_and_how_far_off_that_is():
    loaded = age_choice.estimator()
    assert loaded is not None
    assert age_panel.by_age(loaded.card.metrics["UTKFace"])[text_ages.AGE]
    app = click(switch(arrive(), keys.AGES), "try_astronaut")
    (face,) = app.session_state.album.photos[0].result
    assert age_choice.line(face.age, loaded) in shown(app)
