"""Adapter. The sound of a video on its way into another: copied where browsers play it as it is, else as AAC (PyAV).

Units: seconds since the start of the picture track, or of the part of it that is kept.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING

from fer_core.decode import opened, origin_s, picture_track
from fer_core.errors import MediaError
from fer_core.media import Source

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet

    Sounds = Iterator[Packet[AudioStream]]

_RATE_HZ = 48_000
_FRAME = 1024  # what AAC packs at a time


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """The sound of a video, or of a part of it.

    Attributes:
        source: the video; as for `read_video`.
        start_s: where the part begins; this becomes 0.
        end_s: where it ends.
    """

    source: Source
    start_s: float = 0.0
    end_s: float = math.inf

    def into(self, film: OutputContainer) -> Iterator[tuple[float, Packet[AudioStream]]]:
        """Prepare a film for this sound; then yield its packets, each with its time.

        A video without sound, with sound that cannot be read, or with sound that the film cannot take, yields nothing; damage
        later on ends the sound there.
        """
        packets = self._packets(film)
        first = next(packets, None)  # the film must know its tracks before its first picture
        return chain([first], packets) if first else packets

    def _packets(self, film: OutputContainer) -> Iterator[tuple[float, Packet[AudioStream]]]:
        from av.error import InvalidDataError

        with suppress(MediaError, InvalidDataError), opened(self.source) as container:
            if not container.streams.audio:
                return
            voice, origin = container.streams.audio[0], origin_s(picture_track(container)) + self.start_s
            if self.start_s > 0:
                container.seek(int(origin * 1_000_000))
            copied = voice.codec_context.name == "aac" and voice.codec_context.extradata and "mp4" in container.format.name
            made = _copied(container, voice, film, origin) if copied else _encoded(container, voice, film, origin)
            for packet in made:
                time_s = float((packet.pts or 0) * (packet.time_base or 0))
                if time_s >= self.end_s - self.start_s:
                    return
                if time_s >= 0:
                    yield time_s, packet


def _copied(container: InputContainer, voice: AudioStream, film: OutputContainer, origin: float) -> Sounds:
    """Yield the packets as they are, at their times in the film."""
    track = film.add_stream_from_template(voice)
    for packet in _moved(container.demux(voice), origin):
        packet.stream = track
        yield packet


def _encoded(container: InputContainer, voice: AudioStream, film: OutputContainer, origin: float) -> Sounds:
    """Yield the sound as AAC, mono or stereo, at its times in the film."""
    import av

    layout = "mono" if voice.codec_context.channels == 1 else "stereo"
    track = film.add_stream("aac", rate=_RATE_HZ, layout=layout)
    resampler = av.AudioResampler(format="fltp", layout=layout, rate=_RATE_HZ, frame_size=_FRAME)
    for frame in chain(_decoded(container, voice), [None]):
        for part in resampler.resample(frame):
            yield from _moved(track.encode(part), origin)
    yield from _moved(track.encode(None), origin)


def _decoded(container: InputContainer, voice: AudioStream) -> Iterator[AudioFrame]:
    from av.error import InvalidDataError

    for packet in container.demux(voice):
        with suppress(InvalidDataError):  # a damaged packet costs its own sound only
            yield from packet.decode()


def _moved(packets: Iterable[Packet[AudioStream]], origin: float) -> Sounds:
    """Yield packets at their times in the film, which begins at `origin` in the source's; packets without a time are left out."""
    for packet in packets:
        if packet.pts is not None and packet.dts is not None and packet.time_base:
            late = round(Fraction(origin) / packet.time_base)
            packet.pts, packet.dts = packet.pts - late, packet.dts - late
            yield packet
