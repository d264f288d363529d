"""Workshop. Which arithmetic this machine trains fastest in: processors without bfloat16 units are many times slower in it."""

from __future__ import annotations

import time

import numpy as np

BFLOAT16, FLOAT32 = "mixed_bfloat16", "float32"


def policy_for(precision: str) -> str:
    """Return the Keras dtype policy of a config: "auto" is the faster of bfloat16 and float32, measured here.

    Weights are float32 either way, so a run may go on on another machine.
    """
    if precision != "auto":
        return precision
    return BFLOAT16 if _step_s(BFLOAT16) < _step_s(FLOAT32) else FLOAT32


def _step_s(policy: str, *, tries: int = 3) -> float:
    """Return the least seconds of several training steps of two convolutions; gradients are what differs most."""
    import keras  # here, because a config and a report are read without it
    from keras import layers

    model = keras.Sequential([keras.Input((24, 24, 32)), *(layers.Conv2D(32, 3, dtype=policy) for _ in range(2))])
    model.compile(keras.optimizers.SGD(1e-3), "mse", jit_compile=False)
    maps, target = np.ones((16, 24, 24, 32), np.float32), np.zeros((16, 20, 20, 32), np.float32)
    seconds = []
    for _ in range(tries + 1):
        begin = time.perf_counter()
        model.train_on_batch(maps, target)
        seconds.append(time.perf_counter() - begin)
    return min(seconds[1:])  # the first traces
