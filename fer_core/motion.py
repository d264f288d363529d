"""Pure. How faces move: a Kalman filter whose speeds fade, exact for any time between two pictures.

A speed is a random walk that is drawn back to rest (Uhlenbeck and Ornstein 1930; as a motion model: Singer 1970). So a face
that is out of sight is expected a little further on, never far away. Distances count in the face's own side, speeds in sides
a second: a near face moves by more pixels than a far one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

_FADE_S = 2.0  # after so long a speed that was not seen again has faded to 37 %
_SPEED = 4.0  # sides a second: the usual speed of a face; a passer-by close to the camera reaches 10
_NOISE = 0.06  # sides: how much a detector's box trembles on a face that keeps still


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """What is known of N faces in motion.

    Attributes:
        centres: (N, 2) float64, x, y in pixels.
        speeds: (N, 2) float64, pixels a second.
        sizes: (N, 2) float64, width and height in pixels.
        doubts: (N, 2, 2) float64, covariance of centre and speed along either axis, in sides.
    """

    centres: Array
    speeds: Array
    sizes: Array
    doubts: Array

    @classmethod
    def of(cls, boxes: Array) -> Motion:
        """Return the motion of faces seen for the first time at (N, 4) boxes."""
        boxes = boxes.astype(np.float64)
        centres, sizes = (boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]
        doubts = np.tile(np.diag([_NOISE**2, _SPEED**2]), (len(boxes), 1, 1))
        return cls(centres, np.zeros_like(centres), sizes, doubts)

    def __len__(self) -> int:
        return len(self.centres)

    def __getitem__(self, rows: Array) -> Motion:
        return Motion(self.centres[rows], self.speeds[rows], self.sizes[rows], self.doubts[rows])

    def __add__(self, other: Motion) -> Motion:
        """Return the faces of both."""
        pairs = ((getattr(self, name), getattr(other, name)) for name in self.__slots__)
        return Motion(*(np.concatenate(pair) for pair in pairs))

    @property
    def boxes(self) -> Array:
        """(N, 4) float32, where the faces are, in pixels."""
        return np.hstack([self.centres - self.sizes / 2, self.centres + self.sizes / 2]).astype(np.float32)

    @property
    def sides(self) -> Array:
        """(N,) float64, the mean of width and height in pixels."""
        sides: Array = self.sizes.mean(axis=1)
        return sides

    @property
    def spreads(self) -> Array:
        """(N,) float64, the standard deviation of where a detector may see each face, in sides."""
        spreads: Array = np.sqrt(self.doubts[:, 0, 0] + _NOISE**2)
        return spreads

    def after(self, seconds: float) -> Motion:
        """Return what is known of the faces after some seconds in which they were not seen."""
        left = math.exp(-seconds / _FADE_S)
        step = np.array([[1.0, _FADE_S * (1 - left)], [0.0, left]])
        shared = _SPEED**2 * _FADE_S * (1 - left) ** 2
        moved = (_SPEED * _FADE_S) ** 2 * (2 * seconds / _FADE_S - 3 + 4 * left - left**2)
        added = np.array([[max(moved, 0.0), shared], [shared, _SPEED**2 * (1 - left**2)]])
        centres = self.centres + step[0, 1] * self.speeds
        return replace(self, centres=centres, speeds=left * self.speeds, doubts=step @ self.doubts @ step.T + added)

    def seen_at(self, boxes: Array, *, keep_speed: Array) -> Motion:
        """Return what is known of the faces once they are seen at (N, 4) boxes.

        Args:
            boxes: float, pixels.
            keep_speed: (N,) bool: the box may be another face's that hides this one, so the speed is not learned from it.
        """
        seen = Motion.of(boxes)
        gains = self.doubts[:, :, :1] / (self.doubts[:, :1, :1] + _NOISE**2)
        gains[keep_speed, 1] = 0
        off = seen.centres - self.centres
        rest = np.eye(2) - gains * np.array([[1.0, 0.0]])
        doubts = rest @ self.doubts @ rest.transpose(0, 2, 1) + _NOISE**2 * gains @ gains.transpose(0, 2, 1)
        return Motion(self.centres + gains[:, 0] * off, self.speeds + gains[:, 1] * off, seen.sizes, doubts)

    def within(self, size_wh: tuple[int, int]) -> Motion:
        """Return the faces with their centres in a picture of this size: who left it comes back at its border."""
        return replace(self, centres=self.centres.clip(0, np.array(size_wh, np.float64)))

    def scaled(self, ratios_xy: Array) -> Motion:
        """Return the faces in the pixels of a picture that is (2,) times as wide and high."""
        scaled = {name: getattr(self, name) * ratios_xy for name in ("centres", "speeds", "sizes")}
        return replace(self, **scaled)


def distances(known: Motion, seen: Motion, centres: Array | None = None) -> Array:
    """Return (N, M) float64: how far each seen face is from where each known one should be, in the mean of both sides.

    Args:
        known: the N known faces.
        seen: the M seen ones.
        centres: (N, 2) where the known ones should be, if not at their own centres.
    """
    at = known.centres if centres is None else centres
    apart = np.linalg.norm(at[:, None] - seen.centres[None], axis=2)
    away: Array = apart / np.maximum((known.sides[:, None] + seen.sides[None]) / 2, 1e-6)
    return away
