"""Pure. What is to be done with a video, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from os import SEEK_END
from types import MappingProxyType
from typing import BinaryIO, NamedTuple

from fer_app.hosting.limits import Limits
from fer_app.language import text_hosting
from fer_app.takes import KeptTake
from fer_core import MediaError, Timeline, VideoInfo
from fer_core.ages import AgeView
from fer_core.people import without_hidden

RATES_HZ: tuple[float | None, ...] = (1.0, 2.0, 5.0, 10.0, None)
USUAL_RATE_HZ = 5.0
_SHORT_S, _SHORT_SHARE = 5.0, 0.1


@dataclass(frozen=True, slots=True)
class Plan:
    """Which part of a video is analysed, and how densely.

    Attributes:
        rate_hz: pictures a second; every one if None.
        start_s: where it begins.
        end_s: where it ends; at the video's end if None.
        min_face_px: the smallest face looked for.
        most_s: a video that does not say how long it is ends here.
    """

    rate_hz: float | None = USUAL_RATE_HZ
    start_s: float = 0.0
    end_s: float | None = None
    min_face_px: int = 40
    most_s: float = float("inf")

    def share(self, time_s: float, info: VideoInfo) -> float:
        """Return what share of the work is done at a time of the video; 0 where the file does not say how long it is."""
        end_s = info.duration_s if self.end_s is None else self.end_s
        if end_s is None or end_s <= self.start_s:
            return 0.0
        return min(1.0, max(0.0, (time_s - self.start_s) / (end_s - self.start_s)))


class Shown(NamedTuple):
    """What tells a face from all others of a video; numbers of people would not do, for they change when people are merged."""

    time_s: float
    label: str
    confidence: float

    @classmethod
    def of(cls, time_s: float, label: str, confidence: float) -> Shown:
        """Return the name of the face with this answer in the picture of this time."""
        return cls(time_s, label, round(confidence, 6))


@dataclass(frozen=True, slots=True)
class Film:
    """An analysed video.

    Attributes:
        name: its file's name; the source of its timeline.
        timeline: what was perceived, with names, merges and hidden people.
        info: what its file says.
        plan: what was asked for.
        threshold: a best guess below this is answered by "not sure".
        began_at: when the analysis began, in seconds since 1970.
        stopped: whether it was cancelled midway.
        let_go: whether it ended midway because the visitor seemed to have left.
        faults: why it ended early; "" if it did not.
        thumbs: faces as JPEG, by what was shown where.
        ages: how old each person looks, by number; empty unless it was asked for. No file is made of it.
        shown: the timeline without hidden people.
    """

    name: str
    timeline: Timeline
    info: VideoInfo
    plan: Plan
    threshold: float
    began_at: float
    stopped: bool = False
    let_go: bool = False
    faults: str = ""
    thumbs: Mapping[Shown, bytes] = field(default_factory=lambda: MappingProxyType({}))
    ages: Mapping[int, AgeView] = field(default_factory=lambda: MappingProxyType({}))
    shown: Timeline = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shown", without_hidden(self.timeline))

    @property
    def take(self) -> KeptTake:
        """What is visible of it, as a session."""
        return KeptTake(self.shown, self.began_at, self.threshold, len(self.shown.sources))

    @property
    def everyone(self) -> KeptTake:
        """All of it, as a session."""
        return replace(self.take, timeline=self.timeline)

    @property
    def last_s(self) -> float:
        """The time of the last picture that was analysed."""
        return float(self.timeline.times_s.max(initial=self.plan.start_s))

    @property
    def cut_short(self) -> bool:
        """Whether the file ended long before it says it would."""
        end_s = min(t for t in (self.info.duration_s, self.plan.end_s, float("inf")) if t is not None)
        left_s = end_s - self.last_s
        known = not (self.stopped or self.let_go or self.faults) and left_s != float("inf")
        return known and left_s >= max(_SHORT_S, _SHORT_SHARE * end_s)

    def with_timeline(self, timeline: Timeline) -> Film:
        """Return the same video with people renamed, merged or hidden."""
        return replace(self, timeline=timeline)


def check_size(file: BinaryIO, limits: Limits) -> None:
    """Refuse a file that is larger than a video may be.

    Raises:
        MediaError: it is.
    """
    megabytes = file.seek(0, SEEK_END) / 2**20
    if megabytes > limits.video_mb:
        raise MediaError(text_hosting.video_too_large(limits.video_mb, megabytes))


def check_length(info: VideoInfo, limits: Limits) -> None:
    """Refuse a video that says that it is longer than one may be.

    Raises:
        MediaError: it does.
    """
    if info.duration_s is not None and info.duration_s > 60 * limits.video_minutes:
        raise MediaError(text_hosting.video_too_long(limits.video_minutes, info.duration_s))
