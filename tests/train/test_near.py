"""Test pictures that look like one that taught."""

import cv2
import numpy as np
import pytest

from fer_train import near
from fer_train.data import VOTE_NAMES, FaceTable


@pytest.fixture(scope="module")
def pictures():
    """Six smooth pictures, (6, 48, 48) uint8."""
    rng = np.random.default_rng(0)
    return np.stack([cv2.GaussianBlur(rng.integers(0, 256, (48, 48)).astype(np.uint8), (0, 0), 3) for _ in range(6)])


def recoded(picture):
    _, jpeg = cv2.imencode(".jpg", np.clip(picture * 0.9 + 12, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 60])
    return cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE)


def test_a_picture_encoded_anew_in_other_light_or_mirrored_is_alike_and_another_is_not(pictures):
    mine = np.stack([pictures[0], recoded(pictures[1]), pictures[2][:, ::-1], pictures[3]])
    found = near.likeness(mine, pictures[:3])
    np.testing.assert_allclose(found[[0, 2]], 1, atol=1e-5)
    assert found[1] > near.CORRELATION
    assert found[3] < 0.8


def test_likeness_is_the_correlation_of_pixels(pictures):
    wanted = max(np.corrcoef(pictures[0].ravel(), view.ravel())[0, 1] for view in (pictures[1], pictures[1][:, ::-1]))
    assert near.likeness(pictures[:1], pictures[1:2])[0] == pytest.approx(wanted, abs=1e-5)


def test_an_even_picture_is_like_none_and_without_others_nothing_is_alike(pictures):
    assert near.likeness(np.full((1, 48, 48), 9, np.uint8), pictures)[0] == 0
    assert near.likeness(pictures, pictures[:0]).tolist() == [-1] * 6


def test_pictures_that_are_alike_share_a_group_also_by_way_of_a_third_and_others_do_not(pictures):
    drift = [cv2.GaussianBlur(pictures[0], (0, 0), width) for width in (1.2, 1.6)]  # frames of one clip, ever less like the first
    even = [np.full((48, 48), 9, np.uint8)] * 2  # like nothing, but of the same pixels
    turned = [pictures[2][:, ::-1], pictures[2]]
    images = np.stack([pictures[0], pictures[1], drift[1], recoded(pictures[1]), drift[0], *turned, *even])
    found = near.alike_groups(images)
    assert found[0] == found[2] == found[4]
    assert found[1] == found[3]
    assert found[5] == found[6]
    assert found[7] == found[8]
    assert len(set(found.tolist())) == 4
    assert near.alike_groups(images[:0]).tolist() == []


def test_of_too_many_pictures_copies_of_the_same_pixels_alone_are_grouped(pictures, monkeypatch):
    monkeypatch.setattr(near, "LARGEST", 3)
    images = np.stack([pictures[0], recoded(pictures[0]), pictures[1], pictures[1]])
    assert [len(set(near.alike_groups(images[:count]).tolist())) for count in (3, 4)] == [2, 3]


def test_frames_of_one_clip_are_held_back_together_or_not_at_all(pictures):
    from fer_train.folders import table_of
    from fer_train.splits import with_public_test

    clips = [np.clip(picture * light, 0, 255).astype(np.uint8) for picture in pictures for light in (1.0, 0.95, 0.9, 0.85)]
    table = table_of(clips, ["happy"] * 12 + ["sad"] * 12, ["Training"] * 24)
    for seed in range(5):
        held = (with_public_test(table, 0.4, seed).usage == "PublicTest").reshape(6, 4)
        assert (held.all(axis=1) == held.any(axis=1)).all()
        assert held.any(axis=1).sum() == 2


def test_only_pictures_that_may_teach_count(pictures):
    images = np.stack([pictures[0], pictures[1], recoded(pictures[0]), recoded(pictures[1]), recoded(pictures[2])])
    usage = np.array(["Training", "PublicTest", "PrivateTest", "PrivateTest", "PrivateTest"])
    votes = np.zeros((5, len(VOTE_NAMES)), int)
    table = FaceTable(images, np.arange(5), votes, usage, np.ones(5, bool), np.arange(5))
    assert near.near_copies(table).tolist() == [True, False, False]
