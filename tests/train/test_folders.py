"""The folder form: what is read, under which name, and what is left out."""

import cv2
import numpy as np
import pytest
import skimage

from fer_core import FER2013, InputError
from fer_train import folders
from fer_train.splits import stratified, with_public_test

FACE = skimage.data.astronaut()


def put(path, picture):
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), picture if picture.ndim == 2 else picture[..., ::-1])


def chip(seed):
    return np.random.default_rng(seed).integers(0, 256, (48, 48), dtype=np.uint8)


def test_the_kaggle_layout_is_read_with_its_splits_and_common_names(tmp_path):
    put(tmp_path / "train" / "Anger" / "a.png", chip(1))
    put(tmp_path / "train" / "happiness" / "b.png", chip(2))
    put(tmp_path / "test" / "fearful" / "c.png", chip(3))
    read = folders.read_faces(tmp_path)
    assert [FER2013.names[k] for k in read.table.labels] == ["fear", "angry", "happy"]
    assert read.table.usage.tolist() == ["PrivateTest", "Training", "Training"]
    np.testing.assert_array_equal(read.table.images[1], chip(1))
    assert read.table.votes.sum() == 0
    assert read.left_out == {}


def test_folders_whose_names_mean_the_same_are_all_read(tmp_path):
    for number, place in enumerate(("val/happy", "validation/happy", "train/sad", "train/SAD", "train/sadness")):
        put(tmp_path / place / f"{number}.png", chip(number))
    usage = folders.read_faces(tmp_path).table.usage.tolist()
    assert sorted(usage) == ["PublicTest"] * 2 + ["Training"] * 3


def test_a_plain_folder_of_class_folders_is_training(tmp_path):
    put(tmp_path / "sad" / "a.png", chip(1))
    put(tmp_path / "SURPRISED" / "deep" / "b.png", chip(2))
    assert set(folders.read_faces(tmp_path).table.usage) == {"Training"}


def test_unknown_folder_names_are_listed(tmp_path):
    for name in ("happy", "joyful", "contempt"):
        put(tmp_path / "train" / name / "a.png", chip(1))
    with pytest.raises(InputError, match=r"train/contempt, train/joyful"):
        folders.read_faces(tmp_path)


def test_unreadable_files_are_counted_and_never_fatal(tmp_path):
    put(tmp_path / "happy" / "a.png", chip(1))
    (tmp_path / "happy" / "b.jpg").write_bytes(b"no picture at all")
    (tmp_path / "happy" / ".DS_Store").write_bytes(b"x")
    read = folders.read_faces(tmp_path)
    assert len(read.table) == 1
    assert read.left_out == {"unreadable": 1}


def test_a_folder_without_one_usable_file_is_refused(tmp_path):
    (tmp_path / "happy").mkdir()
    (tmp_path / "happy" / "a.jpg").write_bytes(b"")
    with pytest.raises(InputError, match="none of 1 files"):
        folders.read_faces(tmp_path)
    with pytest.raises(InputError, match="no folders"):
        folders.class_folders(tmp_path / "happy")


@pytest.mark.model
def test_photos_are_cut_as_serving_cuts_them_and_chips_are_not(tmp_path):
    from fer_core import face_chips, load_analyzer

    detector = load_analyzer().detector
    put(tmp_path / "happy" / "a.png", FACE)
    put(tmp_path / "happy" / "b.png", chip(1))
    put(tmp_path / "happy" / "c.png", skimage.data.coffee())
    read = folders.read_faces(tmp_path, folders.cutter(detector))
    np.testing.assert_array_equal(read.table.images[0], face_chips(FACE, detector.detect(FACE))[0])
    np.testing.assert_array_equal(read.table.images[1], chip(1))
    assert read.left_out == {"no face found": 1}


def test_a_split_is_even_over_classes_and_keeps_copies_together():
    labels, groups = np.repeat([0, 1], [80, 20]), np.arange(100)
    groups[10] = groups[11]
    for seed in range(5):
        held = stratified(labels, groups, 0.2, seed)
        assert 15 <= held[labels == 0].sum() <= 17
        assert held[labels == 1].sum() == 4
        assert held[10] == held[11]
    assert (stratified(labels, groups, 0.2, 1) != stratified(labels, groups, 0.2, 2)).any()


def test_a_split_never_takes_the_only_face_of_a_class():
    assert not stratified(np.array([0]), np.array([0]), 0.5, 1).any()


def test_splitting_off_leaves_the_test_folder_alone():
    chips = [chip(k) for k in range(30)]
    table = folders.table_of(chips, ["happy", "sad"] * 15, ["Training"] * 20 + ["PrivateTest"] * 10)
    split = with_public_test(table, 0.2, 1)
    assert (split.usage == "PublicTest").sum() == 4
    assert (split.usage[20:] == "PrivateTest").all()
    assert (split.usage == with_public_test(table, 0.2, 1).usage).all()
