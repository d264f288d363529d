"""Parquet: the CSV's columns, typed, exact both ways, and refused in words where it is something else."""

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings

from fer_core.errors import InputError
from fer_core.export import CSV_COLUMNS
from fer_core.labels import FERPLUS
from fer_core.parquet import ParquetFile, from_parquet, to_parquet
from fer_core.people import Person
from fer_core.timeline import Timeline
from tests.core.test_export import timelines
from tests.factories import make_result, make_timeline


def crowd():
    """Return a timeline with people, notes, and a picture without faces."""
    results = [make_result(n, index=i, time_s=i, track_ids=np.arange(n), number=i) for i, n in enumerate((2, 0, 3))]
    people = (Person("a", 1, "Zoë"), Person("a", 2, hidden=True))
    return replace(Timeline.of(results, ["a"] * 3), notes=("", "the door opens", ""), people=people)


@settings(max_examples=30)
@given(timelines())
def test_parquet_reads_back_exactly(timeline):
    if len({*(f"p_{name}" for name in timeline.labels.names), *CSV_COLUMNS}) == len(timeline.labels) + len(CSV_COLUMNS):
        assert from_parquet(to_parquet(timeline)).same_as(timeline)


def test_people_notes_and_pictures_without_faces_are_kept():
    assert from_parquet(to_parquet(crowd())).same_as(crowd())
    for timeline in (make_timeline(), Timeline.of([], [], labels=FERPLUS), make_timeline((0,))):
        assert from_parquet(to_parquet(timeline)).same_as(timeline)


def test_pandas_reads_the_columns_of_the_csv_with_their_types():
    table = pd.read_parquet(io.BytesIO(to_parquet(crowd())))
    assert tuple(table.columns[: len(CSV_COLUMNS)]) == CSV_COLUMNS
    assert table["face_index"].fillna(-1).tolist() == [0, 1, -1, 0, 1, 2]
    assert table["x0_px"].dtype == np.float32
    assert table["time_s"].dtype == np.float64
    assert table["person"].fillna("").tolist() == ["", "Zoë", "", "", "Zoë", ""]


def test_timelines_that_are_added_follow_each_other():
    file = io.BytesIO()
    with ParquetFile(file, crowd().labels) as rows:
        rows.add(make_timeline((2, 0, 1), sources=["a", "b", "c"]))
        rows.add(make_timeline((0, 1), sources=["d", "e"]))
    assert from_parquet(file.getvalue()).sources == ("a", "b", "c", "d", "e")


@pytest.mark.parametrize("data", [b"PAR1", b"hello" * 50, to_parquet(crowd())[:-9]])
def test_what_is_no_parquet_is_an_input_error(data):
    with pytest.raises(InputError, match="Parquet file that Mien wrote"):
        from_parquet(data)
    with pytest.raises(InputError, match="an empty one"):
        from_parquet(b"")


def test_another_table_or_version_is_an_input_error():
    table = pyarrow.parquet.read_table(io.BytesIO(to_parquet(crowd())))
    later = table.set_column(1, "schema_version", pa.array(np.full(len(table), 3)))
    missing = table.set_column(3, "time_s", pa.array([None] * len(table), pa.float64()))
    for other in (table.drop_columns(["label"]), later, missing, pa.table({"a": [1]})):
        file = io.BytesIO()
        pyarrow.parquet.write_table(other, file)
        with pytest.raises(InputError, match="got"):
            from_parquet(file.getvalue())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda table: table.take([0, 3, 1, 2, 4, 5]), "share its frame_index"),
        (lambda table: table.take([1, 0, 2, 3, 4, 5]), "follow each other"),
        (lambda table: table.set_column(0, "source", pa.array(["a", "b", "a", "a", "a", "a"])), "share its source"),
        (lambda table: table.set_column(4, "width_px", pa.array([64, 64, None, 64, 64, 64])), "whole numbers|share its width"),
        (lambda table: table.set_column(16, "label", pa.array(["sad", "sad", None, "sad", "sad", "happy"])), "likeliest"),
    ],
)
def test_rows_that_contradict_each_other_are_an_input_error(change, words):
    table = pyarrow.parquet.read_table(io.BytesIO(to_parquet(crowd())))
    file = io.BytesIO()
    pyarrow.parquet.write_table(change(table), file)
    with pytest.raises(InputError, match=words):
        from_parquet(file.getvalue())


def test_a_larger_file_than_allowed_is_refused():
    with pytest.raises(InputError, match="at most"):
        from_parquet(to_parquet(crowd()), max_bytes=100)
