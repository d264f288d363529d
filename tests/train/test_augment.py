"""Augmentation: seeded, bounded, and off when it is told so."""

import numpy as np
import pytest

from fer_train.augment import Augmentation, augment

NOTHING = Augmentation(flip=0, shift=0, zoom_low=1, zoom_high=1, rotate_deg=0, light=0, soften=0, erase=0)
CHIP = np.random.default_rng(3).integers(0, 256, (48, 48), dtype=np.uint8)


def test_the_same_state_gives_the_same_view():
    first, second = (augment(CHIP, Augmentation(), np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_another_state_gives_another_view():
    assert (
        augment(CHIP, Augmentation(), np.random.default_rng(5)) != augment(CHIP, Augmentation(), np.random.default_rng(6))
    ).any()


def test_everything_switched_off_leaves_the_chip_alone():
    np.testing.assert_array_equal(augment(CHIP, NOTHING, np.random.default_rng(0)), CHIP)


def test_a_certain_flip_mirrors():
    from dataclasses import replace

    np.testing.assert_array_equal(augment(CHIP, replace(NOTHING, flip=1), np.random.default_rng(0)), CHIP[:, ::-1])


@pytest.mark.parametrize("seed", range(20))
def test_a_view_is_a_chip_and_the_original_stays(seed):
    before = CHIP.copy()
    view = augment(CHIP, Augmentation(soften=1, erase=1), np.random.default_rng(seed))
    assert view.shape == (48, 48)
    assert view.dtype == np.uint8
    np.testing.assert_array_equal(CHIP, before)


def test_grain_and_compression_disturb_a_face_without_moving_it():
    from dataclasses import replace

    face = np.tile(np.linspace(20, 230, 48), (48, 1)).astype(np.uint8)
    for how in (replace(NOTHING, grain=30), replace(NOTHING, compress=1)):
        views = np.stack([augment(face, how, np.random.default_rng(seed)) for seed in range(40)]).astype(float)
        assert (views != face).any()
        assert np.abs(views.mean(axis=0) - face).mean() < 3
