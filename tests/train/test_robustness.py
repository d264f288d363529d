"""Changes of a chip: each does what it is called, and nothing else."""

import numpy as np
import pytest

from fer_core import Emotions
from fer_train.robustness import CHANGES, changed, robustness

CHIPS = np.random.default_rng(0).integers(60, 190, (6, 48, 48), dtype=np.uint8)
LEVELS = [(kind, level) for kind, (_, _, levels) in CHANGES.items() for level in levels]


@pytest.mark.parametrize(("kind", "level"), LEVELS)
def test_a_change_keeps_the_shape_and_leaves_its_argument_alone(kind, level):
    before = CHIPS.copy()
    after = changed(CHIPS, kind, level)
    assert (after.shape, after.dtype) == (CHIPS.shape, np.uint8)
    assert not np.array_equal(after, CHIPS)
    np.testing.assert_array_equal(CHIPS, before)


@pytest.mark.parametrize("kind", ["noise", "rotation", "shift"])
def test_the_same_seed_changes_alike_and_another_does_not(kind):
    level = CHANGES[kind][2][-1]
    np.testing.assert_array_equal(changed(CHIPS, kind, level), changed(CHIPS, kind, level))
    assert not np.array_equal(changed(CHIPS, kind, level), changed(CHIPS, kind, level, seed=1))


def test_brightness_is_clipped_and_not_wrapped():
    assert changed(np.full((1, 48, 48), 200, np.uint8), "brightness", 96).min() == 255


def test_a_smaller_face_has_no_detail_left_but_the_same_light():
    smaller = changed(CHIPS, "downscale", 12)
    assert smaller.std() < CHIPS.std() / 2
    assert smaller.mean() == pytest.approx(CHIPS.mean(), abs=1)


def test_a_shift_of_two_pixels_moves_a_point_by_two():
    chip = np.zeros((1, 48, 48), np.uint8)
    chip[0, 24, 24] = 255
    rows, columns = np.indices((48, 48))
    moved = changed(chip, "shift", 2)[0].astype(float)
    centre = [(axis * moved).sum() / moved.sum() for axis in (rows, columns)]
    assert np.hypot(centre[0] - 24, centre[1] - 24) == pytest.approx(2, abs=0.1)


def bright_or_dark(chips):
    probs = np.full((len(chips), 7), 0.05, np.float32)
    probs[np.arange(len(chips)), np.where(chips.mean(axis=(1, 2)) > 127, 3, 4)] = 0.7
    return Emotions(probs)


def test_a_network_that_looks_at_light_alone_fails_by_light_alone():
    chips = np.concatenate([CHIPS // 4, 255 - CHIPS // 4])
    rows = robustness(bright_or_dark, chips, np.repeat([4, 3], 6))
    right = {(row["kind"], row["level"]): row["accuracy"]["value"] for row in rows}
    assert right["none", 0] == right["blur", 2.0] == right["rotation", 30] == 1.0
    assert rows[0]["same_answer"] == 1.0
    assert len(rows) == 1 + len(LEVELS)
