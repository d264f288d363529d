"""Small real videos for tests, encoded on the spot: any codec and container, with sound or without."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

# The containers and codecs that people have, each once or more: name → suffix, codec, pixel format, encoder's options.
_SPEED = {"preset": "ultrafast"}
KINDS = {
    "H.264 in MP4": (".mp4", "libx264", "yuv420p", _SPEED),
    "H.264 with B-frames in MOV": (".mov", "libx264", "yuv420p", {"preset": "ultrafast", "bf": "2"}),
    "H.264 with B-frames in AVI": (".avi", "libx264", "yuv420p", {"preset": "ultrafast", "bf": "2"}),
    "H.264 10-bit in MKV": (".mkv", "libx264", "yuv420p10le", _SPEED),
    "HEVC in MP4": (".mp4", "libx265", "yuv420p", {"preset": "ultrafast", "x265-params": "log-level=none:pools=1"}),
    "HEVC 10-bit in MOV": (".mov", "libx265", "yuv420p10le", {"preset": "ultrafast", "x265-params": "log-level=none:pools=1"}),
    "VP8 in WebM": (".webm", "libvpx", "yuv420p", {"deadline": "realtime"}),
    "VP9 in WebM": (".webm", "libvpx-vp9", "yuv420p", {"deadline": "realtime"}),
    "AV1 in MP4": (".mp4", "libsvtav1", "yuv420p", {"preset": "12"}),
    "AV1 in MKV": (".mkv", "libsvtav1", "yuv420p10le", {"preset": "12"}),
    "MJPEG in AVI": (".avi", "mjpeg", "yuvj420p", {}),
    "MPEG-4 in AVI": (".avi", "mpeg4", "yuv420p", {"bf": "2"}),
}


def write_film(path, images, *, kind="H.264 in MP4", fps=10, sound=None, fmt=None, options=None):
    """Write (H, W, 3) pictures as a video of a kind of `KINDS`, with sound of a codec or none; return the path.

    Args:
        path: its suffix chooses the container.
        images: pictures of one size.
        kind: a key of `KINDS`.
        fps: pictures a second; ignored where `images` are (time, picture) pairs.
        sound: the name of an audio encoder.
        fmt: another container than the suffix says.
        options: the muxer's.
    """
    _, codec, pixels, settings = KINDS[kind]
    timed = [image if isinstance(image, tuple) else (i / fps, image) for i, image in enumerate(images)]
    with av.open(str(path), "w", format=fmt, options=options or {}) as film:
        track = film.add_stream(codec, rate=fps, options=settings)
        track.height, track.width = timed[0][1].shape[:2]
        track.pix_fmt, track.thread_count = pixels, 1
        clock = Fraction(1, fps) if all(isinstance(image, np.ndarray) for image in images) else Fraction(1, 90_000)
        track.codec_context.time_base = clock
        voice = film.add_stream(sound, rate=48000) if sound else None
        for time_s, image in timed:
            picture = av.VideoFrame.from_ndarray(image, format="rgb24")
            picture.pts, picture.time_base = round(time_s / clock), clock
            film.mux(track.encode(picture))
        film.mux(track.encode(None))
        if voice:
            speak(film, voice, timed[-1][0] + 1 / fps)
    return Path(path)


def speak(film, voice, length_s):
    """Add a tone of so many seconds."""
    size = voice.codec_context.frame_size or 1024
    for number in range(int(length_s * 48000 / size)):
        wave = 0.3 * np.sin(2 * np.pi * 440 * (np.arange(size) + number * size) / 48000)
        form = voice.codec_context.format.name
        data = wave.astype(np.float32) if form.startswith("flt") else (wave * 32767).astype(np.int16)
        channels = len(voice.codec_context.layout.channels)
        data = np.tile(data, (channels, 1)) if form.endswith("p") else np.repeat(data, channels)[None]
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(data), format=form, layout=voice.codec_context.layout.name)
        frame.sample_rate, frame.pts, frame.time_base = 48000, number * size, Fraction(1, 48000)
        film.mux(voice.encode(frame))
    film.mux(voice.encode(None))


def sounds_of(source):
    """Return the codec and the times in seconds of each sound that decodes in a video; ("", []) without sound."""
    with av.open(source if hasattr(source, "read") else str(source)) as film:
        if not film.streams.audio:
            return "", []
        track = film.streams.audio[0]
        return track.codec_context.name, [frame.time for frame in film.decode(track)]
