"""The model on the about screen: its figures are the file's numbers, and no missing part takes the screen down."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fer_app import charts_model, measured, model_panels, model_summary, resources, text, text_about
from fer_app import text_model as say
from fer_app.languages.fr import text_model as french
from fer_core import ModelError
from fer_core.palette import colour_hex
from tests.evaluations import make_evaluation

ABOUT = str(Path(__file__).resolve().parents[2] / "fer_app" / "screens" / "about.py")
MEASURED = [say.CLASSES, say.CONFUSION, say.SURE, say.PEOPLE, say.PHOTOS, say.CHANGES, say.GROUPS]
PARTS = {"ferplus": say.PEOPLE, "photos": say.PHOTOS, "robustness": say.CHANGES, "groups": say.GROUPS}


@pytest.fixture
def models(tmp_path, monkeypatch):
    """A folder of models with one card, which the screens take for the one that ships."""
    (tmp_path / "imagined").mkdir()
    shutil.copy(resources.MODELS_FOLDER / resources.DEFAULT_MODEL / "card.json", tmp_path / "imagined")
    for module in (measured, resources):
        monkeypatch.setattr(module, "MODELS_FOLDER", tmp_path)
        monkeypatch.setattr(module, "DEFAULT_MODEL", "imagined")
    return tmp_path


def write(models: Path, content: str) -> None:
    (models / "imagined" / "evaluation.json").write_text(content)


def shown() -> AppTest:
    app = AppTest.from_file(ABOUT, default_timeout=60).run()
    assert not app.exception, app.exception
    return app


def prose(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption))


@pytest.mark.model
def test_everything_that_was_measured_has_a_tab_with_a_chart_and_its_numbers(models):
    write(models, json.dumps(make_evaluation() | {"sha256": resources.card().sha256["model.tflite"]}))
    app = shown()
    assert [tab.label for tab in app.tabs] == [*MEASURED, say.CARD]
    assert len(app.get("plotly_chart")) == 9
    assert len(app.table) == 9 + 1
    assert "one person of the ten in **78**" in prose(app)
    assert prose(app).count(say.GROUPS_NOTE) == 1
    for sentence in (say.CLASSES_NOTE, say.CONFUSION_NOTE, say.PHOTOS_NOTE):
        assert sentence in prose(app)
    assert "the face was not found" in prose(app)


@pytest.mark.model
@pytest.mark.parametrize("folder", sorted(path.parent for path in resources.MODELS_FOLDER.glob("*/evaluation.json")), ids=str)
def test_what_was_changed_and_which_groups_there_are_has_french_words(folder):
    found = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
    for row in found["robustness"]:
        assert row["kind"] in {"none", *say.CHANGE_WORDS}
        same = row["unit"] in ("", "px, sigma")
        assert (french.change_step(1, row["unit"]) == say.change_step(1, row["unit"])) == same, row
    for row in found["groups"]:
        words = set(french.group(row["by"], row["group"]).split())
        assert not words & {"age", "gender", "ethnicity", "female", "male", "other", "White", "to"}, row


@pytest.mark.model
def test_without_an_evaluation_the_screen_shows_what_the_card_has(models):
    app = shown()
    assert [tab.label for tab in app.tabs] == [say.CLASSES, say.CARD]
    assert "one person" not in prose(app)
    assert app.metric[0].value == text.percent(resources.card().metrics["PrivateTest"]["accuracy"]["value"])
    assert text_about.LAW in prose(app)


@pytest.mark.model
@pytest.mark.parametrize("content", ["{", "[]", "\0", json.dumps(make_evaluation() | {"sha256": "of another file"})])
def test_an_evaluation_that_cannot_be_read_or_is_of_another_file_counts_as_none(content, models):
    write(models, content)
    assert measured.evaluation(resources.card()) == {}


def test_without_a_card_the_limits_and_the_law_are_still_there(monkeypatch):
    def broken():
        raise ModelError("expected a card, got none; restore it")

    monkeypatch.setattr(resources, "card", broken)
    app = shown()
    assert text_about.MODEL_UNMEASURED in prose(app)
    assert text_about.LAW in prose(app)
    assert not app.tabs


@pytest.mark.model
@pytest.mark.parametrize("missing", PARTS)
def test_a_part_that_was_not_measured_has_no_tab(missing):
    titles = list(model_panels.panels(resources.card(), make_evaluation(without=(missing,))))
    assert titles == [title for title in (*MEASURED, say.CARD) if title != PARTS[missing]]


@pytest.mark.model
def test_the_three_sentences_say_the_cards_numbers_in_plain_words():
    card = resources.card()
    test = card.metrics["PrivateTest"]
    first, second, third = model_summary.sentences(test, make_evaluation())
    assert f"Out of 100 faces, Mien gives **{100 * test['accuracy']['value']:.0f}** the same word" in first
    assert f"Mien says it too in **{100 * test['ferplus_accuracy']['value']:.0f}** of 100" in second
    assert f"answers **{100 * test['answered']['share']:.0f}** of 100 faces" in third


def test_results_are_the_rows_of_the_table_and_none_where_it_is_missing(models):
    assert measured.results() == []
    (models / "results.csv").write_text("model,accuracy\nsmall,0.6\n")
    assert measured.results() == [{"model": "small", "accuracy": "0.6"}]


def test_no_sentence_says_that_somebody_is_happy():
    sentences = " ".join(str(value) for value in vars(say).values() if isinstance(value, str))
    assert "is happy" not in sentences
    assert "feels" not in sentences


def test_bars_hold_the_numbers_their_intervals_and_the_colours_of_names():
    rows = make_evaluation()["splits"]["PrivateTest"]["per_class"]
    bars, labels = charts_model.interval_bars({row["label"]: row["recall"] for row in rows}).data
    assert list(bars.x) == [row["recall"]["value"] for row in rows]
    assert list(labels.x) == [row["recall"]["high"] for row in rows]
    assert list(bars.marker.color) == [colour_hex(row["label"]) for row in rows]
    assert bars.error_x.arrayminus[0] == pytest.approx(rows[0]["recall"]["value"] - rows[0]["recall"]["low"])


def test_a_share_without_pictures_is_an_empty_bar_and_not_a_fault():
    bars, _ = charts_model.interval_bars({"fear": {"value": None, "low": None, "high": None}, "sad": None, "happy": 0.5}).data
    assert list(bars.x) == [0.0, 0.0, 0.5]


@pytest.mark.parametrize("dark", [False, True])
def test_the_map_holds_the_counts_in_both_colour_schemes(dark):
    test = make_evaluation()["splits"]["PrivateTest"]
    cells = charts_model.confusion_map(test["labels"], test["labels"], test["confusion"], dark=dark).data[0]
    assert [list(row) for row in cells.customdata] == test["confusion"]
    assert cells.colorscale[0][1] == ("#232A2D" if dark else "#F3F1EC")


def test_curves_dots_and_groups_hold_the_numbers():
    found = make_evaluation()
    test = found["splits"]["PrivateTest"]
    curve, _ = charts_model.reliability_curve(test["reliability"], dark=False).data
    assert list(curve.y) == [row["accuracy"] for row in test["reliability"] if row["n"]]
    line, mark = charts_model.coverage_curve(test["coverage"], test["answered"], dark=False).data
    assert list(line.x) == [point["share"] for point in test["coverage"]]
    assert (mark.x, mark.y) == ((test["answered"]["share"],), (test["answered"]["accuracy"],))
    dots = charts_model.change_dots({"blurred": [("1 px", 0.6), ("2 px", 0.5)]}, 0.7, dark=False)
    assert list(dots.data[0].x) == [0.6, 0.5]
    assert dots.layout.shapes[0].x0 == 0.7
    bars = charts_model.group_bars(found["groups"]).data
    assert [bar.x[0] for bar in bars] == list(found["groups"][0]["shares"].values())


@pytest.mark.model
@pytest.mark.parametrize(("own", "said"), [(3, "3, after"), (0, "none of its own, after")])
def test_the_card_says_what_a_carried_on_network_began_with(models, own, said):
    path = models / "imagined" / "card.json"
    card = json.loads(path.read_text())
    begun = [{"model": "small", "epochs_completed": 48}, {"model": "other", "epochs_completed": 40}]
    card["training"] |= {"epochs_completed": own, "began_with": begun}
    path.write_text(json.dumps(card))
    cells = [cell for table in shown().table for row in table.value.reset_index().to_numpy() for cell in row]
    assert cells[cells.index(say.FACTS["epochs"]) + 1] == f"{said} 48 of “small”, 40 of “other”"
    for fact, value in (("commit", card["training"]["commit"]), ("temperature", str(card["temperature"])), ("input", "48 × 48")):
        assert value in cells[cells.index(say.FACTS[fact]) + 1]
