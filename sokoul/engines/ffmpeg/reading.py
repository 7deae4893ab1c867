"""Reading from a film exactly the packets of one stretch of time, wherever the container put them."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from sokoul.engines.ffmpeg.indexing import clock
from sokoul.engines.ffmpeg.refusal import JobRefused

MOST_BYTES = 256 * 1024 * 1024
# How far behind the picture a container may have put the sound that belongs to it, in seconds.
LONGEST_LAG = 10
MOST_ATTEMPTS = 4
# Sound is without gaps: when less than a frame of it is missing before the first that was found, none was.
_NO_ROOM = Fraction(9, 10)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From the keyframe at `start` to the one at `end` (None: to the end of the film), on the index's clock.

    `first` and `last` are the same places as times of showing in seconds, origin included; `lead` and `tail`
    say how much more sound is wanted before and after. The first stretch takes sound from the very beginning.
    """

    start: int
    end: int | None
    first: Fraction
    last: Fraction | None
    by_decoding: bool
    is_first: bool
    lead: Fraction = Fraction(0)
    tail: Fraction = Fraction(0)

    @property
    def sound_from(self) -> Fraction | None:
        """Where the sound to read begins; None: at the beginning of the film."""
        return None if self.is_first else self.first - self.lead

    @property
    def sound_to(self) -> Fraction | None:
        """Where the sound to read ends; None: at the end of the film."""
        return None if self.last is None else self.last + self.tail


@dataclass(slots=True)
class Packets:
    """What was read; `complete` when nothing that belongs to the stretch can lie before it in the file."""

    video: list[Packet[VideoStream]] = field(default_factory=list)
    audio: list[Packet[AudioStream]] = field(default_factory=list)
    complete: bool = False


def read_stretch(
    container: InputContainer, video: VideoStream, audio: AudioStream | None, stretch: Stretch
) -> Packets:
    """All packets of a stretch in file order; raises JobRefused when its first keyframe can't be found."""
    assert video.time_base is not None
    back = round(Fraction(1, 2) / video.time_base)
    target = stretch.start
    for attempt in range(MOST_ATTEMPTS):
        container.seek(target, stream=video, backward=True)
        found = _Reader(video, audio, stretch).read(container)
        if found.video and (found.complete or attempt == MOST_ATTEMPTS - 1):
            return found
        # The jump landed behind the picture, or behind sound that belongs to it: begin earlier.
        target = stretch.start - back
        back *= 6
    raise JobRefused("damaged", "the picture has no keyframe where the index says")


class _Reader:
    def __init__(self, video: VideoStream, audio: AudioStream | None, stretch: Stretch) -> None:
        self._video = video
        self._audio = audio
        self._stretch = stretch
        self._found = Packets(complete=audio is None or stretch.is_first)
        self._picture_started = False
        self._picture_done = False
        self._sound_done = audio is None
        self._bytes = 0

    def read(self, container: InputContainer) -> Packets:
        streams: list[Any] = [self._video] if self._audio is None else [self._video, self._audio]
        for packet in container.demux(streams):
            if packet.dts is None and packet.pts is None:
                continue  # the flush packet at the end, or one without a place in time
            self._take(packet)
            if self._picture_done and self._sound_done:
                break
        return self._found

    def _take(self, packet: Packet[Any]) -> None:
        self._bytes += packet.size
        if self._bytes > MOST_BYTES:
            raise JobRefused("too_big", "too much lies between two keyframes of this film")
        if packet.stream_index == self._video.index:
            self._take_picture(packet)
        elif not self._sound_done:
            self._take_sound(packet)

    def _take_picture(self, packet: Packet[VideoStream]) -> None:
        if self._picture_done:
            self._give_up_on_sound(packet)
            return
        time = clock(packet, by_decoding=self._stretch.by_decoding)
        if packet.is_keyframe and time is not None:
            if self._stretch.end is not None and time >= self._stretch.end:
                self._picture_done = True
                return
            if not self._picture_started:
                self._picture_started = time == self._stretch.start
        if self._picture_started and packet.pts is not None:
            self._found.video.append(packet)

    def _take_sound(self, packet: Packet[AudioStream]) -> None:
        time = _seconds(packet)
        if time is None:
            return
        begin, end = self._stretch.sound_from, self._stretch.sound_to
        if begin is not None and time - _NO_ROOM * _length(packet) <= begin:
            self._found.complete = True
        if end is not None and time >= end:
            self._sound_done = True
        elif begin is None or time >= begin - Fraction(1, 10):
            self._found.audio.append(packet)

    def _give_up_on_sound(self, packet: Packet[VideoStream]) -> None:
        """A track that is silent for long must not make every segment read the whole film."""
        time, last = _seconds(packet), self._stretch.sound_to
        if time is not None and last is not None and time > last + LONGEST_LAG:
            self._sound_done = True


def _length(packet: Packet[Any]) -> Fraction:
    return (packet.duration or 0) * (packet.time_base or Fraction(0))


def _seconds(packet: Packet[Any]) -> Fraction | None:
    time = packet.pts if packet.pts is not None else packet.dts
    return None if time is None or packet.time_base is None else time * packet.time_base
