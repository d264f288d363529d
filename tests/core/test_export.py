"""Exports: exact both ways, at home in Excel and pandas, and never a formula."""

import contextlib
import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import hypothesis.extra.numpy as hnp
import jsonschema
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fer_core
from fer_core.errors import InputError
from fer_core.export import CSV_COLUMNS, from_csv, from_json, to_csv, to_json
from fer_core.labels import FERPLUS, LabelSet
from fer_core.people import Person, appearing, with_person
from fer_core.timeline import Timeline
from tests.conftest import ROOT
from tests.factories import make_result, make_timeline

SCHEMA = json.loads((Path(fer_core.__file__).parent / "schemas" / "timeline-2.json").read_text())
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1",
    "－1",
    "'=1",
    "''",
    "'",
    "\x00=1",
    "\xa0=1",
    "\ufeff=1",
)
DANGER = tuple("=+-@\t\r\n ＝＋－＠")
WAYS = [(to_csv, from_csv), (to_json, from_json)]


@st.composite
def timelines(draw):
    """Any timeline: any text, any float32, any label set."""
    texts = st.text(max_size=12) | st.sampled_from(FORMULAS)
    labels = LabelSet(tuple(draw(st.lists(texts, min_size=1, max_size=4, unique=True))))
    sources = tuple(draw(st.lists(texts, max_size=5)))
    m = len(sources)
    rows = np.array(sorted(draw(st.lists(st.integers(0, m - 1), max_size=6))) if m else [], np.int64)
    f, k = len(rows), len(labels)
    short, whole = st.floats(width=32, allow_nan=False, allow_infinity=False), st.integers(-(2**63), 2**63 - 1)
    raw = draw(hnp.arrays(np.float32, (f, k), elements=st.floats(np.float32(1e-3), 1, width=32)))
    timeline = Timeline(
        sources,
        draw(hnp.arrays(np.int64, m, elements=whole)),
        draw(hnp.arrays(np.float64, m, elements=st.floats(allow_nan=False, allow_infinity=False))),
        draw(hnp.arrays(np.int64, (m, 2), elements=st.integers(0, 10**6))),
        rows,
        draw(hnp.arrays(np.int64, f, elements=whole)),
        draw(hnp.arrays(np.float32, (f, 4), elements=short)),
        draw(hnp.arrays(np.float32, f, elements=short)),
        raw / raw.sum(axis=1, keepdims=True),
        labels,
        tuple(draw(st.lists(texts, min_size=m, max_size=m))),
    )
    for source, number in sorted(appearing(timeline)):
        timeline = with_person(timeline, Person(source, number, draw(texts), draw(st.booleans())))
    return timeline


@settings(max_examples=60)
@given(timelines())
def test_csv_and_json_read_back_exactly(timeline):
    for write, read in WAYS:
        again = read(write(timeline))
        assert again.same_as(timeline)
        assert write(again) == write(timeline)


def test_the_number_of_a_picture_is_described_as_what_it_is_and_not_as_its_place_in_the_file():
    folder = Path(fer_core.__file__).parent / "schemas"
    frames = [json.loads((folder / f"timeline-{version}.json").read_text())["$defs"]["frame"] for version in (1, 2)]
    said = [frame["properties"]["frame_index"]["description"] for frame in frames]
    said += [line for line in (ROOT / "docs" / "SCHEMA.md").read_text(encoding="utf-8").splitlines() if "`frame_index` |" in line]
    assert len(said) == 3
    assert all("among those of its source that were analysed, from 0" in words for words in said)


@settings(max_examples=40)
@given(timelines())
def test_json_keeps_to_the_schema(timeline):
    jsonschema.validate(json.loads(to_json(timeline)), SCHEMA)


@settings(max_examples=40)
@given(timelines())
def test_no_cell_of_a_csv_can_be_a_formula(timeline):
    for row in csv.reader(io.StringIO(to_csv(timeline).decode("utf-8-sig"), newline="")):
        for cell in row:
            assert not cell.startswith(DANGER) or is_number(cell)


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return not text[0].isspace()


@pytest.mark.parametrize("name", FORMULAS)
def test_a_file_name_that_is_a_formula_is_disarmed_and_comes_back(name):
    timeline = make_timeline((1,), sources=[name])
    first = to_csv(timeline).decode("utf-8-sig").split("\r\n", 1)[1]
    assert first.startswith("\"'" + name[0])
    assert from_csv(to_csv(timeline)).sources == (name,)


def test_a_plain_file_name_is_not_touched():
    assert b'"Fr\xc3\xa9d\xc3\xa9ric\'s 1=1.jpg",2,' in to_csv(make_timeline((1,), sources=["Frédéric's 1=1.jpg"]))


def test_a_separator_in_a_file_name_cannot_open_a_new_cell_where_excel_splits_at_semicolons():
    data = to_csv(make_timeline((1,), sources=["a;=cmd|' /C calc'!A0;.jpg"])).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(data), delimiter=";") for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_pandas_reads_the_csv_as_it_is():
    timeline = make_timeline((2, 0, 1), sources=["Zoë & José.jpg", "b,\n.jpg", "笑顔.png"])
    table = pd.read_csv(io.BytesIO(to_csv(timeline)))
    assert tuple(table.columns[: len(CSV_COLUMNS)]) == CSV_COLUMNS
    assert table["source"].tolist() == ["Zoë & José.jpg"] * 2 + ["b,\n.jpg", "笑顔.png"]
    faces = table.dropna(subset=["face_index"])
    assert len(faces) == 3
    assert np.array_equal(faces[["x0_px", "y0_px", "x1_px", "y1_px"]].to_numpy(np.float32), timeline.boxes)
    assert np.array_equal(faces[[f"p_{name}" for name in timeline.labels.names]].to_numpy(np.float32), timeline.probs)
    assert tuple(faces["label"]) == timeline.emotions.top


def test_the_csv_begins_with_the_mark_by_which_excel_knows_utf_8():
    data = to_csv(make_timeline())
    assert data.startswith(b'\xef\xbb\xbf"source",')
    assert data.count(b"\n") == data.count(b"\r\n")
    assert not to_json(make_timeline()).startswith(b"\xef\xbb\xbf")


def test_a_csv_that_lost_its_mark_or_got_plain_line_ends_is_still_read():
    data = to_csv(make_timeline())
    assert from_csv(data[3:].replace(b"\r\n", b"\n")).same_as(make_timeline())


def test_a_picture_without_faces_is_a_row_with_empty_face_columns():
    line = to_csv(make_timeline((0,))).decode("utf-8-sig").splitlines()[1]
    assert line == '"clip.mp4",2,0,0.0,640,480' + "," * (len(CSV_COLUMNS) - 6 + 7)


def test_two_photos_of_one_name_do_not_melt_into_one():
    timeline = Timeline.of([_photo(0), _photo(1)], ["a.jpg", "a.jpg"])
    for write, read in WAYS:
        assert read(write(timeline)).rows.tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("name", ["timeline-1.csv", "timeline-1.json"])
def test_files_of_version_1_are_still_read(name):
    data = (Path(__file__).parent / "old" / name).read_bytes()
    timeline = (from_csv if name.endswith("csv") else from_json)(data)
    assert timeline.same_as(make_timeline((2, 0, 1), sources=["a.jpg", "=b", "a.jpg"]))
    assert timeline.notes == ("", "", "")
    assert not timeline.people


def test_people_and_notes_stand_in_both_files():
    timeline = Timeline.of([make_result(2, track_ids=np.array([0, 1])), make_result(0, index=1)], ["a.mp4"] * 2)
    timeline = with_person(with_person(timeline, Person("a.mp4", 1, "=Zoë")), Person("a.mp4", 0, hidden=True))
    timeline = replace(timeline, notes=("", "the door opens"))
    for write, read in WAYS:
        assert read(write(timeline)).same_as(timeline)
    assert to_csv(timeline).decode().count('"\'=Zoë"') == 1
    assert to_csv(timeline).decode().count("the door opens") == 1


def _photo(number):
    return make_result(2, number=number)


def test_nothing_at_all_keeps_its_labels():
    for write, read in WAYS:
        assert read(write(Timeline.of([], [], labels=FERPLUS))).labels == FERPLUS


def test_floats_are_written_in_their_fewest_digits():
    timeline = make_timeline((1,))
    probs = np.array([[0.1, 0.2, 0.3, 0.4, 0, 0, 0]], np.float32)
    changed = Timeline(
        timeline.sources, timeline.frame_indices, timeline.times_s, timeline.sizes_wh, timeline.rows,
        timeline.track_ids, timeline.boxes, timeline.scores, probs,
    )  # fmt: skip
    assert to_csv(changed).endswith(b'"happy",0.4,0.1,0.2,0.3,0.4,0.0,0.0,0.0\r\n')


GOOD_CSV, GOOD_JSON = to_csv(make_timeline()), json.loads(to_json(make_timeline()))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"hello",
        b"a,b\n1,2\n",
        b'"source',
        GOOD_CSV[:-30],
        GOOD_CSV.replace(b",2,0,", b",3,0,"),
        GOOD_CSV.replace(b",640,", b",wide,"),
        GOOD_CSV.replace(b",640,", b",99999999999999999999,"),
        GOOD_CSV.replace(b",0.0,640", b",nan,640"),
        GOOD_CSV.replace(b'"surprise"', b'"happy"'),
        GOOD_CSV.replace(b'480,,1,', b'480,,5,'),
        GOOD_CSV.replace(b'480,,0,', b'480,,,'),
        GOOD_CSV.replace(b"p_angry", b"angry"),
        GOOD_CSV.replace(b",1,-1,,,", b',1,-1,"Ann",,'),
        GOOD_CSV.replace(b",1,-1,,,", b",1,-1,,yes,"),
        GOOD_CSV.replace(b'"note"', b'"remark"'),
        GOOD_CSV + b'"x"\r\n',
        b'"' + b"a" * 200_000 + b'"',
    ],
)  # fmt: skip
def test_a_malformed_csv_is_an_input_error(data):
    assert data != GOOD_CSV
    with pytest.raises(InputError, match="got"):
        from_csv(data)


def test_a_row_with_too_few_cells_is_told_how_many_it_needs():
    with pytest.raises(InputError, match=r"expected \d+ cells in every row, got 1 in one"):
        from_csv(GOOD_CSV + b'"x"\r\n')


def changed(path, value):
    """Return the good document with one value replaced."""
    document = json.loads(json.dumps(GOOD_JSON))
    spot = document
    for key in path[:-1]:
        spot = spot[key]
    spot[path[-1]] = value
    return json.dumps(document).encode()


FACE = ("frames", 0, "faces", 0)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"[" * 100_000,
        b"1" * 10_000,
        b'{"schema": NaN}',
        "\ud800".encode("utf-8", "surrogatepass"),
        changed(("version",), 1),
        changed(("version",), 3),
        changed(("version",), True),
        changed(("people",), [{"source": "clip.mp4", "track_id": 5, "name": "Ann", "hidden": False}]),
        changed(("people",), [{"source": "clip.mp4", "track_id": 5, "name": "Ann", "hidden": 0}]),
        changed(("people",), [{"source": "clip.mp4"}]),
        changed(("frames", 0, "note"), None),
        changed(("schema",), "other"),
        changed(("more",), 1),
        changed(("labels",), ["a", "a"]),
        changed(("labels",), []),
        changed(("labels",), "happy"),
        changed(("frames",), {}),
        changed(("frames", 0), 5),
        changed(("frames", 0, "source"), 5),
        changed(("frames", 0, "source"), "\ud800"),
        changed(("frames", 0, "time_s"), "0"),
        changed(("frames", 0, "time_s"), 1e400),
        changed(("frames", 0, "width_px"), 1.5),
        changed(("frames", 0, "width_px"), 2**80),
        changed(("frames", 0, "frame_index"), True),
        changed((*FACE, "x0_px"), None),
        changed((*FACE, "x0_px"), 1e300),
        changed((*FACE, "face_score"), []),
        changed((*FACE, "label"), "bored"),
        changed((*FACE, "confidence"), 0.1),
        changed((*FACE, "probabilities"), {}),
        changed((*FACE, "probabilities", "happy"), 5),
        changed((*FACE, "probabilities", "happy"), 10**400),
        changed((*FACE, "track_id"), -(2**63) - 1),
    ],
)
def test_a_malformed_json_is_an_input_error(data):
    with pytest.raises(InputError, match="got"):
        from_json(data)


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_arbitrary_bytes_give_a_timeline_or_an_input_error(data):
    for read in (from_csv, from_json):
        with pytest.raises(InputError, match="got"):
            read(data)


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=4)), min_size=1, max_size=4))
def test_damaged_exports_give_a_timeline_or_an_input_error(changes):
    for write, read in WAYS:
        data = write(make_timeline())
        for at, new in changes:
            data = data[: at % len(data)] + new + data[at % len(data) + max(1, len(new)) :]
        with contextlib.suppress(InputError):
            assert isinstance(read(data), Timeline)


def test_an_export_of_pictures_without_faces_is_no_file_of_too_many_values():
    timeline = make_timeline((0,) * 300, sources=[""] * 300)
    data = to_json(replace(timeline, sizes_wh=np.ones((300, 2), np.int64)))
    assert len(from_json(data, max_bytes=len(data)).sources) == 300
    with pytest.raises(InputError, match="values"):
        from_json(b"[" + b"{}," * len(data), max_bytes=len(data) * 4)


def test_the_longest_note_reads_back_and_a_longer_one_is_refused():
    timeline = replace(make_timeline((1,)), notes=("=" * 100_000,))
    for write, read in WAYS:
        assert read(write(timeline)).same_as(timeline)
    with pytest.raises(InputError, match="at most 100,000 characters, got 100,001; shorten"):
        replace(timeline, notes=("=" * 100_001,))


def test_files_over_the_limit_are_refused_unread():
    for write, read in WAYS:
        data = write(make_timeline())
        assert read(data, max_bytes=len(data)).same_as(make_timeline())
        with pytest.raises(InputError, match="MB"):
            read(data, max_bytes=len(data) - 1)
