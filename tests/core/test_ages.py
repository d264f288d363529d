"""Ages: distributions over years, their ranges, their means over time, and the network that ships."""

import json
import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import data

from fer_core import InputError, ModelError, Options, Session, Stream, load_analyzer, to_csv, to_json
from fer_core.age_memory import EVERY_S, AgeMemory
from fer_core.ages import AGE_RANGES, MOST_YEARS, Ages, range_name, range_of
from fer_core.estimate import AGES_FOLDER, FILE, LiteRtAges
from fer_core.types import Faces, Frame, FrameResult
from tests.factories import make_emotions, make_faces

IMAGE = np.zeros((64, 64, 3), np.uint8)


def certain(*years):
    """Ages that are all on one year each."""
    return Ages(np.eye(MOST_YEARS + 1, dtype=np.float32)[list(years)])


def test_every_year_falls_into_the_range_that_holds_it():
    for year in range(MOST_YEARS + 1):
        (number,) = [i for i, (first, last) in enumerate(AGE_RANGES) if first <= year <= last]
        assert range_of(np.array([year]))[0] == number
        assert certain(year)[0].range == range_name(number)


def test_expected_age_and_range_come_from_one_distribution_and_agree():
    spread = Ages((certain(30).probs + certain(50).probs + certain(52).probs) / 3)
    assert spread.years[0] == pytest.approx(44)
    assert spread[0].range == "40-49"


@given(st.lists(st.floats(0.0, 1.0), min_size=101, max_size=101))
def test_every_distribution_has_an_age_within_its_range(weights):
    row = np.array(weights) + 1e-3
    ages = Ages((row / row.sum())[None])
    first, last = AGE_RANGES[ages.ranges[0]]
    assert first - 0.5 <= ages.years[0] <= last + 0.5


@pytest.mark.parametrize("probs", [np.ones((1, 101)), np.ones((1, 9)) / 9, np.ones(101) / 101])
def test_what_is_no_distribution_over_years_is_refused(probs):
    with pytest.raises(InputError, match=r"ages|rows"):
        Ages(probs)


def test_a_result_has_as_many_ages_as_faces_or_none():
    faces, emotions = make_faces(2), make_emotions(2)
    assert FrameResult(faces, emotions)[0].age is None
    assert FrameResult(faces, emotions, ages=certain(5, 71))[1].age.range == "70+"
    with pytest.raises(InputError, match="one age"):
        FrameResult(faces, emotions, ages=certain(5))


class Counting:
    """An estimator that says one age after the other, and counts for how many faces it was asked."""

    def __init__(self, *years):
        self.years, self.asked = list(years), 0

    def estimate(self, image, faces):
        self.asked += len(faces)
        return certain(*(self.years.pop(0) for _ in range(len(faces)))) if len(faces) else Ages(np.zeros((0, 101)))


def people(*numbers):
    return make_faces(len(numbers)).with_track_ids(np.array(numbers, np.int64))


def test_a_person_is_asked_about_twice_a_second_and_shown_the_mean():
    estimator = Counting(30, 50)
    memory = AgeMemory(estimator)
    seen = [memory.update(IMAGE, people(7), time_s=i * EVERY_S / 4).years[0] for i in range(5)]
    assert seen == [30, 30, 30, 30, 40]
    assert estimator.asked == 2


def test_people_do_not_mix_and_are_forgotten_when_they_stay_away():
    estimator = Counting(20, 70, 10)
    memory = AgeMemory(estimator)
    assert memory.update(IMAGE, people(1, 2), time_s=0.0).years.tolist() == [20, 70]
    assert memory.update(IMAGE, people(2, 1), time_s=0.1).years.tolist() == [70, 20]
    assert len(memory.update(IMAGE, people(), time_s=40.0)) == 0
    assert memory.update(IMAGE, people(1), time_s=40.1).years.tolist() == [10]


def test_a_mistaken_beginning_fades():
    estimator = Counting(90, *[20] * 400)
    memory = AgeMemory(estimator)
    years = [memory.update(IMAGE, people(1), time_s=i * EVERY_S).years[0] for i in range(400)]
    assert years[0] == 90
    assert years[-1] == pytest.approx(20, abs=0.1)


# -- the network that ships


@pytest.fixture(scope="module")
def analyzer():
    return load_analyzer(ages=True)


def test_a_photo_gets_ages_where_they_are_asked_for_and_only_there(analyzer):
    astronaut = data.astronaut()
    (face,) = analyzer.analyze(astronaut)
    assert face.age is not None
    assert 20 <= face.age.years <= 60  # she was 35
    (plain,) = analyzer.with_ages(None).analyze(astronaut)
    assert plain.age is None
    assert plain.probabilities == face.probabilities
    assert load_analyzer().ages is None
    assert analyzer.with_options(Options(min_face_px=60)).ages is analyzer.ages


def test_no_face_has_no_age(analyzer):
    result = analyzer.analyze(np.zeros((80, 80, 3), np.uint8))
    assert len(result.ages) == 0


def test_a_face_and_its_mirror_image_look_equally_old(analyzer):
    astronaut = data.astronaut()
    faces = analyzer.analyze(astronaut).faces
    width = astronaut.shape[1]
    boxes = np.stack([width - faces.boxes[:, 2], faces.boxes[:, 1], width - faces.boxes[:, 0], faces.boxes[:, 3]], axis=1)
    turned = Faces(boxes, faces.scores, faces.landmarks, faces.size_wh)
    mirrored = analyzer.ages.estimate(np.ascontiguousarray(astronaut[:, ::-1]), turned)
    assert mirrored.years == pytest.approx(analyzer.ages.estimate(astronaut, faces).years, abs=0.5)


def test_a_stream_gives_steady_ages_and_can_be_told_to_stop(analyzer):
    stream, astronaut = Stream(analyzer), data.astronaut()
    years = [stream.step(Frame(astronaut, i / 10, i))[0].age.years for i in range(8)]
    assert max(years) - min(years) < 1
    stream.ages = None
    assert stream.step(Frame(astronaut, 1.0, 8))[0].age is None
    stream.ages = analyzer.ages
    assert stream.step(Frame(astronaut, 1.1, 9))[0].age is not None


def test_a_wish_that_is_said_again_does_not_make_a_stream_forget_whom_it_knows(analyzer):
    stream, astronaut, first, second = Stream(analyzer.with_ages(None)), data.astronaut(), Counting(30, 50), Counting(70)
    said = []
    for index, wish in enumerate([None, first, first, second]):
        stream.ages = wish
        assert stream.ages is wish
        age = stream.step(Frame(astronaut, index * EVERY_S, index))[0].age
        said.append(age and age.years)
    assert said == [None, 30, 40, 70]


def test_no_session_and_no_export_holds_an_age(analyzer):
    session = Session()
    session.add(analyzer.analyze(data.astronaut()), "a.jpg")
    exports = to_csv(session.timeline()) + to_json(session.timeline())
    assert b"age_" not in exports
    assert b'"age' not in exports


def test_an_altered_or_missing_network_is_refused_by_name(tmp_path):
    folder = tmp_path / "ages"
    shutil.copytree(AGES_FOLDER, folder)
    content = bytearray((folder / FILE).read_bytes())
    content[100] ^= 1
    (folder / FILE).write_bytes(content)
    with pytest.raises(ModelError, match=FILE):
        LiteRtAges(folder)
    (folder / FILE).unlink()
    with pytest.raises(ModelError, match=FILE):
        LiteRtAges(folder)


def test_another_network_under_its_name_is_refused(tmp_path):
    folder = tmp_path / "ages"
    shutil.copytree(AGES_FOLDER, folder)
    shutil.copy(AGES_FOLDER.parent / "mien" / "model.tflite", folder / FILE)
    values = json.loads((folder / "card.json").read_text())
    other = json.loads((AGES_FOLDER.parent / "mien" / "card.json").read_text())
    values["sha256"][FILE] = other["sha256"]["model.tflite"]
    (folder / "card.json").write_text(json.dumps(values))
    with pytest.raises(ModelError, match="101 years"):
        LiteRtAges(folder)


@pytest.mark.parametrize("chips", [np.zeros((1, 40, 40), np.uint8), np.zeros((1, 48, 48), np.float32)])
def test_chips_of_another_kind_have_no_age(chips):
    with pytest.raises(InputError, match="chips must be"):
        LiteRtAges().of_chips(chips)
