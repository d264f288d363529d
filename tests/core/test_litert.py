"""A LiteRT network of any input size, called from several threads."""

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from fer_core.cards import MODELS_FOLDER
from fer_core.errors import ModelError
from fer_core.litert import Network

pytestmark = pytest.mark.model


def rnet(**knobs):
    return Network((MODELS_FOLDER / "mtcnn" / "rnet.tflite").read_bytes(), name="rnet.tflite", **knobs)


def noise(n):
    return np.random.default_rng(n).uniform(-1, 1, (n, 24, 24, 3)).astype(np.float32)


def test_without_the_package_a_network_is_a_model_error_that_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    with pytest.raises(ModelError, match="ai-edge-litert"):
        rnet()


def test_a_batch_equals_its_rows_one_by_one():
    network, batch = rnet(), noise(5)
    together = network(batch)
    assert together[2].shape == (5, 2)
    assert together[4].shape == (5, 4)
    assert all(np.allclose(network(batch[i : i + 1])[2][0], together[2][i], atol=1e-6) for i in range(5))


def test_threads_do_not_disturb_each_other():
    network = rnet()
    batches = [noise(1 + i % 4) for i in range(40)]
    alone = [network(batch)[4] for batch in batches]
    with ThreadPoolExecutor(4) as pool:
        assert all(np.array_equal(a, b[4]) for a, b in zip(alone, pool.map(network, batches), strict=True))


def test_idle_interpreters_are_used_again_and_bounded():
    network = rnet(keep_values=10 * 24 * 24 * 3)
    for n in (4, 4, 5, 4, 3):
        network(noise(n))
    assert [shape[0] for shape, _ in network._idle] == [4, 3]
    network(noise(11))
    assert [shape[0] for shape, _ in network._idle] == [4, 3]


@pytest.mark.parametrize("content", [b"", b"not a network", b"\x00" * 4096])
def test_bytes_that_are_no_network_are_refused_by_name(content):
    with pytest.raises(ModelError, match=r"rnet\.tflite"):
        Network(content, name="rnet.tflite")
