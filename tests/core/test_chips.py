"""Chips: geometry that can be checked by hand."""

import numpy as np
import pytest

from fer_core import Faces, InputError
from fer_core.align import Crop, chip_transform, crop_size, tilt
from fer_core.preprocess import face_chips

LEVEL = np.array([[30, 40], [70, 40], [50, 55], [35, 75], [65, 75]], np.float32)
BOX = np.array([20, 10, 80, 90], np.float32)


def faces(box=BOX, points=LEVEL, size_wh=(100, 100)):
    return Faces(box[None], np.ones(1), points[None], size_wh)


def turned(points, degrees, centre):
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return ((points - centre) @ turn.T + centre).astype(np.float32)


@pytest.mark.parametrize(("side", "expected"), [("longer", (80.0, 80.0)), ("mean", (70.0, 70.0)), ("stretch", (60.0, 80.0))])
def test_the_square_is_measured_on_the_side_that_is_asked_for(side, expected):
    assert crop_size(BOX, Crop(side=side)) == expected


def test_the_chip_is_centred_on_the_box():
    matrix = chip_transform(BOX, LEVEL, 48, Crop(level_eyes=True))
    centre = matrix @ [23.5, 23.5, 1]
    np.testing.assert_allclose(centre, [49.5, 49.5])


def test_levelled_eyes_stand_level_in_the_chip_and_others_do_not():
    points = turned(LEVEL, 20, np.array([50, 50]))
    assert tilt(points) == pytest.approx(np.deg2rad(20), abs=1e-6)
    for level, expected in ((True, 0.0), (False, 20.0)):
        matrix = chip_transform(BOX, points, 48, Crop(level_eyes=level))
        inverse = np.linalg.inv(np.vstack([matrix, [0, 0, 1]]))
        in_chip = (inverse @ np.column_stack([points, np.ones(5)]).T).T[:, :2]
        dx, dy = in_chip[1] - in_chip[0]
        assert np.rad2deg(np.arctan2(dy, dx)) == pytest.approx(expected, abs=1e-3)


def test_a_box_of_48_px_is_copied_pixel_for_pixel():
    image = np.random.default_rng(0).integers(0, 256, (60, 60), dtype=np.uint8)
    rgb = np.repeat(image[..., None], 3, axis=2)
    box = np.array([5, 7, 53, 55], np.float32)
    np.testing.assert_array_equal(face_chips(rgb, faces(box, LEVEL / 2, (60, 60)), crop=Crop())[0], image[7:55, 5:53])


def test_a_large_face_is_averaged_and_not_picked():
    checkers = (np.indices((480, 480)).sum(axis=0) % 2 * 255).astype(np.uint8)
    rgb = np.repeat(checkers[..., None], 3, axis=2)
    chip = face_chips(rgb, faces(np.array([0, 0, 480, 480], np.float32), LEVEL, (480, 480)), crop=Crop())[0]
    assert abs(chip.astype(int) - 127).max() <= 2


@pytest.mark.parametrize("box", [[-50, -50, 10, 10], [90, 90, 200, 300], [50, 50, 50, 50], [0, 0, 1, 1], [-1e4, 0, 1e4, 20]])
def test_any_box_gives_a_chip(box):
    rgb = np.full((100, 100, 3), 77, np.uint8)
    chip = face_chips(rgb, faces(np.array(box, np.float32)))
    assert chip.shape == (1, 48, 48)
    assert chip.dtype == np.uint8
    assert (chip == 77).all()


def test_green_counts_most_so_red_and_blue_were_not_swapped():
    red, blue = (np.zeros((100, 100, 3), np.uint8) for _ in range(2))
    red[..., 0], blue[..., 2] = 255, 255
    assert face_chips(red, faces())[0, 20, 20] == 76
    assert face_chips(blue, faces())[0, 20, 20] == 29


def test_the_picture_is_left_alone_and_gray_is_refused():
    rgb = np.random.default_rng(1).integers(0, 256, (100, 100, 3), dtype=np.uint8)
    before = rgb.copy()
    face_chips(rgb, faces())
    np.testing.assert_array_equal(rgb, before)
    with pytest.raises(InputError, match="read_image"):
        face_chips(rgb[..., 0], faces())


@pytest.mark.parametrize("at_px", [0, 11, 32_700, 32_860])
def test_a_chip_of_a_very_long_picture_is_that_of_its_part(at_px):
    image = np.random.default_rng(0).integers(0, 256, (120, 33_000, 3), dtype=np.uint8)
    box = BOX + np.array([at_px, 0, at_px, 0])
    chip = face_chips(image, faces(box, LEVEL + np.array([at_px, 0]), (33_000, 120)), crop=Crop(margin=1.1, level_eyes=True))
    start = max(0, at_px - 400)
    part = np.ascontiguousarray(image[:, start : at_px + 500])
    there = faces(box - np.array([start, 0, start, 0]), LEVEL + np.array([at_px - start, 0]), (part.shape[1], 120))
    np.testing.assert_array_equal(chip, face_chips(part, there, crop=Crop(margin=1.1, level_eyes=True)))
