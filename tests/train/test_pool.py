"""The joint answer: what it learns from whom, and how it is kept."""

import numpy as np
import pytest

from fer_core import InputError
from fer_train.pool import Labelled, Pool, fit_pool, read_pool, write_pool


def labelled(count, seed, honest):
    """Faces whose FER2013 head (or FER+ head) names the truth, the other one at random."""
    rng = np.random.default_rng(seed)
    truth = np.concatenate([np.arange(7), rng.integers(0, 7, count - 7)])
    scores = rng.normal(size=(count, 15))
    rows = np.arange(count)
    if honest == "fer2013":
        scores[rows, truth] += 6
    else:
        ferplus_of = np.array([4, 5, 6, 1, 3, 2, 0])
        scores[rows, 7 + ferplus_of[truth]] += 6
    parts = [part - np.logaddexp.reduce(part, axis=1, keepdims=True) for part in (scores[:, :7], scores[:, 7:])]
    return Labelled(np.concatenate(parts, axis=1), truth)


def accuracy(pool, rows):
    return (pool.logits(rows.logs).argmax(axis=1) == rows.truth).mean()


def test_without_photos_public_test_alone_decides():
    public, photos = labelled(300, 0, "fer2013"), labelled(200, 1, "ferplus")
    pool = fit_pool(public, photos[np.zeros(200, bool)], photos_weight=1.0)
    assert accuracy(pool, public) > 0.95
    assert accuracy(pool, photos) < 0.4


def test_photos_turn_the_answer_their_way_by_their_weight():
    public, photos = labelled(300, 0, "fer2013"), labelled(200, 1, "ferplus")
    light, heavy = (fit_pool(public, photos, photos_weight=w) for w in (0.01, 1.0))
    assert accuracy(heavy, photos) > accuracy(light, photos) + 0.2


def test_a_pool_reads_back_as_it_was_written(tmp_path):
    pool = fit_pool(labelled(300, 0, "fer2013"), labelled(50, 1, "ferplus"), photos_weight=1.0)
    (tmp_path / "best.keras").write_bytes(b"a network")
    for network in (None, tmp_path / "best.keras"):
        write_pool(tmp_path / "pool.json", pool, network)
        np.testing.assert_allclose(read_pool(tmp_path / "pool.json", tmp_path / "best.keras").kernel, pool.kernel, atol=1e-5)


def test_a_pool_of_a_network_that_was_trained_on_since_is_refused(tmp_path):
    pool, network = fit_pool(labelled(300, 0, "fer2013"), labelled(50, 1, "ferplus"), photos_weight=1.0), tmp_path / "best.keras"
    network.write_bytes(b"half trained")
    write_pool(tmp_path / "pool.json", pool, network)
    network.write_bytes(b"trained on")
    with pytest.raises(InputError, match="heads"):
        read_pool(tmp_path / "pool.json", network)


def test_a_temperature_does_not_change_the_top_label():
    pool, rows = Pool(np.random.default_rng(0).normal(size=(15, 7)), np.zeros(7)), labelled(50, 2, "fer2013")
    warm = Pool(pool.kernel, pool.bias, 2.0)
    np.testing.assert_array_equal(pool.logits(rows.logs).argmax(1), warm.logits(rows.logs).argmax(1))


def test_a_missing_class_is_refused():
    rows = labelled(100, 0, "fer2013")
    with pytest.raises(InputError, match="7 classes"):
        fit_pool(rows[rows.truth != 2], rows[np.zeros(100, bool)], photos_weight=0.0)


def test_a_kernel_of_another_shape_is_refused():
    with pytest.raises(InputError, match="heads"):
        Pool(np.zeros((7, 15)), np.zeros(7))
