"""Pure. The values that flow through the library: frozen, numpy inside, arrays read-only.

Units: pixels (x to the right, y down), seconds since the source's start, probabilities in [0, 1].
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core.ages import Ages, AgeView
from fer_core.errors import InputError
from fer_core.labels import FER2013, LabelSet

Array = npt.NDArray[Any]


def _read_only(array: Array, dtype: npt.DTypeLike) -> Array:
    """Return a read-only array of a dtype; the caller's array stays writable."""
    view = np.asarray(array, dtype=dtype).view()
    view.flags.writeable = False
    return view


def _need_shape(name: str, array: Array, shape: tuple[int | None, ...]) -> None:
    fits = array.ndim == len(shape) and all(s is None or s == n for s, n in zip(shape, array.shape, strict=True))
    if not fits:
        wanted = ", ".join("any" if s is None else str(s) for s in shape)
        raise InputError(f"{name} must have shape ({wanted}), got {array.shape}; see its docstring")


def need_image(image: Array) -> None:
    """Refuse anything that is not an (H, W, 3) uint8 RGB image.

    Raises:
        InputError: another shape or dtype came.
    """
    good = isinstance(image, np.ndarray) and image.ndim == 3 and image.shape[2] == 3 and image.dtype == np.uint8
    if not good or 0 in image.shape:
        came = f"{image.shape} {image.dtype}" if isinstance(image, np.ndarray) else type(image).__name__
        raise InputError(f"image must be (H, W, 3) uint8 RGB, got {came}; use fer_core.read_image")


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a source.

    Attributes:
        image: (H, W, 3) uint8, RGB.
        time_s: seconds since the source's start; 0.0 for a photo.
        index: the picture's number among those taken of its source, from 0; `time_s` finds it there.
    """

    image: Array
    time_s: float = 0.0
    index: int = 0

    def __post_init__(self) -> None:
        need_image(self.image)
        object.__setattr__(self, "image", _read_only(self.image, np.uint8))


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """The N faces found in one picture; N = 0 is ordinary.

    Attributes:
        boxes: (N, 4) float32, x0, y0, x1, y1 in pixels, half-open, inside the picture.
        scores: (N,) float32, 0..1, how sure the detector is that this is a face.
        landmarks: (N, 5, 2) float32, x, y in pixels: left eye, right eye, nose, left and right mouth corner, as the
            viewer sees them; nan from a detector that places none.
        track_ids: (N,) int64, the person's number in a stream; -1 = none.
        size_wh: the picture's width and height in pixels.
    """

    boxes: Array
    scores: Array
    landmarks: Array
    size_wh: tuple[int, int]
    track_ids: Array | None = None

    def __post_init__(self) -> None:
        n = len(self.boxes)
        ids = np.full(n, -1) if self.track_ids is None else self.track_ids
        shapes = {"boxes": (n, 4), "scores": (n,), "landmarks": (n, 5, 2), "track_ids": (n,)}
        for name, shape in shapes.items():
            value = ids if name == "track_ids" else getattr(self, name)
            array = _read_only(value, np.int64 if name == "track_ids" else np.float32)
            _need_shape(name, array, shape)
            object.__setattr__(self, name, array)

    @classmethod
    def none(cls, size_wh: tuple[int, int]) -> Faces:
        """Return "no face" for a picture of this size."""
        return cls(np.zeros((0, 4)), np.zeros(0), np.zeros((0, 5, 2)), size_wh)

    def __len__(self) -> int:
        return len(self.boxes)

    def __getitem__(self, rows: Array | slice | list[int]) -> Faces:
        """Return the chosen faces: a mask, an index array or a slice."""
        assert self.track_ids is not None
        return Faces(self.boxes[rows], self.scores[rows], self.landmarks[rows], self.size_wh, self.track_ids[rows])

    def with_track_ids(self, track_ids: Array) -> Faces:
        """Return these faces under the given (N,) person numbers."""
        return replace(self, track_ids=track_ids)


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """Where faces should be in a picture that is not yet analysed.

    Attributes:
        boxes: (M, 4) float32, pixels.
        seen: (M,) bool, whether the face was there in the picture before.
    """

    boxes: Array
    seen: Array


@dataclass(frozen=True, slots=True, eq=False)
class Emotions:
    """Perceived expressions of N faces.

    Attributes:
        probs: (N, K) float32, rows sum to 1, columns in the order of `labels`.
        labels: the K names.
    """

    probs: Array
    labels: LabelSet = FER2013

    def __post_init__(self) -> None:
        probs = _read_only(self.probs, np.float32)
        _need_shape("probs", probs, (None, len(self.labels)))
        if len(probs) and not np.allclose(probs.sum(axis=1), 1.0, atol=1e-3):
            raise InputError(f"rows of probs must sum to 1, got {probs.sum(axis=1)}; normalise them first")
        object.__setattr__(self, "probs", probs)

    def __len__(self) -> int:
        return len(self.probs)

    @property
    def top(self) -> tuple[str, ...]:
        """The likeliest label of each face."""
        return tuple(self.labels.names[i] for i in self.probs.argmax(axis=1)) if len(self) else ()

    @property
    def confidence(self) -> Array:
        """(N,) float32, the probability of each face's likeliest label."""
        return self.probs.max(axis=1) if len(self) else np.zeros(0, np.float32)


@dataclass(frozen=True, slots=True)
class FaceView:
    """One face of a result, in plain Python values.

    Attributes:
        box: x0, y0, x1, y1 in pixels.
        label: the likeliest label.
        confidence: its probability.
        probabilities: the probability of every label.
        track_id: the person's number in a stream; -1 = none.
        shown: the word that a stream shows, held against flicker: a label or "not sure"; None outside a stream.
        age: how old the face looks; None unless ages were asked for.
    """

    box: tuple[float, float, float, float]
    label: str
    confidence: float
    probabilities: dict[str, float]
    track_id: int
    shown: str | None = None
    age: AgeView | None = None


@dataclass(frozen=True, slots=True, eq=False)
class FrameResult:
    """What was perceived in one picture; iterates as `FaceView`.

    Attributes:
        faces: where the faces are.
        emotions: what each looks like, in the order of `faces`.
        index: the picture's number among those of its source that were analysed; `time_s` finds it there.
        time_s: seconds since the source's start.
        cost_ms: milliseconds that the analysis took.
        shown: in a stream, the word to show for each face, held against flicker: a label or "not sure".
        ages: how old each looks, in the order of `faces`; None unless ages were asked for. Sessions and exports keep none.
    """

    faces: Faces
    emotions: Emotions
    index: int = 0
    time_s: float = 0.0
    cost_ms: float = 0.0
    shown: tuple[str, ...] | None = None
    ages: Ages | None = None

    def __post_init__(self) -> None:
        if len(self.faces) != len(self.emotions):
            came = f"{len(self.faces)} faces and {len(self.emotions)} rows"
            raise InputError(f"each face needs one row of probabilities, got {came}; classify the chips of these faces")
        if self.shown is not None and len(self.shown) != len(self.faces):
            raise InputError(f"each face needs one shown word, got {len(self.shown)} for {len(self.faces)}; leave them out")
        if self.ages is not None and len(self.ages) != len(self.faces):
            raise InputError(f"each face needs one age, got {len(self.ages)} for {len(self.faces)}; leave them out")

    def __len__(self) -> int:
        return len(self.faces)

    def __iter__(self) -> Iterator[FaceView]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, row: int) -> FaceView:
        x0, y0, x1, y1 = (float(v) for v in self.faces.boxes[row])
        probabilities = {name: float(p) for name, p in zip(self.emotions.labels.names, self.emotions.probs[row], strict=True)}
        label = self.emotions.top[row]
        assert self.faces.track_ids is not None
        shown = None if self.shown is None else self.shown[row]
        age = None if self.ages is None else self.ages[row]
        number = int(self.faces.track_ids[row])
        return FaceView((x0, y0, x1, y1), label, probabilities[label], probabilities, number, shown, age)
