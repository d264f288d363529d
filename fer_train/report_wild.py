"""Workshop. What was measured away from the test pictures as they come → sections: photos, harm, groups of people, limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fer_core.palette import colour_hex
from fer_train import report_figures as figures
from fer_train.report_parts import Chart, Section, Table, changes, count, grouped, joined, percent, value_of, with_interval
from fer_train.report_sections import Measured, confusion_chart, per_class_chart

KINDS = {"jpeg": "JPEG", "downscale": "fewer pixels"}


def photos(measured: Measured) -> Section | None:
    """Return the whole path's figures on photos in the wild; None where no photos were given."""
    found = measured.get("photos")
    if not found:
        return None
    lead = (
        f"From the file to the word: find the face, cut it out, name it. Agreement with one annotator on {count(found['n'])} "
        f"photos: {with_interval(found['agreement'])}; macro recall {with_interval(found['macro_recall'])}. No face was found on "
        f"{percent(value_of(found['missed']))}; a missed face counts as wrong.",
        *_of_people(found),
    )
    charts = [per_class_chart("Recall on photos", found["per_class"])] if "per_class" in found else []
    if "confusion" in found:
        charts.append(confusion_chart("Confusion on photos", found["labels"], found["confusion"], missed=True))
    return Section("photos", "Photos in the wild, the whole path", lead, tuple(charts), (*_left_out(found), *_in_sample(found)))


def _of_people(found: Measured) -> tuple[str, ...]:
    """Return who is in the photos; nothing of what was measured before that was."""
    if "people" not in found:
        return ()
    return (
        f"The photos show {count(found['people'])} people, and ranges are by drawing people, each with all of their photos. "
        f"{percent(found['of_people_who_chose'])} of the photos show somebody who is also in the half that serves to choose"
        + (": the figures say how the path does on people like these." if found.get("fitted_on_photos") else "."),
    )


def _in_sample(found: Measured) -> tuple[str, ...]:
    agreed = found.get("agreement_of_the_choosing_half")
    if agreed is None:
        return ()
    fitted = ": the answer was fitted to it, so it flatters" if found.get("fitted_on_photos") else ""
    return (f"On the half that serves to choose, agreement is {percent(agreed)}{fitted}.",)


def _left_out(found: Measured) -> tuple[str, ...]:
    over = found.get("macro_recall_over", found["labels"])
    rare = [name for name in found["labels"] if name not in over]
    return (f"Too few photos to count in macro recall: {', '.join(rare)}.",) if rare else ()


def robustness(measured: Measured) -> Section | None:
    """Return accuracy on changed pictures, a chart a kind of change; None where it was not measured."""
    if not measured.get("robustness"):
        return None
    clean, kinds = changes(measured["robustness"])
    lead = (
        "The pictures of PrivateTest, changed on purpose. The dotted line is the accuracy on unchanged ones, "
        f"{with_interval(clean)}.",
    )
    charts = tuple(_level_chart(kind, rows, value_of(clean)) for kind, rows in kinds.items())
    return Section("robustness", "When the picture is worse", lead, charts)


def _level_chart(kind: str, rows: Sequence[Measured], clean: float) -> Chart:
    name, unit = KINDS.get(kind, kind.replace("_", " ")), rows[0]["unit"]
    levels = {str(row["level"]): row["accuracy"] for row in rows}
    cells = tuple((level, with_interval(figure)) for level, figure in levels.items())
    alt = f"Accuracy under {name} ({unit}): {joined(levels)}."
    table = Table(f"Accuracy under {name}", (unit, "accuracy"), cells)
    return Chart(name[:1].upper() + name[1:], alt, figures.level_curve(rows, clean), table)


def groups(measured: Measured) -> Section | None:
    """Return the answers over groups of age, gender and ethnicity; None where they were not measured."""
    rows = measured.get("groups")
    if not rows:
        return None
    lead = (
        "The share of each answer over groups as the photos' authors recorded them; Mien itself predicts neither "
        "gender nor ethnicity.",
    )
    charts = tuple(_group_chart(name, part) for name, part in grouped(rows, "by").items())
    return Section("groups", "Over groups of people", lead, charts, (measured["groups_note"],))


def _group_chart(by: str, rows: Sequence[Measured]) -> Chart:
    names = list(dict.fromkeys(name for row in rows for name in row["shares"]))
    cells = tuple(
        (
            str(row["group"]),
            count(row["n"]),
            *(percent(value_of(row["shares"].get(name))) for name in names),
            *(percent(row.get(name)) for name in ("not_sure", "confidence", "missed")),
        )
        for row in rows
    )
    unsure = {str(row["group"]): row["not_sure"] for row in rows}
    return Chart(
        f"By {by}",
        f"Stacked bars of the answers by {by}. Share of “not sure”: {joined(unsure)}.",
        figures.group_bars(rows),
        Table(f"Answers by {by}", (by, "n", *names, "not sure", "mean confidence", "no face found"), cells),
        {name: colour_hex(name) for name in names},
    )


def gallery(measured: Measured) -> Section | None:
    """Return the words of the gallery of mistakes; None where none were gathered."""
    if not measured.get("mistakes"):
        return None
    lead = (
        "Pictures of PrivateTest on which the model was surest of an answer that the label denies, with both sets of labels "
        "where people voted. Where the voters of FER+ side with the answer, the label is the likelier mistake.",
    )
    sides = measured.get("mistakes_sides")
    if sides and sides["n"]:
        lead += (
            f"Of all {count(sides['n'])} such answers to pictures with a clear majority, the majority sides with the answer in "
            f"{percent(sides['with_answer'])}, with the label in {percent(sides['with_label'])}, with neither in "
            f"{percent(sides['with_neither'])}.",
        )
    return Section("gallery", "Most confident mistakes", lead)


def limits(card_limits: Sequence[str]) -> Section:
    """Return the limits that the model's card states."""
    return Section("limits", "Limits", (), notes=tuple(card_limits))


def votes_in_words(votes: Mapping[str, Any]) -> str:
    """Return the votes of a picture, the most voted first.

    Example:
        >>> votes_in_words({"fear": 3, "surprise": 7, "happiness": 0})
        'surprise 7, fear 3'
    """
    cast = sorted(((number, name) for name, number in votes.items() if number), key=lambda pair: (-pair[0], pair[1]))
    return ", ".join(f"{name} {number}" for number, name in cast)
