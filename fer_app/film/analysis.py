"""State. The analysis of one video: frame by frame, in a background thread, with what the page shows meanwhile."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from typing import Any

import numpy.typing as npt

from fer_app.film.file import VideoFile
from fer_app.film.job import Job
from fer_app.film.plan import Film, Plan
from fer_app.film.thumbs import Thumbs
from fer_app.language import text, text_hosting
from fer_core import Analyzer, Frame, FrameResult, MediaError, Session, Stream, VideoInfo, draw, read_video
from fer_core.ages import AgeView
from fer_core.encode import encode_image, shrink

Array = npt.NDArray[Any]
_PREVIEW_EVERY_S = 1.0  # as often as the page looks
_PREVIEW_SIDE_PX = 640
_AHEAD = 2  # pictures decoded while one is analysed: each takes its time by turns
THREADS = min(2, os.cpu_count() or 1)  # share the search in a picture; more would take the machine from other visitors


class Analysis:
    """What is perceived in a video, growing while it is analysed. A few frames are in memory at a time.

    Args:
        video: the file.
        name: what to call it; the source of its timeline.
        info: what the file says.
        plan: which part, and how densely.
        analyzer: its networks are shared by all visitors; says how old people look if that was asked for.
    """

    def __init__(self, video: VideoFile, name: str, info: VideoInfo, plan: Plan, analyzer: Analyzer) -> None:
        self._video, self._name, self._info, self._plan = video, name, info, plan
        self._analyzer, self._session, self._threshold = analyzer, Session(), analyzer.card.threshold
        self._thumbs, self._painted_s, self._began_at = Thumbs(self._threshold), 0.0, time.time()
        self._ages: dict[int, AgeView] = {}
        self.preview, self.at_s = b"", plan.start_s
        self._let_go = False

    def run(self, job: Job) -> None:
        """Analyse until the end, until the job is stopped, or until the file is gone.

        Raises:
            MediaError: nothing can be read, or it goes on for longer than a video may.
        """
        self._let_go = self._video.closed
        if job.stopping() or self._let_go:  # while it waited for its turn
            return
        plan, file = self._plan, self._video.open()
        # Of this call alone: its threads end with it, while what was found is kept as long as the page.
        stream = Stream(self._analyzer, replace(self._analyzer.options, min_face_px=plan.min_face_px, threads=THREADS))
        frames = read_video(file, rate_hz=plan.rate_hz, start_s=plan.start_s, end_s=plan.end_s, ahead=_AHEAD)
        with closing(frames):
            self._look(frames, stream, job)

    def _look(self, frames: Iterable[Frame], stream: Stream, job: Job) -> None:
        for frame in frames:
            self._let_go = self._video.closed
            if job.stopping() or self._let_go:
                return
            if frame.time_s > self._plan.most_s:
                raise MediaError(text_hosting.video_too_long(self._plan.most_s / 60))
            result = stream.step(frame)
            self._session.add(result, self._name)
            self._thumbs.look(frame.image, result)
            self._remember_ages(result)
            self._paint(frame, result)
            self.at_s = frame.time_s
            job.report(self._plan.share(frame.time_s, self._info))

    def film(self, job: Job) -> Film:
        """Return what came of it, all or in part; only after the job has ended."""
        early = {
            "stopped": job.cancelled,
            "let_go": self._let_go,
            "faults": job.error,
            "thumbs": self._thumbs.kept(),
            "ages": self._ages,
        }
        return Film(self._name, self._session.timeline(), self._info, self._plan, self._threshold, self._began_at, **early)

    def _remember_ages(self, result: FrameResult) -> None:
        """Keep how old everyone looks: what the stream says of a person is the mean of its estimates so far."""
        if result.ages is not None and result.faces.track_ids is not None:
            self._ages |= {number: result.ages[row] for row, number in enumerate(result.faces.track_ids.tolist())}

    def _paint(self, frame: Frame, result: FrameResult) -> None:
        """Make the picture that the page shows, as often as the page looks at it."""
        now_s = time.monotonic()
        if now_s - self._painted_s >= _PREVIEW_EVERY_S:
            self._painted_s = now_s
            painted = draw(frame.image, result, words=text.WORDS, not_sure_below=self._threshold)
            self.preview = encode_image(shrink(painted, max_side_px=_PREVIEW_SIDE_PX))
