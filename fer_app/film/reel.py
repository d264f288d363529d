"""Pure. The videos that a session analysed, without their pictures: bounded; each change gives a new reel."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fer_app.film.plan import Film
from fer_core import Timeline

MAX_VIDEOS = 10
MAX_ROWS = 400_000  # faces and pictures of all of them together: about 50 MB a visitor


@dataclass(frozen=True, slots=True, eq=False)
class KeptVideo:
    """What remains of an analysed video: its name, its timeline, and when it was analysed, in seconds since 1970."""

    name: str
    timeline: Timeline
    threshold: float
    began_at: float
    number: int = 0

    @property
    def rows(self) -> int:
        """How much it holds."""
        return len(self.timeline) + len(self.timeline.sources)


@dataclass(frozen=True, slots=True)
class Reel:
    """A visitor's analysed videos, the newest first.

    Attributes:
        videos: at most `MAX_VIDEOS`, holding at most `MAX_ROWS` together, the newest always among them.
        last_number: the highest number given so far.
    """

    videos: tuple[KeptVideo, ...] = ()
    last_number: int = 0

    def with_film(self, film: Film) -> Reel:
        """Return this reel with one more video; the oldest go when it is full."""
        number = self.last_number + 1
        newest = KeptVideo(film.name, film.timeline, film.threshold, film.began_at, number)
        kept, rows = [newest], newest.rows
        for video in self.videos[: MAX_VIDEOS - 1]:
            rows += video.rows
            if rows > MAX_ROWS:
                break
            kept.append(video)
        return Reel(tuple(kept), number)

    def with_timeline(self, number: int, timeline: Timeline) -> Reel:
        """Return this reel with another timeline in one video's place."""
        videos = (replace(video, timeline=timeline) if video.number == number else video for video in self.videos)
        return replace(self, videos=tuple(videos))

    def without(self, number: int) -> Reel:
        """Return this reel without one video."""
        return replace(self, videos=tuple(video for video in self.videos if video.number != number))
