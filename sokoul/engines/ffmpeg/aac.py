"""Sound that a browser can't play, as AAC stereo: any stretch of it, so that stretches join without a seam.

All frames lie on one grid of 1024 samples counted from the beginning of the film. A stretch is decoded and
encoded from a little before its first frame, which warms decoder and encoder up, and only frames inside it
are kept: neighbours made at different times then overlap in nothing and miss nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.fifo import AudioFifo
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.packet import Packet

from sokoul.engines.ffmpeg.boxes import Sample

RATE = 48_000
FRAME = 1024
BIT_RATE = 192_000
# Sound to read before and after the stretch itself, in seconds.
WARM_UP = Fraction(1, 5)
RUN_OUT = Fraction(1, 10)
# Times in containers are rounded to milliseconds; only a longer break is a real gap.
LARGEST_SLIP = RATE // 20
LONGEST_GAP = RATE * 30


def encoder() -> AudioCodecContext:
    """An AAC-LC stereo encoder; always the same, so that one initialisation segment serves all."""
    made = av.CodecContext.create("aac", "w")
    assert isinstance(made, AudioCodecContext)
    made.sample_rate = RATE
    made.layout = "stereo"
    made.format = "fltp"
    made.bit_rate = BIT_RATE
    made.time_base = Fraction(1, RATE)
    return made


def encode(
    stream: AudioStream,
    packets: Iterable[Packet[AudioStream]],
    *,
    origin: Fraction,
    first: Fraction,
    last: Fraction | None,
) -> tuple[int, list[Sample]]:
    """Frames whose time is in [first, last) seconds after `origin`: the time of the first, and the samples.

    `packets` begin `WARM_UP` before and end `RUN_OUT` after, where the film has that much.
    """
    target = encoder()
    grid = _Grid()
    coded: list[Packet[AudioStream]] = []
    resampler = AudioResampler(format="fltp", layout="stereo", rate=RATE)
    for frame in _decoded(stream, packets):
        if frame.pts is None or frame.time_base is None:
            continue
        start = round((frame.pts * frame.time_base - origin) * RATE)
        frame.pts = None
        for number, piece in enumerate(resampler.resample(frame)):
            for ready in grid.add(piece, start if number == 0 else None):
                coded += target.encode(ready)
    for ready in grid.rest():
        coded += target.encode(ready)
    coded += target.encode(None)
    return _inside(coded, first, last)


def _inside(
    coded: list[Packet[AudioStream]], first: Fraction, last: Fraction | None
) -> tuple[int, list[Sample]]:
    lowest = first * RATE
    highest = last * RATE if last is not None else None
    kept = [
        packet
        for packet in coded
        if packet.pts is not None and packet.pts >= lowest and (highest is None or packet.pts < highest)
    ]
    start = kept[0].pts if kept and kept[0].pts is not None else 0
    return start, [Sample(bytes(packet), FRAME) for packet in kept]


def _decoded(stream: AudioStream, packets: Iterable[Packet[AudioStream]]) -> Iterable[AudioFrame]:
    broken = 0
    for packet in packets:
        try:
            yield from packet.decode()
        except av.FFmpegError:
            # A damaged frame is a click, not the end of the film.
            broken += 1
            if broken > 200:
                raise
    yield from stream.codec_context.decode(None)


class _Grid:
    """Cuts decoded sound into frames of 1024 samples that begin at multiples of 1024."""

    def __init__(self) -> None:
        self._fifo = AudioFifo()
        self._next: int | None = None  # the grid place of the first sample in the fifo
        self._skip = 0

    def add(self, piece: AudioFrame, start: int | None) -> list[AudioFrame]:
        """Frames that are complete once `piece` is there; `start` is its place when it is known."""
        if self._next is None:
            self._begin(start or 0)
        elif start is not None:
            self._fill_gap(start)
        piece.pts = None
        self._fifo.write(piece)
        return self._complete()

    def rest(self) -> list[AudioFrame]:
        """What is left, at most one frame, padded by the encoder."""
        left = self._fifo.read(0, partial=True) if self._fifo.samples else None
        return [self._timed(left)] if left is not None and not self._skip else []

    def _begin(self, start: int) -> None:
        place = -(-start // FRAME) * FRAME
        self._skip = place - start
        self._next = place

    def _fill_gap(self, start: int) -> None:
        assert self._next is not None
        gap = start - (self._next + self._fifo.samples - self._skip)
        if LARGEST_SLIP < gap <= LONGEST_GAP:
            self._fifo.write(_silence(gap))

    def _complete(self) -> list[AudioFrame]:
        if self._skip:
            if self._fifo.samples < self._skip:
                return []
            self._fifo.read(self._skip)
            self._skip = 0
        ready = []
        while self._fifo.samples >= FRAME:
            frame = self._fifo.read(FRAME)
            assert frame is not None
            ready.append(self._timed(frame))
        return ready

    def _timed(self, frame: AudioFrame) -> AudioFrame:
        assert self._next is not None
        frame.pts = self._next
        frame.time_base = Fraction(1, RATE)
        self._next += frame.samples
        return frame


def _silence(samples: int) -> AudioFrame:
    frame = AudioFrame(format="fltp", layout="stereo", samples=samples)
    frame.sample_rate = RATE
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    return frame
