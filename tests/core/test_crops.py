"""Squares cut from a picture for R-Net and O-Net."""

import numpy as np

from fer_core.crops import Picture, crops

RAMP = np.repeat(np.add.outer(np.arange(60) * 2, np.arange(80)).astype(np.uint8)[..., None], 3, axis=2)


def cut(box, side=24):
    return crops(Picture.of(RAMP), np.array([box], float), side)[0] * 128 + 127.5


def test_a_crop_samples_evenly_from_corner_to_corner():
    got = cut([10, 20, 33, 43])
    xs = 10 / 80 * 79 + np.arange(24) * (23 / 80 * 79) / 23
    ys = 20 / 60 * 59 + np.arange(24) * (23 / 60 * 59) / 23
    assert np.allclose(got[..., 0], 2 * ys[:, None] + xs, atol=1e-3)


def test_outside_the_picture_lies_middle_gray_and_inside_none():
    got = cut([-40, -40, 40, 40])
    assert (got[:12, :12] == 127.5).all()
    assert not (got[13:, 13:] == 127.5).any()


def test_colours_keep_their_places():
    image = np.zeros((30, 30, 3), np.uint8)
    image[...] = (10, 100, 200)
    got = crops(Picture.of(image), np.array([[3.0, 3, 20, 20]]), 24)[0] * 128 + 127.5
    assert np.allclose(got, (10, 100, 200), atol=1e-3)


def test_cutting_together_equals_cutting_one_by_one():
    boxes = np.random.default_rng(0).uniform(-20, 80, (9, 4))
    boxes[:, 2:] = boxes[:, :2] + 30
    together = crops(Picture.of(RAMP), boxes, 48)
    assert together.shape == (9, 48, 48, 3)
    assert all(np.array_equal(crops(Picture.of(RAMP), box[None], 48)[0], row) for box, row in zip(boxes, together, strict=True))
