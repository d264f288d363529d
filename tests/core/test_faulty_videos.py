"""Videos as people have them, whole and broken: every common kind is read, every fault is a clear sentence or a clean result."""

import os

import numpy as np
import pytest

from fer_core.errors import MediaError
from fer_core.video import probe_video, read_video
from tests.core.bad_photos import encoded, scene
from tests.core.films import KINDS, write_film

STEPS = [np.full((96, 128, 3), 20 * i + 10, np.uint8) for i in range(8)]
CENC = {
    "encryption_scheme": "cenc-aes-ctr",
    "encryption_key": "76a6c65c5ea762046bd749a2e632ccbb",
    "encryption_kid": "a7e61c373e219033c21091fa607bf3b8",
}


@pytest.fixture(autouse=True)
def _quiet_encoder(monkeypatch):
    monkeypatch.setenv("SVT_LOG", "1")


@pytest.mark.parametrize("kind", KINDS)
def test_every_common_kind_gives_all_pictures_in_order_at_their_times(tmp_path, kind):
    frames = list(read_video(write_film(tmp_path / f"film{KINDS[kind][0]}", STEPS, kind=kind)))
    assert [frame.time_s for frame in frames] == pytest.approx([i / 10 for i in range(8)], abs=2e-3)
    assert [round((frame.image.mean() - 10) / 20) for frame in frames] == list(range(8))
    assert [frame.index for frame in frames] == list(range(8))


@pytest.mark.parametrize("kind", ["H.264 in MP4", "VP9 in WebM", "MJPEG in AVI"])
@pytest.mark.parametrize("sound", [None, "pcm_s16le", "libopus", "aac"])
def test_a_video_says_what_it_is(tmp_path, kind, sound):
    suffix = KINDS[kind][0] if sound in (None, "aac") and "WebM" not in kind else ".mkv"
    info = probe_video(write_film(tmp_path / f"film{suffix}", STEPS, kind=kind, sound=sound))
    assert info.size_wh == (128, 96)
    assert info.duration_s == pytest.approx(0.8, abs=0.1)
    assert info.rate_hz == pytest.approx(10, abs=0.1)
    assert info.sound is (sound is not None)


def test_a_file_that_is_cut_off_gives_what_is_left_of_it(tmp_path):
    noise = [np.random.default_rng(i).integers(0, 255, (96, 128, 3), np.uint8) for i in range(30)]
    for suffix, kind in ((".mkv", "H.264 in MP4"), (".webm", "VP8 in WebM"), (".avi", "MJPEG in AVI")):
        data = write_film(tmp_path / f"film{suffix}", noise, kind=kind).read_bytes()
        frames = list(read_video(data[: len(data) // 2]))
        assert 5 < len(frames) < 25
        assert [frame.time_s for frame in frames] == pytest.approx([i / 10 for i in range(len(frames))], abs=2e-3)


@pytest.mark.parametrize("suffix", [".mkv", ".mp4", ".avi"])
def test_damage_in_the_middle_costs_some_pictures_and_not_the_video(tmp_path, suffix):
    noise = [np.random.default_rng(i).integers(0, 255, (96, 128, 3), np.uint8) for i in range(30)]
    data = bytearray(
        write_film(tmp_path / f"film{suffix}", noise, kind="MJPEG in AVI" if suffix == ".avi" else "H.264 in MP4").read_bytes()
    )
    middle = len(data) // 2
    data[middle : middle + 3000] = os.urandom(3000)
    times = [frame.time_s for frame in read_video(bytes(data))]
    assert len(times) >= 10
    assert (np.diff(times) > 0).all()


def test_an_encrypted_video_is_said_to_be_one(tmp_path):
    path = write_film(tmp_path / "film.mp4", STEPS, options=CENC)
    for read in (probe_video, lambda source: list(read_video(source))):
        with pytest.raises(MediaError, match="encrypted"):
            read(path)


@pytest.mark.parametrize("name", ["film.avi", "film.jpg", "film", "http:film.txt"])
def test_a_wrong_extension_changes_nothing(tmp_path, name):
    path = write_film(tmp_path / "film.mp4", STEPS).rename(tmp_path / name)
    assert len(list(read_video(path))) == 8


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "none or a damaged"),
        (encoded(scene(), "PNG"), "none or a damaged"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "nothing to show|none or a damaged"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(200), "nothing to show|none or a damaged"),
        (b"\x1a\x45\xdf\xa3" + bytes(200), "nothing to show|none or a damaged"),
    ],
)
def test_what_only_calls_itself_a_video_is_refused(tmp_path, data, words):
    (tmp_path / "film.mp4").write_bytes(data)
    for read in (probe_video, lambda source: list(read_video(source))):
        with pytest.raises(MediaError, match=words):
            read(tmp_path / "film.mp4")


def test_a_video_may_change_its_size_on_the_way(tmp_path):
    assert [f.image.shape for f in read_video(two_sizes(tmp_path))] == [(96, 128, 3)] * 8 + [(64, 160, 3)] * 8


def two_sizes(folder):
    """Return an MPEG transport stream, which may be joined end to end, of two sizes."""
    other = [(0.8 + i / 10, np.full((64, 160, 3), 99, np.uint8)) for i in range(8)]
    parts = [write_film(folder / f"{i}.ts", images).read_bytes() for i, images in enumerate((STEPS, other))]
    (folder / "film.ts").write_bytes(b"".join(parts))
    return folder / "film.ts"


def test_times_that_are_uneven_stay_uneven(tmp_path):
    times = [0.0, 0.04, 0.5, 0.52, 2.0]
    path = write_film(tmp_path / "film.mkv", [(t, STEPS[i]) for i, t in enumerate(times)])
    assert [frame.time_s for frame in read_video(path)] == pytest.approx(times, abs=2e-3)


def test_a_part_of_an_avi_has_the_times_of_the_whole(tmp_path):
    path = write_film(tmp_path / "film.avi", STEPS * 5, kind="MPEG-4 in AVI")
    times = [frame.time_s for frame in read_video(path, start_s=2.0, end_s=3.0)]
    assert times == pytest.approx([2.0 + i / 10 for i in range(10)], abs=2e-3)


def test_two_readers_of_one_open_file_do_not_disturb_each_other(tmp_path):
    path = write_film(tmp_path / "film.mp4", STEPS)
    with path.open("rb") as file:
        pairs = zip(read_video(file), read_video(file), strict=True)
        assert all(np.array_equal(a.image, b.image) for a, b in pairs)
