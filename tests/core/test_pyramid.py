"""The pyramid: which scales, exact means, strips that miss no window."""

from itertools import pairwise

import numpy as np
import pytest

from fer_core.pyramid import FIELD_PX, STRIDE_PX, Columns, pyramid_scales, shrink, strips


def exact_means(image, height, width):
    """Area means by two dense float64 matrices, one an axis."""

    def weights(size, count):
        edges = np.arange(count + 1) * size / count
        cells = np.arange(size)
        return (np.minimum(edges[1:, None], cells + 1) - np.maximum(edges[:-1, None], cells)).clip(0) * count / size

    return np.einsum("ay,yxc,bx->abc", weights(image.shape[0], height), image.astype(float), weights(image.shape[1], width))


@pytest.mark.parametrize(
    ("size", "face"), [((640, 480), 20), ((640, 480), 40), ((1280, 720), 80), ((33, 300), 28), ((12, 12), 12)]
)
def test_levels_end_just_before_they_would_be_too_small_for_p_net(size, face):
    scales = pyramid_scales(size, face)
    assert scales[0] == FIELD_PX / face
    assert min(size) * scales[-1] >= FIELD_PX > min(size) * scales[-1] * 0.709


@pytest.mark.parametrize("size", [(11, 500), (500, 11), (1, 1), (39, 39)])
def test_a_picture_smaller_than_the_smallest_face_has_no_level(size):
    assert len(pyramid_scales(size, 40)) == 0


@pytest.mark.parametrize("most_px", [10**9, 97 * 133 // 2, 97 * 133 // 5])
@pytest.mark.parametrize("scale", [1.0, 0.6, 0.4254, 0.31, 0.2])
def test_levels_hold_the_mean_of_the_area_that_each_pixel_covers(scale, most_px):
    image = np.random.default_rng(1).integers(0, 256, (97, 133, 3), np.uint8)
    h, w = int(97 * scale), int(133 * scale)
    level = shrink(Columns.of(image, most_px=most_px), scale, range(h))
    assert level.shape == (1, h, w, 3)
    assert level.dtype == np.float32
    assert np.abs(level[0] * 128 + 127.5 - exact_means(image, h, w)).max() < 0.01


def test_a_strip_is_the_same_rows_of_the_level():
    image = np.random.default_rng(2).integers(0, 256, (120, 90, 3), np.uint8)
    columns = Columns.of(image)
    whole = shrink(columns, 0.5, range(60))
    assert np.allclose(shrink(columns, 0.5, range(20, 45)), whole[:, 20:45], atol=1e-6)


@pytest.mark.parametrize("rows", [96, 97, 98, 99, 5, 1])
def test_a_large_picture_keeps_fewer_sums_and_has_the_same_levels_to_the_last_bit(rows):
    image = np.random.default_rng(3).integers(0, 256, (rows, 61, 3), np.uint8)
    all_rows, few_rows = Columns.of(image), Columns.of(image, most_px=61 * rows // 4 or 1)
    assert few_rows.sums.size < all_rows.sums.size or rows == 1
    level = range(max(1, rows // 2))
    assert np.array_equal(shrink(all_rows, 0.5 if rows > 1 else 1.0, level), shrink(few_rows, 0.5 if rows > 1 else 1.0, level))


@pytest.mark.parametrize("height", [*range(440, 480), 3000])
def test_strips_begin_where_the_windows_of_the_strip_before_end(height):
    parts = strips((4000, height), 0.5)
    assert parts[0].start == 0
    assert parts[-1].stop == height // 2
    for part, following in pairwise(parts):
        assert following.start == part.stop - (FIELD_PX - STRIDE_PX)
        assert part.start % 2 == len(part) % 2 == 0
    assert all(len(part) > FIELD_PX - STRIDE_PX for part in parts)
