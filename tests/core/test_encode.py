"""Pictures as bytes: what comes out can be read again, and says nothing that was not in the pixels."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from fer_core.encode import encode_image, shrink
from fer_core.errors import InputError

GRADIENT = np.tile(np.arange(200, dtype=np.uint8), (80, 1))
COLOURED = np.stack([GRADIENT, GRADIENT[:, ::-1], np.full_like(GRADIENT, 90)], axis=-1)


@pytest.mark.parametrize("image", [GRADIENT, COLOURED])
def test_png_keeps_every_pixel(image):
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(encode_image(image, kind="png")))), image)


def test_jpeg_keeps_the_order_of_the_colours():
    back = np.asarray(Image.open(io.BytesIO(encode_image(COLOURED))).convert("RGB")).astype(int)
    assert np.abs(back - COLOURED).mean() < 4
    assert np.abs(back[..., ::-1] - COLOURED).mean() > 20


def test_files_carry_no_exif():
    assert not Image.open(io.BytesIO(encode_image(COLOURED))).getexif()


@pytest.mark.parametrize("bad", [GRADIENT.astype(np.float32), COLOURED[:0], COLOURED[..., :2], "photo"])
def test_what_is_no_picture_is_refused(bad):
    with pytest.raises(InputError, match="image must be"):
        encode_image(bad)


def test_shrinking_bounds_the_longer_side_and_keeps_the_proportions():
    assert shrink(COLOURED, max_side_px=100).shape == (40, 100, 3)
    assert shrink(COLOURED.transpose(1, 0, 2), max_side_px=100).shape == (100, 40, 3)


def test_shrinking_never_enlarges_and_never_loses_a_side():
    assert shrink(COLOURED, max_side_px=500) is COLOURED
    assert shrink(np.zeros((1, 900, 3), np.uint8), max_side_px=100).shape == (1, 100, 3)
