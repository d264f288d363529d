"""What a network is taught: labels, votes, and what teachers say."""

import dataclasses

import numpy as np

from fer_train.lesson import lesson_of, taught_by
from tests.train.test_clean import table_of

TABLE = table_of([1, 2, 3], ["Training"] * 3, labels=[0, 3, 6])
ANSWERS = {"fer2013": np.full((3, 7), 1 / 7, np.float32), "ferplus": np.full((3, 8), 1 / 8, np.float32)}


def test_untrusted_labels_and_inexact_votes_weigh_nothing():
    blurred = dataclasses.replace(TABLE, exact=np.zeros(3, bool))
    targets, weights = lesson_of(blurred, np.zeros(3, bool))
    assert weights["fer2013"].sum() == weights["ferplus"].sum() == 0
    np.testing.assert_allclose(targets["fer2013"].sum(axis=1), 1)


def test_teachers_take_their_share_of_a_target():
    lesson = taught_by(lesson_of(TABLE, np.ones(3, bool)), ANSWERS, 0.7)
    np.testing.assert_allclose(lesson.targets["fer2013"][1, 3], 0.3 + 0.1, atol=1e-6)
    np.testing.assert_allclose(lesson.targets["fer2013"].sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(lesson.weights["fer2013"], 1, atol=1e-6)


def test_where_a_label_counts_for_nothing_the_teachers_stand_alone():
    lesson = taught_by(lesson_of(TABLE, np.zeros(3, bool)), ANSWERS, 0.4)
    np.testing.assert_allclose(lesson.targets["fer2013"], 1 / 7, atol=1e-6)
    np.testing.assert_allclose(lesson.weights["fer2013"], 0.4, atol=1e-6)


def test_without_a_share_nothing_changes():
    plain = lesson_of(TABLE, np.ones(3, bool))
    np.testing.assert_allclose(taught_by(plain, ANSWERS, 0.0).targets["ferplus"], plain.targets["ferplus"], atol=1e-6)
