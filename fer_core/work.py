"""Adapter. One file of many → what was perceived in it, as lines of a CSV, and its annotated copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fer_core.analyze import Analyzer
from fer_core.annotate import Annotation, annotate_video
from fer_core.blur import blur_faces
from fer_core.container import opened, picture_track
from fer_core.draw import draw
from fer_core.encode import encode_image
from fer_core.errors import FerError, MediaError, WriteError
from fer_core.export import csv_body
from fer_core.files import keeps_all_from_writing, replacing, unwritable
from fer_core.inputs import PHOTO_SUFFIXES, Job, place
from fer_core.media import is_photo, read_image
from fer_core.options import Options
from fer_core.stream import Stream
from fer_core.timeline import Timeline
from fer_core.types import FrameResult
from fer_core.video import VideoInfo, probe_video, read_video

MAX_PHOTO_BYTES = 256 * 1024 * 1024  # who has the file on disk may have a large one
_PICTURES = 1000  # results of a video that are kept as objects before they become columns
_HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How files are analysed.

    Attributes:
        every_s: seconds between the pictures of a video that are analysed; every picture if None.
        blur: faces are made unrecognisable in annotated copies.
        model: the name of the emotion model.
        options: the knobs of the analysis.
    """

    every_s: float | None = None
    blur: bool = False
    model: str
    options: Options = field(default_factory=Options)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file.

    Attributes:
        lines: its lines of the CSV (`export.csv_body`).
        pictures: how many pictures were analysed.
        faces: how many faces were found in them.
        remark: what the user should know about it; "" for nothing.
    """

    lines: bytes
    pictures: int
    faces: int
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why nothing came of a file.

    Attributes:
        reason: in words for the user.
        ends_run: whether every other file would fail too, as on a full disk.
    """

    reason: str
    ends_run: bool = False


class Stopped(Exception):  # noqa: N818
    """Ends the work on a file because the run ends."""


@dataclass(frozen=True, slots=True)
class Watch:
    """How the work on a file is watched.

    Attributes:
        stop: asked before each picture; true ends the work.
        progress: called with what share of the file is done, 0..1.
    """

    stop: Callable[[], bool]
    progress: Callable[[float], None]


def unwatched() -> Watch:
    """Return what watches nothing and never stops."""
    return Watch(lambda: False, lambda _: None)


def outcome_of(job: Job, settings: Settings, analyzer: Analyzer, watch: Watch) -> Outcome | Failure:
    """Return what comes of a file; whatever is wrong with it is a failure of this file alone.

    Raises:
        Stopped: the watch said so; nothing of the file is left.
    """
    try:
        do = _photo if _shows_photo(Path(job.path)) else _video
        return do(job, settings, analyzer, watch)
    except WriteError as fault:
        return Failure(str(fault), ends_run=keeps_all_from_writing(fault))
    except FerError as fault:
        return Failure(str(fault))
    except Stopped:
        raise
    except Exception as fault:  # noqa: BLE001 - thousands of other files must not wait for one that nobody foresaw
        return Failure(f"expected a file that can be analysed, got {type(fault).__name__}: {fault}; please report it")


def _shows_photo(path: Path) -> bool:
    """Return whether a file is to be read as a photo: by its content, and by its name only where the content says nothing."""
    try:
        with path.open("rb") as file:
            if is_photo(file.read(_HEAD_BYTES)):
                return True
    except (OSError, ValueError):
        return True  # whose reader says best what is wrong with a path
    if path.suffix.lower() not in PHOTO_SUFFIXES:
        return False
    try:
        with opened(path) as container:
            picture_track(container)
    except MediaError:
        return True
    return False


def _photo(job: Job, settings: Settings, analyzer: Analyzer, watch: Watch) -> Outcome:
    image = read_image(job.path, max_bytes=MAX_PHOTO_BYTES)
    if watch.stop():
        raise Stopped
    result = analyzer.analyze(image)
    timeline = Timeline.of([result], [job.name])
    if job.target:
        hidden = blur_faces(image, result.faces.boxes) if settings.blur else image
        copy = draw(hidden, result, not_sure_below=analyzer.card.threshold)
        content = encode_image(copy)  # outside: what is wrong with a picture is no fault of the disk
        with replacing(_place(job.target, ".jpg")) as file:
            file.write(content)
    return Outcome(csv_body(timeline), 1, len(timeline))


def _video(job: Job, settings: Settings, analyzer: Analyzer, watch: Watch) -> Outcome:
    info = probe_video(job.path)
    parts = list(_seen(job, settings, analyzer, watch, info))
    whole = Timeline.joined(parts, labels=analyzer.card.labels)
    if job.target:
        look = Annotation(blur=settings.blur, not_sure_below=analyzer.card.threshold, threads=1)
        target = _place(job.target, ".mp4")
        whole_copy = annotate_video(
            job.path, target, whole, look, progress=lambda share: watch.progress(0.5 + share / 2), cancel=watch.stop
        )
        if not whole_copy:
            raise Stopped
    return Outcome(b"".join(map(csv_body, parts)), len(whole.sources), len(whole), _remark(info, whole, settings.every_s or 0.0))


def _seen(job: Job, settings: Settings, analyzer: Analyzer, watch: Watch, info: VideoInfo) -> Iterator[Timeline]:
    """Yield what is perceived in a video in parts, so that an hour of it needs little memory."""
    stream, share = Stream(analyzer, settings.options), 0.5 if job.target else 1.0  # the other half is writing
    results: list[FrameResult] = []
    for frame in read_video(job.path, rate_hz=1 / settings.every_s if settings.every_s else None, threads=1):
        if watch.stop():
            raise Stopped
        results.append(stream.step(frame))
        watch.progress(share * min(1.0, frame.time_s / info.duration_s) if info.duration_s else 0.0)
        if len(results) == _PICTURES:
            yield Timeline.of(results, [job.name] * _PICTURES)
            results = []
    yield Timeline.of(results, [job.name] * len(results), labels=analyzer.card.labels)


def _place(target: str, suffix: str) -> Path:
    """Return the path of an annotated copy, in a folder that exists."""
    path = place(target, suffix)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise unwritable(path.parent, fault) from fault
    return path


def _remark(info: VideoInfo, timeline: Timeline, every_s: float) -> str:
    """Return a remark on a video that ends long before its file says it would; its last picture may be `every_s` before that."""
    length_s, last_s = info.duration_s, float(timeline.times_s.max(initial=0))
    if length_s is None or length_s - last_s < every_s + max(5.0, 0.1 * length_s):
        return ""
    return f"only the first {last_s:.0f} s of {length_s:.0f} s can be read; copy or download it again"
