"""HLS segments of films whose picture a client can't play: coded anew as H.264, each segment by itself.

Segments begin at even times, not at the film's keyframes. Decoding starts at the keyframe before, so that any
segment can be made first; the encoder is always set alike, so that one initialisation segment serves all.
"""

from __future__ import annotations

import io
import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import av
from av.audio.stream import AudioStream
from av.codec.context import Flags
from av.container import InputContainer
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from sokoul.engines.ffmpeg import aac, boxes, nal
from sokoul.engines.ffmpeg.boxes import Sample, TrackRun
from sokoul.engines.ffmpeg.opening import main_video, opened
from sokoul.engines.ffmpeg.reading import MOST_BYTES, Packets, Stretch
from sokoul.engines.ffmpeg.refusal import JobRefused
from sokoul.engines.ffmpeg.segments import add_sound, chosen_audio, copies, sound_run

CLOCK = Fraction(1, 90_000)
HIGHEST = 1080
# Frames so long before the segment only have to be decoded where others refer to them.
RUN_IN = Fraction(1, 2)
LONGEST_BACK = 64
_OPTIONS = {
    "preset": "veryfast",
    "crf": "22",
    "profile": "high",
    "maxrate": "10000000",
    "bufsize": "20000000",
    "x264-params": "rc-lookahead=12:scenecut=0",
}
_NICENESS = 10


@dataclass(slots=True)
class Read:
    """What one segment is made of.

    `after` is when the first picture behind it is shown, if there is one; `from_before` tells that a picture
    before it was seen, so that none can be missing.
    """

    coder: Coder
    sound: Packets = field(default_factory=Packets)
    after: Fraction | None = None
    from_before: bool = False


def make_coded_init(asked: dict[str, Any]) -> bytes:
    """The initialisation segment for a picture coded anew."""
    with opened(asked["source"]) as (container, _, _):
        video, audio = main_video(container), chosen_audio(container, asked)
        return _init(video, audio, asked)


def make_coded_segment(asked: dict[str, Any]) -> bytes:
    """One media segment from `begins` to `ends` (None: the end), in seconds as a viewer counts them."""
    os.setpriority(os.PRIO_PROCESS, 0, _NICENESS)
    with opened(asked["source"]) as (container, _, _):
        video, audio = main_video(container), chosen_audio(container, asked)
        tracks = {track.kind: track for track in boxes.tracks_of(_init(video, audio, asked))}
        origin = Fraction(container.start_time or 0, av.time_base)
        stretch = _stretch(asked, origin, audio)
        read = _read(container, video, audio, stretch, lambda: Coder(video, origin, asked))
        runs = [_picture(video, read, stretch, origin, tracks["vide"])]
        if audio is not None:
            runs.append(sound_run(audio, read.sound, stretch, origin, tracks["soun"]))
        return boxes.fragment(int(asked["sequence"]) + 1, runs)


def _stretch(asked: dict[str, Any], origin: Fraction, audio: AudioStream | None) -> Stretch:
    recoded = audio is not None and not copies(audio)
    ends = asked["ends"]
    return Stretch(
        start=0,
        end=None,
        first=origin + Fraction(asked["begins"]).limit_denominator(1000),
        last=None if ends is None else origin + Fraction(ends).limit_denominator(1000),
        by_decoding=False,
        is_first=int(asked["sequence"]) == 0,
        lead=aac.WARM_UP if recoded else Fraction(0),
        tail=aac.RUN_OUT if recoded else Fraction(0),
    )


def _read(
    container: InputContainer,
    video: VideoStream,
    audio: AudioStream | None,
    stretch: Stretch,
    new_coder: Callable[[], Coder],
) -> Read:
    """Decode from a keyframe before the stretch to the first picture behind it."""
    video.codec_context.thread_type = "AUTO"
    video.codec_context.thread_count = min(4, os.cpu_count() or 1)
    target, back = stretch.first - stretch.lead, Fraction(1)
    while True:
        if not stretch.is_first:
            container.seek(int(target * av.time_base), backward=True)
        read = _read_on(container, video, audio, stretch, Read(new_coder()))
        if read.from_before or stretch.is_first or back > LONGEST_BACK:
            return read
        # Without an index a jump may land behind the keyframe that is needed.
        target, back = target - back, back * 4


def _read_on(
    container: InputContainer, video: VideoStream, audio: AudioStream | None, stretch: Stretch, read: Read
) -> Read:
    picture_done, sound_done, size = False, audio is None, 0
    video.codec_context.flush_buffers()
    streams: list[Any] = [video] if audio is None else [video, audio]
    packets: Iterator[Packet[Any]] = container.demux(streams)
    for packet in packets:
        size += packet.size
        if size > MOST_BYTES:
            raise JobRefused("too_big", "too much lies between two keyframes of this film")
        if packet.stream.index != video.index:  # a flushing packet has no stream_index of its own
            sound_done = sound_done or _take_sound(packet, stretch, read.sound)
        elif not picture_done:
            picture_done = _take_frames(_decode(video, packet, stretch), stretch, read)
        if picture_done and (sound_done or _far_behind(packet, stretch)):
            break
    return read


def _decode(video: VideoStream, packet: Packet[VideoStream], stretch: Stretch) -> list[VideoFrame]:
    time = _seconds(packet.pts, packet.time_base)
    early = time is not None and not stretch.is_first and time < stretch.first - RUN_IN
    video.codec_context.skip_frame = "NONREF" if early else "DEFAULT"
    try:
        return packet.decode()
    except av.FFmpegError:
        return []  # a damaged picture is skipped, as players do


def _take_frames(frames: list[VideoFrame], stretch: Stretch, read: Read) -> bool:
    """Keep what is inside; true once a picture behind the end was seen."""
    for frame in frames:
        time = _seconds(frame.pts, frame.time_base)
        if time is None:
            continue
        read.from_before = read.from_before or time <= stretch.first
        if stretch.last is not None and time >= stretch.last:
            read.after = time
            return True
        if time >= stretch.first or stretch.is_first:
            read.coder.add(frame)
    return False


def _take_sound(packet: Packet[AudioStream], stretch: Stretch, found: Packets) -> bool:
    time = _seconds(packet.pts if packet.pts is not None else packet.dts, packet.time_base)
    if time is None:
        return False
    begin, end = stretch.sound_from, stretch.sound_to
    if end is not None and time >= end:
        return True
    if begin is None or time >= begin - Fraction(1, 10):
        found.audio.append(packet)
    return False


def _far_behind(packet: Packet[Any], stretch: Stretch) -> bool:
    time = _seconds(packet.dts, packet.time_base)
    return stretch.last is not None and time is not None and time > stretch.last + 10


def _picture(
    video: VideoStream, read: Read, stretch: Stretch, origin: Fraction, track: boxes.Track
) -> TrackRun:
    packets = read.coder.finish()
    shown = [round(packet.pts * CLOCK * track.timescale) for packet in packets if packet.pts is not None]
    decoded = sorted(shown)
    if not decoded:
        return TrackRun(track.track_id, 0)
    end = read.after if read.after is not None else stretch.last
    usual = round(_pace(video) * track.timescale)
    closing = decoded[-1] + usual if end is None else round((end - origin) * track.timescale)
    steps = [after - before for before, after in itertools.pairwise([*decoded, closing])]
    samples = [
        Sample(nal.from_start_codes(bytes(packet)), max(1, step), at - due, packet.is_keyframe)
        for packet, step, at, due in zip(packets, steps, shown, decoded, strict=True)
    ]
    return TrackRun(track.track_id, max(0, decoded[0]), samples)


class Coder:
    """Takes pictures as they are decoded, so that never more than a few are in memory."""

    def __init__(self, video: VideoStream, origin: Fraction, asked: dict[str, Any]) -> None:
        encoder = av.CodecContext.create("libx264", "w")
        assert isinstance(encoder, VideoCodecContext)
        _set_up(encoder, video, asked)
        self._encoder = encoder
        self._origin = origin
        self._scaler = VideoReformatter()
        self._last = -1
        self._packets: list[Packet[VideoStream]] = []

    def add(self, frame: VideoFrame) -> None:
        """Code one picture; the first becomes the keyframe."""
        assert frame.pts is not None
        assert frame.time_base is not None
        time = round((frame.pts * frame.time_base - self._origin) / CLOCK)
        width, height = self._encoder.width, self._encoder.height
        picture = self._scaler.reformat(frame, width, height, "yuv420p", threads=1)
        picture.pict_type = PictureType.NONE if self._last >= 0 else PictureType.I
        # Some files repeat a time; the encoder takes none twice.
        self._last = picture.pts = max(time, self._last + 1)
        picture.time_base = CLOCK
        self._packets += self._encoder.encode(picture)

    def finish(self) -> list[Packet[VideoStream]]:
        """All coded pictures, in the order of decoding."""
        if self._last >= 0:
            self._packets += self._encoder.encode(None)
        return self._packets


def _set_up(encoder: VideoCodecContext, video: VideoStream, asked: dict[str, Any]) -> None:
    source = video.codec_context
    encoder.width, encoder.height = _size(source.width, source.height, int(asked["height"] or HIGHEST))
    encoder.pix_fmt = "yuv420p"
    encoder.time_base = CLOCK
    encoder.framerate = _pace(video) ** -1
    if source.sample_aspect_ratio:
        encoder.sample_aspect_ratio = source.sample_aspect_ratio
    encoder.gop_size = 10_000
    encoder.thread_count = min(4, os.cpu_count() or 1)
    encoder.flags |= Flags.global_header
    encoder.options = dict(_OPTIONS)


def _size(width: int, height: int, highest: int) -> tuple[int, int]:
    """Even numbers, no more lines than `highest`, and the same shape."""
    if not 0 < width <= 16_384 or not 0 < height <= 16_384:
        raise JobRefused("damaged", "the picture has no sensible size")
    scale = min(Fraction(1), Fraction(highest, height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def _pace(video: VideoStream) -> Fraction:
    """Seconds a picture usually stays."""
    rate = video.average_rate or video.guessed_rate
    return 1 / Fraction(rate) if rate and 1 <= rate <= 240 else Fraction(1, 25)


def _init(video: VideoStream, audio: AudioStream | None, asked: dict[str, Any]) -> bytes:
    target = io.BytesIO()
    with av.open(target, "w", format="mp4", options=boxes.EMPTY) as container:
        picture = container.add_stream("libx264", rate=_pace(video) ** -1)
        _set_up(picture.codec_context, video, asked)
        if audio is not None:
            add_sound(container, audio)
        container.start_encoding()
    return boxes.initialisation(target.getvalue())


def _seconds(time: int | None, base: Fraction | None) -> Fraction | None:
    return None if time is None or base is None else time * base
