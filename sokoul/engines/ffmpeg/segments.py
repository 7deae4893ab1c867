"""HLS segments by stream copy: the picture is never touched, the sound only when a browser can't play it."""

from __future__ import annotations

import io
import itertools
from fractions import Fraction
from typing import Any

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from sokoul.engines.ffmpeg import aac, boxes, nal
from sokoul.engines.ffmpeg.boxes import Sample, TrackRun
from sokoul.engines.ffmpeg.opening import codec_of, main_video, opened
from sokoul.engines.ffmpeg.reading import Packets, Stretch, read_stretch
from sokoul.engines.ffmpeg.refusal import JobRefused

COPIED_VIDEO = frozenset({"h264", "hevc", "vp9", "av1"})
COPIED_AUDIO = frozenset({"aac"})


def make_init(asked: dict[str, Any]) -> bytes:
    """The initialisation segment for one picture and at most one sound track."""
    with opened(asked["source"]) as (container, _, _):
        video, audio = _chosen(container, asked)
        return _init(video, audio)


def make_segment(asked: dict[str, Any]) -> bytes:
    """One media segment: `start` to `end` on the clock of the index, `sequence` counted from 0.

    `joined` has recoded sound warmed up, so that it joins what was played before without a seam.
    """
    with opened(asked["source"]) as (container, _, _):
        video, audio = _chosen(container, asked)
        tracks = {track.kind: track for track in boxes.tracks_of(_init(video, audio))}
        stretch = _stretch(asked, video, audio)
        found = read_stretch(container, video, audio, stretch)
        origin = Fraction(asked["origin"]).limit_denominator(1_000_000)
        runs = [_picture(video, found, stretch, origin, tracks["vide"])]
        if audio is not None:
            runs.append(sound_run(audio, found, stretch, origin, tracks["soun"]))
        return boxes.fragment(int(asked["sequence"]) + 1, runs)


def _chosen(container: InputContainer, asked: dict[str, Any]) -> tuple[VideoStream, AudioStream | None]:
    video = main_video(container)
    if codec_of(video) not in COPIED_VIDEO:
        raise JobRefused("codec", f"{codec_of(video)} video can't be copied into HLS")
    return video, chosen_audio(container, asked)


def chosen_audio(container: InputContainer, asked: dict[str, Any]) -> AudioStream | None:
    """The sound track asked for by its stream number; raises JobRefused when it is not there."""
    wanted = asked.get("audio")
    if wanted is None:
        return None
    for stream in container.streams.audio:
        if stream.index == wanted:
            return stream
    raise JobRefused("no_track", f"there is no sound track {wanted}")


def copies(audio: AudioStream) -> bool:
    """Whether the sound goes along as it is."""
    # Without a configuration record (MPEG-TS) the frames carry ADTS headers, which MP4 must not have.
    return codec_of(audio) in COPIED_AUDIO and bool(audio.codec_context.extradata)


def _init(video: VideoStream, audio: AudioStream | None) -> bytes:
    target = io.BytesIO()
    with av.open(target, "w", format="mp4", options=boxes.EMPTY) as container:
        picture = container.add_stream_from_template(video)
        if codec_of(video) == "hevc":
            picture.codec_context.codec_tag = "hvc1"
        if audio is not None:
            add_sound(container, audio)
        container.start_encoding()
    return boxes.initialisation(target.getvalue())


def add_sound(container: OutputContainer, audio: AudioStream) -> None:
    """Declare the sound track: as it is, or as the AAC it will be."""
    if copies(audio):
        container.add_stream_from_template(audio)
        return
    sound = container.add_stream("aac", rate=aac.RATE)
    sound.layout = "stereo"
    sound.bit_rate = aac.BIT_RATE


def _stretch(asked: dict[str, Any], video: VideoStream, audio: AudioStream | None) -> Stretch:
    assert video.time_base is not None
    start, end, shift = int(asked["start"]), asked["end"], int(asked["shift"])
    recoded = audio is not None and not copies(audio)
    warm = recoded and bool(asked["joined"])
    return Stretch(
        start=start,
        end=end,
        first=(start + shift) * video.time_base,
        last=None if end is None else (end + shift) * video.time_base,
        by_decoding=bool(asked["by_decoding"]),
        is_first=bool(asked["is_first"]),
        lead=aac.WARM_UP if warm else Fraction(0),
        tail=aac.RUN_OUT if recoded else Fraction(0),
    )


def _picture(
    video: VideoStream, found: Packets, stretch: Stretch, origin: Fraction, track: boxes.Track
) -> TrackRun:
    """Decoding times are the times of showing, sorted: right wherever reading began, and without a gap.

    Frames then come at most a few places before they are shown, which the signed offsets of CMAF allow.
    """
    assert video.time_base is not None
    packets = _without_leading(found.video) if codec_of(video) == "h264" else found.video
    shown = [_ticks(packet, video.time_base, origin, track.timescale) for packet in packets]
    decoded = sorted(shown)
    usual = _usual_step(decoded, track.timescale)
    closing = decoded[-1] + usual
    if stretch.last is not None:
        boundary = round((stretch.last - origin) * track.timescale)
        closing = boundary if 0 < boundary - decoded[-1] <= 6 * usual else closing
    steps = [after - before for before, after in itertools.pairwise([*decoded, closing])]
    doors = _doors(shown, packets) if codec_of(video) == "h264" else [p.is_keyframe for p in packets]
    convert = nal.length_prefixed(video)
    samples = [
        Sample(convert(bytes(packet)), step, at - due, door)
        for packet, step, at, due, door in zip(packets, steps, shown, decoded, doors, strict=True)
    ]
    return TrackRun(track.track_id, max(0, decoded[0]), samples)


def _without_leading(packets: list[Packet[VideoStream]]) -> list[Packet[VideoStream]]:
    """Without the pictures of an open GOP that are shown before its keyframe.

    They need pictures of the segment before; a browser that jumps here has none, and may give the film up
    over the first it can't decode. The picture before them stays on screen a moment longer instead.
    """
    first = packets[0].pts
    return [packet for packet in packets if packet.pts is None or first is None or packet.pts >= first]


def _doors(shown: list[int], packets: list[Packet[VideoStream]]) -> list[bool]:
    """At which frames a player may begin: keyframes after which nothing is shown that lies before them."""
    doors, earliest = [], shown[-1]
    for at, packet in zip(reversed(shown), reversed(packets), strict=True):
        earliest = min(earliest, at)
        doors.append(packet.is_keyframe and at <= earliest)
    return doors[::-1]


def sound_run(
    audio: AudioStream, found: Packets, stretch: Stretch, origin: Fraction, track: boxes.Track
) -> TrackRun:
    """The sound of a stretch: neighbours share no frame and miss none."""
    first = Fraction(0) if stretch.is_first else stretch.first - origin
    last = None if stretch.last is None else stretch.last - origin
    if not copies(audio):
        start, samples = aac.encode(audio, found.audio, origin=origin, first=first, last=last)
        return TrackRun(track.track_id, start, samples)
    assert audio.time_base is not None
    base = audio.time_base
    lowest, highest = first * track.timescale, None if last is None else last * track.timescale
    timed = [(_ticks(packet, base, origin, track.timescale), packet) for packet in found.audio]
    kept = [(at, packet) for at, packet in timed if at >= lowest and (highest is None or at < highest)]
    usual = audio.codec_context.frame_size or aac.FRAME
    times = [at for at, _ in kept]
    steps = [_even(after - before, usual) for before, after in itertools.pairwise(times)] + [usual]
    samples = [Sample(bytes(packet), step) for (_, packet), step in zip(kept, steps, strict=False)]
    return TrackRun(track.track_id, times[0] if times else 0, samples)


def _even(step: int, usual: int) -> int:
    """Containers round times to milliseconds; a frame of sound still lasts what it lasts."""
    return usual if abs(step - usual) <= usual // 2 else max(1, step)


def _ticks(packet: Packet[Any], base: Fraction, origin: Fraction, timescale: int) -> int:
    assert packet.pts is not None
    return round((packet.pts * base - origin) * timescale)


def _usual_step(times: list[int], timescale: int) -> int:
    steps = sorted(after - before for before, after in itertools.pairwise(times))
    return max(1, steps[len(steps) // 2] if steps else timescale // 25)
