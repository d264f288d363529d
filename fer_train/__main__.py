"""Workshop. The command line: prepare | train | export | evaluate | crops | heads | legibility."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fer_core.detect import FaceDetector
    from fer_train.config import Config
    from fer_train.data import FaceTable

CONFIGS = Path(__file__).parent / "configs"


def _config(args: argparse.Namespace) -> Config:
    from fer_train.config import read_config

    return read_config(args.config if args.config.suffix else CONFIGS / f"{args.config}.toml")


def _table(args: argparse.Namespace) -> FaceTable:
    from fer_train.data import load_table

    return load_table(args.data / "fer2013.npz")


def _detector(args: argparse.Namespace) -> FaceDetector:
    """Return the detector as people meet it: the fast engine's, with a second look at close-ups."""
    from fer_core.closeup import CloseUpDetector
    from fer_core.detect import MtcnnDetector

    return CloseUpDetector(MtcnnDetector(folder=args.models / "mtcnn"))


def prepare(args: argparse.Namespace) -> None:
    """Read the csv files, count what is dropped and why, and write fer2013.npz and prepared.json."""
    from fer_train import clean, data

    table = data.read_csv_files(args.data)
    counts = clean.clean(table).counts
    data.save_table(args.data / "fer2013.npz", table)
    (args.data / "prepared.json").write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(counts, indent=1))


def train(args: argparse.Namespace) -> None:
    """Train a config, or go on where its run stopped."""
    from fer_train import report
    from fer_train import train as training

    config = _config(args)
    run = args.runs / config.name
    training.train(config, _table(args), run, models=args.models)
    report.draw_curves(run / "curves.csv", run / "curves.png")
    print(f"trained {config.name}; next: python -m fer_train export {args.config}")


def export(args: argparse.Namespace) -> None:
    """Convert a run, or the face detector, to what ships."""
    if str(args.config) == "detector":
        from fer_train.export_detector import export_detector

        export_detector(args.models / "mtcnn")
        return
    from fer_train import export as exporting
    from fer_train import report

    config = _config(args)
    folder, run = args.models / config.name, args.runs / config.name
    print(exporting.export(config, _table(args), run, folder))
    report.draw_curves(run / "curves.csv", folder / "curves.png")


def evaluate(args: argparse.Namespace) -> None:
    """Open the test split and write what was found."""
    from fer_train import evaluate as evaluating
    from fer_train import report, results

    folder = args.models / _config(args).name
    evaluating.evaluate(folder, _table(args), photos=args.photos, detector=_detector(args), people=args.data)
    report.draw_model(folder)
    report.write_readme(folder)
    print(json.dumps(results.row_of(folder), indent=1))


def crops(args: argparse.Namespace) -> None:
    """Measure how a chip is best cut around a box, on labelled photos."""
    from fer_core.classify import LiteRtClassifier
    from fer_train import choices, photos

    found = photos.find_faces(args.photos, _detector(args))
    rows = choices.crops_table(LiteRtClassifier(args.models / _config(args).name), found, args.models / "crops.csv")
    print("\n".join(map(str, rows)))


def legibility(args: argparse.Namespace) -> None:
    """Measure how small and how blurred a face may be, on labelled photos."""
    from fer_core import load_analyzer
    from fer_train.legibility import legibility_table

    analyzer = load_analyzer(model=_config(args).name, models=args.models)
    print("\n".join(map(str, legibility_table(analyzer, args.photos, args.models / "legibility.csv"))))


def heads(args: argparse.Namespace) -> None:
    """Measure and fit how the two heads make one answer, on PublicTest and labelled photos."""
    from fer_train import choices, clean, photos
    from fer_train.pool import Labelled, write_pool
    from fer_train.serving import head_logs, trained_network

    config, table = _config(args), _table(args)
    network = trained_network(config, args.runs / config.name, table)
    rows = clean.clean(table)
    chosen, found = table[rows.choose & rows.trust_label], photos.find_faces(args.photos, _detector(args))
    public = Labelled(head_logs(network, chosen.images), chosen.labels)
    wild = Labelled(head_logs(network, found.chips()), found.truth[found.found])
    (args.models / config.name).mkdir(parents=True, exist_ok=True)
    print("\n".join(map(str, choices.heads_table(public, wild, found, args.models / config.name / "heads.csv"))))
    serving, choosing = config.serving, found.chooses[found.found]
    pool = choices.pool_of(public, wild[choosing], serving.photos_weight, serving.looseness)
    write_pool(args.runs / config.name / "pool.json", pool)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fer_train", description=__doc__)
    commands = parser.add_subparsers(required=True)
    for command in (prepare, train, export, evaluate, crops, heads, legibility):
        sub = commands.add_parser(command.__name__, help=(command.__doc__ or "").rstrip("."))
        sub.set_defaults(command=command)
        if command is not prepare:
            what = "a name in fer_train/configs, or a TOML file" + ("; or: detector" if command is export else "")
            sub.add_argument("config", type=Path, help=what)
        sub.add_argument("--data", type=Path, default=Path("data"), help="the folder of fer2013.csv (default: data)")
        sub.add_argument("--runs", type=Path, default=Path("runs"), help="where runs live (default: runs)")
        sub.add_argument("--models", type=Path, default=Path("models"), help="where models ship from (default: models)")
        if command in (evaluate, crops, heads, legibility):
            help_ = "a folder of photos with labels.csv"
            sub.add_argument("--photos", type=Path, required=command is not evaluate, help=help_)
    return parser


def main(words: list[str] | None = None) -> int:
    """Run one command; return 0, or 2 with one sentence on the error stream."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    args = _parser().parse_args(words)
    from fer_core import FerError

    try:
        args.command(args)
    except FerError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
