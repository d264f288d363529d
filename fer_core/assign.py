"""Pure. Which of some rows belongs to which of some columns, at the least cost in all."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def least_cost_pairs(costs: Array, *, alone: float) -> Array:
    """Return the pairing of least total cost in which a row may also stay alone.

    Exact: shortest augmenting paths (Kuhn 1955, Munkres 1957, in the form of Jonker and Volgenant 1987). Greedy pairing, the
    best pair first, takes a partner from a face that has no other, which is how two people who cross swap their numbers.

    Args:
        costs: (N, M) float; infinite where a pair is out of the question.
        alone: what a row costs that has no partner.

    Returns:
        (N,) int64, the column of each row; -1 for a row that stays alone.

    Example:
        >>> least_cost_pairs(np.array([[1.0, 2.0], [1.5, 9.0], [8.0, 8.0]]), alone=5.0).tolist()
        [1, 0, -1]
    """
    count, columns = costs.shape
    own = np.full((count, count), np.inf)
    np.fill_diagonal(own, alone)
    whole = np.hstack([np.where(np.isfinite(costs), costs, np.inf), own])
    partner = np.full(columns + count, -1)
    price = np.zeros(columns + count)
    for row in range(count):
        _find_partner(whole, row, partner, price)
    pairs = np.full(count, -1, np.int64)
    taken = np.flatnonzero(partner[:columns] >= 0)
    pairs[partner[taken]] = taken
    return pairs


def _find_partner(whole: Array, row: int, partner: Array, price: Array) -> None:
    """Give one more row a column, by the cheapest chain of rows that move on; `partner` and `price` are updated in place."""
    cost = whole[row] - price
    before = np.full(len(price), -1)  # the column whose row hands each column on
    done = np.zeros(len(price), bool)
    while True:
        column = int(np.where(done, np.inf, cost).argmin())
        done[column] = True
        if partner[column] < 0:
            break
        following = cost[column] + whole[partner[column]] - price - (whole[partner[column], column] - price[column])
        better = ~done & (following < cost)
        cost[better], before[better] = following[better], column
    price[done] += cost[done] - cost[column]
    while before[column] >= 0:
        partner[column], column = partner[before[column]], before[column]
    partner[column] = row
