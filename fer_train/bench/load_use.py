"""Workshop. What visitors of a demo do: photos, a sample, a video, other pages, deletion; each step is checked by the page."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event

from fer_train.bench.load_tally import Tally
from fer_train.bench.visitor import Visitor
from fer_train.bench.wire import LostError

ANSWER = "Looks happy"
"""What the page says of the photo, and of the sample."""

_PAGES = {"history": "Everything from this session", "models": "What does each model see?", "about": "What Mien does"}
_NAME = "load-portrait"
_RESULTS = "Strongest moments"
_VIDEO_S = 120.0


@dataclass(frozen=True, slots=True)
class Files:
    """What visitors bring.

    Attributes:
        photo: of somebody who looks happy.
        film: short.
    """

    photo: Path
    film: Path


def add_photo(visitor: Visitor, photo: Path) -> None:
    """Upload a photo, and check that it was answered.

    Raises:
        LostError: it was not.
    """
    visitor.upload("photo_upload", f"{_NAME}{photo.suffix}", photo.read_bytes())
    visitor.must_show(_NAME)
    visitor.must_show(ANSWER)


def keep_uploading(port: int, photo: Path, tally: Tally, done: Event, *, every_s: float, first_s: float) -> None:
    """Upload a photo, look at it and delete it, over and over, until the bench is done."""
    done.wait(first_s)
    while not done.is_set():
        with tally.noticing(), Visitor(port) as visitor:
            while not done.is_set():
                began_s = time.monotonic()
                with tally.timed("photo"):
                    add_photo(visitor, photo)
                visitor.fetch_pictures()
                visitor.press("delete_")
                visitor.must_show(ANSWER, gone=True)
                done.wait(max(0.0, every_s - (time.monotonic() - began_s)))


def come_and_go(port: int, files: Files, tally: Tally, done: Event, *, pause_s: float) -> None:
    """Visit over and over until the bench is done; each second visit ends without deleting anything."""
    for visit in itertools.count():
        if done.is_set():
            return
        with tally.noticing(), Visitor(port) as visitor:
            for step, act in _steps(visitor, files, tidy=visit % 2 == 0):
                with tally.timed(step):
                    act()
                if done.wait(pause_s):
                    break


def _steps(visitor: Visitor, files: Files, *, tidy: bool) -> list[tuple[str, Callable[[], None]]]:
    """Return what one visitor does in turn, by name."""
    steps: list[tuple[str, Callable[[], None]]] = [
        ("notice", partial(visitor.press, "confirm_notice")),
        ("sample", partial(_try_sample, visitor)),
        ("photo", partial(add_photo, visitor, files.photo)),
        *(("page", partial(_look_at, visitor, path)) for path in _PAGES),
        ("page", partial(_back_to_photos, visitor)),
    ]
    steps += [("deletion", partial(_delete_photos, visitor))] if tidy else []
    steps += [("video", partial(_analyse, visitor, files.film))]
    steps += [("deletion", partial(visitor.press, "film_remove"))] if tidy else []
    return steps


def _try_sample(visitor: Visitor) -> None:
    visitor.press("try_astronaut")
    visitor.must_show(ANSWER)
    visitor.fetch_pictures()


def _look_at(visitor: Visitor, path: str) -> None:
    visitor.go(path)
    visitor.must_show(_PAGES[path])


def _back_to_photos(visitor: Visitor) -> None:
    visitor.go("")
    visitor.must_show(ANSWER)


def _delete_photos(visitor: Visitor) -> None:
    visitor.press("delete_all")
    visitor.must_show(ANSWER, gone=True)


def _analyse(visitor: Visitor, film: Path) -> None:
    """Have a video analysed.

    Raises:
        LostError: there were no results in time.
    """
    visitor.go("video")
    visitor.upload("film_upload", film.name, film.read_bytes())
    visitor.press("film_start")
    deadline_s = time.monotonic() + _VIDEO_S
    while not visitor.shows(_RESULTS):
        if time.monotonic() > deadline_s:
            raise LostError(f"expected the results of a video within {_VIDEO_S:g} s, got none")
        time.sleep(1.0)
        visitor.look_again()
    visitor.fetch_pictures()
