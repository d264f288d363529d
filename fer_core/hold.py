"""State. The word that is shown for each person: another one must lead for a while before it takes over."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from fer_core.errors import InputError
from fer_core.palette import NOT_SURE
from fer_core.track import need_later
from fer_core.types import Emotions

Array = npt.NDArray[Any]


@dataclass(slots=True)
class _Held:
    word: str
    rival: str
    since_s: float
    seen_s: float


class Holder:
    """Holds each person's shown word against flicker; one per stream, used from one thread.

    Another word takes over once it has led, by however little, for `hold_s` without a break, or at once where it leads by
    `CLEAR_LEAD`. "Not sure" is a word like any other.

    Args:
        hold_s: how long another word must lead, in seconds; 0 shows every change.
        not_sure_below: a leading probability below this says "not sure", 0..1.

    Raises:
        InputError: a knob is out of range.
    """

    def __init__(self, *, hold_s: float = 0.4, not_sure_below: float = 0.0) -> None:
        if not 0 <= hold_s < math.inf or not 0 <= not_sure_below <= 1:
            came = f"{hold_s} and {not_sure_below}"
            raise InputError(f"need hold_s from 0 s on and not_sure_below in 0..1, got {came}; 0.4 and the card's are good")
        self._hold_s, self._not_sure_below = hold_s, not_sure_below
        self.reset()

    def reset(self) -> None:
        """Forget every person and every time."""
        self._last_s = -math.inf
        self._people: dict[int, _Held] = {}

    def update(self, emotions: Emotions, track_ids: Array, *, time_s: float) -> tuple[str, ...]:
        """Return the N words to show; faces without a number (-1) get their own leading word.

        Args:
            emotions: the smoothed answers of N faces.
            track_ids: (N,) int64, the person of each face.
            time_s: the picture's time, later than the last one's.

        Raises:
            StreamError: the time does not increase; nothing is changed then.
        """
        need_later(time_s, self._last_s)
        self._last_s = time_s
        leading = [
            top if confidence >= self._not_sure_below else NOT_SURE
            for top, confidence in zip(emotions.top, emotions.confidence.tolist(), strict=True)
        ]
        return tuple(self._word(int(who), word, time_s) for who, word in zip(track_ids, leading, strict=True))

    def _word(self, who: int, leading: str, time_s: float) -> str:
        if who < 0:
            return leading
        held = self._people.setdefault(who, _Held(leading, leading, time_s, time_s))
        if leading != held.rival:
            held.rival, held.since_s = leading, time_s
        if time_s - held.since_s >= self._hold_s:
            held.word = held.rival
        held.seen_s = time_s
        return held.word
