"""State. Columns that grow at one end, without a copy for each row, and can be thinned."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Kinds = dict[str, tuple[npt.DTypeLike, tuple[int, ...]]]

_FIRST_ROWS = 64


class Columns:
    """Named columns of equal length; used under a lock by whoever shares them.

    Args:
        kinds: name → the dtype and the shape of one row.
    """

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self.reset()

    def reset(self) -> None:
        """Forget every row and give the memory back."""
        self._count = 0
        self._stores = {name: np.zeros((_FIRST_ROWS, *shape), dtype) for name, (dtype, shape) in self._kinds.items()}

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, name: str) -> Array:
        """Return a column as it is now: a view, to be copied before the next change."""
        column: Array = self._stores[name][: self._count]
        return column

    def add(self, rows: dict[str, Array]) -> None:
        """Append n rows.

        Args:
            rows: name → (n, ...) values, every column's.
        """
        more = len(next(iter(rows.values())))
        for name, store in self._stores.items():
            if self._count + more > len(store):
                store = np.concatenate([store, np.zeros((max(len(store) // 2, more), *store.shape[1:]), store.dtype)])
                self._stores[name] = store
            store[self._count : self._count + more] = rows[name]
        self._count += more

    def keep(self, rows: Array) -> None:
        """Drop all rows but those of a (n,) bool mask; the memory stays for the rows to come."""
        left = int(rows.sum())
        for store in self._stores.values():
            store[:left] = store[: self._count][rows]
        self._count = left
