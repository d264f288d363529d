"""Preparing: the one report, and what it is held against."""

import dataclasses
import json

import numpy as np
import pytest

from fer_core import FER2013, InputError
from fer_train import clean, prepare, published
from fer_train.data import VOTE_NAMES, load_table, read_csv_files
from fer_train.tables import read_rows
from tests.train.test_clean import table_of
from tests.train.test_folders import chip, put

TABLE = table_of(
    [1, 1, 2, 2, 3, 4, 5, 5, 6, 2],
    ["Training"] * 4 + ["PublicTest", "PublicTest", "PrivateTest", "PublicTest", "Training", "PublicTest"],
    labels=[0, 1, 3, 3, 3, 4, 5, 5, 6, 3],
)


def write_csv(folder, table):
    faces = ["emotion,pixels,Usage"]
    votes = ["Usage,Image name," + ",".join(VOTE_NAMES)]
    for image, label, row, usage in zip(table.images, table.labels, table.votes, table.usage, strict=True):
        faces.append(f"{label},{' '.join(map(str, image.ravel()))},{usage}")
        votes.append(f"{usage},x.png,{','.join(map(str, row))}")
    (folder / "fer2013.csv").write_text("\n".join(faces) + "\n")
    (folder / "fer2013new.csv").write_text("\n".join(votes) + "\n")


def total(counts):
    return sum(counts.values())


def test_what_is_found_less_what_is_dropped_is_what_is_kept():
    report = prepare.report_of(TABLE, form="test")
    for usage in ("Training", "PublicTest", "PrivateTest"):
        assert total(report["found"][usage]) - total(report["dropped"][usage]) == total(report["kept"][usage]), usage
    assert report["dropped"]["Training"]["copies of PublicTest"] == 2
    assert report["dropped"]["PublicTest"] == {"copies of PrivateTest": 1}


def test_contradicting_labels_are_kept_but_weigh_nothing():
    rows = {row["why"]: row["rows"] for row in prepare.report_of(TABLE, form="test")["kept_but_weightless"]}
    assert rows["the same pixels carry another label as well"] == 2
    assert rows["the pixels are not exactly the published ones"] == 0


def test_the_page_says_every_number_of_the_report():
    page = prepare.readable(prepare.report_of(TABLE, form="test", warnings=["the moon is blue"], left_out={"unreadable": 3}))
    for words in ("the moon is blue", "3 files left out: unreadable", "copies of PublicTest | 2", "Kept"):
        assert words in page


def test_a_copy_agrees_with_itself_and_another_is_named(tmp_path):
    path = tmp_path / "published.json"
    published.publish(TABLE, path)
    assert published.differing(TABLE, path) == published.wrong_counts(TABLE, path) == []
    images = TABLE.images.copy()
    images[4] += 1
    said = published.differing(dataclasses.replace(TABLE, images=images), path)
    assert said == ["the pixels of PublicTest are not those of the copy that Mien was built with"]


def test_inexact_rows_do_not_count_in_a_hash(tmp_path):
    path, exact = tmp_path / "published.json", np.ones(len(TABLE), bool)
    exact[4] = False
    published.publish(dataclasses.replace(TABLE, exact=exact), path)
    images = TABLE.images.copy()
    images[4] += 1
    assert published.differing(dataclasses.replace(TABLE, images=images), path) == []


def test_wrong_counts_are_refused_unless_any_are_taken(tmp_path):
    write_csv(tmp_path, TABLE)
    with pytest.raises(InputError, match=r"Training should have 3995 rows of angry, and has 1.*--any"):
        prepare.from_csv(tmp_path, any_counts=False)
    table, report = prepare.from_csv(tmp_path, any_counts=True)
    assert len(table) == len(TABLE)
    assert any("angry" in words for words in report["warnings"])
    assert "the labels of Training are not those of the copy that Mien was built with" in report["warnings"]


def test_the_command_reads_folders_and_says_where_the_validation_faces_come_from(tmp_path, capsys):
    from fer_train.__main__ import main

    for number in range(40):
        put(tmp_path / "faces" / "train" / FER2013.names[number % 7] / f"{number}.png", chip(number))
        put(tmp_path / "faces" / "test" / FER2013.names[number % 7] / f"{number}.png", chip(100 + number))
    (tmp_path / "faces" / "train" / "sad" / "broken.jpg").write_bytes(b"?")
    assert main(["prepare", "--folder", str(tmp_path / "faces"), "--data", str(tmp_path / "data")]) == 0
    table = load_table(tmp_path / "data" / "fer2013.npz")
    assert (table.usage == "PrivateTest").sum() == 40
    assert (table.usage == "PublicTest").sum() == 7
    report = json.loads((tmp_path / "data" / "prepared.json").read_text())
    assert report["files_left_out"] == {"unreadable": 1}
    assert "no validation folder" in capsys.readouterr().out
    assert clean.vote_shares(table.votes)[1].sum() == 0


def test_a_validation_folder_is_taken_as_it_is(tmp_path):
    for number, split in enumerate(("train", "validation", "test")):
        put(tmp_path / split / "happy" / "a.png", chip(number))
    table, report = prepare.from_folder(tmp_path)
    assert sorted(table.usage) == ["PrivateTest", "PublicTest", "Training"]
    assert not any("validation" in words for words in report["notes"])


@pytest.mark.data
def test_the_prepared_copy_is_the_published_one(prepared_faces):
    table = load_table(prepared_faces)
    assert published.differing(table) == published.wrong_counts(table) == []


@pytest.mark.parametrize(
    ("name", "was", "now", "said"),
    [
        ("fer2013.csv", "\n1,", "\n7,", "an emotion of row 1: 1 of 0 to 6, got '7'"),
        ("fer2013.csv", "\n1,", "\nx,", "an emotion of row 1"),
        ("fer2013.csv", "\n1,", "\n1,300 ", "pixels of row 1: 2304 of 0 to 255"),
        ("fer2013.csv", "\n1,", "\n1,none ", "pixels of row 1"),
        ("fer2013new.csv", "png,", "png,-", "votes of row 0"),
        ("fer2013new.csv", "png,", "png,,", "votes of row 0"),
        ("both", "PrivateTest", "Test", "Usage of fer2013.csv must be one of Training, PublicTest, PrivateTest, got 'Test'"),
    ],
)
def test_a_value_that_does_not_belong_in_a_csv_is_named_with_its_row(tmp_path, name, was, now, said):
    write_csv(tmp_path, TABLE)
    for path in tmp_path.glob("*.csv" if name == "both" else name):
        text = path.read_text()
        assert was in text
        path.write_text(text.replace(was, now, -1 if name == "both" else 1))
    with pytest.raises(InputError, match=said):
        read_csv_files(tmp_path)


def test_a_list_of_inexact_rows_of_another_length_is_refused(tmp_path):
    write_csv(tmp_path, TABLE)
    (tmp_path / "fer2013_rows.csv").write_text("pixels_exact\n1\n")
    with pytest.raises(InputError, match=r"fer2013_rows\.csv for each of 10 faces, got 1"):
        read_csv_files(tmp_path)


def test_prepared_faces_that_are_damaged_are_a_sentence(tmp_path):
    prepare.write(tmp_path, TABLE, prepare.report_of(TABLE, form="csv files"))
    path = tmp_path / "fer2013.npz"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(InputError, match="prepare the faces again"):
        load_table(path)


def test_a_missing_csv_is_named(tmp_path):
    with pytest.raises(InputError, match=r"fer2013\.csv"):
        read_csv_files(tmp_path)


def test_a_table_without_rows_or_in_another_encoding_is_one_sentence(tmp_path):
    (tmp_path / "fer2013.csv").write_text("emotion,pixels,Usage\n")
    (tmp_path / "fer2013new.csv").write_text(",".join(("Usage", *VOTE_NAMES)) + "\n")
    with pytest.raises(InputError, match="its head alone"):
        read_csv_files(tmp_path)
    (tmp_path / "labels.csv").write_bytes("file,perceived_emotion\ncaf\xe9.jpg,happiness\n".encode("cp1252"))
    with pytest.raises(InputError, match="UTF-8"):
        read_rows(tmp_path / "labels.csv", "file")
