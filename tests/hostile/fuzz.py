"""Coverage-guided fuzzing of the readers (atheris): `python -m tests.hostile.fuzz photo|session|card --runs 100000`.

Begins with the hostile corpus, runs in a process of its own, and writes what was run into docs/bench/fuzz.csv. An error that is
no FerError ends the run; the input that raised it is then build/fuzz/READER/crash-*.
"""

import argparse
import csv
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "bench" / "fuzz.csv"
COLUMNS = ("reader", "runs", "seconds", "edges", "faults")
MOST_BYTES = 4096  # of an input: more of them, and every header still fits
SEED_BYTES = 16_384


def seeds(reader: str, folder: Path) -> None:
    """Write the small files of the corpus that are meant for a reader."""
    from tests.hostile.corpus import corpus  # here: what is imported before the fuzzer looks is not seen by it

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

    atheris.Setup([sys.argv[0], *arguments], one)
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
