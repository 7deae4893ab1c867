"""Where a film can be cut: the keyframes of its picture, from the container's own index where it has one."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from sokoul.engines.ffmpeg.opening import length_of, main_video, opened
from sokoul.engines.ffmpeg.refusal import JobRefused
from sokoul.features.playback.cuts import KeyframeIndex

# An index with a longer hole than this, in seconds, does not tell where the keyframes are. What is still
# coming in can't be read through to find out, so there more is put up with.
LONGEST_HOLE = 15.0
LONGEST_HOLE_COMING = 120.0
MOST_KEYFRAMES = 500_000
# Containers whose index is written by time of decoding; the others' is by time of showing.
_BY_DECODING = frozenset({"mp4", "avi", "flv"})
_WITH_INDEX = frozenset({"mp4", "matroska", "webm", "avi"})


def read_index(asked: dict[str, Any]) -> KeyframeIndex:
    """The keyframes of a file; raises JobRefused when there are none, av.FFmpegError when it is broken."""
    with opened(asked["source"]) as (container, name, is_local):
        video = main_video(container)
        if video.time_base is None:
            raise JobRefused("no_index", "the picture has no clock")
        by_decoding = name in _BY_DECODING
        first = _first_keyframe(container, video)
        keys = _from_container(container, video) if name in _WITH_INDEX else []
        duration = length_of(container, name)
        longest = LONGEST_HOLE if is_local else LONGEST_HOLE_COMING
        if not _is_dense(keys, video.time_base, duration, longest):
            if not is_local:
                raise JobRefused("no_index", "this file can be cut only when all of it is here")
            keys, end = _by_scanning(container, video, by_decoding=by_decoding)
            duration = max(duration, end - (container.start_time or 0) / av.time_base)
        if not keys:
            raise JobRefused("no_index", "no keyframe was found")
        shift = (first.pts or 0) - (first.dts or 0) if by_decoding else 0
        origin = (container.start_time or 0) / av.time_base
        return KeyframeIndex(tuple(keys), shift, by_decoding, video.time_base, origin, duration)


def clock(packet: Packet[VideoStream], *, by_decoding: bool) -> int | None:
    """The packet's time on the clock that the index uses."""
    return packet.dts if by_decoding else packet.pts


def _first_keyframe(container: InputContainer, video: VideoStream) -> Packet[VideoStream]:
    for packet in container.demux(video):
        if packet.is_keyframe and packet.pts is not None:
            return packet
    raise JobRefused("no_index", "no keyframe was found")


def _from_container(container: InputContainer, video: VideoStream) -> list[int]:
    # Matroska's cues lie at the end; FFmpeg reads them when it first has to jump.
    container.seek(0, stream=video, backward=True, any_frame=False)
    return sorted({entry.timestamp for entry in video.index_entries if entry.is_keyframe})[:MOST_KEYFRAMES]


def _is_dense(keys: list[int], time_base: Fraction, duration: float, longest: float) -> bool:
    ends = [*keys[1:], keys[0] + int(duration / time_base)] if keys else []
    holes = (float((end - start) * time_base) for start, end in zip(keys, ends, strict=True))
    return duration > 0 and bool(keys) and all(hole <= longest for hole in holes)


def _by_scanning(
    container: InputContainer, video: VideoStream, *, by_decoding: bool
) -> tuple[list[int], float]:
    """The keyframes, and when the last picture ends, in seconds."""
    container.seek(0, backward=True)
    found: set[int] = set()
    end = 0.0
    for packet in container.demux(video):
        time = clock(packet, by_decoding=by_decoding)
        if time is None or packet.time_base is None:
            continue
        end = max(end, float((time + (packet.duration or 0)) * packet.time_base))
        if packet.is_keyframe:
            found.add(time)
            if len(found) > MOST_KEYFRAMES:
                raise JobRefused("no_index", "there are too many keyframes")
    return sorted(found), end
