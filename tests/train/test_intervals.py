"""Figures of count tables: against scikit-learn's, and intervals against what chance does."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score

from fer_train import intervals, metrics

RNG = np.random.default_rng(3)
TRUTH = RNG.choice(4, 400, p=[0.6, 0.25, 0.1, 0.05])
SAID = np.where(RNG.random(400) < 0.7, TRUTH, RNG.integers(0, 4, 400))
COUNTS = metrics.confusion(SAID, TRUTH, 4)


def test_figures_of_counts_are_those_of_the_rows():
    assert intervals.accuracy(COUNTS) == pytest.approx(accuracy_score(TRUTH, SAID))
    assert intervals.macro_f1(COUNTS) == pytest.approx(f1_score(TRUTH, SAID, average="macro"))
    assert intervals.macro_recall(COUNTS) == pytest.approx(recall_score(TRUTH, SAID, average="macro"))
    np.testing.assert_allclose(intervals.recalls(COUNTS), recall_score(TRUTH, SAID, average=None))
    np.testing.assert_allclose(intervals.precisions(COUNTS), precision_score(TRUTH, SAID, average=None))


def test_many_tables_at_once_give_what_each_gives():
    tables = intervals.resampled(COUNTS, rounds=5)
    for figure in (intervals.accuracy, intervals.recalls, intervals.f1_scores, intervals.macro_f1):
        np.testing.assert_allclose(figure(tables), np.stack([figure(table) for table in tables]))


def test_drawing_cells_is_drawing_faces():
    rng = np.random.default_rng(0)
    draws = [rng.integers(0, 400, 400) for _ in range(1500)]
    by_faces = np.percentile([f1_score(TRUTH[d], SAID[d], average="macro") for d in draws], [2.5, 97.5])
    found = intervals.interval(intervals.macro_f1, COUNTS)
    np.testing.assert_allclose([found["low"], found["high"]], by_faces, atol=0.012)


def test_each_draw_has_as_many_faces_and_no_new_kind_of_mistake():
    tables = intervals.resampled(COUNTS)
    assert len(tables) >= 1000
    assert (tables.sum(axis=(1, 2)) == 400).all()
    assert not tables[:, COUNTS == 0].any()


def test_an_interval_holds_its_value_and_is_the_same_each_time():
    found = intervals.interval(intervals.accuracy, COUNTS)
    assert found["low"] < found["value"] < found["high"]
    assert found == intervals.interval(intervals.accuracy, COUNTS)


def test_drawing_people_widens_an_interval_where_a_persons_photos_share_their_fate():
    alike = np.repeat(RNG.random(40) < 0.6, 10)  # of each of 40 people, all ten photos are answered rightly, or none
    counts_of = lambda rows: np.array([[alike[rows].sum(), (~alike[rows]).sum()]])  # noqa: E731
    tables = intervals.by_person(counts_of, np.repeat(np.arange(40).astype(str), 10))
    counts = tables.sum(axis=0)
    assert (counts == counts_of(np.ones(400, bool))).all()
    by_photo = intervals.interval(intervals.accuracy, counts)
    by_person = intervals.interval(intervals.accuracy, counts, intervals.resampled_people(tables))
    assert by_person["value"] == by_photo["value"]
    widths = [found["high"] - found["low"] for found in (by_person, by_photo)]
    assert widths[0] == pytest.approx(widths[1] * np.sqrt(10), rel=0.1)


def test_drawing_people_with_a_photo_each_is_drawing_photos():
    right = RNG.random(300) < 0.6
    tables = intervals.by_person(lambda rows: np.array([[right[rows].sum(), (~right[rows]).sum()]]), np.arange(300).astype(str))
    drawn = intervals.resampled_people(tables)
    assert (drawn.sum(axis=(1, 2)) == 300).all()
    by_photo, by_person = (intervals.interval(intervals.accuracy, tables.sum(axis=0), d) for d in (None, drawn))
    assert [by_person[k] for k in ("low", "high")] == pytest.approx([by_photo[k] for k in ("low", "high")], abs=0.01)


def test_a_rare_class_is_less_certain_than_a_frequent_one():
    widths = [row["high"] - row["low"] for row in intervals.intervals(intervals.recalls, COUNTS)]
    assert widths[3] > 2 * widths[0]


def test_a_missed_face_is_a_wrong_answer():
    counts = np.array([[3, 0, 1], [0, 4, 0]])
    assert intervals.accuracy(counts) == pytest.approx(7 / 8)
    np.testing.assert_allclose(intervals.recalls(counts), [0.75, 1.0])
    np.testing.assert_allclose(intervals.precisions(counts), [1.0, 1.0])


def test_a_class_without_faces_has_no_figure_and_does_not_pull_the_mean_down():
    counts = np.array([[4, 0], [0, 0]])
    rows = intervals.intervals(intervals.recalls, counts)
    assert rows[1] == {"value": None, "low": None, "high": None}
    assert intervals.macro_recall(counts) == 1.0
