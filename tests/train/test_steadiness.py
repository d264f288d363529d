"""The benchmark of streams counts what people would count."""

from dataclasses import replace

import numpy as np
import pytest

from fer_train.bench.steadiness import changes_a_minute, ids, overlaps
from tests.factories import make_result


def people(track_ids, time_s):
    return replace(make_result(len(track_ids), track_ids=np.array(track_ids, np.int64)), time_s=time_s)


def test_changes_count_by_person_and_by_the_time_each_is_in_view():
    results = [people([0, 1], 0.0), people([1, 0], 10.0), people([0], 20.0)]
    words = [("happy", "sad"), ("sad", "happy"), ("neutral",)]
    assert changes_a_minute(results, words) == pytest.approx(60 * 1 / 30)


def test_who_never_changes_and_nobody_change_nothing():
    assert changes_a_minute([people([0], 0.0), people([0], 1.0)], [("sad",), ("sad",)]) == 0
    assert changes_a_minute([people([], 0.0)], [()]) == 0


def test_numbers_and_overlaps_are_counted_over_all_pictures():
    results = [people([0, 1], 0.0), people([1, 4], 1.0)]
    assert ids(results) == 3
    assert overlaps(results, results) == [1.0] * 4
    assert overlaps(results, [people([], 0.0), people([], 1.0)]) == [0.0] * 4
