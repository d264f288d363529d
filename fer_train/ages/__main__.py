"""Workshop. `python -m fer_train.ages margins | train | export | evaluate`: the network that estimates ages, on UTKFace."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from fer_train.making import detector_of, obey

_CONFIG = Path(__file__).with_name("ages.toml")
STEPS = ("margins", "train", "export", "evaluate")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fer_train.ages", description=__doc__)
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("--data", type=Path, default=Path("data"), help="the folder of utkface.csv and utkface/ (default: data)")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="where runs live (default: runs)")
    parser.add_argument("--models", type=Path, default=Path("models"), help="where models ship from (default: models)")
    parser.set_defaults(command=_take)
    return parser


def _do(args: argparse.Namespace) -> object:
    from fer_core.estimate import AGE_CROP
    from fer_train.ages import learning, margins, shipping
    from fer_train.ages.people import kept_people
    from fer_train.config import read_config

    config, people = read_config(_CONFIG), kept_people(args.data, detector_of(args))
    run, folder = args.runs / config.name, args.models / config.name
    if args.step == "margins":
        return margins.margins_table(config, people, args.runs, folder / "margins.csv")
    if args.step == "train":
        learning.train(config, people, run, crop=AGE_CROP)
        return f"trained {run}; next: python -m fer_train.ages export"
    return shipping.export(config, people, run, folder) if args.step == "export" else shipping.evaluate(people, folder)


def _take(args: argparse.Namespace) -> None:
    print(json.dumps(_do(args), indent=1))


def main(words: list[str] | None = None) -> int:
    """Take one step; return 0, or 2 with one sentence on the error stream."""
    return obey(_parser(), words)


if __name__ == "__main__":
    sys.exit(main())
