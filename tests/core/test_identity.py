"""Who is who over time, on real video and real faces in motion."""

from collections import defaultdict

import cv2
import numpy as np
import pytest
from skimage.data import astronaut, coffee

from fer_core.analyze import load_analyzer
from fer_core.options import Options
from fer_core.stream import Stream
from fer_core.video import read_video
from tests.core.crossing import SIZE_WH, head, owners, scene
from tests.core.street import numbers_of_people

pytestmark = pytest.mark.model
SIDE_PX = 80


@pytest.fixture(scope="module")
def analyzer():
    return load_analyzer(Options(close_ups=False))


@pytest.fixture(scope="module")
def background():
    return cv2.resize(coffee(), SIZE_WH, interpolation=cv2.INTER_AREA)


@pytest.fixture(scope="module")
def heads(analyzer):
    """Two heads of one person, of whom one looks the other way: only where they go tells them apart."""
    image = astronaut()
    face = head(image, analyzer.detector.detect(image).boxes[0], SIDE_PX)
    other = tuple(np.ascontiguousarray(part[:, ::-1]) for part in face)
    return {"left": lambda i: face, "right": lambda i: other}


@pytest.fixture(scope="module")
def filmed_heads(analyzer, media_folder):
    """Two people from two films, whose faces move while they go."""
    films = {"left": ("fer_woman2.mp4", 1.0), "right": ("pyfeat_face_noface.mov", 0.0)}
    cuts = {}
    for name, (file, start_s) in films.items():
        frames = list(read_video(media_folder / "videos" / file, rate_hz=10, start_s=start_s, end_s=start_s + 2))
        cuts[name] = [head(f.image, analyzer.detector.detect(f.image).boxes[0], SIDE_PX) for f in frames]
    return {name: lambda i, seen=seen: seen[i % len(seen)] for name, seen in cuts.items()}


def going(start, speed):
    return lambda time_s: (start[0] + speed[0] * time_s, start[1] + speed[1] * time_s)


def numbers(analyzer, background, heads, paths, times_s, **knobs):
    """Return name → the numbers of that person in the order of time, where nobody else is near."""
    stream, seen = Stream(analyzer, Options(**knobs)), defaultdict(list)
    for frame in scene(background, heads, paths, times_s):
        for number, name in owners(stream.step(frame), paths, SIDE_PX).items():
            seen[name].append(number)
    return seen


CROSSING = {
    "on one line": {"left": going((90, 240), (180, 0)), "right": going((550, 240), (-180, 0))},
    "on a cross": {"left": going((90, 150), (180, 70)), "right": going((550, 330), (-180, -70))},
    "one overtakes": {"left": going((60, 230), (220, 0)), "right": going((200, 260), (80, 0))},
    "one stands": {"left": going((90, 240), (180, 0)), "right": going((320, 240), (0, 0))},
}


@pytest.mark.parametrize("rate_hz", [8, 15])
@pytest.mark.parametrize("way", CROSSING)
def test_two_who_cross_do_not_swap_their_numbers(analyzer, background, heads, way, rate_hz):
    seen = numbers(analyzer, background, heads, CROSSING[way], np.arange(0, 2.6, 1 / rate_hz))
    assert {name: set(ids) for name, ids in seen.items()} == {"left": {seen["left"][0]}, "right": {seen["right"][0]}}
    assert all(len(ids) > 8 for ids in seen.values())


@pytest.mark.data
@pytest.mark.parametrize("way", CROSSING)
def test_two_filmed_people_who_cross_do_not_swap_their_numbers(analyzer, background, filmed_heads, way):
    seen = numbers(analyzer, background, filmed_heads, CROSSING[way], np.arange(0, 2.6, 1 / 12))
    assert {name: set(ids) for name, ids in seen.items()} == {"left": {seen["left"][0]}, "right": {seen["right"][0]}}


def test_a_face_away_for_a_second_comes_back_under_its_number_and_one_long_gone_does_not(analyzer, background, heads):
    def away(start_s, end_s):
        return {
            "left": lambda time_s: None if start_s < time_s < end_s else (180, 240 + 10 * np.sin(time_s)),
            "right": lambda time_s: (460, 240),
        }

    times_s = np.arange(0, 5, 1 / 8)
    assert len(set(numbers(analyzer, background, heads, away(1, 2), times_s)["left"])) == 1
    seen = numbers(analyzer, background, heads, away(1, 3.5), times_s)
    assert len(set(seen["left"])) == 2
    assert len(set(seen["right"])) == 1


@pytest.mark.data
@pytest.mark.timeout(300)
def test_on_a_street_each_person_keeps_the_number_and_no_number_is_two_peoples(analyzer, media_folder):
    stream = Stream(analyzer)
    results = [stream.step(frame) for frame in read_video(media_folder / "videos" / "facenet_video.mp4", rate_hz=12.5)]
    seen = numbers_of_people(results)
    seen.pop(None, None)
    away = "woman in red, hidden for 2.4 s"
    assert {name: len(set(ids)) for name, ids in seen.items()} == {name: 2 if name == away else 1 for name in seen}
    assert len({number for ids in seen.values() for number in ids}) == len(seen) + 1
    assert len(seen) == 9
