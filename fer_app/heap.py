"""Adapter. How the C library hands out this process's memory: from two arenas, however many threads come and go."""

from __future__ import annotations

import contextlib
import ctypes

ARENAS = 2
_M_ARENA_MAX = -8  # glibc's malloc.h


def share_arenas() -> None:
    """Let threads share arenas: glibc opens eight a core, and each keeps what was freed in it from the others.

    The server's threads are many and short. Where the C library is another one nothing is changed, and arenas that are there
    stay: what deploys Mien sets MALLOC_ARENA_MAX, which holds from the first thread on. This is for whoever starts it by hand.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):  # no mallopt, or no C library by that way (Windows)
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS)
