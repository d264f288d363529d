"""Workshop. The command line: prepare | train | tune | ablate | export | evaluate | crops | heads | legibility | members."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from fer_core import InputError
from fer_train import making
from fer_train.making import config_of, detector_of, faces_of, table_of
from fer_train.members import MOST


def export(args: argparse.Namespace) -> None:
    """Convert a run, or the face detector, to what ships."""
    if str(args.config) == "detector":
        from fer_train.export_detector import export_detector

        export_detector(args.models / "mtcnn")
        return
    from fer_train import export as exporting
    from fer_train import report

    config = config_of(args)
    if not config.task.votes:
        raise InputError(
            f"only networks with votes ship, got {config.name} without; run python -m fer_train evaluate {args.config}"
        )
    folder, run = args.models / config.name, args.runs / config.name
    print(exporting.export(config, faces_of(args), run, folder))
    report.draw_curves(run / "curves.csv", folder / "curves.png")


def evaluate(args: argparse.Namespace) -> None:
    """Open the test split and write what was found."""
    from fer_train import evaluate as evaluating
    from fer_train import report, results
    from fer_train.runs import AGREEMENT

    config = config_of(args)
    if config.finetuning.source:
        stand = f"{args.runs / config.name / AGREEMENT}, and after export in {args.models / config.name / 'README.md'}"
        need = f"expected a model of FER2013, got {config.name}, which carries {config.finetuning.source} on with other faces"
        raise InputError(f"{need}; train measured it on those that were set aside: see {stand}")
    table = table_of(args)
    if not config.task.votes:
        from fer_train import systems

        folder = systems.evaluate(config, table, args.runs / config.name, args.models)
        print(json.dumps(results.row_of_system(folder), indent=1))
        return
    folder = args.models / config.name
    if args.time_only:
        evaluating.time_anew(folder, table)
    else:
        evaluating.evaluate(folder, table, photos=args.photos, detector=detector_of(args), people=args.data)
    page = report.write_report(folder, run=args.runs / folder.name, table=table)
    print(json.dumps(results.row_of(folder), indent=1))
    print(f"report: {page}")


def crops(args: argparse.Namespace) -> None:
    """Measure how a chip is best cut around a box, on labelled photos."""
    from fer_core.classify import LiteRtClassifier
    from fer_train import choices, photos

    found = photos.find_faces(args.photos, detector_of(args))
    rows = choices.crops_table(LiteRtClassifier(args.models / config_of(args).name), found, args.models / "crops.csv")
    print("\n".join(map(str, rows)))


def legibility(args: argparse.Namespace) -> None:
    """Measure how small and how blurred a face may be, on labelled photos."""
    from fer_core import load_analyzer
    from fer_train.legibility import legibility_table

    analyzer = load_analyzer(model=config_of(args).name, models=args.models)
    print("\n".join(map(str, legibility_table(analyzer, args.photos, args.models / "legibility.csv"))))


def heads(args: argparse.Namespace) -> None:
    """Choose and fit how the two heads make one answer, on PublicTest and labelled photos if there are any."""
    from fer_train import choices, clean, photos
    from fer_train.pool import Labelled, fit_pool, write_pool
    from fer_train.serving import head_logs, trained_network

    config, table = config_of(args), faces_of(args)
    network = trained_network(config, args.runs / config.name, table)
    chosen = clean.choosing(table)
    found = photos.find_faces(args.photos, detector_of(args)) if args.photos else photos.no_photos()
    public, wild = (
        Labelled(head_logs(network, chips), truth)
        for chips, truth in ((chosen.images, chosen.labels), (found.chips(), found.truth[found.found]))
    )
    (args.models / config.name).mkdir(parents=True, exist_ok=True)
    measured = choices.heads_table(public, wild, found, args.models / config.name / "heads.csv")
    print("\n".join(map(str, measured)))
    weight, run = measured[0]["photos_weight"], args.runs / config.name
    pool, target = fit_pool(public, wild[found.chooses[found.found]], photos_weight=weight), run / "pool.json"
    write_pool(target, pool, run / "best.keras")
    print(f"the first of these, in which all photos together count {weight:g} times as much as PublicTest, is in {target}")


def members(args: argparse.Namespace) -> None:
    """Measure which trained networks answer best side by side, on PublicTest."""
    from fer_train.clean import choosing
    from fer_train.members import member, sets_of
    from fer_train.tables import write_rows

    table, target = table_of(args), args.models / "members.csv"
    chosen = choosing(table)
    asked = [member(name, table, chosen.images, args.runs, args.models) for name in args.names]
    rows = sets_of(asked, chosen.labels, args.most)
    write_rows(target, rows)
    print("\n".join(map(str, rows[:10])))
    print(f"all {len(rows)} sets are in {target}, the lowest log-loss first")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fer_train", description=__doc__)
    commands = parser.add_subparsers(required=True)
    for command in (*making.COMMANDS, export, evaluate, crops, heads, legibility, members):
        sub = commands.add_parser(command.__name__, help=(command.__doc__ or "").rstrip("."))
        sub.set_defaults(command=command)
        if command is members:
            sub.add_argument("names", nargs="+", help="runs, or shipped models")
            sub.add_argument("--most", type=int, default=MOST, help=f"parameters of a set (default: {MOST:,})")
        elif command is not making.prepare:
            what = "a name in fer_train/configs, or a TOML file" + ("; or: detector" if command is export else "")
            if command is making.ablate:
                sub.add_argument("config", type=Path, nargs="?", default=Path("ablation"), help=f"{what} (default: ablation)")
            else:
                sub.add_argument("config", type=Path, help=what)
        making.add_words(command, sub)
        sub.add_argument("--data", type=Path, default=Path("data"), help="the folder of fer2013.csv (default: data)")
        sub.add_argument("--runs", type=Path, default=Path("runs"), help="where runs live (default: runs)")
        sub.add_argument("--models", type=Path, default=Path("models"), help="where models ship from (default: models)")
        if command in (evaluate, crops, heads, legibility):
            help_ = "a folder of photos with labels.csv"
            sub.add_argument("--photos", type=Path, required=command in (crops, legibility), help=help_)
        if command is evaluate:
            sub.add_argument("--time-only", action="store_true", help="measure how long one face takes here; the rest stays")
    return parser


def main(words: list[str] | None = None) -> int:
    """Run one command; return 0, or 2 with one sentence on the error stream."""
    return making.obey(_parser(), words)


if __name__ == "__main__":
    sys.exit(main())
