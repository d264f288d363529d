"""Which converted file ships: by measured accuracy, and only one that repeats the Keras file."""

import dataclasses

import pytest

from fer_core import InputError, ModelError
from fer_train.config import Serving
from fer_train.convert import Conversion, shipped

INT8 = Conversion("int8", b"12", 0.690, 0.03, 0.001, 0.997)
HALF = Conversion("float16", b"1234", 0.692, 0.004, 0.0001, 1.0)


def test_int8_ships_where_it_costs_next_to_nothing():
    assert shipped([INT8, HALF]) is INT8
    assert shipped([HALF, INT8]) is INT8


def test_int8_does_not_ship_where_it_costs_accuracy():
    assert shipped([dataclasses.replace(INT8, accuracy=0.688), HALF]) is HALF


@pytest.mark.parametrize("worse", [{"same_top_label": 0.985}, {"mean_difference": 0.011}])
def test_int8_does_not_ship_where_it_answers_otherwise(worse):
    assert shipped([dataclasses.replace(INT8, accuracy=0.7, **worse), HALF]) is HALF


def test_float16_is_held_to_its_largest_difference():
    assert not dataclasses.replace(HALF, largest_difference=0.021).passes
    assert INT8.passes


def test_the_only_one_that_repeats_the_keras_file_ships_whatever_it_scores():
    assert shipped([dataclasses.replace(INT8, accuracy=0.5), dataclasses.replace(HALF, largest_difference=0.5)]).accuracy == 0.5


def test_where_none_repeats_the_keras_file_the_file_is_named():
    with pytest.raises(ModelError, match=r"model\.tflite.*float16"):
        shipped([dataclasses.replace(HALF, largest_difference=0.5)])


def test_a_row_of_the_card_has_every_figure_and_no_bytes():
    assert INT8.row() == {
        "precision": "int8",
        "bytes": 2,
        "largest_difference": 0.03,
        "mean_difference": 0.001,
        "same_top_label": 0.997,
        "public_test_accuracy": 0.69,
        "passes": True,
    }


def test_a_precision_that_is_none_is_refused_before_anything_is_trained():
    with pytest.raises(InputError, match="float8"):
        Serving(precision="float8")
