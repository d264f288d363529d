"""Adapter. The command line: `python -m fer_core analyze PATH...` for more files than a browser is fit for."""

from __future__ import annotations

import argparse
import io
import math
import os
import re
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType

from fer_core.analyze import DEFAULT_MODEL, Analyzer, load_analyzer
from fer_core.batch import Report, run_batch, run_cluster
from fer_core.console import ProgressLine
from fer_core.errors import FerError, InputError
from fer_core.inputs import Job, find_files, plan_jobs
from fer_core.options import Options
from fer_core.results import need_kind
from fer_core.work import Failure, Outcome, Settings
from fer_core.workers import run_local

ALL_WELL, SOME_FAILED, MISUSED, BROKEN_OFF = 0, 1, 2, 3
_SIGNALLED = 128  # and the signal's number, as shells count
_BLUR_EVERY_S = 0.5  # between pictures farther apart, a face may move away from under its blur

_ABOUT = """\
Find the faces in photos and videos and say which expression each shows, as a person would perceive it; what somebody feels,
no picture tells. Nothing is sent anywhere.

exit codes:
  0    every file was analysed
  1    some files failed; the results hold all others, the reasons are printed at the end
  2    the command line asks for something that cannot be, or no file was named
  3    the run broke off: results cannot be written, or a model is missing
  130  Ctrl-C; 143: SIGTERM

A run that breaks off, by Ctrl-C, a power switch or a full disk, keeps what is finished in a journal beside the results
(results.csv.journal). The same command again goes on where it stopped. The journal goes when the results are written."""

_EXAMPLES = """\
examples:
  python -m fer_core analyze holiday/                                     all photos and videos in a folder
  python -m fer_core analyze "clips/*.mp4" --every 0.2 --out clips.json   five pictures of each second
  python -m fer_core analyze talk.mp4 --annotate seen/                    a copy with faces framed, its sound kept
  find . -name "*.jpg" | python -m fer_core analyze - --workers 4         a list from elsewhere"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        arguments: without the program's name; those of the process if omitted.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):  # as standard error does: a name may not be what the terminal can write
        sys.stdout.reconfigure(errors="backslashreplace")
    args = _parser().parse_args(arguments)
    before = signal.signal(signal.SIGTERM, _end)
    try:
        return _analyze(args)
    except InputError as fault:
        return _say(MISUSED, str(fault))
    except FerError as fault:
        return _say(BROKEN_OFF, f"{fault}\nWhat is finished is kept; the same command goes on from there.")
    except KeyboardInterrupt as fault:
        number = fault.args[0] if fault.args else signal.SIGINT
        return _say(_SIGNALLED + number, "stopped; the same command goes on where this run stopped")
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(number: int, _: FrameType | None) -> None:
    raise KeyboardInterrupt(number)


def _say(code: int, words: str) -> int:
    print(words, file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fer_core", description="Mien: perceived facial expressions.")
    layout = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    analyze = commands.add_parser(
        "analyze", help="analyse photos and videos", description=_ABOUT, epilog=_EXAMPLES, formatter_class=layout
    )
    add = analyze.add_argument
    add("paths", nargs="+", metavar="PATH", help='photo, video, folder or "pattern"; - reads one path a line from standard input')
    add("--out", type=Path, default=Path("results.csv"), metavar="FILE", help=".csv, .json or .parquet (default: %(default)s)")
    add("--annotate", type=Path, metavar="DIR", help="write a copy of each file there with its faces framed, videos with sound")
    add("--blur", action="store_true", help="make the faces in those copies unrecognisable")
    add("--every", type=_seconds, metavar="S", help="analyse one picture of a video every S seconds (default: each picture)")
    add(
        "--workers",
        type=_count,
        default=_cores(),
        metavar="N",
        help="processes that work, on one thread each (here: %(default)s)",
    )
    add(
        "--dask",
        metavar="ADDRESS",
        help="use a Dask cluster's workers instead, whose machines see the same paths: tcp://host:8786",
    )
    add("--model", default=DEFAULT_MODEL, metavar="NAME", help="a folder under models/ (default: %(default)s)")
    add("--min-face", type=_pixels, default=Options().min_face_px, metavar="PX", help="the smallest face (default: %(default)s)")
    add("--quiet", action="store_true", help="show no progress; failures are still told")
    return parser


def _seconds(text: str) -> float:
    value = _number(text)
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"expected seconds above 0, got {text}; 0.2 takes five pictures a second")
    return value


def _count(text: str) -> int:
    value = _number(text)
    if not 1 <= value < math.inf or value != int(value):
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, got {text}; one for each core is a good one")
    return int(value)


def _pixels(text: str) -> int:
    try:
        return Options(min_face_px=_count(text)).min_face_px
    except InputError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from fault


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"expected a number, got {text!r}; write it in digits, such as 2 or 0.5") from fault


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _analyze(args: argparse.Namespace) -> int:
    need_kind(args.out)
    if args.blur and (not args.annotate or (args.every or 0) > _BLUR_EVERY_S):
        raise InputError(
            f"--blur needs --annotate, and --every of {_BLUR_EVERY_S} s at most: faces move away from under a blur; correct it"
        )
    options = Options(min_face_px=args.min_face)
    if args.blur:  # whoever is found, however many there are
        options = replace(options, max_faces=sys.maxsize)
    settings = Settings(every_s=args.every, blur=args.blur, model=args.model, options=options)
    analyzer = load_analyzer(settings.options, model=settings.model)  # whatever is wrong with it shows before any work
    jobs = _jobs(args, settings, analyzer)
    if not jobs:
        raise InputError("expected photos or videos, got none in what was named; name files, or folders that hold some")
    return _report(_run(args, settings, analyzer, jobs), args.out)


def _jobs(args: argparse.Namespace, settings: Settings, analyzer: Analyzer) -> list[Job]:
    files = find_files(_listed(args.paths), leave_out=args.annotate)
    return plan_jobs(files, manner=f"{settings!r} {analyzer.card.sha256}", annotate=args.annotate)


def _listed(paths: Sequence[str]) -> Iterator[str]:
    """Yield the paths, those from standard input among them: one a line, or ended by NUL (`find -print0`)."""
    for path in paths:
        if path != "-":
            yield path
            continue
        text = os.fsdecode(sys.stdin.buffer.read())
        yield from (line for line in (re.split("\0" if "\0" in text else "\r?\n", text)) if line)


def _run(args: argparse.Namespace, settings: Settings, analyzer: Analyzer, jobs: list[Job]) -> Report:
    shown = ProgressLine(None if args.quiet else sys.stderr, clock=time.monotonic)

    def run(left: Sequence[Job]) -> Iterator[tuple[Job, Outcome | Failure]]:
        if args.dask:
            return run_cluster(left, settings, args.dask)
        return run_local(left, settings, args.workers, progress=shown.under_way)

    try:
        return run_batch(jobs, run, args.out, labels=analyzer.card.labels, begin=shown.begin, finished=shown.finished)
    finally:
        shown.close()


def _report(report: Report, out: Path) -> int:
    done = report.files - len(report.failures)
    before = f" ({report.before} of them by a run before)" if report.before else ""
    kept = f"{out} stays as it was" if out.exists() else f"{out} was not written"
    counts = f": {report.faces} faces in {report.pictures} pictures → {out}" if done else f"; {kept}"
    print(f"{done} of {report.files} files analysed{before}{counts}")
    for name, remark in report.remarks:
        print(f"note: {name}: {remark}", file=sys.stderr)
    for name, reason in report.failures:
        print(f"failed: {name}: {reason}", file=sys.stderr)
    return SOME_FAILED if report.failures else ALL_WELL


if __name__ == "__main__":
    sys.exit(main())
