"""State. Who may use live video now, and who waits in line; shared by all visitors, time is an argument."""

from __future__ import annotations

import threading
from collections.abc import Collection

OFFER_S = 60.0
"""Whose turn it is has so long to press Start and to let the browser open the camera; then it is the next one's."""
GONE_S = 10.0
"""Whose page is closed for so long is gone; a phone that was locked, or a weak network, is back sooner."""

_AWAY_S = 90.0  # who waits and was not heard of for so long is gone; a page asks every 2 s, one out of sight once a minute
_LAPSE_S = 30.0  # who plays is heard of once a second, on a busy machine a little later


class Seats:
    """Places for live video, and the line before them; safe between threads.

    Args:
        count: how many may play at a time.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Send everyone away."""
        with self._lock:
            self._playing: dict[str, float] = {}
            self._line: dict[str, float] = {}
            self._offered: dict[str, float] = {}

    def number(self, visitor: str, now_s: float) -> int:
        """Return a visitor's number in line, which grows by them if they are new; 0 is their turn, or they are playing.

        Args:
            visitor: who asks.
            now_s: the time, on a clock that never goes back.
        """
        with self._lock:
            return self._number(visitor, now_s)

    def sit(self, visitor: str, now_s: float) -> bool:
        """Begin to play; return False if there is no place, and stand in line then."""
        with self._lock:  # over both steps: two who are told of the last place at once would both take it
            if self._number(visitor, now_s):
                return False
            self._play(visitor, now_s)
            return True

    def stay(self, visitor: str, now_s: float) -> None:
        """Say that a visitor is still playing; a video that runs keeps its place, however slow the machine is."""
        with self._lock:
            self._play(visitor, now_s)

    def _number(self, visitor: str, now_s: float) -> int:
        self._forget(now_s)
        if visitor in self._playing or self._may_start(visitor):
            return 0
        self._line[visitor] = now_s
        self._offer(now_s)
        return 0 if visitor in self._offered else list(self._line).index(visitor) + 1

    def _play(self, visitor: str, now_s: float) -> None:
        self._line.pop(visitor, None)
        self._offered.pop(visitor, None)
        self._playing[visitor] = now_s

    def keep(self, here: Collection[str], now_s: float) -> None:
        """Let those go whose page is closed, and who were not heard of for `GONE_S`.

        Args:
            here: whose page is open.
            now_s: the time.
        """
        with self._lock:
            for places in (self._playing, self._line, self._offered):
                for visitor in [name for name, seen_s in places.items() if name not in here and now_s - seen_s > GONE_S]:
                    del places[visitor]
            self._offer(now_s)

    def offered_s(self, visitor: str, now_s: float) -> float:
        """Return for how many seconds more a place is kept free for this visitor, who had to wait for it; 0: for none."""
        with self._lock:
            self._forget(now_s)
            return OFFER_S - (now_s - self._offered[visitor]) if visitor in self._offered else 0.0

    def leave(self, visitor: str) -> None:
        """Free a visitor's place, wherever it is."""
        with self._lock:
            for places in (self._playing, self._line, self._offered):
                places.pop(visitor, None)

    def taken(self, now_s: float) -> tuple[int, int]:
        """Return how many play and how many wait."""
        with self._lock:
            self._forget(now_s)
            return len(self._playing), len(self._line)

    def _may_start(self, visitor: str) -> bool:
        """Return whether nobody stands before this visitor and a place is free."""
        if visitor in self._offered:
            return True
        return visitor not in self._line and not self._line and self._free() > 0

    def _free(self) -> int:
        return self.count - len(self._playing) - len(self._offered)

    def _offer(self, now_s: float) -> None:
        """Offer free places to those who wait longest."""
        for visitor in list(self._line)[: max(0, self._free())]:
            del self._line[visitor]
            self._offered[visitor] = now_s

    def _forget(self, now_s: float) -> None:
        for places, patience_s in ((self._playing, _LAPSE_S), (self._line, _AWAY_S), (self._offered, OFFER_S)):
            for visitor in [name for name, seen_s in places.items() if now_s - seen_s > patience_s]:
                del places[visitor]
        self._offer(now_s)
