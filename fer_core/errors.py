"""Pure. The errors of the library; each message says what was expected, what came, and what to do."""

from __future__ import annotations

import reprlib

_SHOWN = 80  # characters of what came: a sentence stays one, whatever a file holds


class FerError(Exception):
    """Base of every error that this library raises on purpose."""


class MediaError(FerError):
    """A photo or video cannot be read: not decodable, empty, truncated, or over a limit."""


class ModelError(FerError):
    """A model file is missing, altered, or not what its card says."""


class InputError(FerError, ValueError):
    """An argument has the wrong shape, type or range."""


class StreamError(FerError):
    """A stream was fed frames in an order it cannot use."""


class WriteError(FerError):
    """A result cannot be written: the disk is full, the folder is missing or protected."""


def shown(value: object) -> str:
    r"""Return what came, for a sentence: as Python writes it, cut short however long or deep it is.

    Example:
        >>> shown("x" * 500)
        "'xxxxxxxxxxxx...xxxxxxxxxxxxx'"
        >>> shown([[[[[[[[1]]]]]]]])
        '[[[[[[[...]]]]]]]'
    """
    short = reprlib.Repr()
    short.maxother = short.maxlong = 40
    return short.repr(value)[:_SHOWN]


def shortened(words: object) -> str:
    """Return the words of another library's error, for a sentence: they may quote the whole file."""
    return str(words)[:_SHOWN]
