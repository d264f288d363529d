"""Pure. The errors of the library; each message says what was expected, what came, and what to do."""

from __future__ import annotations


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
