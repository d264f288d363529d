"""Workshop. Ranges of a config's numbers."""

from __future__ import annotations

from fer_core import InputError


def need_within(values: object, low: float, high: float, *names: str) -> None:
    """Refuse attributes that are not within a range, both ends included.

    Raises:
        InputError: one is outside, and which.
    """
    for name in names:
        value = getattr(values, name)
        if not low <= value <= high:
            raise InputError(f"{name} must be within {low:g} and {high:g}, got {value:g}; correct it")
