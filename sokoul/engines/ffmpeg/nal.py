"""H.264 and HEVC frames between the two ways of telling NAL units apart."""

from __future__ import annotations

from collections.abc import Callable

from av.video.stream import VideoStream

from sokoul.engines.ffmpeg.opening import codec_of

_START = b"\x00\x00\x01"


def length_prefixed(video: VideoStream) -> Callable[[bytes], bytes]:
    """What turns a packet of this track into the form MP4 wants: nothing, unless it uses start codes."""
    extradata = video.codec_context.extradata or b""
    if codec_of(video) in {"h264", "hevc"} and extradata[:1] != b"\x01":
        return from_start_codes
    return bytes


def from_start_codes(frame: bytes) -> bytes:
    """Annex B (00 00 01 before each unit) to units that each begin with their length in four bytes."""
    parts = []
    place = frame.find(_START)
    while place >= 0:
        begin = place + 3
        place = frame.find(_START, begin)
        # Zeros before the next start code belong to it, not to this unit.
        unit = (frame[begin:] if place < 0 else frame[begin:place]).rstrip(b"\x00")
        if unit:
            parts.append(len(unit).to_bytes(4, "big") + unit)
    return b"".join(parts)
