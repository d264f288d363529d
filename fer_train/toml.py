"""Workshop. TOML tables as dataclasses: every key is known, every value is of its kind and within its range."""

from __future__ import annotations

import math
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

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


def _is(value: object, kind: Any) -> bool:  # noqa: ANN401 - a type, or tuple[...]
    """Return whether a TOML value may stand for a field of a kind; a whole number may for any number, a flag for none."""
    if get_origin(kind) is tuple:
        return isinstance(value, list | tuple) and all(_is(part, get_args(kind)[0]) for part in value)
    if kind is Any:
        return True
    if isinstance(value, bool) and kind is not bool:
        return False
    if kind is float:
        return isinstance(value, int | float) and math.isfinite(value)
    return isinstance(value, get_origin(kind) or kind)


def need_kinds(kind: type, values: dict[str, Any], where: str) -> None:
    """Refuse values that are no fields of a dataclass, or of another kind than its fields.

    Raises:
        InputError: a key is unknown, or a value is of another kind.
    """
    if unknown := set(values) - {f.name for f in fields(kind)}:
        known = ", ".join(f.name for f in fields(kind))
        raise InputError(f"{where} may hold {known}; got {', '.join(sorted(unknown))}; correct or remove it")
    for name, hint in get_type_hints(kind).items():
        if name in values and not _is(values[name], hint):
            need = str(getattr(hint, "__name__", hint) if get_origin(hint) is None else hint)
            raise InputError(f"{name} of {where} must be of the kind {need}, got {values[name]!r}; correct it")


def section(kind: type, values: Any, where: str) -> Any:  # noqa: ANN401 - a dataclass, out of anything
    """Return a dataclass of a TOML table's values.

    Raises:
        InputError: it is no table; a key is unknown; or a value is of another kind, or out of range.
    """
    if not isinstance(values, dict):
        raise InputError(f"{where} must be a table, got {values!r}; correct it")
    need_kinds(kind, values, where)
    return kind(**{key: _frozen(value) for key, value in values.items()})


def _frozen(value: Any) -> Any:  # noqa: ANN401 - anything that TOML holds
    return tuple(_frozen(part) for part in value) if isinstance(value, list) else value


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises:
        InputError: the file is missing, or is not TOML in UTF-8.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"expected a TOML file at {path}, got: {error}; see fer_train/configs") from error
