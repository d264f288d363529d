"""Workshop. The README of a model: the sections of the report as Markdown, with the PNG pictures that stand beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from fer_core import ModelCard
from fer_train import report_sections as sections
from fer_train import report_wild as wild
from fer_train.report_parts import Section, Table, percent

# Sections whose numbers are worth a table where there is no unfolding; the pictures and the report have the others.
TABLES = ("classes", "head", "ferplus", "photos", "groups")
_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\|*_`[]<>#"})


def plain(text: str) -> str:
    r"""Return text without any marks that Markdown would read as its own.

    Example:
        >>> plain("a|b <i>")
        'a\\|b \\<i\\>'
    """
    return text.replace("\n", " ").translate(_MARKS)


def markdown_table(table: Table) -> list[str]:
    """Return a table as lines of Markdown."""
    rows: Iterable[Sequence[str]] = (table.head, ["---"] * len(table.head), *table.rows)
    return ["", *("| " + " | ".join(cell if cell == "---" else plain(cell) for cell in row) + " |" for row in rows)]


def _section(section: Section, pictures: Mapping[str, str]) -> list[str]:
    lines = [f"## {plain(section.title)}", *(line for text in section.lead for line in ("", plain(text)))]
    if section.anchor in TABLES:
        lines += [line for chart in section.charts for line in markdown_table(chart.table)]
    if section.anchor in pictures:
        alt = " ".join(chart.alt for chart in section.charts)
        lines += ["", f"![{plain(alt)}]({pictures[section.anchor]})"]
    return [*lines, *([""] if section.notes else []), *(f"- {plain(note)}" for note in section.notes), ""]


def _summary_table(measured: Mapping[str, Any]) -> Table:
    rows = tuple((line.name, line.value, line.interval, line.rests_on) for line in sections.headline(measured))
    return Table("Summary", ("figure", "value", "95 % interval", "rests on"), rows)


def readme(
    card: ModelCard,
    measured: Mapping[str, Any] | None = None,
    parts: Sequence[Section] = (),
    pictures: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return the README of a model.

    Args:
        card: the model's card.
        measured: what `evaluate` wrote into evaluation.json; none before it.
        parts: the sections of its report; the gallery is left out, for its pictures may not be passed on.
        pictures: names of PNG files by the section they belong to.
    """
    lines = [f"# {plain(card.name)}", "", "Perceived expressions of 48 × 48 grey faces: " + ", ".join(card.labels.names) + "."]
    if measured is None:
        lines += [*_unevaluated(card), ""]
        lines += _section(wild.limits(card.limits), {})
    else:
        lines += ["Every figure on this page was written by `python -m fer_train export` and `evaluate`.", ""]
        lines += _of_parts(measured, parts, pictures)
    return "\n".join([*lines, *_files(card), *_training(card, pictures)]) + "\n"


_SET_ASIDE = {
    "held back": "that were held back, which chose the epoch and the threshold",
    "in the test folder": "of the test folder, which chose nothing",
}


def _unevaluated(card: ModelCard) -> list[str]:
    """Return what is known of a model that `evaluate` has not measured: of a fine-tuned one, what its training said."""
    source = card.training.get("config", {}).get("finetuning", {}).get("source")
    if not source:
        return ["Not measured yet: `python -m fer_train evaluate` adds how well it does."]
    told = [
        f"On the {row['n']} faces {_SET_ASIDE[row['faces']]}, {source} agreed with the labels in {percent(row['before'])}, "
        f"{card.name} does in {percent(row['after'])}."
        for row in card.metrics.get("own_faces", ())
    ]
    return [plain(" ".join(told) or f"It carries {source} on; on which faces it agrees with their labels was not kept.")]


def _files(card: ModelCard) -> list[str]:
    """Return how far each LiteRT file that was tried differs from the Keras file, on PublicTest or the faces held back."""
    rows = tuple(
        (
            str(row["precision"]),
            f"{row['bytes'] / 1e6:.2f} MB",
            f"{row['largest_difference']:.4f}",
            f"{row['mean_difference']:.5f}",
            percent(row["same_top_label"]),
            "yes" if row["shipped"] else "",
        )
        for row in card.metrics.get("litert", ())
    )
    if not rows:
        return []
    head = ("weights", "size", "largest difference of a probability", "mean difference", "same top label", "ships")
    note = "Compared on the faces that also chose the epoch and the threshold: the accuracy on them, which the card states as "
    note += "`public_test_accuracy`, is not one on new faces."
    return ["## The file against the Keras model", *markdown_table(Table("Conversions", head, rows)), "", f"- {note}", ""]


def _training(card: ModelCard, pictures: Mapping[str, str]) -> list[str]:
    training = card.training
    lines = ["## Training", "", f"{plain(str(training.get('data', 'not stated')))}."]
    if joined := training.get("joint_answer"):
        faces = f"{joined['public_test']} faces of PublicTest and {joined['photos']} labelled photos"
        weights = f"all photos together count {joined['photos_weight']:g} times as much as PublicTest"
        lines += ["", plain(f"Its two heads were joined on {faces}; {weights}.")]
    begun = [f"{start['model']} ({start['epochs_completed']} epochs)" for start in training.get("began_with", ())]
    if own := training.get("epochs_completed", 0):
        config = training.get("config", {})
        teachers, source = config.get("distillation", {}).get("teachers", ()), config.get("finetuning", {}).get("source")
        taught = f", taught by {', '.join(teachers)} as well as by the labels" if teachers else ""
        began = f"It began with {', '.join(begun) or source or 'random weights'}"
        lines += ["", plain(f"{began}, and learned for {own} epochs{taught}.")]
    elif begun:
        lines += ["", plain(f"It began with {', '.join(begun)}, and learned no more.")]
    if "curves" in pictures:
        lines += ["", f"![Accuracy over the epochs of training]({pictures['curves']})"]
    return lines


def _of_parts(measured: Mapping[str, Any], parts: Sequence[Section], pictures: Mapping[str, str]) -> list[str]:
    lines: list[str] = []
    for section in parts:
        if section.anchor == "gallery":
            continue
        lines += _section(section, pictures)
        if section.anchor == "summary":
            lines[-1:] = [*markdown_table(_summary_table(measured)), ""]
    return lines
