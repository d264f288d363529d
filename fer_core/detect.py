"""Adapter. Picture → faces: the MTCNN cascade (Zhang et al. 2016) with its three networks on LiteRT."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar, runtime_checkable

import numpy as np
import numpy.typing as npt

from fer_core.cards import MODELS_FOLDER, read_card, verified_bytes
from fer_core.cascade import (
    Candidates,
    grid_candidates,
    joined,
    nudged,
    placed_points,
    proposals_about,
    squared,
    tidy_faces,
    unbeaten,
)
from fer_core.crops import Picture, crops
from fer_core.litert import Network
from fer_core.options import Options
from fer_core.pyramid import Columns, pyramid_scales, shrink, strips
from fer_core.types import Faces, need_image

Array = npt.NDArray[Any]
T = TypeVar("T")
U = TypeVar("U")

# The mtcnn package's own thresholds and suppressions; the last score threshold is Options.face_threshold.
PNET_THRESHOLD, RNET_THRESHOLD = 0.6, 0.7
NMS_IN_LEVEL, NMS_AFTER = 0.5, 0.7
TIGHTER = 0.6  # P-Net proposes faces of min_face_px, and O-Net may frame them by so much more tightly
_BATCH = 32  # crops go through a network at most this many at a time
_OFFSETS, _POINTS, _SCORES = 4, 10, 2  # an output is known by its width


class FaceDetector(Protocol):
    """Anything that finds the faces of a picture."""

    @property
    def options(self) -> Options:
        """The knobs it works by."""
        ...

    def with_options(self, options: Options) -> FaceDetector:
        """Return a detector with other knobs and the same networks."""
        ...

    def detect(self, image: Array) -> Faces:
        """Return the faces of an (H, W, 3) uint8 RGB picture, the largest first."""
        ...


@runtime_checkable
class FaceRefiner(Protocol):
    """A detector that can look about places where faces are expected, instead of searching the whole picture."""

    def refine(self, image: Array, boxes: Array) -> Faces:
        """Return the faces about (M, 4) boxes of an (H, W, 3) uint8 RGB picture, the largest first."""
        ...


class MtcnnDetector:
    """MTCNN on LiteRT; share one per process, it is safe between threads.

    Args:
        options: the knobs; `threads` workers share the pyramid's levels and the crops of a picture.
        folder: where pnet.tflite, rnet.tflite, onet.tflite and their card.json lie.

    Raises:
        ModelError: a file is missing, altered, or no LiteRT network.
    """

    def __init__(self, options: Options | None = None, *, folder: Path = MODELS_FOLDER / "mtcnn") -> None:
        self.options = options or Options()
        hashes = read_card(folder).sha256
        names = ("pnet.tflite", "rnet.tflite", "onet.tflite")
        self._pnet, self._rnet, self._onet = (Network(verified_bytes(folder, n, hashes), name=n) for n in names)
        # The networks and OpenCV leave Python's lock while they work, so plain threads do share it.
        self._workers = ThreadPoolExecutor(self.options.threads) if self.options.threads > 1 else None

    def with_options(self, options: Options) -> Self:
        """Return a detector with other knobs and the same networks; nothing is loaded."""
        other = copy.copy(self)
        if options.threads != self.options.threads:
            other._workers = ThreadPoolExecutor(options.threads) if options.threads > 1 else None
        other.options = options
        return other

    def detect(self, image: Array) -> Faces:
        """Find the faces of a picture.

        Args:
            image: (H, W, 3) uint8, RGB.

        Returns:
            Faces, the largest first, each scored above `face_threshold`; N = 0 where there is none.

        Raises:
            InputError: the image is not RGB uint8.
        """
        need_image(image)
        image = np.ascontiguousarray(image)
        proposed = self._proposed(image)  # first: what it holds of the picture is gone when the next copy is made
        return self._sifted(Picture.of(image), proposed)

    def refine(self, image: Array, boxes: Array) -> Faces:
        """Find the faces about places where they are expected: R-Net and O-Net alone, P-Net is left out.

        Args:
            image: (H, W, 3) uint8, RGB.
            boxes: (M, 4) float, pixels: where faces were or should be by now; they may reach beyond the picture.

        Returns:
            Faces as `detect` gives them, of those that overlap the boxes well; others of the picture are not found, nor those
            too small for `min_face_px`.

        Raises:
            InputError: the image is not RGB uint8, or the boxes have another shape.
        """
        need_image(image)
        faces = self._sifted(Picture.of(np.ascontiguousarray(image)), proposals_about(boxes))
        sides = (faces.boxes[:, 2:] - faces.boxes[:, :2]).max(axis=1, initial=0)
        return faces[sides >= TIGHTER * self.options.min_face_px]

    def _sifted(self, picture: Picture, candidates: Candidates) -> Faces:
        """Return the faces among proposed squares."""
        if len(candidates):
            candidates = self._refined(picture, candidates)
        return self._final(picture, candidates) if len(candidates) else Faces.none(picture.size_wh)

    def _proposed(self, image: Array) -> Candidates:
        """Return the squares that P-Net proposes over the whole pyramid."""
        columns = Columns.of(image)

        def windows(scale: float, rows: range) -> Candidates:
            outputs = self._pnet(shrink(columns, scale, rows))
            scores, offsets = outputs[_SCORES][0, ..., 1], outputs[_OFFSETS][0]
            return grid_candidates(scores, offsets, above=PNET_THRESHOLD, scale=scale, top=rows.start)

        def level(scale: float) -> Candidates:
            return joined([windows(scale, rows) for rows in strips(columns.size_wh, scale)]).best_first()

        levels = self._map(level, pyramid_scales(columns.size_wh, self.options.min_face_px))
        numbers = np.repeat(np.arange(len(levels)), [len(found) for found in levels])
        found = unbeaten(joined(levels), iou=NMS_IN_LEVEL, apart=numbers)
        return squared(unbeaten(found.best_first(), iou=NMS_AFTER))

    def _refined(self, picture: Picture, candidates: Candidates) -> Candidates:
        """Return the squares that R-Net leaves of P-Net's."""
        outputs = self._look(self._rnet, 24, picture, candidates.boxes)
        found = Candidates.of(nudged(candidates.boxes, outputs[_OFFSETS]), outputs[_SCORES][:, 1])
        return squared(unbeaten(found[found.scores > RNET_THRESHOLD].best_first(), iou=NMS_AFTER))

    def _final(self, picture: Picture, candidates: Candidates) -> Faces:
        """Return the faces that O-Net leaves of R-Net's squares."""
        outputs = self._look(self._onet, 48, picture, candidates.boxes)
        points = placed_points(candidates.boxes, outputs[_POINTS])
        found = Candidates.of(nudged(candidates.boxes, outputs[_OFFSETS]), outputs[_SCORES][:, 1], points)
        found = found[found.scores > self.options.face_threshold].best_first()
        return tidy_faces(unbeaten(found, iou=NMS_AFTER, mode="min"), picture.size_wh, self.options.max_faces)

    def _look(self, network: Network, side: int, picture: Picture, boxes: Array) -> dict[int, Array]:
        """Return what a network says of each of (N, 4) boxes, N > 0, by the width of its outputs."""

        def batch(part: Array) -> dict[int, Array]:
            padded = np.zeros((1 << (len(part) - 1).bit_length(), side, side, 3), np.float32)  # 1, 2, 4 … : few sizes
            padded[: len(part)] = crops(picture, part, side)
            return {width: output[: len(part)] for width, output in network(padded).items()}

        size = min(_BATCH, math.ceil(len(boxes) / self.options.threads))
        parts = self._map(batch, np.split(boxes, range(size, len(boxes), size)))
        return {width: np.concatenate([part[width] for part in parts]) for width in parts[0]}

    def _map(self, function: Callable[[T], U], values: Iterable[T]) -> list[U]:
        """Return the function of each value, computed by the workers if there are any."""
        return list(self._workers.map(function, values) if self._workers else map(function, values))
