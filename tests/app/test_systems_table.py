"""The table of the systems that Mien comes from."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fer_app import measured, systems, text_systems

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = {"model": "x", "whose": "Somebody", "published": "0.61", "figure": "F1", "measured_on": "a test", "note": "n"}
HERE = {"classes": "6", "private_test_n": "3534", "epochs": "30", "accuracy": "0.5", "macro_f1": "0.4321", "mien_accuracy": "0.7"}


def test_a_system_that_was_not_trained_has_its_published_figure_and_no_other():
    name, published, ours, mien = systems.cells_of(PUBLISHED, {})
    assert (name, ours, mien) == ("x: Somebody", text_systems.NOT_YET, text_systems.NONE)
    assert ("61" in published, "F1" in published) == (True, True)


def test_faces_in_which_nothing_was_found_give_a_second_figure_and_else_there_is_none():
    with_misses = {**HERE, "not_found": "300", "accuracy_found": "0.6", "mien_accuracy_found": "0.8"}
    assert all("found" in cell for cell in systems.cells_of(PUBLISHED, with_misses)[2:])
    assert not any("found" in cell for cell in systems.cells_of(PUBLISHED, {**with_misses, "not_found": "0"})[2:])


def test_a_measured_system_states_its_classes_faces_and_epochs():
    assert systems.cells_of(PUBLISHED, HERE)[2].endswith("; 6 classes, 3534 faces, 30 epochs")
    assert systems.cells_of(PUBLISHED, HERE | {"epochs": "1"})[2].endswith(" 1 epoch")


def test_a_system_that_published_an_f1_is_given_one_here_as_well():
    assert "43" in systems.cells_of(PUBLISHED, HERE)[2]
    assert "43" not in systems.cells_of({**PUBLISHED, "figure": "accuracy"}, HERE)[2]


@pytest.mark.model
def test_the_about_screen_names_every_system_and_whose_it_is():
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    app.switch_page("fer_app/screens/about.py").run()
    assert not app.exception
    assert text_systems.TITLE in [header.value for header in app.header]
    shown = "".join(str(table.value.to_dict()) for table in app.table)
    for row in measured.published():
        assert row["model"] in shown
        assert row["whose"] in shown
