"""Workshop. The commands that make a model: prepare | train | tune | ablate; and what every command reads its words with."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fer_core import FerError, InputError

if TYPE_CHECKING:
    from fer_core.detect import FaceDetector
    from fer_train.config import Config
    from fer_train.data import FaceTable

CONFIGS = Path(__file__).parent / "configs"
SPACES = Path(__file__).parent / "spaces"
# What lies, or is named, beside the models that read expressions, and their runs.
OTHER_FOLDERS = ("ages", "detector", "mtcnn", "systems", "tune")


def obey(parser: argparse.ArgumentParser, words: list[str] | None = None) -> int:
    """Run the `command` that the words name; return 0, or 2 with one sentence on the error stream."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    args = parser.parse_args(words)
    try:
        args.command(args)
    except FerError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def config_of(args: argparse.Namespace) -> Config:
    """Return the config that the command line names: a shipped one, a run's own, or a TOML file."""
    from fer_train.config import read_config

    shipped, own = CONFIGS / f"{args.config}.toml", args.runs / args.config / "config.toml"
    path = args.config if args.config.suffix else own if own.is_file() and not shipped.is_file() else shipped
    config = read_config(path)
    if config.name in OTHER_FOLDERS:
        raise InputError(f"name of {path} must be none of {', '.join(OTHER_FOLDERS)}, got {config.name!r}; choose another")
    return config


def table_of(args: argparse.Namespace) -> FaceTable:
    """Return the prepared faces."""
    from fer_train.data import load_table

    return load_table(args.data / "fer2013.npz")


def faces_of(args: argparse.Namespace) -> FaceTable:
    """Return the faces that a run learned from and is calibrated on: the prepared ones, or a fine-tuned run's own."""
    from fer_train.data import load_table

    config = config_of(args)
    return load_table(args.runs / config.name / "faces.npz") if config.finetuning.source else table_of(args)


def detector_of(args: argparse.Namespace) -> FaceDetector:
    """Return the detector as people meet it: the fast engine's, with a second look at close-ups."""
    from fer_core.closeup import CloseUpDetector
    from fer_core.detect import MtcnnDetector

    return CloseUpDetector(MtcnnDetector(folder=args.models / "mtcnn"))


def prepare(args: argparse.Namespace) -> None:
    """Read FER2013's csv files, or class folders, and write fer2013.npz and one report of what was dropped and why."""
    from fer_train import prepare as preparing
    from fer_train.published import publish

    if args.folder is not None:
        table, report = preparing.from_folder(args.folder)
    else:
        table, report = preparing.from_csv(args.data, any_counts=args.any or args.publish)
    if args.publish:
        publish(table)
    preparing.write(args.data, table, report)
    print(preparing.readable(report))


def train(args: argparse.Namespace) -> None:
    """Train a config, or carry a shipped model on with a folder of faces; a run that was stopped goes on."""
    from fer_train import report
    from fer_train import train as training

    if args.source is not None:
        _finetune(args)
        return
    if args.faces is not None or args.epochs is not None:
        came = f"--faces {args.faces} and --epochs {args.epochs}"
        raise InputError(f"--faces and --epochs belong to --from, got {came} without it; a config states its own epochs")
    config = config_of(args)
    run = args.runs / config.name
    training.train(config, table_of(args), run, models=args.models)
    report.draw_curves(run / "curves.csv", run / "curves.png")
    print(f"trained {config.name}; next: python -m fer_train {'heads' if config.task.votes else 'evaluate'} {args.config}")


def _finetune(args: argparse.Namespace) -> None:
    name, named = str(args.config), args.source.parent if args.source.name == "model.keras" else args.source
    source = named.resolve()  # "." has no name
    taken = name in OTHER_FOLDERS or (CONFIGS / f"{name}.toml").is_file()
    if args.faces is None or not (source / "model.keras").is_file() or taken:
        came = f"--faces {args.faces}, {source}/model.keras and the name {name}"
        need = f"a shipped model.keras, --faces with a folder, and a name that no config has, nor {', '.join(OTHER_FOLDERS)}"
        raise InputError(f"--from needs {need}; got {came}; correct them")
    if args.epochs is not None and args.epochs < 1:
        raise InputError(f"--epochs must be 1 or more, got {args.epochs}; leave it out for the usual number")
    from fer_train import clean, finetune, report
    from fer_train.folders import cutter, read_faces

    config = finetune.config_for(name, source.name, **({} if args.epochs is None else {"epochs": args.epochs}))
    read = read_faces(args.faces, cutter(detector_of(args)))
    print(f"{len(read.table)} faces read; left out: {read.left_out or 'none'}")
    if contradicted := int((~clean.clean(read.table).trust_label).sum()):
        print(f"{contradicted} of them have the same pixels in two class folders: their labels teach nothing; keep one of each")
    run = args.runs / name
    found = finetune.finetune(config, source.parent, read.table, run, verbose="auto")
    report.draw_curves(run / "curves.csv", run / "curves.png")
    for row in found:
        print(f"{row['n']} faces {row['faces']}: {source.name} agrees with {row['before']:.1%}, {name} with {row['after']:.1%}")
    print(f"next: python -m fer_train export {name}")


def tune(args: argparse.Namespace) -> None:
    """Search a declared space of recipes, judged on PublicTest; a search that was stopped goes on."""
    from fer_train import tune as tuning

    config, space = config_of(args), args.space if args.space.suffix else SPACES / f"{args.space}.toml"
    folder = args.runs / "tune" / (args.name or f"{config.name}-{space.stem}")
    for row in tuning.tune(config, space, table_of(args), folder, models=args.models, runs=args.runs):
        print(row)
    print(f"trials in {folder}/trials.csv, the best recipe in {folder}/best.toml")


def ablate(args: argparse.Namespace) -> None:
    """Measure what each ingredient of a recipe does, on PublicTest; a table that was broken off goes on."""
    from fer_train import ablate as ablating
    from fer_train.ablation_table import write

    ingredients = tuple(args.ingredients or ablating.INGREDIENTS)
    size = ablating.Size(epochs=args.epochs, rows=args.rows, width=args.width, ingredients=ingredients)
    config = config_of(args)
    found = ablating.ablate(config, table_of(args), args.runs, args.models, size, tell=print)
    whole, kept = config.name == "ablation" and not args.ingredients, args.runs / config.name / size.folder
    models, docs = (args.models, Path("docs") / "bench") if whole else (kept, kept)
    of = "" if config.name == "ablation" else f" {args.config}"
    command = f"python -m fer_train ablate{of} --epochs {size.epochs} --rows {size.rows} --width {size.width}"
    if args.ingredients:
        command += f" --ingredients {shlex.join(ingredients)}"
    for row in write(found, size, models, docs, command):
        print(row)
    print(f"table and figure in {models}, the page in {docs}")


COMMANDS = (prepare, train, tune, ablate)


def add_words(command: object, parser: argparse.ArgumentParser) -> None:
    """Add what a command of this file understands beyond what all do."""
    if command is prepare:
        parser.add_argument("--folder", type=Path, help="read class folders (train/angry/*.jpg …) instead of the csv files")
        parser.add_argument("--any", action="store_true", help="take csv files with other counts than the published ones")
        parser.add_argument("--publish", action="store_true", help="hold later copies against this one (published.json)")
    elif command is train:
        parser.add_argument("--from", dest="source", type=Path, help="a shipped model.keras to carry on; needs --faces")
        parser.add_argument("--faces", type=Path, help="a folder of class folders of photos, or of 48x48 chips")
        parser.add_argument("--epochs", type=int, help="passes over the faces (with --from)")
    elif command is tune:
        parser.add_argument("--space", type=Path, default=Path("recipe"), help="a name in fer_train/spaces, or a TOML file")
        parser.add_argument("--name", help="of the search; its folder is runs/tune/NAME")
    elif command is ablate:
        parser.add_argument("--epochs", type=int, default=12, help="of each run, 10 or more (default: 12)")
        parser.add_argument("--rows", type=int, default=8000, help="training faces, chosen class by class (default: 8000)")
        parser.add_argument("--width", type=int, default=16, help="filters of the first stage (default: 16)")
        parser.add_argument("--ingredients", nargs="+", help="to switch, as fer_train/ablate.py names them (default: all)")
