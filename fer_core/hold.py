"""State. The word that is shown for each person: another one must lead for a while, or clearly, before it takes over."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from fer_core.errors import InputError
from fer_core.palette import NOT_SURE, shown_label
from fer_core.track import need_later
from fer_core.types import Emotions

Array = npt.NDArray[Any]

CLEAR_LEAD = 0.4
"""A word that leads the shown one by so much probability takes over at once."""

_FORGET_AFTER_S = 2.0


@dataclass(slots=True)
class _Held:
    """What one person is shown, what has led since when, and when the person was seen last."""

    word: str
    rival: str
    since_s: float
    seen_s: float


class Holder:
    """Holds each person's shown word against flicker; one per stream, used from one thread.

    Another word takes over once it has led for `hold_s` without a break, or at once where it leads the shown one by
    `CLEAR_LEAD`. "Not sure" is a word like any other, as probable as the limit below which it is said.

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
            InputError: another number of ids than of faces.
        """
        need_later(time_s, self._last_s)
        if len(track_ids) != len(emotions):
            raise InputError(f"each face needs one track id, got {len(track_ids)} for {len(emotions)}; pass the same faces' ids")
        self._last_s = time_s
        self._people = {who: held for who, held in self._people.items() if time_s - held.seen_s <= _FORGET_AFTER_S}
        words = []
        for who, top, row in zip(track_ids.tolist(), emotions.top, emotions.probs.tolist(), strict=True):
            chances = dict(zip(emotions.labels.names, row, strict=True)) | {NOT_SURE: self._not_sure_below}
            leading = shown_label(top, chances[top], not_sure_below=self._not_sure_below)
            words.append(leading if who < 0 else self._held(who, leading, chances, time_s))
        return tuple(words)

    def _held(self, who: int, leading: str, chances: dict[str, float], time_s: float) -> str:
        """Return one person's word, and remember what leads it since when."""
        held = self._people.setdefault(who, _Held(leading, leading, time_s, time_s))
        if leading != held.rival:
            held.rival, held.since_s = leading, time_s
        if time_s - held.since_s >= self._hold_s or chances[leading] - chances[held.word] >= CLEAR_LEAD:
            held.word = leading
        held.seen_s = time_s
        return held.word
