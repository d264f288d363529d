"""Coverage-guided fuzzing of the readers (atheris): `python -m tests.hostile.fuzz photo|session|card --runs 100000`.

Begins with the hostile corpus, runs in a process of its own, and writes what was run into docs/bench/fuzz.csv. An error that is
no FerError ends the run; the input that raised it is then build/fuzz/READER/crash-*.
"""

import argparse
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "bench" / "fuzz.csv"
COLUMNS = ("reader", "runs", "seconds", "edges", "faults")
MOST_BYTES = 4096  # of an input: more of them, and every header still fits
SEED_BYTES = 16_384
# What is put in the place of something in a document: other kinds, and the edges of each.
ODD = (None, True, 0, -1, 2**63, 10**400, 1e308, float("nan"), 0.5, "", "happy", "\u202e", "=1+1", [], [[]], {}, {"": None})


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place of a document, as what holds it and its key or number there."""
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from places(value[key])


def changed(data: bytes, rng: random.Random) -> bytes:
    """Return a JSON document with one place replaced, by something odd or by another of its places, doubled or left out.

    Raises:
        ValueError, RecursionError: it is none, or has no places.
    """
    import json  # here and below: what is imported before the fuzzer looks is not seen by it

    document = json.loads(data)
    everywhere = list(places(document))
    if not everywhere:
        raise ValueError("a document without places cannot be changed in one")
    (holder, key), (other, there) = rng.choice(everywhere), rng.choice(everywhere)
    act = rng.randrange(4)
    if act == 0:
        holder[key] = rng.choice(ODD)
    elif act == 1:
        holder[key] = deepcopy(other[there])
    elif act == 2 and isinstance(holder, list):
        holder.insert(key, deepcopy(holder[key]))
    else:
        del holder[key]
    return json.dumps(document).encode()


def mutator(mutate: Callable[[bytes, int], bytes]) -> Callable[[bytes, int, int], bytes]:
    """Return what changes inputs: documents in one place three times in four, all others byte by byte.

    Bytes changed anywhere rarely leave a document that a reader looks into.
    """

    def change(data: bytes, most: int, seed: int) -> bytes:
        rng = random.Random(seed)
        if rng.randrange(4):
            try:
                return changed(data, rng)[:most]
            except (ValueError, RecursionError):
                pass
        return mutate(data, most)

    return change


def seeds(reader: str, folder: Path) -> None:
    """Write the small files of the corpus that are meant for a reader."""
    from tests.hostile.corpus import corpus

    folder.mkdir(parents=True, exist_ok=True)
    small = [case.data for case in corpus() if case.reader == reader and len(case.data) <= SEED_BYTES]
    for number, data in enumerate(small):
        (folder / f"seed-{number}").write_bytes(data)


def fuzz(reader: str, arguments: list[str]) -> None:
    """Run the fuzzer; it ends the process."""
    import atheris

    with atheris.instrument_imports(include=["fer_core", "PIL", "csv", "json"]):
        from fer_core import FerError
        from tests.hostile.reading import READERS

    def one(data: bytes) -> None:
        try:
            READERS[reader](data)
        except FerError:
            return

    def bytewise(data: bytes, most: int) -> bytes:
        return atheris.Mutate(data, most)  # looked up late: it is another once the fuzzer runs

    documents = {} if reader == "photo" else {"custom_mutator": mutator(bytewise)}
    atheris.Setup([sys.argv[0], *arguments], one, **documents)
    atheris.Fuzz()


def run(reader: str, runs: int, seconds: int) -> tuple[dict[str, str], str]:
    """Return the row of a run, and its log."""
    folder = ROOT / "build" / "fuzz" / reader
    seeds(reader, folder / "seeds")
    limits = [f"-runs={runs}", f"-max_total_time={seconds}", f"-max_len={MOST_BYTES}", "-rss_limit_mb=2048", "-timeout=20"]
    command = [sys.executable, "-m", "tests.hostile.fuzz", reader, "--child", *limits, f"-artifact_prefix={folder}/"]
    done = subprocess.run([*command, str(folder / "seeds")], cwd=ROOT, capture_output=True, text=True, check=False)
    said = re.search(r"Done (\d+) runs in (\d+) second", done.stderr)
    edges = re.findall(r"cov: (\d+)", done.stderr)
    last = re.findall(r"^#(\d+)", done.stderr, flags=re.M)
    count, spent = said.groups() if said else (last[-1] if last else "0", "")
    values = (reader, count, spent, edges[-1] if edges else "0", str(int(done.returncode != 0)))
    return dict(zip(COLUMNS, values, strict=True)), done.stdout + done.stderr


def note(row: dict[str, str]) -> None:
    """Replace the row of a reader in the table."""
    import csv

    before = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines())) if TABLE.exists() else []
    rows = sorted([*(r for r in before if r["reader"] != row["reader"]), row], key=lambda r: r["reader"])
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reader", choices=("photo", "session", "card"))
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=480)
    parser.add_argument("--child", action="store_true")
    given, rest = parser.parse_known_args()
    if given.child:
        fuzz(given.reader, rest)
    row, log = run(given.reader, given.runs, given.seconds)
    note(row)
    print(row, "" if row["faults"] == "0" else log[-4000:])  # noqa: T201
    return int(row["faults"])


if __name__ == "__main__":
    sys.exit(main())
