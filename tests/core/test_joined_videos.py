"""Videos that were joined end to end, as recorders and `cat` do it: every part is there, in order, with its sound."""

from fractions import Fraction

import av
import numpy as np
import pytest

from fer_core.annotate import Annotation, annotate_video
from fer_core.timeline import Timeline
from fer_core.video import read_video
from tests.core.films import sounds_of, write_film

STEPS = [np.full((96, 128, 3), 10 * i + 10, np.uint8) for i in range(20)]
PARTS = {"transport": (".ts", "H.264 in MP4", None), "program": (".mpg", "MPEG-4 in AVI", "mpeg")}
NOBODY = Timeline.of([], [])


def joined(folder, stream, count=2, sound="mp2"):
    """Return a film of parts of two seconds each, whose clocks all start at the same time."""
    suffix, kind, fmt = PARTS[stream]
    part = write_film(folder / f"part{suffix}", STEPS, kind=kind, fmt=fmt, sound=sound).read_bytes()
    (folder / f"film{suffix}").write_bytes(part * count)
    return folder / f"film{suffix}"


@pytest.mark.parametrize("stream", PARTS)
@pytest.mark.parametrize("sound", [None, "mp2"])
def test_every_part_is_read_and_time_goes_on(tmp_path, stream, sound):
    frames, alone = list(read_video(joined(tmp_path, stream, 3, sound))), read_video(tmp_path / f"part{PARTS[stream][0]}")
    times = np.array([frame.time_s for frame in frames])
    assert [frame.image.mean() for frame in frames] == [frame.image.mean() for frame in alone] * 3
    assert times[:20] == pytest.approx(np.arange(20) / 10, abs=2e-3)
    assert np.diff(times) == pytest.approx(0.1, abs=0.1)
    assert (np.diff(times) > 0).all()
    assert times[40] - times[20] == pytest.approx(times[20] - times[0], abs=0.01)


@pytest.mark.parametrize("stream", PARTS)
def test_the_sound_of_every_part_is_kept_beside_its_pictures(tmp_path, stream):
    film = joined(tmp_path, stream, 3)
    assert annotate_video(film, tmp_path / "new.mp4", NOBODY)
    pictures = [frame.time_s for frame in read_video(tmp_path / "new.mp4")]
    name, times = sounds_of(tmp_path / "new.mp4")
    assert len(pictures) == 60
    assert name == "aac"
    assert (np.diff(times) > 0).all()
    assert times[-1] == pytest.approx(pictures[-1], abs=0.2)


def test_a_clock_that_steps_back_a_little_is_no_new_part(tmp_path):
    film = write_film(tmp_path / "film.mkv", [(t, STEPS[i]) for i, t in enumerate((0.0, 2.0, 4.0))])
    assert [frame.time_s for frame in read_video(film)] == pytest.approx([0, 2, 4], abs=2e-3)
    short = write_film(tmp_path / "short.ts", STEPS[:8]).read_bytes() * 2
    assert [frame.time_s for frame in read_video(short)] == pytest.approx(np.arange(8) / 10, abs=2e-3)


@pytest.mark.parametrize("stream", PARTS)
def test_a_part_of_a_stream_without_an_index_loses_no_picture(tmp_path, stream):
    film = joined(tmp_path, stream, 1)
    whole = [frame.time_s for frame in read_video(film)]
    for start_s in (0.05, 0.5, 1.0, 1.7):
        later = [time_s for time_s in whole if time_s >= start_s]
        assert [frame.time_s for frame in read_video(film, start_s=start_s)] == later
    annotate_video(film, tmp_path / "new.mp4", NOBODY, Annotation(start_s=1.0, end_s=1.5))
    _, times = sounds_of(tmp_path / "new.mp4")
    assert times[0] == pytest.approx(0, abs=0.05)
    assert times[-1] == pytest.approx(0.5, abs=0.1)


def spoken(path, forms):
    """Write a transport stream of a second of pictures and of sound for each form: codec, rate in Hz and layout."""
    data = b""
    for number, (codec, rate_hz, layout) in enumerate(forms):
        with av.open(str(path), "w", format="mpegts") as film:
            track = film.add_stream("libx264", rate=10, options={"preset": "ultrafast"})
            track.width, track.height, track.pix_fmt = 128, 96, "yuv420p"
            voice = film.add_stream(codec, rate=rate_hz, layout=layout)
            for i in range(10):
                picture = av.VideoFrame.from_ndarray(STEPS[i], format="rgb24")
                picture.pts, picture.time_base = 10 * number + i, Fraction(1, 10)
                film.mux(track.encode(picture))
            film.mux(track.encode(None))
            tone = av.AudioFrame.from_ndarray(np.zeros((1, rate_hz * len(voice.layout.channels)), np.int16), "s16", layout)
            tone.sample_rate, tone.pts, tone.time_base = rate_hz, rate_hz * number, Fraction(1, rate_hz)
            film.mux([*voice.encode(tone), *voice.encode(None)])
        data += path.read_bytes()
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "forms",
    [
        [("mp2", 48000, "stereo"), ("mp2", 44100, "mono")],
        [("aac", 44100, "mono"), ("aac", 48000, "stereo")],
        [("aac", 48000, "stereo"), ("aac", 44100, "mono"), ("aac", 48000, "stereo")],
    ],
)
def test_sound_that_changes_its_form_goes_on(tmp_path, forms):
    film = spoken(tmp_path / "film.ts", forms)
    assert annotate_video(film, tmp_path / "new.mp4", NOBODY)
    _, times = sounds_of(tmp_path / "new.mp4")
    assert len(list(read_video(tmp_path / "new.mp4"))) == 10 * len(forms)
    assert times[-1] == pytest.approx(len(forms), abs=0.15)
    assert np.diff(times).max() < 0.1
