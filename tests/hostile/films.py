"""Videos that mean harm, or were harmed. Made here with a real encoder, then broken in one place each."""

import struct
import tempfile
from pathlib import Path

import av
import numpy as np

from tests.core.bad_photos import encoded, scene, with_bytes
from tests.core.films import speak, write_film

NOISE = [np.random.default_rng(i).integers(0, 255, (48, 64, 3), np.uint8) for i in range(12)]
WHOLE = {"MP4": (".mp4", "H.264 in MP4"), "MKV": (".mkv", "H.264 in MP4"), "AVI": (".avi", "MJPEG in AVI")}


def film(suffix, kind, images=NOISE):
    """Return the bytes of a small video; its encoder works on one thread, so that they are the same each time."""
    with tempfile.TemporaryDirectory() as folder:
        return write_film(Path(folder) / f"film{suffix}", images, kind=kind).read_bytes()


def sound_alone():
    """Return an MP4 that shows nothing."""
    with tempfile.TemporaryDirectory() as folder:
        with av.open(f"{folder}/film.mp4", "w") as made:
            speak(made, made.add_stream("aac", rate=48000), 0.5)
        return (Path(folder) / "film.mp4").read_bytes()


def cuts(films):
    """Return every beginning of whole kilobytes of each video."""
    return {
        f"{name} cut at {size >> 10} KB": data[:size]
        for name, data in films.items()
        for size in range(1024, min(len(data), 16 << 10), 1024)
    }


def wrong_mp4s(mp4):
    """Return MP4s whose tables lie: durations, clocks, sizes, places."""
    lies = {
        "an endless duration": (b"mvhd", 16, b"\xff" * 4),
        "an endless track": (b"tkhd", 24, b"\xff" * 4),
        "a clock that stands still": (b"mdhd", 16, bytes(4)),
        "an endless medium": (b"mdhd", 20, b"\xff" * 4),
        "a huge track": (b"tkhd", 80, b"\xff\xff\0\0\xff\xff\0\0"),
        "huge pictures": (b"avc1", 28, b"\xff\xff\xff\xff"),
        "pictures of no size": (b"avc1", 28, bytes(4)),
        "times that stand still": (b"stts", 16, bytes(4)),
        "countless times": (b"stts", 8, b"\xff\xff\xff\xff"),
        "countless samples": (b"stsz", 12, b"\x7f\xff\xff\xff"),
        "samples of huge size": (b"stsz", 8, b"\x7f\xff\xff\xff"),
        "pieces beyond its end": (b"stco", 12, b"\xff\xff\xff\xf0"),
        "countless pieces": (b"stsc", 8, b"\xff\xff\xff\xff"),
        "another file's pictures": (b"dref", 16, b"url \0\0\0\0"),
    }
    return {f"MP4 with {name}": with_bytes(mp4, mp4.index(box) + at, new) for name, (box, at, new) in lies.items()}


def wrong_avis(avi):
    """Return AVIs of impossible rates and sizes; `strh` and `avih` stand 8 bytes before their values."""
    stream, main = avi.index(b"strh") + 8, avi.index(b"avih") + 8
    return {
        "AVI of zero pictures a second": with_bytes(avi, stream + 24, bytes(4)),
        "AVI without a clock": with_bytes(avi, stream + 20, bytes(8)),
        "AVI of four billion pictures a second": with_bytes(avi, stream + 20, b"\1\0\0\0\xff\xff\xff\xff"),
        "AVI of endless length": with_bytes(avi, stream + 32, b"\xff" * 4),
        "AVI of huge pictures": with_bytes(
            with_bytes(avi, main + 32, b"\xff\xff\0\0" * 2), avi.index(b"strf") + 12, b"\xff\xff\0\0" * 2
        ),
        "AVI whose JPEG is huge": with_bytes(avi, avi.index(b"\xff\xc0", avi.index(b"movi")) + 5, b"\xff\xff\xff\xff"),
    }


def wrong_mkvs(mkv):
    """Return Matroska files of impossible sizes and lengths (EBML ids of RFC 9559)."""
    wide, length = mkv.index(b"\xb0\x81\x40"), mkv.index(b"\x44\x89\x88")
    return {
        "MKV of a huge width": mkv[:wide] + b"\xb0\x81\xff" + mkv[wide + 3 :],
        "MKV of no width": with_bytes(mkv, wide, b"\xb0\x81\x00"),
        "MKV of endless length": with_bytes(mkv, length + 3, struct.pack(">d", 1e300)),
        "MKV whose length is no number": with_bytes(mkv, length + 3, struct.pack(">d", float("nan"))),
        "MKV of negative length": with_bytes(mkv, length + 3, struct.pack(">d", -5.0)),
        "MKV of boxes in boxes": mkv[:200] + b"\x1f\x43\xb6\x75\x01\xff\xff\xff\xff\xff\xff\xff" * 2000,
    }


def nested():
    """Return containers in containers, and lists that would make a reader open other files and addresses."""
    deep = b"".join(struct.pack(">I4s", 8 * (4000 - i), b"moov") for i in range(4000))
    return {
        "MP4 of boxes in boxes": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + deep,
        "MP4 of a box without end": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\1mdat" + b"\xff" * 8,
        "MP4 in an MP4": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + struct.pack(">I4s", 8 + 1000, b"mdat") + bytes(1000),
        "playlist of a local file": b"#EXTM3U\n#EXTINF:9,\nfile:///etc/passwd\n",
        "playlist of an address": b"#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/x.ts\n",
        "list of files to join": b"ffconcat version 1.0\nfile /etc/passwd\n",
        "session description": b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n",
        "DASH manifest": b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>file:///etc/</BaseURL></MPD>',
        "sound alone in a WAV": b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x44\xac\0\0\x88\x58\1\0\2\0\x10\0data\0\0\0\0",
        "FLV without end": b"FLV\1\5\0\0\0\x09\0\0\0\0" + b"\x09\xff\xff\xff\0\0\0\0\0\0\0" * 50,
        "MPEG stream of noise": (b"\x47" + bytes(range(187))) * 200,
        "photo": encoded(scene(), "JPEG"),
        "nothing": b"",
    }


def films():
    """Return {name: bytes} of every hostile video."""
    whole = {name: film(*how) for name, how in WHOLE.items()}
    wrong = wrong_mp4s(whole["MP4"]) | wrong_avis(whole["AVI"]) | wrong_mkvs(whole["MKV"])
    return cuts(whole) | wrong | nested() | {"sound alone in an MP4": sound_alone()}
