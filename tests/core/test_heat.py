"""What a network looked at: the part that it needs is warm, the part that it does not is not."""

import numpy as np
import pytest
from skimage.data import astronaut

from fer_core import FER2013, Emotions, InputError, face_chips, load_analyzer
from fer_core.heat import heat_map, heat_picture


def brightness_of_a_corner(chips):
    """Look at the upper left quarter alone: the brighter, the happier, at the cost of sad."""
    happy = chips[:, :24, :24].mean(axis=(1, 2)) / 255
    probs = np.zeros((len(chips), 7), np.float32)
    probs[:, FER2013.index("happy")], probs[:, FER2013.index("sad")] = happy, 1 - happy
    return Emotions(probs, FER2013)


@pytest.fixture(scope="module")
def chip():
    chip = np.zeros((48, 48), np.uint8)
    chip[:24, :24] = 255
    return chip


def test_the_part_that_is_looked_at_is_warm_and_the_rest_is_not(chip):
    heat = heat_map(brightness_of_a_corner, chip, "happy")
    assert (heat[:20, :20] > 0).all()
    np.testing.assert_allclose(heat[36:, 36:], 0, atol=1e-6)
    assert heat.shape == (48, 48)


def test_what_keeps_an_answer_back_is_cold(chip):
    heat = heat_map(brightness_of_a_corner, chip, "sad")
    assert (heat[:20, :20] < 0).all()
    np.testing.assert_allclose(heat, -heat_map(brightness_of_a_corner, chip, "happy"), atol=1e-6)


@pytest.mark.parametrize(("patch_px", "step_px"), [(12, 4), (7, 5), (48, 1)])
def test_every_pixel_is_covered_whatever_the_squares(chip, patch_px, step_px):
    assert np.isfinite(heat_map(brightness_of_a_corner, chip, "happy", patch_px=patch_px, step_px=step_px)).all()


def test_a_picture_is_red_where_it_is_warm_blue_where_cold_and_gray_where_neither(chip):
    heat = np.zeros((48, 48), np.float32)
    heat[10:20, 10:20], heat[30:40, 30:40] = 0.5, -0.5
    picture = heat_picture(np.full((48, 48), 128, np.uint8), heat, times=2)
    assert picture.shape == (96, 96, 3)
    assert picture[30, 30, 0] > 150 > picture[30, 30, 2]
    assert picture[70, 70, 2] > 150 > picture[70, 70, 0]
    assert picture[2, 90].tolist() == [128, 128, 128]
    even = heat_picture(chip, np.zeros((48, 48), np.float32))
    assert (even[..., 0] == even[..., 2]).all()


def test_a_chip_is_left_as_it_is_and_other_shapes_and_labels_are_refused(chip):
    before = chip.copy()
    heat_map(brightness_of_a_corner, chip, "happy")
    np.testing.assert_array_equal(chip, before)
    with pytest.raises(InputError, match="48"):
        heat_map(brightness_of_a_corner, np.zeros((20, 20), np.uint8), "happy")
    with pytest.raises(InputError, match="bored"):
        heat_map(brightness_of_a_corner, chip, "bored")


@pytest.mark.model
def test_the_shipped_network_looks_at_the_face_and_not_at_the_corners():
    analyzer = load_analyzer()
    result = analyzer.analyze(astronaut())
    (face,) = face_chips(astronaut(), result.faces)
    heat = heat_map(analyzer.classifier.predict, face, next(iter(result)).label)
    corners = np.concatenate([heat[:8, :8], heat[:8, -8:], heat[-8:, :8], heat[-8:, -8:]])
    assert heat[20:44, 8:40].max() > 3 * np.abs(corners).mean()
