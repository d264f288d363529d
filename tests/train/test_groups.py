"""Groups of people: read by their codes, found by the real detector, told apart by answers alone."""

import numpy as np
import pytest
import skimage.data
import skimage.io

from fer_core import InputError
from fer_train import groups
from fer_train.groups import People, group_figures, read_people

ROWS = ["a.png,4,1,2", "b.png,70,0,0", "c.png,34,1,-1", "d.png,35,0,4"]


def folder_of(path, rows):
    (path / "utkface.csv").write_text("\n".join(["name,age,gender,ethnicity", *rows]))
    return path


def test_codes_become_words_and_an_unknown_code_no_group(tmp_path):
    people = read_people(folder_of(tmp_path, ROWS))
    assert people.groups["age"].tolist() == ["0 to 9", "65 to 120", "20 to 34", "35 to 49"]
    assert people.groups["gender"].tolist() == ["female", "male", "female", "male"]
    assert people.groups["ethnicity"].tolist() == ["Asian", "White", "", "other"]


def test_a_sample_is_the_same_each_time_and_no_larger_than_asked(tmp_path):
    folder_of(tmp_path, [f"{i}.png,{i},0,0" for i in range(100)])
    names = [path.name for path in read_people(tmp_path, faces=20).paths]
    assert len(set(names)) == 20
    assert names == [path.name for path in read_people(tmp_path, faces=20).paths]
    assert names != [path.name for path in read_people(tmp_path, faces=20, seed=1).paths]


def test_a_folder_without_the_data_is_no_error_and_one_without_the_columns_is(tmp_path):
    assert read_people(tmp_path) is None
    (tmp_path / "utkface.csv").write_text("name,years\na.png,3\n")
    with pytest.raises(InputError, match="ethnicity"):
        read_people(tmp_path)


def test_without_the_data_the_note_says_that_nothing_was_measured(tmp_path):
    found = groups.groups(None, 0.5, tmp_path, None)
    assert found["groups"] == []
    assert "Not measured" in found["groups_note"]


def test_shares_are_of_found_faces_and_missed_of_all():
    people = People([None] * 4, {"age": np.array([""] * 4), "gender": np.array(["male"] * 3 + ["female"]), "ethnicity": [""] * 4})
    people.groups["ethnicity"] = np.array([""] * 4)
    probs = np.array([[0.9] + [0.1 / 6] * 6, [0.3] + [0.7 / 6] * 6, [0.1 / 6] * 6 + [0.9]])
    rows = group_figures(people, np.array([True, True, False, True]), probs, threshold=0.5)
    assert [(row["by"], row["group"], row["n"]) for row in rows] == [("gender", "male", 2), ("gender", "female", 1)]
    assert rows[0]["missed"] == round(1 / 3, 4)
    assert rows[0]["not_sure"] == 0.5
    assert rows[0]["shares"]["angry"] == 1.0
    assert rows[1]["shares"]["neutral"] == 1.0


@pytest.mark.model
def test_the_whole_path_runs_on_real_chips_and_counts_a_picture_without_a_face(tmp_path):
    from fer_core import load_analyzer

    analyzer = load_analyzer()
    portrait = skimage.data.astronaut()[30:200, 140:310]
    (tmp_path / "utkface").mkdir()
    for name, picture in (("a.png", portrait), ("b.png", portrait), ("c.png", np.zeros((64, 64), np.uint8))):
        skimage.io.imsave(tmp_path / "utkface" / name, picture, check_contrast=False)
    folder_of(tmp_path, [*ROWS[:2], "c.png,5,0,0"])
    found = groups.groups(analyzer.classifier.predict, 0.5, tmp_path, analyzer.detector)
    by_gender = {row["group"]: row for row in found["groups"] if row["by"] == "gender"}
    assert by_gender["female"]["shares"]["happy"] == 1.0
    assert (by_gender["male"]["n"], by_gender["male"]["missed"]) == (1, 0.5)
    assert "errors" in found["groups_note"]
