"""Adapter. The sound of a video on its way into another: copied where browsers play it as it is, else as AAC (PyAV).

Units: seconds since the start of the picture track, or of the part of it that is kept.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, groupby
from typing import TYPE_CHECKING

from fer_core.container import go_to, opened, origin_s, packets, picture_track
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
        sounds = self._packets(film)
        first = next(sounds, None)  # the film must know its tracks before its first picture
        return chain([first], sounds) if first else sounds

    def _packets(self, film: OutputContainer) -> Iterator[tuple[float, Packet[AudioStream]]]:
        from av.error import InvalidDataError

        with suppress(MediaError, InvalidDataError), opened(self.source) as container:
            if not container.streams.audio:
                return
            voice, origin = container.streams.audio[0], origin_s(picture_track(container)) + self.start_s
            go_to(container, self.start_s)
            copied = voice.codec_context.name == "aac" and voice.codec_context.extradata and "mp4" in container.format.name
            made = _copied(container, voice, film) if copied else _encoded(container, voice, film)
            for packet in _moved(made, origin):
                time_s = float((packet.pts or 0) * (packet.time_base or 0))
                if time_s >= self.end_s - self.start_s:
                    return
                if time_s >= 0:
                    yield time_s, packet


def _copied(container: InputContainer, voice: AudioStream, film: OutputContainer) -> Sounds:
    """Yield the packets as they are."""
    track = film.add_stream_from_template(voice)
    for packet in packets(container, voice):
        packet.stream = track
        yield packet


def _encoded(container: InputContainer, voice: AudioStream, film: OutputContainer) -> Sounds:
    """Yield the sound as AAC, mono or stereo; it may change its form on the way, as a broadcast does."""
    import av

    layout = "mono" if voice.codec_context.channels == 1 else "stereo"
    track = film.add_stream("aac", rate=_RATE_HZ, layout=layout)
    for _, frames in groupby(_decoded(container, voice), lambda frame: (frame.format.name, frame.layout.name, frame.sample_rate)):
        resampler = av.AudioResampler(format="fltp", layout=layout, rate=_RATE_HZ, frame_size=_FRAME)
        for frame in chain(frames, [None]):
            for part in resampler.resample(frame):
                if part.time is not None:
                    # Each form has a clock of its own, and the encoder takes that of the first for everyone's.
                    part.pts, part.time_base = round(part.time * _RATE_HZ), Fraction(1, _RATE_HZ)
                    yield from track.encode(part)
    yield from track.encode(None)


def _decoded(container: InputContainer, voice: AudioStream) -> Iterator[AudioFrame]:
    from av.error import InvalidDataError

    for packet in packets(container, voice):
        with suppress(InvalidDataError):  # a damaged packet costs its own sound only
            yield from packet.decode()


def _moved(sounds: Iterable[Packet[AudioStream]], origin: float) -> Sounds:
    """Yield packets at their times in the film, which begins at `origin` in the source's.

    Packets without a time are left out, and so are those no later than the one before, which no film takes.
    """
    last = -math.inf
    for packet in sounds:
        if packet.pts is not None and packet.dts is not None and packet.time_base:
            late = round(Fraction(origin) / packet.time_base)
            packet.pts, packet.dts = packet.pts - late, packet.dts - late
            if packet.dts > last:
                last = packet.dts
                yield packet
