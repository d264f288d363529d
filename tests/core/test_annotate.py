"""Annotated videos: every picture at its time, with its sound, and nothing left of what was not finished."""

import errno
import io
import os
import resource
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress

import av
import numpy as np
import pytest
from skimage.data import astronaut

from fer_core import Stream, load_analyzer
from fer_core.annotate import Annotation, annotate_video
from fer_core.draw import draw
from fer_core.errors import InputError, MediaError, WriteError
from fer_core.files import keeps_all_from_writing, replacing, sweep, unwritable
from fer_core.people import Person, with_person
from fer_core.session import Session
from fer_core.timeline import Timeline
from fer_core.video import probe_video, read_video
from tests.conftest import ROOT
from tests.core.films import sounds_of, write_film
from tests.core.test_faulty_videos import two_sizes

FACE = astronaut()[0:240, 100:340]
TIMES = [0.0, 0.04, 0.2, 0.24, 0.5, 0.9, 1.3]


@pytest.fixture(scope="module")
def analyzer():
    return load_analyzer()


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """A face for a second and a half at uneven times, with sound."""
    path = tmp_path_factory.mktemp("film") / "film.mkv"
    return write_film(path, [(t, FACE) for t in TIMES], sound="libopus")


@pytest.fixture(scope="module")
def timeline(analyzer, film):
    return seen(analyzer, film)


def seen(analyzer, path, **knobs):
    stream, session = Stream(analyzer), Session()
    for frame in read_video(path, **knobs):
        session.add(stream.step(frame), "film")
    return session.timeline()


def close(a, b):
    return np.abs(a.astype(int) - b.astype(int)).mean()


def test_every_picture_is_there_at_its_time_with_the_face_framed(film, timeline, tmp_path):
    assert annotate_video(film, tmp_path / "new.mp4", timeline)
    old, new = list(read_video(film)), list(read_video(tmp_path / "new.mp4"))
    assert [f.time_s for f in new] == pytest.approx(TIMES, abs=2e-3)
    for before, after in zip(old, new, strict=True):
        assert 2 < close(before.image, after.image) < 20
    assert list(tmp_path.iterdir()) == [tmp_path / "new.mp4"]


def test_browsers_can_play_it(film, timeline, tmp_path):
    annotate_video(film, tmp_path / "new.mp4", timeline)
    with av.open(str(tmp_path / "new.mp4")) as container:
        picture = container.streams.video[0].codec_context
        assert (picture.name, picture.pix_fmt) == ("h264", "yuv420p")
        assert container.streams.audio[0].codec_context.name == "aac"


@pytest.mark.parametrize(("suffix", "codec"), [(".mkv", "pcm_s16le"), (".mkv", "libopus"), (".mkv", "aac"), (".mp4", "aac")])
def test_sound_is_kept_at_its_times(timeline, tmp_path, suffix, codec):
    source = write_film(tmp_path / f"film{suffix}", [(t, FACE) for t in TIMES], sound=codec)
    annotate_video(source, tmp_path / "new.mp4", timeline)
    _, before = sounds_of(source)
    name, after = sounds_of(tmp_path / "new.mp4")
    assert name == "aac"
    assert after[0] == pytest.approx(before[0], abs=0.05)
    assert after[-1] == pytest.approx(before[-1], abs=0.1)


def test_sound_that_browsers_play_is_copied_and_not_packed_again(timeline, tmp_path):
    source = write_film(tmp_path / "film.mp4", [(t, FACE) for t in TIMES], sound="aac")
    annotate_video(source, tmp_path / "new.mp4", timeline)
    copied = packets(tmp_path / "new.mp4")
    assert len(copied) > 50
    assert copied == packets(source)[1:]  # what an encoder sends ahead, before 0, is left out


def packets(path):
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]


def test_a_part_begins_at_zero_with_its_own_sound_and_no_other(film, timeline, tmp_path):
    annotate_video(film, tmp_path / "new.mp4", timeline, Annotation(start_s=0.2, end_s=0.9))
    assert [f.time_s for f in read_video(tmp_path / "new.mp4")] == pytest.approx([0, 0.04, 0.3], abs=2e-3)
    _, times = sounds_of(tmp_path / "new.mp4")
    assert 0 <= times[0] < 0.1
    assert 0.5 < times[-1] < 0.72


def test_without_sound_there_is_none(timeline, tmp_path):
    annotate_video(write_film(tmp_path / "film.mp4", [FACE] * 3), tmp_path / "new.mp4", timeline)
    assert not probe_video(tmp_path / "new.mp4").sound


def test_blurring_leaves_no_face_even_where_none_was_found(analyzer, tmp_path):
    film = write_film(tmp_path / "film.mp4", [FACE] * 12)
    sparse = seen(analyzer, film, rate_hz=2.5)
    annotate_video(film, tmp_path / "new.mp4", sparse, Annotation(blur=True, frames=False))
    assert all(len(analyzer.detector.detect(frame.image)) == 1 for frame in read_video(film))
    assert not any(len(analyzer.detector.detect(frame.image)) for frame in read_video(tmp_path / "new.mp4"))


def test_hidden_people_are_not_framed_but_blurred(film, timeline, tmp_path):
    hidden = with_person(timeline, Person("film", 0, hidden=True))
    annotate_video(film, tmp_path / "bare.mp4", hidden)
    annotate_video(film, tmp_path / "blurred.mp4", hidden, Annotation(blur=True))
    first = [next(read_video(path)).image for path in (film, tmp_path / "bare.mp4", tmp_path / "blurred.mp4")]
    assert close(first[0], first[1]) < 2
    assert close(first[0], first[2]) > 4


def test_a_name_is_written(analyzer):
    result = Stream(analyzer).step(next(iter([_frame()])))
    plain, named = draw(FACE, result), draw(FACE, result, people={0: "Ann"})
    assert not np.array_equal(plain, named)
    assert np.array_equal(plain, draw(FACE, result, people={7: "Ann"}))


def _frame():
    from fer_core.types import Frame

    return Frame(FACE)


def test_pictures_of_another_size_are_fitted_into_the_first_ones(tmp_path):
    annotate_video(two_sizes(tmp_path), tmp_path / "new.mp4", Timeline.of([], []))
    frames = list(read_video(tmp_path / "new.mp4"))
    assert {frame.image.shape for frame in frames} == {(96, 128, 3)}
    assert len(frames) == 16
    assert frames[-1].image[:10].max() < 20
    assert abs(frames[-1].image[48].mean() - 99) < 8


def test_progress_rises_to_one(film, timeline, tmp_path):
    shares = []
    annotate_video(film, tmp_path / "new.mp4", timeline, progress=shares.append)
    assert shares == sorted(shares)
    assert len(shares) == len(TIMES)
    assert 0.8 < shares[-1] <= 1


def test_cancelling_leaves_nothing(film, timeline, tmp_path):
    asked = []
    done = annotate_video(film, tmp_path / "new.mp4", timeline, cancel=lambda: bool(asked.append(1)) or len(asked) > 3)
    assert not done
    assert not list(tmp_path.iterdir())


@pytest.mark.timeout(300)
def test_a_video_five_times_as_long_takes_no_more_memory(tmp_path):
    code = """
import resource, sys
from fer_core import Timeline, annotate_video
for name in ("short", "long"):
    annotate_video(f"{sys.argv[1]}/{name}.mp4", f"{sys.argv[1]}/new.mp4", Timeline.of([], []))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
    picture = np.resize(FACE, (240, 320, 3))
    for name, count in (("short", 80), ("long", 400)):
        write_film(tmp_path / f"{name}.mp4", (picture for _ in range(count)), sound="aac")
    run = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, cwd=ROOT, check=True)
    short_mb, long_mb = map(int, run.stdout.split())
    assert long_mb - short_mb < 25  # 320 more pictures of 320 x 240 are 70 MB


def test_an_open_file_is_a_target_too(film, timeline):
    with tempfile.TemporaryFile() as target:
        annotate_video(film, target, timeline)
        target.seek(0)
        assert len(list(read_video(io.BytesIO(target.read())))) == len(TIMES)


@contextmanager
def little_room(size):
    """Let no file grow beyond so many bytes, as on a disk that fills up."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)


@pytest.mark.parametrize("size", [0, 100, 20_000])
def test_a_disk_that_fills_up_is_a_clear_error_and_leaves_nothing(timeline, tmp_path, size):
    (tmp_path / "out").mkdir()
    noise = [np.random.default_rng(i).integers(0, 255, (240, 240, 3), np.uint8) for i in range(12)]
    source = write_film(tmp_path / "film.mp4", noise, sound="aac")
    with little_room(size), pytest.raises(WriteError, match=r"place to write 'new\.mp4', got File too large"):
        annotate_video(source, tmp_path / "out" / "new.mp4", timeline)
    assert not list((tmp_path / "out").iterdir())


def test_a_source_that_is_no_video_or_no_folder_leaves_nothing(film, timeline, tmp_path):
    with pytest.raises(MediaError):
        annotate_video(b"nothing", tmp_path / "new.mp4", timeline)
    with pytest.raises(InputError, match="at least one frame"):
        annotate_video(film, tmp_path / "new.mp4", timeline, Annotation(start_s=50, end_s=60))
    with pytest.raises(WriteError):
        annotate_video(film, tmp_path / "none" / "new.mp4", timeline)
    assert not list(tmp_path.iterdir())


def test_an_interrupted_file_leaves_the_old_one_and_no_other(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(KeyboardInterrupt):
        _interrupted(tmp_path / "a.txt")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]
    with replacing(tmp_path / "a.txt") as file:
        file.write(b"new")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["new"]


def _interrupted(path):
    with replacing(path) as file:
        file.write(b"new")
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("number", "general"),
    [(errno.ENOSPC, True), (errno.EROFS, True), (errno.EACCES, True), (errno.ENAMETOOLONG, False), (errno.EINVAL, False)],
)
def test_a_full_disk_keeps_all_files_from_being_written_and_a_fault_of_one_file_does_not(number, general):
    fault = unwritable("a.mp4", OSError(number, os.strerror(number)))
    assert os.strerror(number) in str(fault)
    with suppress(WriteError):
        raise fault from OSError(number, os.strerror(number))
    assert keeps_all_from_writing(fault) is general
    assert not keeps_all_from_writing(unwritable("a.mp4", ValueError("of another kind")))


def test_what_a_killed_process_left_is_swept_and_nothing_else(tmp_path):
    unfinished = [replacing(tmp_path / "a.mp4"), replacing(tmp_path / "b.mp4")]
    for context in unfinished:
        context.__enter__()
    (tmp_path / "mine.part").touch()
    assert len(list(tmp_path.iterdir())) == 3
    assert sweep([tmp_path / "a.mp4", tmp_path / "c.mp4"]) == 1
    assert sweep([tmp_path / "a.mp4", tmp_path / "no" / "a.mp4"]) == 0
    assert len(list(tmp_path.iterdir())) == 2
