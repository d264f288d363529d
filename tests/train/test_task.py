"""What a network is asked: classes are merged and dropped, faces left out, and impossible tasks refused."""

import dataclasses

import numpy as np
import pytest

from fer_core import FER2013, InputError
from fer_train.augment import STILL, Augmentation
from fer_train.config import Config, Distillation
from fer_train.lesson import lesson_of
from fer_train.task import SEVEN, Task
from tests.train.test_clean import table_of

SIX = Task(classes=("angry+disgust", "fear", "happy", "sad", "surprise", "neutral"), votes=False)
NO_DISGUST = Task(classes=("angry", "fear", "happy", "sad", "surprise", "neutral"), votes=False)
LABELS = np.arange(7)


def test_merged_labels_call_for_one_answer_and_a_dropped_one_for_none():
    assert SIX.answers(LABELS).tolist() == [0, 0, 1, 2, 3, 4, 5]
    assert NO_DISGUST.answers(LABELS).tolist() == [0, -1, 1, 2, 3, 4, 5]
    assert NO_DISGUST.asked(LABELS).tolist() == [True, False, True, True, True, True, True]


def test_probabilities_of_merged_labels_add_up_and_those_of_dropped_ones_go():
    probs = np.array([[0.3, 0.3, 0.0, 0.4, 0.0, 0.0, 0.0]])
    assert SIX.merged(probs).argmax() == 0
    assert NO_DISGUST.merged(probs).argmax() == 2
    for task in (SIX, NO_DISGUST, SEVEN):
        np.testing.assert_allclose(task.merged(probs).sum(axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(SEVEN.merged(probs), probs)


def test_a_lesson_without_votes_has_one_head_of_the_tasks_classes():
    table = table_of([1, 2], ["Training"] * 2, labels=[1, 3])
    lesson = lesson_of(table, np.ones(2, bool), SIX)
    assert list(lesson.targets) == list(lesson.weights) == ["fer2013"]
    np.testing.assert_array_equal(lesson.targets["fer2013"], np.eye(6)[[0, 2]])
    assert list(lesson_of(table, np.ones(2, bool)).targets) == ["fer2013", "ferplus"]


def test_even_pictures_and_some_happy_ones_are_left_out_and_no_others():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (20, 48, 48)).astype(np.uint8)
    images[0, :10] = 7
    labels = np.array([FER2013.index("happy")] * 10 + [FER2013.index("sad")] * 10)
    task, may = dataclasses.replace(SIX, most_equal=350, fewer=("happy:4",)), np.arange(20) != 19
    kept = task.taught(images, labels, may, seed=1)
    assert not kept[0]
    assert not kept[19]
    assert kept[:10].sum() == 5
    assert kept[10:19].all()
    np.testing.assert_array_equal(kept, task.taught(images, labels, may, seed=1))
    assert not np.array_equal(kept, task.taught(images, labels, may, seed=2))
    assert SIX.taught(images, labels, may, seed=1).sum() == 19


@pytest.mark.parametrize(
    ("knobs", "said"),
    [
        ({"classes": ("angry", "bored")}, "classes"),
        ({"classes": ("angry", "angry+sad"), "votes": False}, "classes"),
        ({"classes": ("angry", "happy")}, "votes = false"),
        ({"sight": "drawing"}, "votes = false"),
        ({"sight": "smell"}, "sight"),
        ({"fewer": ("happy 3000",)}, "happy:3000"),
        ({"fewer": ("bored:3",)}, "bored"),
    ],
)
def test_an_impossible_task_is_refused_by_name(knobs, said):
    with pytest.raises(InputError, match=said):
        Task(**knobs)


def test_landmarks_go_with_still_chips_alone_and_teachers_with_votes_alone():
    sees = Task(votes=False, sight="landmarks")
    Config(name="x", task=sees, augmentation=STILL)
    with pytest.raises(InputError, match="augmentation"):
        Config(name="x", task=sees, augmentation=Augmentation())
    with pytest.raises(InputError, match="teachers"):
        Config(name="x", task=SIX, distillation=Distillation(teachers=("small",)))
