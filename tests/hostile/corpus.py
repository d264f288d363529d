"""The hostile corpus: every case with the reader that it is meant for. `python -m tests.hostile.corpus FOLDER` writes it."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.hostile.films import films
from tests.hostile.pictures import pictures
from tests.hostile.words import cards, sessions


@dataclass(frozen=True)
class Case:
    """A hostile file: what it is, who is to read it, and its bytes."""

    name: str
    reader: str
    data: bytes


def corpus() -> Iterator[Case]:
    """Yield every case, made one reader at a time."""
    for reader, made in {"photo": pictures, "video": films, "session": sessions, "card": cards}.items():
        yield from (Case(name, reader, data) for name, data in made().items())


def write(folder: Path) -> list[str]:
    """Write each case as folder/READER/NUMBER; return their names, as "READER/NUMBER", tab, and what it is."""
    lines = []
    for number, case in enumerate(corpus()):
        (folder / case.reader).mkdir(parents=True, exist_ok=True)
        (folder / case.reader / str(number)).write_bytes(case.data)
        lines.append(f"{case.reader}/{number}\t{case.name}")
    (folder / "names.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return lines


if __name__ == "__main__":
    print(f"{len(write(Path(sys.argv[1])))} files")  # noqa: T201 - a command says what it did
