"""Workshop. How far the answers can be trusted → the sections of the report on reliability and on "not sure"."""

from __future__ import annotations

from fer_train import report_figures as figures
from fer_train.report_parts import Chart, Section, Table, count, percent, with_interval
from fer_train.report_sections import Measured


def _by_chance(test: Measured) -> str:
    """Return how large the distance is where every confidence is exactly right; nothing of what was measured before that was."""
    if "ece_by_chance" not in test:
        return ""
    chance = with_interval(test["ece_by_chance"])
    return f" Where every confidence is exactly right, {count(test['n'])} faces give {chance} by chance."


def reliability(measured: Measured) -> Section:
    """Return how far the stated confidence can be believed."""
    test = measured["splits"]["PrivateTest"]
    lead = (
        "Of all faces answered with 70 % confidence, 70 % should be right: then the curve lies on the dotted line. The bars are "
        "the share of faces with that confidence.",
        f"The mean distance is {percent(test['ece'])} (expected calibration error, 15 bins).{_by_chance(test)}",
    )
    filled = [row for row in test["reliability"] if row["n"]]
    rows = tuple(
        (f"{row['low']:.2f} to {row['high']:.2f}", count(row["n"]), percent(row["confidence"]), percent(row["accuracy"]))
        for row in filled
    )
    chart = Chart(
        "Reliability",
        "Accuracy against confidence: " + ", ".join(f"{row[2]} said, {row[3]} right" for row in rows) + ".",
        figures.reliability_curve(test["reliability"]),
        Table("Bins of confidence", ("confidence from", "n", "mean confidence", "accuracy"), rows),
    )
    return Section("reliability", "How sure is sure", lead, (chart,))


def coverage(measured: Measured) -> Section | None:
    """Return accuracy against the share answered, and where the threshold stands; None without a curve."""
    curves = {name: split["coverage"] for name, split in measured["splits"].items() if split.get("coverage")}
    threshold = measured.get("threshold")
    if "PrivateTest" not in curves or not threshold:
        return None
    curves = {"PrivateTest": curves.pop("PrivateTest"), **curves}
    chosen = {"threshold": threshold["value"], **measured["splits"]["PrivateTest"]["answered"]}
    sentence = f"it answers {percent(chosen['share'])} of the faces and is right in {percent(chosen['accuracy'])} of those"
    lead = (
        "A model that may say “not sure” answers fewer faces, and those better. Below a top probability of "
        f"{threshold['value']:.3f} this one says “not sure”: on PrivateTest {sentence}.",
        f"The threshold was chosen on {threshold['chosen_on']} ({_aim(threshold['aim'])}), the curve is of PrivateTest.",
        *_of_photos(measured["splits"]["PrivateTest"].get("flip_average")),
    )
    every_tenth = curves["PrivateTest"][::-10][::-1]  # counted from the end, where every face is answered
    rows = tuple((f"{point['threshold']:.3f}", percent(point["share"]), percent(point["accuracy"])) for point in every_tenth)
    chart = Chart(
        "Accuracy against coverage",
        f"The fewer faces are answered, the more answers are right. At the chosen threshold {sentence}.",
        figures.coverage_curve(curves, chosen),
        Table("Every tenth point of the curve of PrivateTest", ("threshold", "answered", "right among these"), rows),
    )
    in_sample = (
        "The dashed curve is of PublicTest, whose faces chose the epoch and fitted the answer and its threshold: it flatters, "
        "and is no figure of new faces.",
    )
    return Section("coverage", "When it says “not sure”", lead, (chart,), in_sample if "PublicTest" in curves else ())


def _of_photos(mirrored: Measured | None) -> tuple[str, ...]:
    """Return what the threshold means where the mirrored picture is averaged in; nothing where that was not measured."""
    if not mirrored:
        return ()
    answered = mirrored["answered"]
    return (
        "Photos are answered with the mirrored picture averaged in: at the same threshold that answers "
        f"{percent(answered['share'])} and is right in {percent(answered['accuracy'])} of those; its calibration error is "
        f"{mirrored['ece']:.4f}.",
    )


def _aim(aim: object) -> str:
    return f"aim: {percent(float(aim))} of the answers right" if isinstance(aim, int | float) else str(aim)
