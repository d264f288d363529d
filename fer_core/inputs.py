"""Adapter. What a user names on a command line → the files that are meant, each once, in a steady order."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fer_core.errors import InputError

PHOTO_SUFFIXES = frozenset(
    {*(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp"), *(".tif", ".tiff", ".heic", ".heif", ".avif")}
)
VIDEO_SUFFIXES = frozenset(
    {
        *(".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi", ".mpg", ".mpeg"),
        *(".ts", ".mts", ".m2ts", ".ogv", ".flv", ".wmv", ".3gp"),
    }
)


@dataclass(frozen=True, slots=True)
class Job:
    """One file to analyse.

    Attributes:
        name: the file as the user will find it in the results.
        path: the same, from the root.
        key: changes with the file, how it is named, and how it is analysed, and with nothing else.
        size: its bytes; 0 where there is no file.
        target: where its annotated copy goes, from the root, without ".jpg" or ".mp4"; "" for none.
    """

    name: str
    path: str
    key: str
    size: int
    target: str = ""

    @property
    def length(self) -> tuple[bool, int]:
        """What jobs are compared by: a video, by its name, takes longer than any photo; among their kind the bytes count."""
        return Path(self.path).suffix.lower() not in PHOTO_SUFFIXES, self.size


def find_files(arguments: Iterable[str], *, leave_out: Path | None = None) -> list[Path]:
    """Return the files that arguments name, each once.

    A folder stands for the photos and videos in it and below it, by their extensions, hidden ones and what lies behind links to
    folders left out. A pattern stands for what it matches. Anything else is taken as it is, also if there is no such file or a
    folder cannot be read: whoever reads it will say so.

    Args:
        arguments: files, folders and patterns ("*", "?", "[...]", "**").
        leave_out: a folder that is not meant where a pattern matches it or another folder contains it.
    """
    known: dict[Path, Path] = {}
    out = _resolved(leave_out) if leave_out else None
    for path in (path for argument in arguments for path in _named(argument, out)):
        known.setdefault(_resolved(path), path)
    return list(known.values())


def _named(argument: str, out: Path | None) -> Iterator[Path]:
    path = Path(argument)
    if os.path.isdir(path):  # unlike Path.is_dir(), also where the path may not be looked at or is too long
        yield from _within(path, out)
    elif os.path.exists(path) or not (matches := sorted(glob.glob(argument, recursive=True))):
        yield path
    else:
        for match in map(Path, matches):
            if out is None or out not in ((whole := _resolved(match)), *whole.parents):
                yield from _within(match, out) if os.path.isdir(match) else [match]


def _resolved(path: Path) -> Path:
    """Return a path without links; one that cannot be followed as it is, so that its reader says what is wrong."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return Path(os.path.abspath(path))


def _within(folder: Path, out: Path | None) -> Iterator[Path]:
    """Yield the photos and videos of a folder and of those below it, then the folders themselves that cannot be read."""
    faults: list[OSError] = []
    for here, folders, files in os.walk(folder, onerror=faults.append):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and _resolved(Path(here, name)) != out)
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in PHOTO_SUFFIXES | VIDEO_SUFFIXES:
                yield Path(here, name)
    yield from (Path(fault.filename) for fault in faults)


def plan_jobs(files: Sequence[Path], *, manner: str, annotate: Path | None = None) -> list[Job]:
    """Return a job per file, in the same order.

    Args:
        files: distinct files.
        manner: all that decides what comes out of an analysis besides the file; a part of each key.
        annotate: the folder of annotated copies, which lie in it as the files lie below their common folder.

    Raises:
        InputError: an annotated copy would take the place of a file, or the files lie on several drives.
    """
    paths = [Path(os.path.abspath(file)) for file in files]
    targets = _targets(paths, annotate) if annotate and paths else [""] * len(paths)
    return [_job(str(file), path, manner, target) for file, path, target in zip(files, paths, targets, strict=True)]


def _targets(paths: Sequence[Path], annotate: Path) -> list[str]:
    """Return where the annotated copies of files go.

    Raises:
        InputError: the files have no common folder, or a copy would take the place of a file.
    """
    try:
        base = os.path.commonpath([path.parent for path in paths])
    except ValueError as fault:
        raise InputError(
            "expected files of one drive beside --annotate, got several drives; give each a run of its own"
        ) from fault
    inside = [str(path.relative_to(base)) for path in paths]
    taken = set(inside)
    targets = [os.path.abspath(annotate / _free(name, taken)) for name in inside]
    if _would_replace(paths, [annotate / name for name in inside], targets):
        raise InputError(f"expected a folder of its own for annotated copies, got {str(annotate)!r}; choose another one")
    return targets


def place(target: str, suffix: str) -> Path:
    """Return the path of an annotated copy: the file's own name, with a suffix that says what the copy is."""
    return Path(target if target.lower().endswith(suffix) else target + suffix)


def _would_replace(paths: Sequence[Path], beside: Sequence[Path], targets: Sequence[str]) -> bool:
    """Return whether copies would lie where files lie, or be one of them, by whatever links or spelling of their names."""
    if {_resolved(path) for path in beside} & {_resolved(path) for path in paths}:
        return True
    copies = (place(target, suffix) for target in targets for suffix in (".jpg", ".mp4"))
    return bool({_identity(path) for path in paths} & {_identity(copy) for copy in copies} - {None})


def _identity(path: Path) -> tuple[int, int] | None:
    """Return which file of this machine a path leads to; None where there is none."""
    try:
        about = path.stat()
    except (OSError, ValueError):
        return None
    return about.st_dev, about.st_ino


def _free(name: str, taken: set[str]) -> str:
    """Return a name whose copy gets no other file's name: "a" would become "a.jpg"."""
    while f"{name}.jpg" in taken or f"{name}.mp4" in taken:
        name += "_"
    return name


def _job(name: str, path: Path, manner: str, target: str) -> Job:
    try:
        about = path.stat()
        size, changed = about.st_size, about.st_mtime_ns
    except (OSError, ValueError):
        size, changed = 0, 0
    identity = "\0".join([name, str(path), str(size), str(changed), manner, target])
    return Job(name, str(path), hashlib.sha256(identity.encode("utf-8", "surrogateescape")).hexdigest(), size, target)
