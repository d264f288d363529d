"""Pure. Every knob of an analysis, in one frozen place."""

from __future__ import annotations

import math
from dataclasses import dataclass

from fer_core.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The knobs of an analysis.

    Attributes:
        min_face_px: the smallest face looked for, in pixels of the picture; at least 12.
        face_threshold: faces scored below this are dropped, 0..1.
        max_faces: at most this many faces are kept, the largest first.
        threads: workers that share the search for faces in one picture.
        close_ups: look a second time where no face is found, for one that fills the picture; a stream never does.
        both_sides: answer with the mean over a face and its mirror image, a little more often right for twice the cost of
            the emotion network; a stream never does.
        smooth_s: in a stream, the time constant of the probabilities in seconds; 0 turns smoothing off.
        hold_s: in a stream, how long another word must lead before it is shown, in seconds; 0 shows every change.
        lost_s: in a stream, how long a person out of sight keeps the number, in seconds.
        full_pass_s: in a stream, the whole picture is searched at least this often, in seconds; 0: every picture.
        full_pass_share: in a stream whose times are those of a clock, as a camera's, the whole picture is searched less often
            where searches would take more than this share of the time, 0..1; 1: never less often. What a recorded film gives
            would depend on how busy the machine is.
    """

    min_face_px: int = 40
    face_threshold: float = 0.9
    max_faces: int = 100
    threads: int = 1
    close_ups: bool = True
    both_sides: bool = True
    smooth_s: float = 0.5
    hold_s: float = 0.4
    lost_s: float = 2.0
    full_pass_s: float = 0.5
    full_pass_share: float = 1.0

    def __post_init__(self) -> None:
        if self.min_face_px < 12:
            raise InputError(f"min_face_px must be 12 or more (P-Net's field), got {self.min_face_px}; raise it")
        if not 0.0 <= self.face_threshold <= 1.0:
            raise InputError(f"face_threshold must be within 0..1, got {self.face_threshold}; 0.9 is a good start")
        if not 0.0 < self.full_pass_share <= 1.0:
            raise InputError(f"full_pass_share must be above 0 and at most 1, got {self.full_pass_share}; 0.1 suits a camera")
        if self.max_faces < 1 or self.threads < 1:
            raise InputError(f"max_faces and threads must be 1 or more, got {self.max_faces} and {self.threads}; raise them")
        for name in ("smooth_s", "hold_s", "lost_s", "full_pass_s"):
            if not 0 <= getattr(self, name) < math.inf:
                raise InputError(f"{name} must be 0 or more seconds, got {getattr(self, name)}; see Options for what it does")
