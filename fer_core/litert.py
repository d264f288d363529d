"""Adapter. A LiteRT network that takes any input size and may be called from several threads at once."""

from __future__ import annotations

import math
import threading
from typing import Any

import numpy.typing as npt

from fer_core.errors import ModelError

Array = npt.NDArray[Any]


class Network:
    """A network of a .tflite file, called like a function.

    An interpreter serves one thread at a time, and to give it another input size costs about as much as to run it (its
    memory is laid out anew). So a call borrows an idle interpreter of its size and makes one if there is none; those
    unused for longest go once the idle ones hold more than `keep_values`.

    Args:
        content: the bytes of the file.
        name: what error messages call it.
        keep_values: input values that the idle interpreters may hold together; bounds the memory (P-Net: 57 bytes each).

    Raises:
        ModelError: the bytes are no LiteRT network.
    """

    def __init__(self, content: bytes, *, name: str, keep_values: int = 1_500_000) -> None:
        self._content, self._name, self._keep_values = content, name, keep_values
        self._idle: list[tuple[tuple[int, ...], Any]] = []  # the last used last
        self._lock = threading.Lock()
        example = self._new()
        self._input = example.get_input_details()[0]["index"]
        self._outputs = {int(d["shape"][-1]): int(d["index"]) for d in example.get_output_details()}

    @property
    def widths(self) -> set[int]:
        """The size of each output's last axis."""
        return set(self._outputs)

    def __call__(self, batch: Array) -> dict[int, Array]:
        """Run the network.

        Args:
            batch: of the network's dtype, and of any size along the network's free axes.

        Returns:
            Each output under the size of its last axis: LiteRT keeps no names that can be relied on.
        """
        interpreter = self._borrow(batch.shape)
        interpreter.set_tensor(self._input, batch)
        interpreter.invoke()
        outputs = {size: interpreter.get_tensor(index) for size, index in self._outputs.items()}
        self._give_back(batch.shape, interpreter)
        return outputs

    def _new(self) -> Any:  # noqa: ANN401 - the package has no types
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as error:
            raise ModelError(f"{self._name} needs the package ai-edge-litert, got: {error}; install it") from error
        try:
            return Interpreter(model_content=self._content, num_threads=1)
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"{self._name} must be a LiteRT network, got: {error}; restore the file") from error

    def _borrow(self, shape: tuple[int, ...]) -> Any:  # noqa: ANN401
        with self._lock:
            for place, (idle_shape, interpreter) in enumerate(self._idle):
                if idle_shape == shape:
                    del self._idle[place]
                    return interpreter
        interpreter = self._new()
        interpreter.resize_tensor_input(self._input, shape)
        interpreter.allocate_tensors()
        return interpreter

    def _give_back(self, shape: tuple[int, ...], interpreter: Any) -> None:  # noqa: ANN401
        if math.prod(shape) > self._keep_values:
            return
        with self._lock:
            self._idle.append((shape, interpreter))
            while sum(math.prod(idle_shape) for idle_shape, _ in self._idle) > self._keep_values:
                del self._idle[0]
