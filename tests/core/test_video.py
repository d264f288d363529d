"""Videos in and out: true times, right way up, refused in plain words."""

import gc
import io
import math
import threading
from contextlib import closing
from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image

from fer_core.errors import InputError, MediaError, WriteError
from fer_core.types import Frame
from fer_core.video import read_video, write_video
from tests.core.bad_photos import encoded, scene

UNTURNED = (1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)  # the matrix of a picture that is shown as it is
TIMES_S = (0.0, 0.033, 0.07, 0.5, 0.51, 1.25)


def grays(times_s, size_hw=(48, 64)):
    """Return frames that are one gray each, brighter with each."""
    return [Frame(np.full((*size_hw, 3), 30 * (i % 8), np.uint8), t, i) for i, t in enumerate(times_s)]


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    path = tmp_path_factory.mktemp("video") / "clip.mp4"
    write_video(path, grays(TIMES_S))
    return path


def rewritten(path, *, picture=True, sound=False):
    """Return a clip's bytes in another container: its own pictures or none, silence or none."""
    import av

    file = io.BytesIO()
    with av.open(str(path)) as old, av.open(file, "w", format="mp4") as new:
        pictures = new.add_stream_from_template(old.streams.video[0]) if picture else None
        silence = new.add_stream("aac", rate=16000) if sound else None
        if pictures:
            for packet in old.demux(video=0):
                packet.stream = pictures
                new.mux([packet] if packet.dts is not None else [])
        if silence:
            frame = av.AudioFrame(format="fltp", layout="mono", samples=1024)
            frame.sample_rate, frame.pts, frame.time_base = 16000, 0, Fraction(1, 16000)
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            new.mux(silence.encode(frame))
            new.mux(silence.encode(None))
    return file.getvalue()


def test_times_come_from_the_file_and_not_from_a_frame_rate(clip):
    frames = list(read_video(clip))
    assert [frame.time_s for frame in frames] == pytest.approx(TIMES_S, abs=1e-4)
    assert [frame.index for frame in frames] == list(range(6))
    assert [round(float(frame.image.mean()) / 30) for frame in frames] == list(range(6))


def test_odd_sides_are_lengthened_by_one_pixel_and_even_ones_are_not(tmp_path):
    write_video(tmp_path / "odd.mp4", grays((0.0, 0.1), (33, 46)))
    assert [frame.image.shape for frame in read_video(tmp_path / "odd.mp4")] == [(34, 46, 3)] * 2


def test_sampling_never_gives_more_than_was_asked_and_times_increase(tmp_path):
    times = np.arange(60) * 1001 / 30000
    write_video(tmp_path / "ntsc.mp4", grays([0.0, *times[1:]]))
    for rate_hz in (1, 4.5, 10, 1000):
        taken = [frame.time_s for frame in read_video(tmp_path / "ntsc.mp4", rate_hz=rate_hz)]
        assert (np.diff(taken) > 0).all()
        assert len(taken) <= np.ceil(times[-1] * rate_hz) + 1
        assert len(taken) >= min(60, int(times[-1] * rate_hz))


def test_a_range_starts_at_its_start_and_does_not_reach_its_end(clip):
    assert [f.time_s for f in read_video(clip, start_s=0.07, end_s=0.51)] == pytest.approx([0.07, 0.5], abs=1e-4)
    assert not list(read_video(clip, start_s=0.6, end_s=0.7))


def test_pictures_are_numbered_as_they_are_taken_and_not_as_they_lie_in_the_file(clip):
    taken = list(read_video(clip, rate_hz=4, start_s=0.07))
    assert [frame.index for frame in taken] == [0, 1, 2]
    assert [frame.time_s for frame in taken] == pytest.approx([0.07, 0.5, 1.25], abs=1e-4)


def test_bytes_paths_and_open_files_give_the_same(clip):
    sources = (clip, str(clip), clip.read_bytes(), io.BytesIO(clip.read_bytes()), rewritten(clip))
    assert [[round(f.time_s, 3) for f in read_video(source)] for source in sources] == [list(TIMES_S)] * 5


def test_rotation_is_applied_as_players_do(tmp_path):
    import av

    upright = np.asarray(scene())[:, :48]
    write_video(tmp_path / "lying.mp4", [Frame(upright, 0.0), Frame(upright, 0.1)])
    data = bytearray((tmp_path / "lying.mp4").read_bytes())
    turned = (0, -(1 << 16) % 2**32, 0, 1 << 16, 0, 0, 0, 0, 1 << 30)
    old, new = (b"".join(n.to_bytes(4, "big") for n in matrix) for matrix in (UNTURNED, turned))
    at = data.index(old, data.index(b"tkhd"))  # the track's own matrix, not the film's
    data[at : at + 36] = new
    with av.open(io.BytesIO(bytes(data))) as container:
        quarter_turns = next(container.decode(video=0)).rotation // 90
    seen = next(read_video(bytes(data))).image
    assert quarter_turns % 4 == 1
    assert seen.shape == (48, 64, 3)
    assert np.abs(seen.astype(int) - np.rot90(upright, 1)).mean() < 20


MATRICES = {  # a, b, c, d: (x, y) is shown at (a x + c y, b x + d y)
    "mirrored from left to right": ((-1, 0, 0, 1), lambda image: image[:, ::-1]),
    "mirrored from top to bottom": ((1, 0, 0, -1), lambda image: image[::-1]),
    "mirrored about one diagonal": ((0, 1, 1, 0), lambda image: image.transpose(1, 0, 2)),
    "mirrored about the other": ((0, -1, -1, 0), lambda image: np.rot90(image, 2).transpose(1, 0, 2)),
    "turned to the left": ((0, -1, 1, 0), np.rot90),
    "upside down": ((-1, 0, 0, -1), lambda image: image[::-1, ::-1]),
}


@pytest.mark.parametrize("how", MATRICES)
def test_a_video_is_mirrored_and_turned_as_ffmpeg_does(tmp_path, how):
    (a, b, c, d), as_shown = MATRICES[how]
    lying = np.asarray(scene())[:, :48]
    write_video(tmp_path / "lying.mp4", [Frame(lying, 0.0), Frame(lying, 0.1)])
    data = bytearray((tmp_path / "lying.mp4").read_bytes())
    at = data.index(b"".join(n.to_bytes(4, "big") for n in UNTURNED), data.index(b"tkhd"))
    matrix = [n << 16 for n in (a, b, 0, c, d, 0, 0, 0)]
    data[at : at + 36] = b"".join((n % 2**32).to_bytes(4, "big") for n in (*matrix, 1 << 30))
    seen = next(read_video(bytes(data))).image
    shown = as_shown(lying)
    assert seen.shape == shown.shape
    assert np.abs(seen.astype(int) - shown).mean() < 20


def test_pictures_are_let_go_as_soon_as_they_are_read(clip):
    gc.collect()
    gc.disable()
    try:
        assert len(list(read_video(clip))) == 6
        assert not [thing for thing in gc.get_objects() if isinstance(thing, av.VideoFrame)]
    finally:
        gc.enable()


def test_the_shape_of_pixels_that_the_file_states_counts_before_that_of_the_codec(tmp_path):
    data = bytearray(wide(tmp_path / "wide.mp4", "4/3").read_bytes())
    assert next(read_video(bytes(data))).image.shape == (72, 128, 3)
    at = data.index(b"pasp") + 4
    data[at : at + 8] = b"".join(n.to_bytes(4, "big") for n in (8, 9))
    assert next(read_video(bytes(data))).image.shape == (81, 96, 3)


def wide(path, ratio):
    """Write a film of one picture, half of it white, whose pixels have a shape."""
    with av.open(str(path), "w") as film:
        track = film.add_stream("libx264", rate=10)
        track.width, track.height, track.pix_fmt = 96, 72, "yuv420p"
        track.codec_context.sample_aspect_ratio = Fraction(ratio)
        picture = np.zeros((72, 96, 3), np.uint8)
        picture[:, 48:] = 255
        film.mux([*track.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")), *track.encode(None)])
    return path


@pytest.mark.parametrize(
    ("ratio", "size_wh"), [("4/3", (128, 72)), ("8/9", (96, 81)), ("1/1", (96, 72)), ("90/1", (96, 72)), ("640/639", (96, 72))]
)
def test_pixels_that_are_no_squares_are_shown_as_players_do(tmp_path, ratio, size_wh):
    from fer_core.video import probe_video

    path = wide(tmp_path / "wide.mkv", ratio)
    assert probe_video(path).size_wh == size_wh
    seen = next(read_video(path)).image
    assert seen.shape == (size_wh[1], size_wh[0], 3)
    assert (seen > 128).mean() == pytest.approx(0.5, abs=0.02)


def test_sound_beside_the_picture_changes_nothing(clip):
    assert len(list(read_video(rewritten(clip, sound=True)))) == 6


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"", "none or a damaged"),
        (b"no video at all" * 50, "none or a damaged"),
        (encoded(scene(), "JPEG"), "none or a damaged"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", "none or a damaged"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "none or a damaged"),
        ("http://localhost:9/clip.mp4", "check the path"),
        ("", "check the path"),
        ("nothing.mp4", "check the path"),
    ],
)
def test_what_is_no_video_is_a_media_error(source, words):
    with pytest.raises(MediaError, match=words):
        next(read_video(source))


def test_sound_alone_is_a_media_error(clip):
    with pytest.raises(MediaError, match="sound alone"):
        next(read_video(rewritten(clip, picture=False, sound=True)))


def test_a_video_cut_off_is_a_media_error(clip):
    data = clip.read_bytes()
    with pytest.raises(MediaError, match="nothing to show"):
        list(read_video(data[: len(data) // 2]))


@pytest.mark.parametrize(
    "knobs",
    [{"rate_hz": 0}, {"rate_hz": -1}, {"rate_hz": float("nan")}, {"start_s": -1}, {"start_s": 2, "end_s": 2}, {"ahead": -1}],
)
def test_a_rate_range_or_lead_that_is_none_is_refused_before_the_first_frame(knobs):
    with pytest.raises(InputError, match="got"):
        read_video("any.mp4", **knobs)


def test_a_video_of_no_frames_or_of_two_sizes_is_not_written(tmp_path):
    with pytest.raises(InputError, match="at least one"):
        write_video(tmp_path / "none.mp4", [])
    with pytest.raises(InputError, match="one size"):
        write_video(tmp_path / "two.mp4", [*grays([0.0]), Frame(np.zeros((20, 20, 3), np.uint8), 1.0)])
    with pytest.raises(WriteError, match="place to write"):
        write_video(tmp_path / "no" / "folder.mp4", grays([0.0]))


@pytest.mark.data
def test_real_videos_are_read_with_increasing_times(media_folder):
    for path in sorted((media_folder / "videos").iterdir()):
        frames = list(read_video(path, rate_hz=2, end_s=3))
        assert 4 <= len(frames) <= 6
        assert (np.diff([frame.time_s for frame in frames]) >= 0.4).all()
        assert Image.fromarray(frames[0].image).width > 300


def test_a_video_that_is_left_midway_is_closed_and_leaves_no_thread(clip, tmp_path):
    before = set(threading.enumerate())
    with clip.open("rb") as file, closing(read_video(file, ahead=2)) as frames:
        assert next(frames).time_s == 0
        assert set(threading.enumerate()) > before
    assert set(threading.enumerate()) == before
    with closing(read_video(clip)) as frames:
        next(frames)
        assert set(threading.enumerate()) == before


@pytest.mark.parametrize("times_s", [(0.0, 0.0), (0.0, 0.2, 0.1), (-1.0, 0.0), (math.nan,), (0.0, math.inf)])
def test_pictures_that_do_not_follow_each_other_in_time_are_refused(tmp_path, times_s):
    with pytest.raises(InputError, match="that increase"):
        write_video(tmp_path / "film.mp4", grays(times_s))
    assert not (tmp_path / "film.mp4").exists()


@pytest.mark.parametrize("source", [None, 7, io.StringIO("film")])
def test_a_source_of_another_type_is_an_input_error(source):
    with pytest.raises(InputError, match="open for reading bytes"):
        next(iter(read_video(source)))
