"""Pure. What a screen keeps of a visitor's photos: encoded bytes and results, bounded; each change gives a new album."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from types import MappingProxyType

from fer_core import FrameResult

MAX_PHOTOS = 20  # about 20 MB of encoded pictures a visitor at the very most
MAX_LEFT_OUT = 20
_MAX_NAME = 120
_NAMELESS = "photo"


@dataclass(frozen=True, slots=True)
class KeptFace:
    """What the card of one face shows.

    Attributes:
        crop_jpeg: the face as it stands in the photo.
        chip_png: the 48x48 pixels that the network saw, each enlarged to a square.
        advice: names of what makes the answer doubtful, as `fer_app.text.ADVICE` has them.
    """

    crop_jpeg: bytes
    chip_png: bytes
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """One analysed photo.

    Attributes:
        name: the name its visitor gave it: untrusted, to be shown as plain text only.
        result: boxes in pixels of the photo as it came, and probabilities.
        faces: one for each face of the result, in its order.
        framed_jpeg: the photo with its boxes and names.
        marked_jpeg: the same with the landmarks.
        threshold: a best guess below this is answered by "not sure".
        engine: what analysed it.
        words: what the names painted on it are in its visitor's language of that time; labels that are not in it are themselves.
        photo_id: its number in the album; 0 = not in one yet.
        note: what its visitor remarks on it.
    """

    name: str
    result: FrameResult
    faces: tuple[KeptFace, ...]
    framed_jpeg: bytes
    marked_jpeg: bytes
    threshold: float
    engine: str
    words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    photo_id: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that gave no result, and why; both are untrusted, to be shown as plain text only."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Album:
    """A visitor's photos, the newest first.

    Attributes:
        photos: at most `MAX_PHOTOS`.
        left_out: files that gave no result, at most `MAX_LEFT_OUT`.
        read: marks of the files of this round that have been read, so that an interrupted round can go on.
        last_id: the highest number given to a photo so far.
        round_start: what that number was when this round began.
    """

    photos: tuple[KeptPhoto, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    read: frozenset[str] = frozenset()
    last_id: int = 0
    round_start: int = 0

    @property
    def of_this_round(self) -> tuple[KeptPhoto, ...]:
        """The photos that this round has brought so far."""
        return tuple(photo for photo in self.photos if photo.photo_id > self.round_start)

    @property
    def room(self) -> int:
        """How many more photos fit."""
        return MAX_PHOTOS - len(self.photos)

    def with_photo(self, photo: KeptPhoto, mark: str) -> Album:
        """Return this album with one more photo, under a number and a name of its own; the oldest goes if the album is full."""
        name = free_name(photo.name, {kept.name for kept in self.photos})
        named = replace(photo, photo_id=self.last_id + 1, name=name)
        photos = (named, *self.photos)[:MAX_PHOTOS]
        return replace(self, photos=photos, read=self.read | {mark}, last_id=self.last_id + 1)

    def with_left_out(self, name: str, reason: str, mark: str) -> Album:
        """Return this album with one more file that gave no result; the last one always has room."""
        left_out = (*self.left_out[: MAX_LEFT_OUT - 1], LeftOut(name, reason))
        return replace(self, left_out=left_out, read=self.read | {mark})

    def next_round(self) -> Album:
        """Return this album ready for the next files."""
        return replace(self, read=frozenset(), round_start=self.last_id)

    def with_note(self, photo_id: int, note: str) -> Album:
        """Return this album with another remark on one photo."""
        photos = (replace(photo, note=note) if photo.photo_id == photo_id else photo for photo in self.photos)
        return replace(self, photos=tuple(photos))

    def without(self, photo_id: int) -> Album:
        """Return this album without one photo."""
        return replace(self, photos=tuple(photo for photo in self.photos if photo.photo_id != photo_id))


def clean_name(name: str) -> str:
    r"""Return a file name without folders and characters that cannot be seen, at most 120 characters long.

    Example:
        >>> clean_name("C:\\me\\par\u202ety\n.jpg")
        'party.jpg'
    """
    seen = "".join(c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable()).strip()
    suffix = PurePath(seen).suffix[:12]
    short = seen if len(seen) <= _MAX_NAME else seen[: _MAX_NAME - len(suffix)] + suffix
    return short or _NAMELESS


def free_name(name: str, taken: Collection[str]) -> str:
    """Return the name, with a number before its ending if it is taken: sources in an export must differ.

    Example:
        >>> free_name("a.jpg", ["a.jpg"])
        'a (2).jpg'
    """
    path = PurePath(name)
    numbered = (f"{path.stem} ({number}){path.suffix}" for number in range(2, len(taken) + 2))
    return name if name not in taken else next(free for free in numbered if free not in taken)
