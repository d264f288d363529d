"""Workshop. What was measured on FER2013 and FER+ → the sections of the report; a part that was not measured has none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fer_train import report_figures as figures
from fer_train.report_parts import Chart, Headline, Section, Table, count, joined, percent, points, with_interval

Measured = Mapping[str, Any]
INTERVALS = "Ranges and brackets: 95 % interval, by drawing the pictures again and again (bootstrap)."


def confusion_chart(title: str, labels: Sequence[str], counts: Sequence[Sequence[int]], *, missed: bool = False) -> Chart:
    """Return a confusion matrix as a chart with its table of counts; with `missed`, its last column is faces not found."""
    answers = (*labels, *(("missed",) if missed else ()))
    rows = tuple((name, *(str(cell) for cell in row)) for name, row in zip(labels, counts, strict=True))
    right = {name: row[i] / max(1, sum(row)) for i, (name, row) in enumerate(zip(labels, counts, strict=True))}
    return Chart(
        title,
        f"Heat map, a row a label and a column an answer. Answered as labelled: {joined(right)}.",
        figures.confusion_map(labels, answers, counts),
        Table("Pictures by label (rows) and answer (columns)", ("label", *answers), rows),
    )


def per_class_chart(title: str, rows: Sequence[Measured]) -> Chart:
    """Return recall with its interval by class, and precision and F1 in the table."""
    recalls, counts = {row["label"]: row["recall"] for row in rows}, {row["label"]: row["n"] for row in rows}
    head = ("class", "n", "recall", "precision", "F1")
    cells = tuple(
        (
            row["label"],
            count(row["n"]),
            with_interval(row["recall"]),
            with_interval(row.get("precision")),
            with_interval(row.get("f1")),
        )
        for row in rows
    )
    alt = f"Bars of recall: {joined(recalls)}."
    return Chart(title, alt, figures.share_bars(recalls, counts), Table("Figures by class", head, cells))


def headline(measured: Measured) -> tuple[Headline, ...]:
    """Return the first figures people look for."""
    test, lowest = measured["splits"]["PrivateTest"], measured["splits"]["PrivateTest"]["lowest_recall"]
    pictures = f"{count(test['n'])} pictures of PrivateTest, none of which taught"
    return (
        Headline.of("Accuracy", test["accuracy"], pictures),
        Headline.of("Accuracy, mirrored picture averaged in", test["accuracy_flip_average"], pictures),
        Headline.of("Macro F1", test["macro_f1"], "mean over the classes; rare ones count as much"),
        Headline.of("Macro recall", test["macro_recall"], "mean over the classes; rare ones count as much"),
        Headline.of("Lowest recall", lowest["value"], f"of the class {lowest['label']}"),
        Headline.of("Calibration error", test["ece"], "mean gap between confidence and accuracy, 15 bins"),
        *_alone(measured),
        *_apart(measured),
        *_elsewhere(measured),
        *_costs(measured),
    )


def _alone(measured: Measured) -> list[Headline]:
    head = measured.get("fer2013_head")
    if not head:
        return []
    rests_on = "as published networks answer: by the output trained towards FER2013's labels (its network also learned votes)"
    return [
        Headline.of("Accuracy of the FER2013 head", head["accuracy"], rests_on),
        Headline.of("The same, mirrored picture averaged in", head["accuracy_flip_average"], rests_on),
    ]


def _apart(measured: Measured) -> list[Headline]:
    near = measured.get("near_copies")
    if not near:
        return []
    rests_on = f"without {count(near['n'])} pictures that look like one that taught, moved or encoded anew"
    found = [Headline.of("Accuracy without near-copies", near["accuracy_without"], rests_on)]
    if near["fer2013_head_accuracy_without"]:
        found.append(Headline.of("The same, of the FER2013 head", near["fer2013_head_accuracy_without"], rests_on))
    return found


def _elsewhere(measured: Measured) -> list[Headline]:
    found, voters, wild = [], measured.get("ferplus"), measured.get("photos")
    if voters:
        pictures = f"{count(voters['n'])} pictures with a clear majority of ten voters, eight classes"
        found.append(Headline.of("FER+ accuracy", voters["accuracy"], pictures))
    if wild:
        pictures = f"{count(wild['n'])} photos in the wild, the face found and named as one annotator did"
        found.append(Headline.of("Agreement on photos", wild["agreement"], pictures))
    return found


def _costs(measured: Measured) -> list[Headline]:
    found, time = [], measured.get("latency_ms", {})
    if "size_bytes" in measured:
        found.append(Headline("Size", f"{measured['size_bytes'] / 1e6:.2f} MB", "", "of the LiteRT file"))
    if time:
        on = f", on {time['processor']}" if "processor" in time else ""
        found.append(Headline("Time", f"{time['one_face_one_thread']:.2f} ms", "", f"one face, one thread{on}"))
    return found


def summary(measured: Measured) -> Section:
    """Return the summary; its table stands in the page's head."""
    lead = (
        "Every figure is about perceived expressions: the word that observers chose for a face. None says what a person felt.",
        f"{INTERVALS} A class of 55 pictures has a wide one.",
    )
    return Section("summary", "Summary", lead)


def classes(measured: Measured) -> Section:
    """Return recall, precision and F1 of each class, with n."""
    lead = (
        "Recall is the share of a label's pictures that got this label as an answer; precision is the share of an answer that "
        "was right.",
    )
    chart = per_class_chart("Recall", measured["splits"]["PrivateTest"]["per_class"])
    return Section("classes", "Class by class", lead, (chart,))


def head(measured: Measured) -> Section | None:
    """Return the figures of the FER2013 head alone; None where they were not measured."""
    found = measured.get("fer2013_head")
    if not found:
        return None
    lead = (
        "The answer that people see joins two outputs, so that it also fits what people see in photos, and agrees less with "
        "FER2013's labels for it. Published networks answer for FER2013 alone. So does the output trained towards its labels, "
        "a layer of model.keras that model.tflite does not give; its network also learned FER+'s votes. It gives the "
        f"label in {with_interval(found['accuracy'])} of the pictures of PrivateTest, "
        f"{with_interval(found['accuracy_flip_average'])} with the mirrored picture averaged in. Its macro F1 is "
        f"{with_interval(found['macro_f1'])}, its lowest recall {percent(found['lowest_recall']['value'])} "
        f"({found['lowest_recall']['label']}), and its calibration error {percent(found['ece'])}, once its logits are divided by "
        f"{found['temperature']:.2f}, which PublicTest chose.",
    )
    chart = per_class_chart("Recall of the FER2013 head", found["per_class"])
    notes = ("Measured on the float file, which answers like the shipped one but for rounding.",)
    return Section("head", "Against FER2013 alone", lead, (chart,), notes)


def versus(measured: Measured) -> Section | None:
    """Return by how much the model is ahead of the others that ship; None where there are none."""
    rows = measured.get("versus")
    if not rows:
        return None
    lead = (
        "Two models mostly err on the same faces, so their difference on these is known better than the accuracy of either. A "
        "range that holds 0 does not show which of them is ahead.",
        *(_ahead(row) for row in rows),
    )
    return Section("versus", "Against the other models", lead)


def _ahead(row: Measured) -> str:
    parts = [
        f"{points(row['accuracy'])} on PrivateTest",
        f"{points(row['accuracy_flip_average'])} with the mirrored picture averaged in",
    ]
    if "photos_agreement" in row:
        parts.append(f"{points(row['photos_agreement'])} on photos in the wild")
    return f"More often right than {row['model']}: {', '.join(parts)}."


def confusion(measured: Measured) -> Section:
    """Return the confusion matrix of the test split."""
    test = measured["splits"]["PrivateTest"]
    lead = ("Each row is what pictures are labelled, each column what the model answered; the cells are per cent of the row.",)
    chart = confusion_chart("Confusion", test["labels"], test["confusion"])
    return Section("confusion", "What is taken for what", lead, (chart,))


def ferplus(measured: Measured) -> Section | None:
    """Return the figures against the ten voters of FER+, and the human line; None where they were not measured."""
    found = measured.get("ferplus")
    if not found:
        return None
    lead = (
        f"Ten people labelled each picture again (Barsoum et al. 2016). The model's second output, of eight classes, says what "
        f"most of them said in {with_interval(found['accuracy'])} of {count(found['n'])} pictures with a clear majority.",
    )
    charts = [per_class_chart("Recall by FER+ class", found["per_class"])] if "per_class" in found else []
    if "confusion" in found:
        charts.append(confusion_chart("Confusion of the FER+ output", found["labels"], found["confusion"]))
    return Section("ferplus", "Against ten people: FER+", lead, (*_human(found), *charts), _human_notes(found))


def _human(found: Measured) -> tuple[Chart, ...]:
    if "human" not in found:
        return ()
    human = found["human"]
    shares = {"this model": found["accuracy"], "one person": human.get("interval", human["agreement"])}
    if "all_images" in human:
        shares["one person, every picture"] = human["all_images"]["agreement"]
    rows = tuple((name, with_interval(share)) for name, share in shares.items())
    alt = f"Bars of agreement with the majority: {joined(shares)}."
    table = Table("Agreement with the majority", ("who", "agreement"), rows)
    return (Chart("The human line", alt, figures.share_bars(shares, {}), table),)


def _human_notes(found: Measured) -> tuple[str, ...]:
    if "human" not in found:
        return ()
    human = found["human"]
    everywhere = f", and in {percent(human['all_images']['agreement'])} of every picture" if "all_images" in human else ""
    line = (
        f"The human line: one person of the ten agrees with the majority in {percent(human['agreement'])} of these pictures"
        f"{everywhere}. The model was taught by such majorities, one person was not: to stand above the line means to guess "
        "better what most people will say, not to see better than people."
    )
    return (line, *filter(None, [human.get("method")]))
