"""State. A visitor's current video, from its upload to what is made of it; one at a time, used from the page's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from fer_app.film.analysis import Analysis
from fer_app.film.export import Export
from fer_app.film.file import VideoFile
from fer_app.film.job import Job, Places
from fer_app.film.moment import first_picture, picture_at
from fer_app.film.plan import Film, Plan, check_length, check_size
from fer_app.film.truth import Span
from fer_app.hosting.limits import Limits
from fer_app.language import text_video
from fer_core import Analyzer, FerError, Timeline, VideoInfo, probe_video

_USUAL_LIMITS = Limits()


class Studio:
    """Holds one video, the work on it, and its results; everything of it goes with `close`."""

    def __init__(self) -> None:
        self.round, self.last_problem = 0, ("", "")
        self._forget()

    def _forget(self) -> None:
        self.video: VideoFile | None = None
        self.name, self.info, self.number = "", None, 0
        self.job: Job | None = None
        self.analysis: Analysis | None = None
        self.film: Film | None = None
        self.export: Export | None = None
        self.export_job: Job | None = None
        self.truth: tuple[Span, ...] = ()
        self.truth_problem, self.truth_round = "", 0
        self._moment: tuple[object, bytes] = (None, b"")

    def take(self, name: str, source: BinaryIO, *, present: Callable[[], bool] | None, limits: Limits = _USUAL_LIMITS) -> None:
        """Copy a video and look what it is; what is wrong with it becomes `last_problem`.

        Args:
            name: what to call it.
            source: its bytes, open for reading.
            present: tells whether the visitor's page is open; nobody watches if None.
            limits: how large and how long it may be.
        """
        self.close()
        try:
            check_size(source, limits)
            video = VideoFile.copied(source)
        except FerError as fault:
            self.last_problem = (name, str(fault))
            return
        try:
            self.info: VideoInfo | None = probe_video(video.open())
            check_length(self.info, limits)
        except FerError as fault:
            video.close()
            self.last_problem = (name, str(fault))
            return
        self.video, self.name = video, name
        if present:
            video.close_when_gone(present)

    def close(self) -> None:
        """End all work and forget the video and everything made of it."""
        for job in (self.job, self.export_job):
            if job:
                job.cancel()
        if self.video:
            self.video.close()
        self.round, self.last_problem = self.round + 1, ("", "")
        self._forget()

    def drop_truth(self) -> None:
        """Forget the labels to compare with, and what was wrong with them."""
        self.truth, self.truth_problem, self.truth_round = (), "", self.truth_round + 1

    def first_picture(self) -> bytes:
        """Return the video's first picture as JPEG; empty where there is none."""
        if self._moment[0] != "first" and self.video and not self.video.closed:
            try:
                self._moment = ("first", first_picture(self.video))
            except FerError:
                return b""
        return self._moment[1] if self._moment[0] == "first" else b""

    @property
    def file_is_gone(self) -> bool:
        """Whether the file was let go because the visitor seemed to have left."""
        return self.video is not None and self.video.closed

    def working(self) -> bool:
        """Return whether a video is being analysed or written now."""
        return any(job is not None and job.running for job in (self.job, self.export_job))

    def begin(self, plan: Plan, analyzer: Analyzer, *, places: Places | None = None) -> None:
        """Analyse the video in the background, once one of the places is free."""
        if self.video and self.info and not self.job:
            self.analysis = Analysis(self.video, self.name, self.info, plan, analyzer)
            self.job = self._started(self.analysis.run, self.video, places)

    @staticmethod
    def _started(work: Callable[[Job], None], video: VideoFile, places: Places | None) -> Job:
        return Job(work, unexpected=text_video.UNEXPECTED, places=places, needless=lambda: video.closed).start()

    def finish(self) -> Film | None:
        """Return the analysed video once its work has ended, the first time it is asked; None otherwise."""
        if self.film or not self.job or not self.analysis or self.job.running:
            return None
        self.film, self.analysis = self.analysis.film(self.job), None
        return self.film

    def revise(self, number: int, timeline: Timeline) -> None:
        """Take over what was changed about the people of this video; an annotated copy made before is out of date."""
        if self.film and self.number == number:
            self.film = self.film.with_timeline(timeline)

    def again(self) -> None:
        """Go back to the choice of part and rate; the results so far go from this screen."""
        video, name, info = self.video, self.name, self.info
        self.cancel_export()
        self._forget()
        self.video, self.name, self.info, self.round = video, name, info, self.round + 1

    def write(self, *, frames: bool, blur: bool, places: Places | None = None) -> None:
        """Make the annotated video in the background, once one of the places is free."""
        self.cancel_export()
        if self.video and self.film:
            self.export = Export(self.video, self.film, frames=frames, blur=blur)
            self.export_job = self._started(self.export.run, self.video, places)

    def cancel_export(self) -> None:
        """End the making of the annotated video, or forget the one that was made."""
        if self.export_job:
            self.export_job.cancel()
        self.export, self.export_job = None, None

    def picture_at(self, time_s: float) -> bytes:
        """Return the picture of a moment as JPEG; empty where there is none. The last one is kept."""
        key = (time_s, self.film)
        if self._moment[0] != key and self.video and self.film and not self.video.closed:
            try:
                self._moment = (key, picture_at(self.video, self.film, time_s))
            except FerError:
                return b""
        return self._moment[1] if self._moment[0] == key else b""
