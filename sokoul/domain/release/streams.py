"""What the streams inside are made of, from PTT's words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sokoul.domain.release.ptt import Facts

_CODECS = {"avc": "avc", "hevc": "hevc", "av1": "av1", "xvid": "xvid", "mpeg": "mpeg2"}
_SOUNDS = (
    ("Atmos", "atmos"), ("TrueHD", "truehd"), ("DTS Lossless", "dts-hd"), ("FLAC", "flac"), ("PCM", "pcm"),
    ("Dolby Digital Plus", "eac3"), ("DTS Lossy", "dts"), ("Dolby Digital", "ac3"), ("AAC", "aac"),
    ("OPUS", "opus"),
    ("MP3", "mp3"),
)  # fmt: skip
_UNKNOWN_TO_PTT = (
    ("vp9", re.compile(r"(?<![a-z0-9])vp-?9(?![a-z0-9])")),
    ("vc1", re.compile(r"(?<![a-z0-9])vc[ ._-]?1(?![a-z0-9])")),
    ("mpeg2", re.compile(r"(?<![a-z0-9])mpeg[ ._-]?2(?![a-z0-9])")),
)
_HIGH10 = re.compile(r"(?<![a-z0-9])hi10p?(?![a-z0-9])")
_OPUS = re.compile(r"(?<![a-z0-9])opus(?![a-z])")
_LIGHTS = {"DV": "dv", "HDR10+": "hdr10+", "HDR": "hdr", "SDR": "sdr"}


@dataclass(frozen=True, slots=True)
class Streams:
    """Video codec, best sound, kinds of wide light, bits a colour."""

    video_codec: str | None
    audio: str | None
    hdr: tuple[str, ...]
    bit_depth: int | None


def read(facts: Facts, low: str) -> Streams:
    """The streams that a name in lower case promises."""
    depth = "10" if _HIGH10.search(low) else str(facts.get("bit_depth", "")).removesuffix("bit")
    codec = next((name for name, pattern in _UNKNOWN_TO_PTT if pattern.search(low)), None)
    sound = next((ours for theirs, ours in _SOUNDS if theirs in facts.get("audio", ())), None)
    return Streams(
        codec or _CODECS.get(str(facts.get("codec", ""))),
        sound or ("opus" if _OPUS.search(low) else None),
        tuple(_LIGHTS[word] for word in facts.get("hdr", ()) if word in _LIGHTS),
        int(depth) if depth.isdigit() else None,
    )
