"""Workshop. `python -m fer_train.bench.steadiness --videos DIR`: numbers, words and costs of a stream, into docs/bench.

Each video is streamed twice in one process, picture by picture in turn: as a camera is, and with every picture searched whole
and nothing steadied. So the ratio of the costs holds on a busy machine as well.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core import Analyzer, Faces, FrameResult, Options, Stream, load_analyzer, read_video
from fer_core.boxes import iou_matrix
from fer_core.detect import MtcnnDetector
from fer_core.palette import shown_label
from fer_core.smooth import Smoother
from fer_train.tables import write_rows

Array = npt.NDArray[Any]
SAME_IOU = 0.5
_Row = dict[str, Any]


class Timed:
    """A detector that keeps the milliseconds of each of its looks, together with its copies.

    Args:
        detector: does the work.
        spent_ms: where the times go, by kind of look.
    """

    def __init__(self, detector: MtcnnDetector, spent_ms: dict[str, list[float]]) -> None:
        self._detector, self._spent_ms, self.options = detector, spent_ms, detector.options

    def with_options(self, options: Options) -> Timed:
        """Return one with other knobs that keeps its times in the same place."""
        return Timed(self._detector.with_options(options), self._spent_ms)

    def detect(self, image: Array) -> Faces:
        """Search the whole picture."""
        began = time.perf_counter()
        faces = self._detector.detect(image)
        self._spent_ms["whole"].append(1000 * (time.perf_counter() - began))
        return faces

    def refine(self, image: Array, boxes: Array) -> Faces:
        """Look near boxes."""
        began = time.perf_counter()
        faces = self._detector.refine(image, boxes)
        self._spent_ms["near"].append(1000 * (time.perf_counter() - began))
        return faces


def changes_a_minute(results: list[FrameResult], words: list[tuple[str, ...]]) -> float:
    """Return how often a person's word changes, by minutes in which a person is in view.

    Args:
        results: in the order of time.
        words: for each result the word of each face.
    """
    changes, seconds, last = 0, 0.0, dict[int, tuple[float, str]]()
    for result, there in zip(results, words, strict=True):
        for face, word in zip(result, there, strict=True):
            if face.track_id in last:
                then_s, before = last[face.track_id]
                changes, seconds = changes + (word != before), seconds + result.time_s - then_s
            last[face.track_id] = result.time_s, word
    return round(60 * changes / seconds, 1) if seconds else 0.0


def ids(results: list[FrameResult]) -> int:
    """Return how many numbers were given."""
    return len({face.track_id for result in results for face in result})


def overlaps(wholes: list[FrameResult], results: list[FrameResult]) -> list[float]:
    """Return for each face of a whole search how well a face of the other results overlaps it."""
    pairs = zip(wholes, results, strict=True)
    return [v for whole, result in pairs for v in iou_matrix(whole.faces.boxes, result.faces.boxes).max(axis=1, initial=0)]


def measure(analyzer: Analyzer, path: Path, rate_hz: float) -> _Row:
    """Return the row of one video."""
    spent_ms: dict[str, list[float]] = defaultdict(list)
    assert isinstance(analyzer.detector, MtcnnDetector)
    live = Stream(Analyzer(Timed(analyzer.detector, spent_ms), analyzer.classifier))
    plain_ms: dict[str, list[float]] = defaultdict(list)
    plain = Stream(
        Analyzer(Timed(analyzer.detector, plain_ms), analyzer.classifier),
        replace(analyzer.options, smooth_s=0, hold_s=0, full_pass_s=0),
    )
    steps = [(live.step(frame), plain.step(frame)) for frame in read_video(path, rate_hz=rate_hz)]
    results, raws = [one for one, _ in steps], [other for _, other in steps]
    same = overlaps(raws, results)
    whole_ms, near_ms = (statistics.median(ms or [0.0]) for ms in (plain_ms["whole"], spent_ms["near"]))
    return {
        "video": path.name,
        "rate_hz": rate_hz,
        "pictures": len(steps),
        "numbers": ids(results),
        "changes_raw": changes_a_minute(raws, [result.shown or () for result in raws]),
        "changes_smoothed": changes_a_minute(raws, smoothed(raws, analyzer.card.threshold)),
        "changes_shown": changes_a_minute(results, [result.shown or () for result in results]),
        "whole_searches": round(len(spent_ms["whole"]) / len(steps), 3),
        "whole_over_near": round(whole_ms / near_ms, 1) if near_ms else "",
        "faces": len(same),
        "found": round(float(np.mean(np.array(same) >= SAME_IOU)), 3) if same else "",
        "median_iou": round(float(np.median(same)), 3) if same else "",
    }


def smoothed(raws: list[FrameResult], threshold: float) -> list[tuple[str, ...]]:
    """Return for each result the word of each face if answers are smoothed, but words are not held."""
    smoother, words = Smoother(smooth_s=Options().smooth_s), []
    for raw in raws:
        assert raw.faces.track_ids is not None
        now = smoother.update(raw.emotions, raw.faces.track_ids, time_s=raw.time_s)
        pairs = zip(now.top, now.confidence.tolist(), strict=True)
        words.append(tuple(shown_label(top, confidence, not_sure_below=threshold) for top, confidence in pairs))
    return words


def main() -> None:
    """Measure and write stream.csv."""
    parser = argparse.ArgumentParser(prog="python -m fer_train.bench.steadiness", description=__doc__)
    parser.add_argument("--videos", type=Path, required=True, help="a folder of any videos")
    parser.add_argument("--rate", type=float, default=12.5, help="pictures a second")
    parser.add_argument("--out", type=Path, default=Path("docs/bench"))
    args = parser.parse_args()
    analyzer = load_analyzer(Options(close_ups=False), engine="fast")
    analyzer.warm_up()
    rows = [measure(analyzer, path, args.rate) for path in sorted(args.videos.iterdir())]
    args.out.mkdir(parents=True, exist_ok=True)
    write_rows(args.out / "stream.csv", rows)


if __name__ == "__main__":
    main()
