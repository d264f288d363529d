"""Adapter. Video files → the packets of their tracks, on one clock that goes on: opening, choosing the track (PyAV).

Units: seconds since the start of the picture track.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar, cast

from fer_core.errors import InputError, MediaError
from fer_core.media import MAX_PIXELS, Source
from fer_core.refusal import too_large

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

Track = TypeVar("Track", bound="VideoStream | AudioStream")

# Playlists and the like are left out on purpose: they make FFmpeg open other files and addresses.
_SAFE = {"format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,ogg,flv,asf"}
_NO_INDEX = ("mpegts", "mpeg")  # FFmpeg guesses where a time lies in them, and loses the pictures about it
_RESTART_S = 1.0  # the clock of one recording never runs back by as much


@contextmanager
def opened(source: Source) -> Iterator[InputContainer]:
    """Open a video for reading, from its first byte.

    Raises:
        MediaError: there is no such file, or it is no video.
    """
    import av  # here, because importing it takes longer than the rest of the library together

    with ExitStack() as stack:
        file = _Cursor(_binary(source, stack))
        try:
            yield stack.enter_context(av.open(file, options=_SAFE, metadata_errors="ignore"))
        except av.FFmpegError as fault:
            raise MediaError(
                "expected a video (MP4, MOV, WebM, MKV, AVI), got none or a damaged one; convert it to MP4"
            ) from fault


class _Cursor:
    """Reads an open file from its start, with a place of its own: sound and pictures are read from one file in turn."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._at = file, 0

    def read(self, count: int = -1) -> bytes:
        self._file.seek(self._at)
        data = self._file.read(count)
        self._at += len(data)
        return data

    def seek(self, to: int, whence: int = io.SEEK_SET) -> int:
        self._at = self._file.seek(to + self._at, io.SEEK_SET) if whence == io.SEEK_CUR else self._file.seek(to, whence)
        return self._at

    def tell(self) -> int:
        return self._at


def _binary(source: Source, stack: ExitStack) -> BinaryIO:
    """Return an open file: never a name, which FFmpeg might take for an address to fetch."""
    if isinstance(source, bytes | bytearray | memoryview):
        return io.BytesIO(source)
    if not isinstance(source, str | Path):
        if not (hasattr(source, "read") and hasattr(source, "seek")) or isinstance(source, io.TextIOBase):
            came = f"{type(source).__name__}; see fer_core.read_video"
            raise InputError(f"source must be a path, bytes or a file that is open for reading bytes, got {came}")
        return source
    try:
        return stack.enter_context(Path(source).open("rb"))
    except (OSError, ValueError) as fault:
        raise MediaError(f"expected a readable video, got {fault}; check the path") from fault


def picture_track(container: InputContainer) -> VideoStream:
    """Return the first video stream that is no cover picture.

    Raises:
        MediaError: there is none, or its pictures are too large.
    """
    from av.stream import Disposition

    tracks = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not tracks:
        came = "sound alone; choose a file that shows something" if container.streams.audio else "nothing to show; copy it again"
        raise MediaError(f"expected a video with pictures, got {came}")
    need_size(tracks[0].width, tracks[0].height)
    return tracks[0]


def origin_s(track: VideoStream) -> float:
    """Return the file's own time of the picture track's start, in seconds: what counts as 0."""
    return float((track.start_time or 0) * (track.time_base or 0))


def go_to(container: InputContainer, time_s: float) -> None:
    """Go to the key frame before a time of the picture track; stay at the beginning of a file that has no index."""
    track = picture_track(container)
    if time_s > 0 and container.format.name not in _NO_INDEX:
        assert track.time_base is not None  # a stream that FFmpeg reads always has its clock
        container.seek(int((origin_s(track) + time_s) / track.time_base), stream=track)


def packets(container: InputContainer, wanted: Track) -> Iterator[Packet[Track]]:
    """Yield a track's packets, the pictures' or the sound's, at the times of one clock that goes on.

    Where files were joined end to end, each part's clock starts again; here it goes on where the part before has ended. Both
    tracks are looked at, whichever is wanted, so that both are moved by as much.
    """
    late_s, parts, reached = [0.0], Counter[int](), dict[int, tuple[float, float]]()
    for packet in container.demux([picture_track(container), *container.streams.audio[:1]]):
        here, tick = packet.stream.index, packet.time_base
        if packet.dts is not None and tick:
            time_s = float(packet.dts * tick)
            last_s, end_s = reached.get(here, (time_s, time_s))
            if time_s < last_s - _RESTART_S:
                parts[here] += 1
                if parts[here] == len(late_s):  # the first track to get there says where the part begins
                    late_s.append(late_s[-1] + end_s - time_s)
            reached[here] = time_s, time_s + float((packet.duration or 0) * tick)
            packet.dts += round(late_s[parts[here]] / tick)
        if packet.pts is not None and tick:
            packet.pts += round(late_s[parts[here]] / tick)
        if here == wanted.index:
            yield cast("Packet[Track]", packet)


def need_size(width: int, height: int) -> None:
    """Refuse pictures of a size that is too large to decode.

    Raises:
        MediaError: they are.
    """
    if width * height > MAX_PIXELS:
        raise MediaError(too_large(MAX_PIXELS, f"{width} x {height}"))
