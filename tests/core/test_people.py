"""People: named, hidden and merged within one source, and nowhere else."""

import numpy as np
import pytest

from fer_core.errors import InputError
from fer_core.people import Person, merged, names_of, with_person, without_hidden
from fer_core.timeline import Timeline
from tests.factories import make_result


def crowd():
    """Return two sources of two pictures with the people 0 and 1 in each."""
    results = [make_result(2, index=i, time_s=i, track_ids=np.array([0, 1]), number=i) for i in range(4)]
    return Timeline.of(results, ["a", "a", "b", "b"])


def test_a_name_holds_for_one_source_alone_and_the_last_one_counts():
    timeline = with_person(with_person(crowd(), Person("a", 1, "Ann")), Person("a", 1, "Anna"))
    assert names_of(timeline, "a") == {1: "Anna"}
    assert names_of(timeline, "b") == {}
    assert not with_person(timeline, Person("a", 1)).people


@pytest.mark.parametrize("person", [Person("a", 2, "x"), Person("c", 0, "x"), Person("a", -1, "x")])
def test_who_does_not_appear_cannot_be_named(person):
    with pytest.raises(InputError, match="appear"):
        with_person(crowd(), person)


def test_hiding_takes_the_faces_and_leaves_the_pictures():
    shown = without_hidden(with_person(crowd(), Person("a", 0, "Ann", hidden=True)))
    assert shown.track_ids.tolist() == [1, 1, 0, 1, 0, 1]
    assert shown.times_s.tolist() == [0, 1, 2, 3]
    assert without_hidden(crowd()).same_as(crowd())


def test_merging_gives_one_number_in_its_source_and_changes_no_other():
    named = with_person(with_person(crowd(), Person("a", 0, "Ann")), Person("a", 1, "Bob"))
    one = merged(named, "a", (1, 0))
    assert one.track_ids.tolist() == [1, 1, 1, 1, 0, 1, 0, 1]
    assert one.people == (Person("a", 1, "Bob"),)
    assert merged(named, "a", (0,)).same_as(named)
    assert merged(with_person(crowd(), Person("a", 0, "Ann")), "a", (1, 0)).people == (Person("a", 1, "Ann"),)
    for numbers in ((), (0, 7)):
        with pytest.raises(InputError, match="numbers of people"):
            merged(named, "a", numbers)


@pytest.mark.parametrize("numbers", [(0, 1), (1, 0)])
def test_who_was_hidden_comes_back_by_no_merging(numbers):
    hidden = with_person(with_person(crowd(), Person("a", 0, "Ann")), Person("a", 1, hidden=True))
    one = merged(hidden, "a", numbers)
    assert one.people == (Person("a", numbers[0], "Ann", hidden=True),)
    assert len(without_hidden(one)) == 4, "of the other source alone"


def test_of_who_does_not_appear_nothing_can_be_taken_back_either():
    with pytest.raises(InputError, match="appear"):
        with_person(crowd(), Person("a", 99))
