"""Workshop. Prepares faces for training, and reports once what was found, what was dropped, and why.

Two forms are read: FER2013's csv files with the FER+ votes, and folders of pictures, a folder a class.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fer_core import FER2013
from fer_train import clean, data, published
from fer_train.data import USAGES, FaceTable
from fer_train.folders import FolderFaces, read_faces
from fer_train.splits import with_public_test
from fer_train.tables import write_text

VALIDATION_SHARE = 0.1
SEED = 2013
Report = dict[str, Any]


def from_csv(folder: Path, *, any_counts: bool) -> tuple[FaceTable, Report]:
    """Read the csv files of a folder, and hold them against the published copy.

    Raises:
        InputError: a file is missing, the files do not fit together, or a count is wrong and `any_counts` is not set.
    """
    table = data.read_csv_files(folder)
    if not any_counts:
        published.need_counts(table)
    warnings = published.wrong_counts(table) + published.differing(table)
    notes = [] if warnings else ["Counts, pixels, labels and votes are those of the copy that Mien was built with."]
    return table, report_of(table, form="csv files", warnings=warnings, notes=notes)


def from_folder(folder: Path) -> tuple[FaceTable, Report]:
    """Read pictures of faces from class folders; every picture is taken for a face.

    Raises:
        InputError: see `folders.read_faces`.
    """
    read = read_faces(folder)
    notes = ["Folders carry no FER+ votes, so the votes' head learns nothing from them, and nothing is known to be no face."]
    table, split_note = _validated(read)
    return table, report_of(table, form="folders", notes=[*notes, *split_note], left_out=read.left_out)


def _validated(read: FolderFaces) -> tuple[FaceTable, list[str]]:
    if (read.table.usage == "PublicTest").any():
        return read.table, []
    said = f"There is no validation folder: {VALIDATION_SHARE:.0%} of each class of the training faces, chosen by seed {SEED}, "
    return with_public_test(read.table, VALIDATION_SHARE, SEED), [said + "became PublicTest."]


def report_of(
    table: FaceTable,
    *,
    form: str,
    warnings: list[str] | None = None,
    notes: list[str] | None = None,
    left_out: dict[str, int] | None = None,
) -> Report:
    """Return the one report: what was found, dropped and kept.

    Args:
        table: the rows as they were read.
        form: how they were read.
        warnings: what differs from the published copy, a sentence each.
        notes: what a reader should know, a sentence each.
        left_out: files that became no row, by reason.
    """
    rows = clean.clean(table)
    kept = {"Training": rows.teach, "PublicTest": rows.choose, "PrivateTest": rows.report}
    return {
        "form": form,
        "warnings": warnings or [],
        "notes": notes or [],
        "files_left_out": left_out or {},
        "found": published.counts_of(table),
        "dropped": clean.dropped(table),
        "kept_but_weightless": clean.weightless(table),
        "kept": {usage: published.counts_of(table[mask])[usage] for usage, mask in kept.items()},
        "counts": rows.counts,
    }


def _table(title: str, counts: dict[str, dict[str, int]]) -> list[str]:
    lines = [f"## {title}", "", f"| split | {' | '.join(FER2013.names)} | all |", "|---" * (len(FER2013) + 2) + "|"]
    for usage in USAGES:
        numbers = [counts[usage][name] for name in FER2013.names]
        lines.append(f"| {usage} | {' | '.join(map(str, numbers))} | {sum(numbers)} |")
    return [*lines, ""]


def readable(report: Report) -> str:
    """Return a report as Markdown."""
    lines = ["# Prepared faces", "", f"Read from {report['form']}.", ""]
    lines += [f"- **Warning:** {words}." for words in report["warnings"]] + [f"- {words}" for words in report["notes"]]
    lines += [*(f"- {count} files left out: {why}." for why, count in report["files_left_out"].items()), ""]
    lines += _table("Found", report["found"])
    lines += ["## Dropped", "", "| split | why | rows |", "|---|---|---|"]
    lines += [f"| {usage} | {why} | {n} |" for usage, reasons in report["dropped"].items() for why, n in reasons.items()]
    lines += ["", "## Kept, but weighs nothing", "", "| what | why | rows |", "|---|---|---|"]
    lines += [f"| {row['what']} | {row['why']} | {row['rows']} |" for row in report["kept_but_weightless"]]
    return "\n".join([*lines, "", *_table("Kept", report["kept"])])


def write(folder: Path, table: FaceTable, report: Report) -> None:
    """Write fer2013.npz, prepared.json and prepared.md into a folder; it is made if missing."""
    folder.mkdir(parents=True, exist_ok=True)
    data.save_table(folder / "fer2013.npz", table)
    write_text(folder / "prepared.json", json.dumps(report, indent=1) + "\n")
    write_text(folder / "prepared.md", readable(report))
