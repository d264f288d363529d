"""Labelled photos: the split, the main face, and figures that count a missed face as wrong."""

from types import SimpleNamespace

import numpy as np
import pytest
import skimage.data
import skimage.io

from fer_core import FER2013, Faces, InputError
from fer_train import photos


def faces(*boxes, size_wh=(100, 100)):
    count = len(boxes)
    return Faces(np.array(boxes, float).reshape(count, 4), np.ones(count), np.zeros((count, 5, 2)), size_wh)


def test_the_same_name_always_falls_in_the_same_half_and_names_fall_in_both():
    names = [f"photo_{i}.jpg" for i in range(400)]
    halves = [photos.chooses(name) for name in names]
    assert halves == [photos.chooses(name) for name in names]
    assert 150 < sum(halves) < 250


def test_the_main_face_is_large_and_near_the_centre():
    chosen = photos.main_face(faces([0, 0, 30, 30], [35, 35, 64, 64]))
    np.testing.assert_array_equal(chosen.boxes[0], [35, 35, 64, 64])
    chosen = photos.main_face(faces([0, 0, 60, 60], [45, 45, 55, 55]))
    np.testing.assert_array_equal(chosen.boxes[0], [0, 0, 60, 60])


def test_a_photo_without_a_face_has_no_main_face():
    assert len(photos.main_face(faces())) == 0


def test_a_missed_face_counts_as_wrong():
    truth = np.repeat([3, 6], 30)
    said = truth.copy()
    said[:15] = -1
    assert photos.agreement(said, truth) == (0.75, 0.75)


def test_macro_recall_leaves_out_classes_of_twenty_photos_and_fewer():
    truth = np.array([3] * 30 + [2] * 20)
    assert photos.agreement(np.full(50, 3), truth) == (0.6, 1.0)


def test_a_folder_is_read_by_its_words_and_contempt_is_left_out(tmp_path):
    rows = ["a.jpg,happiness", "b.jpg,anger", "c.jpg,contempt", "d.jpg,sad"]
    (tmp_path / "labels.csv").write_text("file,perceived_emotion\n" + "\n".join(rows))
    read = photos.read_photos(tmp_path)
    assert [(p.path.name, FER2013.names[p.truth]) for p in read] == [("a.jpg", "happy"), ("b.jpg", "angry"), ("d.jpg", "sad")]


def test_who_is_in_a_photo_is_told_by_a_column_or_else_by_the_files_name(tmp_path):
    names = ["Ada_Example_0001.jpg", "Ada_Example_0014.jpg", "deep/Ada_Example_2.png", "portrait.jpg", "7.jpg", "IMG_0004.jpg"]
    (tmp_path / "labels.csv").write_text("file,perceived_emotion\n" + "\n".join(f"{name},sad" for name in names))
    assert [photo.person for photo in photos.read_photos(tmp_path)] == [*["Ada_Example"] * 3, "portrait", "7", "IMG_0004"]
    (tmp_path / "labels.csv").write_text("file,perceived_emotion,person\na_1.jpg,sad, Ada \na_2.jpg,sad,Bob\na_3.jpg,sad,")
    assert [photo.person for photo in photos.read_photos(tmp_path)] == ["Ada", "Bob", "a_3"]


def test_intervals_of_photos_are_over_people_and_how_many_of_these_chose_is_said(tmp_path):
    from fer_train.wild import photo_figures

    truth, number = np.arange(120) % 7, np.arange(120)
    said = np.where(number // 6 % 2 == 0, truth, (truth + 1) % 7)  # of each of twenty people all six photos, or none
    for k, level in enumerate(30 * said):
        skimage.io.imsave(tmp_path / f"{k}.png", np.full((48, 48), level, np.uint8), check_contrast=False)
    paths, boxes = [tmp_path / f"{k}.png" for k in number], [faces([12, 12, 36, 36], size_wh=(48, 48))] * 120

    def figures(*who):
        return photo_figures(by_gray_level, photos.FoundPhotos(truth, number >= 54, boxes, paths, np.array(who)))

    apart = figures(*(f"p{k // 6}" for k in number))
    assert (apart["n"], apart["people"], apart["of_people_who_chose"]) == (54, 9, 0.0)
    assert apart["agreement"]["value"] == round(5 / 9, 4)
    single = figures(*map(str, number))
    assert single["people"] == 54
    for name in ("agreement", "macro_recall"):
        assert apart[name]["high"] - apart[name]["low"] > 2 * (single[name]["high"] - single[name]["low"])
    assert figures(*(f"p{k // 6 % 19}" for k in number))["of_people_who_chose"] == round(6 / 54, 4)


def by_gray_level(chips):
    """A classifier that is told its answer by the gray level in the middle of a chip, 30 a class."""
    return SimpleNamespace(probs=np.eye(7, dtype=np.float32)[chips[:, 24, 24] // 30])


def test_a_folder_without_labels_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"labels\.csv"):
        photos.read_photos(tmp_path)


def test_a_folder_of_contempt_alone_or_of_other_columns_is_refused_and_excels_mark_is_read_over(tmp_path):
    table = tmp_path / "labels.csv"
    table.write_text("file,perceived_emotion\na.jpg,contempt\n")
    with pytest.raises(InputError, match="seven expressions"):
        photos.read_photos(tmp_path)
    table.write_text("name,label\na.jpg,sad\n")
    with pytest.raises(InputError, match="none named file, perceived_emotion"):
        photos.read_photos(tmp_path)
    table.write_text("\ufefffile, perceived_emotion\na.jpg,sad\n", encoding="utf-8")
    assert [photo.path.name for photo in photos.read_photos(tmp_path)] == ["a.jpg"]


def test_an_unknown_word_is_refused(tmp_path):
    (tmp_path / "labels.csv").write_text("file,perceived_emotion\na.jpg,hangry\n")
    with pytest.raises(InputError, match="hangry"):
        photos.read_photos(tmp_path)


@pytest.mark.model
def test_the_whole_path_runs_on_a_folder_of_real_photos(tmp_path):
    from fer_core import load_analyzer
    from fer_train.wild import photo_figures

    names = [f"{i}.png" for i in range(6)]
    for name in names:
        picture = skimage.data.coffee() if name == "5.png" else skimage.data.astronaut()
        skimage.io.imsave(tmp_path / name, picture, check_contrast=False)
    (tmp_path / "labels.csv").write_text("file,perceived_emotion\n" + "\n".join(f"{n},happiness" for n in names))
    analyzer = load_analyzer()
    found = photos.find_faces(tmp_path, analyzer.detector)
    assert found.found.tolist() == [True] * 5 + [False]
    said = found.answers(analyzer.classifier.predict(found.chips()).probs.argmax(axis=1))
    assert said.tolist() == [FER2013.index("happy")] * 5 + [-1]
    figures = photo_figures(analyzer.classifier.predict, found)
    assert figures["n"] == sum(not photos.chooses(n) for n in names) == np.sum(figures["confusion"])
