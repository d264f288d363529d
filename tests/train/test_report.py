"""The report of a model: its figures are the file's numbers, whatever was measured, and nothing in it is code."""

from __future__ import annotations

import dataclasses
import json
import shutil
from html.parser import HTMLParser

import numpy as np
import pytest

from fer_core import InputError, ModelCard, read_image
from fer_core.cards import MODELS_FOLDER, read_card
from fer_core.labels import FER2013
from fer_core.palette import colour_hex
from fer_train import report, report_figures, report_page, report_png, results
from fer_train.data import FaceTable
from fer_train.report_parts import value_of, with_interval
from fer_train.report_readme import plain, readme
from fer_train.report_sections import headline
from tests.evaluations import make_evaluation

OPTIONAL = (
    "threshold",
    "fer2013_head",
    "near_copies",
    "versus",
    "ferplus",
    "photos",
    "robustness",
    "groups",
    "mistakes",
    "latency_ms",
    "size_bytes",
)
ALWAYS = ["summary", "classes", "confusion", "reliability"]
HOSTILE = '</script><script>alert(1)</script><img src=x onerror="alert(2)">|'
CARD = ModelCard(name="imagined", labels=FER2013, sha256={}, limits=("It does not exist.",), training={"data": "Nothing"})


@pytest.fixture(scope="module")
def table() -> FaceTable:
    """Two faces of chance, in the rows that the made-up mistakes name and in another."""
    images = np.random.default_rng(0).integers(0, 256, (2, 48, 48), dtype=np.uint8)
    none = np.zeros(2, int)
    usage = np.array(["PrivateTest"] * 2)
    return FaceTable(
        images=images, labels=none, votes=np.zeros((2, 10), int), usage=usage, exact=none == 0, rows=np.array([7, 1])
    )


@pytest.fixture
def folder(tmp_path):
    """A model's folder with a card and the figures of a model that does not exist."""
    (tmp_path / "imagined").mkdir()
    shutil.copy(next(MODELS_FOLDER.glob("*/model.tflite")).parent / "card.json", tmp_path / "imagined")
    measured = make_evaluation() | {"sha256": read_card(tmp_path / "imagined").sha256["model.tflite"]}
    (tmp_path / "imagined" / "evaluation.json").write_text(json.dumps(measured))
    return tmp_path / "imagined"


class Page(HTMLParser):
    """What a browser would see in a page: its elements, the texts of its data scripts, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements, self.data, self.words, self._inside = [], [], "", ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self._inside = dict(attrs).get("type", tag)

    def handle_endtag(self, tag):
        self._inside = "" if tag in ("script", "style") else self._inside

    def handle_data(self, data):
        if self._inside == "application/json":
            self.data.append(json.loads(data))
        elif not self._inside:
            self.words += data

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


def page_of(measured, table, card=CARD) -> Page:
    return Page(report_page.render(measured, card, table))


def anchors(measured):
    return [section.anchor for section in report_page.parts(measured, CARD.limits)]


def test_the_page_has_every_section_and_a_link_to_each(table):
    page = page_of(make_evaluation(), table)
    there = [section["id"] for section in page.all("section")]
    assert there == [*ALWAYS, "coverage", "head", "versus", "ferplus", "photos", "robustness", "groups", "gallery", "limits"]
    assert [link["href"] for link in page.all("a")[1:]] == [f"#{name}" for name in there]
    assert len(page.all("h1")) == 1
    assert len(page.all("h2")) == len(there)


@pytest.mark.parametrize("missing", [*((name,) for name in OPTIONAL), OPTIONAL])
def test_a_part_that_was_not_measured_is_left_out_of_page_and_readme(missing, table):
    measured = make_evaluation(without=missing)
    page_of(measured, table)
    parts = report_page.parts(measured, CARD.limits)
    assert "nan\xa0%" not in readme(CARD, measured, parts, {})
    assert ("head" in anchors(measured)) == ("fer2013_head" not in missing)
    assert not {"versus", "ferplus", "photos", "robustness", "groups"} & set(missing) & set(anchors(measured))


def test_a_lead_over_another_model_is_told_in_points_with_its_interval():
    measured = make_evaluation()
    section = next(part for part in report_page.parts(measured, CARD.limits) if part.anchor == "versus")
    assert "than fast: +1.6 (\N{MINUS SIGN}0.2 to +3.0) points on PrivateTest" in section.lead[1]
    assert "photos" not in section.lead[1]
    assert "+5.0 (+3.1 to +7.0) points on photos in the wild" in section.lead[2]


def test_nothing_but_the_splits_still_makes_a_report(table):
    assert anchors(make_evaluation(without=OPTIONAL)) == [*ALWAYS, "limits"]
    page_of(make_evaluation(without=OPTIONAL), table)


def section_of(anchor, measured=None):
    return next(part for part in report_page.parts(measured or make_evaluation(), CARD.limits) if part.anchor == anchor)


def test_the_section_on_photos_says_how_many_people_they_show_and_who_of_them_also_chose():
    measured = make_evaluation()
    assert "people" not in " ".join(section_of("photos", measured).lead), "nothing of an evaluation before it was counted"
    measured["photos"] |= {"people": 305, "of_people_who_chose": 0.4134, "agreement_of_the_choosing_half": 0.72}
    section = section_of("photos", measured)
    assert "people like these" not in section.lead[1], "no photo took part in this model"
    assert section.notes[-1].endswith("agreement is 72.0\xa0%.")
    measured["photos"]["fitted_on_photos"] = True
    section = section_of("photos", measured)
    assert "show 305 people, and ranges are by drawing people" in section.lead[1]
    assert "41.3\xa0% of the photos show somebody who is also in the half that serves to choose" in section.lead[1]
    assert "on people like these" in readme(CARD, measured, [section], {})
    assert "agreement is 72.0\xa0%: the answer was fitted to it" in section.notes[-1]


def test_the_table_of_coverage_ends_where_every_face_is_answered():
    measured = make_evaluation()
    answered = [0.01 * k for k in range(1, 101)]
    for points in (100, 37):
        curve = [{"threshold": 1 - share, "share": share, "accuracy": 0.9} for share in answered[-points:]]
        measured["splits"]["PrivateTest"]["coverage"] = curve
        shares = [row[1] for row in section_of("coverage", measured).charts[0].table.rows]
        assert shares[-1] == "100.0\xa0%"
        assert shares[-2] == "90.0\xa0%"


def test_a_figure_of_faces_that_chose_is_said_to_flatter():
    measured = make_evaluation()
    assert "dashed curve is of PublicTest" in section_of("coverage", measured).notes[0]
    del measured["splits"]["PublicTest"]
    assert section_of("coverage", measured).notes == ()
    row = {"precision": "int8", "bytes": 1, "largest_difference": 0, "mean_difference": 0, "same_top_label": 1, "shipped": True}
    card = dataclasses.replace(CARD, metrics={"litert": [row]})
    assert "`public_test_accuracy`, is not one on new faces" in readme(card)
    assert "public_test_accuracy" not in readme(CARD)


def test_the_fer2013_output_is_said_to_share_a_network_that_learned_votes_and_not_to_be_in_the_shipped_file():
    (words,) = section_of("head").lead
    assert "a layer of model.keras that model.tflite does not give; its network also learned FER+'s votes" in words
    rests_on = {line.name: line.rests_on for line in headline(make_evaluation())}["Accuracy of the FER2013 head"]
    assert "trained towards FER2013's labels (its network also learned votes)" in rests_on


def test_the_readme_of_a_fine_tuned_model_says_what_training_measured_and_promises_no_evaluation():
    training = {"config": {"finetuning": {"source": "small"}}}
    rows = [
        {"faces": "held back", "n": 28, "before": 0.5, "after": 0.75},
        {"faces": "in the test folder", "n": 40, "before": 0.6, "after": 0.65},
    ]
    words = readme(dataclasses.replace(CARD, training=training, metrics={"own_faces": rows}))
    assert "On the 28 faces that were held back, which chose the epoch and the threshold, small agreed with" in words
    assert "On the 40 faces of the test folder, which chose nothing, small agreed with the labels in 60.0\xa0%, " in words
    assert "imagined does in 65.0\xa0%." in words
    for text in (words, readme(dataclasses.replace(CARD, training=training))):
        assert "fer_train evaluate" not in text
    assert "`python -m fer_train evaluate` adds" in readme(CARD)


def test_every_chart_has_a_name_for_those_who_cannot_see_it_and_a_table(table):
    page = page_of(make_evaluation(), table)
    charts = [div for div in page.all("div") if div.get("class") == "chart"]
    assert len(charts) == len(page.all("figure")) == len(page.all("table")) == len(page.data) - 1
    assert all(len(chart["aria-label"]) > 20 and chart["role"] == "img" for chart in charts)
    assert all(picture["alt"] for picture in page.all("img"))


def test_the_page_needs_no_network(table):
    page = page_of(make_evaluation(), table)
    assert not [attrs for _, attrs in page.elements if {"src", "href"} & set(attrs) and not is_inside(attrs)]
    policy = next(meta["content"] for meta in page.all("meta") if "http-equiv" in meta)
    assert "default-src 'none'" in policy


def is_inside(attrs):
    return (attrs.get("src") or attrs.get("href")).startswith(("data:", "#"))


def test_words_from_outside_stay_words(table):
    measured = make_evaluation()
    measured["groups_note"] = measured["mistakes"][0]["said"] = measured["splits"]["PrivateTest"]["labels"][0] = HOSTILE
    measured["robustness"][1]["kind"] = measured["groups"][0]["group"] = measured["photos"]["per_class"][0]["label"] = HOSTILE
    plain_page = page_of(make_evaluation(), table)
    page = page_of(measured, table, ModelCard(name=HOSTILE, labels=FER2013, sha256={}, limits=(HOSTILE,)))
    assert len(page.all("script")) == len(plain_page.all("script")) + 1  # one chart more, of the new kind
    assert len(page.all("img")) == len(plain_page.all("img"))
    assert page.words.count(HOSTILE) >= 6


def test_markdown_marks_from_outside_stay_words(table):
    card = ModelCard(name=HOSTILE, labels=FER2013, sha256={}, limits=("a\n# b",))
    text = readme(card, make_evaluation(), report_page.parts(make_evaluation(), card.limits), {})
    assert "<script" not in text.replace("\\<", "")
    assert "- a \\# b" in text
    assert plain("a|b") == "a\\|b"


def test_readme_and_results_say_what_a_joined_network_began_with(folder):
    begun = [{"model": "one", "epochs_completed": 48}, {"model": "two", "epochs_completed": 40}]
    parts = report_page.parts(make_evaluation(), CARD.limits)
    card = dataclasses.replace(CARD, training={"data": "Nothing", "epochs_completed": 0, "began_with": begun})
    assert "It began with one (48 epochs), two (40 epochs), and learned no more." in readme(card, make_evaluation(), parts, {})
    longer = dataclasses.replace(card, training=card.training | {"epochs_completed": 3})
    assert "(40 epochs), and learned for 3 epochs." in readme(longer, make_evaluation(), parts, {})
    assert "began" not in readme(CARD, make_evaluation(), parts, {})
    alone = {"data": "Nothing", "epochs_completed": 10}
    for config, words in (
        ({}, "It began with random weights, and learned for 10 epochs."),
        ({"finetuning": {"source": "small"}}, "It began with small, and learned for 10 epochs."),
        ({"distillation": {"teachers": ["a", "b"]}}, "for 10 epochs, taught by a, b as well as by the labels."),
    ):
        assert words in readme(dataclasses.replace(CARD, training={**alone, "config": config}), make_evaluation(), parts, {})
    values = json.loads((folder / "card.json").read_text())
    for own, epochs in ((0, "48+40"), (3, "48+40+3")):
        values["training"] = {**card.training, "epochs_completed": own}
        (folder / "card.json").write_text(json.dumps(values))
        assert results.row_of(folder)["epochs"] == epochs


def test_the_gallery_shows_the_picture_of_the_named_row_with_both_sets_of_labels(table):
    measured = make_evaluation()
    first, second = report_page.faces(measured["mistakes"], table)
    assert np.array_equal(read_image(decoded(first["picture"]))[..., 0], table.images[1])
    assert second["picture"] is None
    page = page_of(measured, table)
    assert len([picture for picture in page.all("img") if picture["src"] == first["picture"]]) == 1
    for words in ("FER2013’s label: fear", "Most of FER+’s voters: surprise", "Votes: surprise 6, fear 4", "no majority"):
        assert words in page.words


def decoded(uri):
    import base64

    return base64.b64decode(uri.split(",", 1)[1])


def test_bars_are_the_files_numbers_with_their_intervals_and_colours_by_name():
    rows = make_evaluation()["splits"]["PrivateTest"]["per_class"]
    bars = report_figures.share_bars(
        {row["label"]: row["recall"] for row in rows}, {row["label"]: row["n"] for row in rows}
    ).data[0]
    assert list(bars.x) == [row["recall"]["value"] for row in rows]
    assert np.allclose(np.add(bars.x, bars.error_x.array), [row["recall"]["high"] for row in rows])
    assert np.allclose(np.subtract(bars.x, bars.error_x.arrayminus), [row["recall"]["low"] for row in rows])
    assert list(bars.marker.color) == [colour_hex(row["label"]) for row in rows]
    assert "(n 55)" in bars.y[1]


def test_the_map_of_confusion_holds_the_counts_and_its_rows_add_up():
    test = make_evaluation()["splits"]["PrivateTest"]
    cells = report_figures.confusion_map(test["labels"], test["labels"], test["confusion"]).data[0]
    assert [list(row) for row in cells.customdata] == test["confusion"]
    assert np.allclose(np.sum(cells.z, axis=1), 1)


def test_curves_are_the_files_numbers_and_empty_bins_are_left_out():
    test = make_evaluation()["splits"]["PrivateTest"]
    curve, faces, _ = report_figures.reliability_curve(test["reliability"]).data
    filled = [row for row in test["reliability"] if row["n"]]
    assert list(curve.y) == [row["accuracy"] for row in filled]
    assert sum(faces.y) == pytest.approx(1)
    chosen = {"share": 0.8, "accuracy": 0.76, "threshold": 0.45}
    line, spot = report_figures.coverage_curve({"PrivateTest": test["coverage"]}, chosen).data
    assert list(line.y) == [point["accuracy"] for point in test["coverage"]]
    assert (spot.x, spot.y) == ((0.8,), (0.76,))


def test_levels_and_groups_are_the_files_numbers():
    measured = make_evaluation()
    rows = [row for row in measured["robustness"] if row["kind"] == "blur"]
    assert list(report_figures.level_curve(rows, 0.7).data[0].y) == [row["accuracy"]["value"] for row in rows]
    bars = {bar.name: bar for bar in report_figures.group_bars(measured["groups"]).data}
    assert list(bars["happy"].x) == [row["shares"]["happy"] for row in measured["groups"]]
    assert bars["happy"].marker.color == colour_hex("happy")


def test_the_dotted_line_is_the_accuracy_on_unchanged_pictures_and_no_chart_of_its_own():
    section = next(part for part in report_page.parts(make_evaluation(), ()) if part.anchor == "robustness")
    assert [chart.title for chart in section.charts] == ["Blur", "Rotation"]
    assert all(chart.figure.layout.shapes[0].y0 == 0.7 for chart in section.charts)


def test_a_class_without_faces_is_a_dash_and_not_a_number(table):
    measured = make_evaluation()
    empty = {"value": None, "low": None, "high": None}
    measured["photos"]["per_class"][2] |= {"n": 0, "recall": empty, "precision": None, "f1": empty}
    measured["photos"]["confusion"][2] = [0] * 8
    page = page_of(measured, table)
    assert with_interval(empty) == "–"
    assert "nan\xa0%" not in page.words


def test_the_headline_says_what_each_figure_rests_on():
    lines = {line.name: line for line in headline(make_evaluation())}
    assert (lines["Accuracy"].value, lines["Accuracy"].interval) == ("70.0\xa0%", "68.0 to 72.0")
    assert "3\xa0589" in lines["Accuracy"].rests_on
    assert lines["Lowest recall"].interval == ""
    assert (lines["Accuracy of the FER2013 head"].value, lines["The same, mirrored picture averaged in"].value) == (
        "72.0\xa0%",
        "73.0\xa0%",
    )
    assert all(line.rests_on for line in lines.values())


@pytest.mark.model
def test_the_models_folder_gets_pictures_and_words_and_never_a_test_picture(folder, table, tmp_path):
    page = report.write_report(folder, run=tmp_path / "run", table=table)
    assert page == tmp_path / "run" / "report.html"
    assert {path.name for path in folder.iterdir()} == {
        *("card.json", "evaluation.json", "README.md"),
        *(f"{name}.png" for name in report_png.DRAWN),
    }
    words = (folder / "README.md").read_text()
    assert "data:image" not in words
    assert "70.0\xa0% | 68.0 to 72.0" in words
    for picture in folder.glob("*.png"):
        assert f"]({picture.name})" in words
        assert picture.stat().st_size < 80_000
        assert read_image(picture).std() > 10


@pytest.mark.model
def test_a_picture_of_what_is_no_longer_measured_goes_away(folder, table, tmp_path):
    report.write_report(folder, run=tmp_path / "run", table=table)
    (folder / "evaluation.json").write_text(json.dumps(make_evaluation(without=("photos",))))
    report.write_report(folder, run=tmp_path / "run", table=table)
    assert not (folder / "photos.png").exists()
    assert "photos.png" not in (folder / "README.md").read_text()


@pytest.mark.parametrize("content", [None, "{", "[1, 2]"])
def test_a_model_without_figures_is_refused_with_what_to_do(content, tmp_path):
    if content is not None:
        (tmp_path / "evaluation.json").write_text(content)
    with pytest.raises(InputError, match="evaluate"):
        report.read_evaluation(tmp_path)


def test_values_of_figures_without_an_interval():
    assert value_of(0.5) == value_of({"value": 0.5, "low": 0.4, "high": 0.6}) == 0.5
    assert np.isnan(value_of(None))
