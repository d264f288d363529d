"""State. What all visitors of one process share besides the networks: limits, places, numbers, and who is here."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Sequence

from fer_app.film.job import Places
from fer_app.hosting.drain import Drain
from fer_app.hosting.limits import Limits
from fer_app.hosting.metrics import Metrics, memory_mb
from fer_app.hosting.quota import Quota
from fer_app.hosting.seats import Seats
from fer_app.live.meter import Reading
from fer_app.live.take import LOST_AFTER_S, Take


class Visitor:
    """One session, as the service knows it: a number and whether its page is open; nothing about a person.

    Args:
        number: which session of this process it is.
        quota: how much it may still ask for.
        present: tells whether its page is open; None where there is no server.
        late: whether it came after the end of the server was asked for.

    Attributes:
        working: tells whether a video of this session is being read or written.
        lost_session: its page had another session before, whose server has ended.
    """

    def __init__(self, number: int, quota: Quota, present: Callable[[], bool] | None, *, late: bool) -> None:
        self.number, self.quota, self.late = number, quota, late
        self.name = f"session {number}"
        self._present = present
        self.working: Callable[[], bool] = bool
        self.lost_session = False

    @property
    def present(self) -> bool:
        """Whether its page is open."""
        return self._present is None or bool(self._present())


class Service:
    """Shared by all sessions; safe between threads.

    Args:
        limits: what visitors may do.
        measure: tells how many live videos this machine carries; asked once, and only where no number is set.
        problems: a sentence about each setting that could not be used.

    Attributes:
        video_places: one for each video that is analysed or written at a time.
    """

    def __init__(self, limits: Limits, measure: Callable[[], int], problems: Sequence[str] = ()) -> None:
        self.limits, self.problems, self._measure = limits, tuple(problems), measure
        self.metrics = Metrics()
        self.video_places = Places(limits.videos_at_once)
        self._lock, self._measuring = threading.Lock(), threading.Lock()
        self._visitors: weakref.WeakSet[Visitor] = weakref.WeakSet()
        self._takes: weakref.WeakSet[Take] = weakref.WeakSet()
        self._seats: Seats | None = None
        self._last = 0
        self.drain = Drain(limits.drain_s, self.busy, lambda: len(self.here()))
        self._publish()

    @property
    def seats(self) -> Seats:
        """The places for live video."""
        with self._measuring:
            if self._seats is None:
                self._seats = Seats(self.limits.live_seats or self._measure())
            return self._seats

    def leave(self, name: str) -> None:
        """Free a visitor's place for live video, or in its line; where nobody was live yet, there is none."""
        if self._seats is not None:
            self._seats.leave(name)

    def arrive(self, present: Callable[[], bool] | None) -> Visitor:
        """Return a new visitor.

        Args:
            present: tells whether the page is open.
        """
        with self._lock:
            self._last += 1
            visitor = Visitor(self._last, Quota(self.limits.analyses_per_minute), present, late=self.drain.begun)
            self._visitors.add(visitor)
        self.metrics.session()
        return visitor

    def watch(self, take: Take) -> None:
        """Show a run of live video to the operator for as long as it goes on."""
        with self._lock:
            self._takes.add(take)

    def readings(self) -> list[Reading]:
        """Return how each live video that is running now is doing."""
        with self._lock:
            takes = list(self._takes)
        now_s = time.perf_counter()
        return [said for take in takes if (said := take.meter.reading(now_s)).idle_s < LOST_AFTER_S]

    def here(self) -> list[Visitor]:
        """Return the visitors whose page is open."""
        with self._lock:
            visitors = list(self._visitors)
        return [visitor for visitor in visitors if visitor.present]

    def busy(self) -> int:
        """Return how many visitors have work running: live video, or a video being read or written."""
        return len(self.readings()) + sum(visitor.working() for visitor in self.here())

    def _publish(self) -> None:
        """Let Prometheus ask for what is true at the moment."""
        watch = self.metrics.watch
        watch("mien_sessions_open", "Sessions whose page is open", lambda: len(self.here()))
        watch("mien_live_seats", "Places for live video", lambda: self.seats.count)
        watch("mien_live_seats_taken", "Places in use", lambda: self.seats.taken(time.monotonic())[0])
        watch("mien_live_waiting", "Visitors in line", lambda: self.seats.taken(time.monotonic())[1])
        watch("mien_live_fps", "Analysed frames a second, all live videos", lambda: sum(r.fps for r in self.readings()))
        watch("mien_memory_megabytes", "Memory of this process", lambda: memory_mb() or float("nan"))
        watch("mien_draining", "1 once the end of this server was asked for", lambda: float(self.drain.begun))
