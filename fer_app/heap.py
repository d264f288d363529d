"""Adapter. How the C library hands out this process's memory: from two arenas, and large blocks outside of them."""

from __future__ import annotations

import contextlib
import ctypes

ARENAS = 2
LARGE_BYTES = 1 << 20  # a frame of live video is smaller, a photo larger
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8  # glibc's malloc.h


def bound_heap() -> None:
    """Let threads share arenas, and give large blocks back to the system as soon as they are freed.

    glibc opens eight arenas a core, and each keeps what was freed in it from the others; the server's threads are many and
    short. It also raises what it takes for large to the largest block that was freed, up to 32 MB: then a photo's pixels lie
    among small blocks that outlive them, and their room cannot be given back.

    Where the C library is another one nothing is changed, and arenas that are there stay: what deploys Mien sets
    MALLOC_ARENA_MAX and MALLOC_MMAP_THRESHOLD_, which hold from the first thread on. This is for whoever starts it by hand.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):  # no mallopt, or no C library by that way (Windows)
        library = ctypes.CDLL(None)
        library.mallopt(_M_ARENA_MAX, ARENAS)
        library.mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)
