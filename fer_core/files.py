"""Adapter. Files that are whole or not there at all: written beside their place, then moved into it.

A process that is killed cannot clean up behind itself; what it leaves has a name by which `sweep` finds it.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from fer_core.errors import WriteError

# The reasons of a system that lie in its disk or in the folder; every other one lies in the file.
_OF_ALL = frozenset(
    {
        *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM),
        *(errno.ENOENT, errno.ENOTDIR, errno.EEXIST, errno.ENODEV, errno.ESTALE),
    }
)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a new file that takes a path's place once it is whole and on the disk; whatever interrupts it leaves nothing.

    Args:
        path: where the file belongs; its folder must exist.

    Raises:
        WriteError: the file cannot be written.
    """
    part = path.with_name(f"{_start(path)}{uuid.uuid4().hex[:8]}.part")
    try:
        with part.open("x+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())  # else a power cut could leave the name without the content
        part.replace(path)
    except OSError as fault:
        raise unwritable(path, fault) from fault
    finally:
        with contextlib.suppress(OSError):  # a folder that is gone took the file with it
            part.unlink(missing_ok=True)


def unwritable(path: str | Path, fault: BaseException) -> WriteError:
    """Return the error for a file that cannot be written, by the reason that the system gave for it, however deep."""
    first = _told_by_system(fault)
    remedy = "shorten its name" if first and first.errno == errno.ENAMETOOLONG else "make room or choose another folder"
    return WriteError(f"expected a place to write {Path(path).name!r}, got {first.strerror if first else fault}; {remedy}")


def keeps_all_from_writing(fault: BaseException) -> bool:
    """Return whether other files could not be written either: the disk or the folder is at fault, and not this file."""
    first = _told_by_system(fault)
    return first is not None and first.errno in _OF_ALL


def _told_by_system(fault: BaseException) -> OSError | None:
    """Return the first error of the system among an error and its causes."""
    first: BaseException | None = fault
    while first and not (isinstance(first, OSError) and first.strerror and first.errno in errno.errorcode):
        first = first.__cause__ or first.__context__
    return first if isinstance(first, OSError) else None


def sweep(paths: Iterable[Path]) -> int:
    """Delete what killed processes left of the files of some paths; return how many files that were.

    Nobody may be writing those files at the time.
    """
    starts: dict[Path, set[str]] = defaultdict(set)
    for path in paths:
        starts[path.parent].add(_start(path))
    left = [
        part
        for folder, known in starts.items()
        for part in folder.glob(".mien-*.part")
        if part.name[: len(_start(part))] in known
    ]
    for part in left:
        part.unlink(missing_ok=True)
    return len(left)


def _start(path: Path) -> str:
    """Return how the names of a path's unfinished files begin; short, whatever the path's own name is."""
    return f".mien-{hashlib.sha256(path.name.encode('utf-8', 'surrogateescape')).hexdigest()[:12]}-"
