"""What a screen plays, what the box can code anew for it, and how a release would reach it, by its name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sokoul.domain.release import Release


class Way(StrEnum):
    """How a release would reach a screen, the cheapest first; `REPACK` copies the picture."""

    DIRECT = "direct"
    REPACK = "repack"
    TRANSCODE = "transcode"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class Screen:
    """What a television, a Chromecast or a browser plays; codecs and containers as probes call them."""

    name: str
    video: tuple[str, ...]
    audio: tuple[str, ...]
    containers: tuple[str, ...]
    lines: int = 1080
    hdr: bool = False
    ten_bit: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """What this machine codes anew in time: from these codecs, pictures of at most so many lines."""

    video: tuple[str, ...] = ("h264", "hevc", "vp9", "mpeg2video", "mpeg4", "vc1")
    lines: int = 1080


@dataclass(frozen=True, slots=True)
class Fit:
    """The way, what stands against a better one (a codec, `hdr`, `lines`, …), and whether the name told."""

    way: Way
    obstacle: str = ""
    known: bool = True


BOX = Box()
_TV_SOUND = ("aac", "ac3", "mp3", "mp2")
_TV_MORE = (*_TV_SOUND, "eac3")
_TV_FILES = ("mp4", "mkv", "ts")
_BROWSER = ("aac", "mp3", "opus", "vorbis", "flac")
SCREENS: tuple[Screen, ...] = (
    Screen("tv-1080p-h264", ("h264", "mpeg2video"), _TV_SOUND, _TV_FILES),
    Screen("tv-1080p-hevc", ("h264", "hevc", "mpeg2video"), _TV_MORE, _TV_FILES, ten_bit=("hevc",)),
    Screen(
        "tv-2160p-hdr", ("h264", "hevc", "vp9", "av1", "mpeg2video"), _TV_MORE, _TV_FILES, 2160, hdr=True,
        ten_bit=("hevc", "vp9", "av1"),
    ),
    Screen("browser", ("h264", "vp8", "vp9", "av1"), _BROWSER, ("mp4", "webm"), 2160, ten_bit=("vp9", "av1")),
    Screen("chromecast-1080p", ("h264", "vp8"), (*_BROWSER, "ac3"), ("mp4", "webm")),
    Screen(
        "chromecast-2160p", ("h264", "hevc", "vp8", "vp9"), (*_BROWSER, "ac3", "eac3"), ("mp4", "webm"), 2160,
        hdr=True, ten_bit=("hevc", "vp9"),
    ),
)  # fmt: skip

_VIDEO = {
    "avc": "h264", "hevc": "hevc", "av1": "av1", "vp9": "vp9", "xvid": "mpeg4", "mpeg2": "mpeg2video",
    "vc1": "vc1",
}  # fmt: skip
_AUDIO = {
    "aac": "aac", "ac3": "ac3", "dd": "ac3", "eac3": "eac3", "ddp": "eac3", "dts": "dts", "dts-hd": "dts",
    "truehd": "truehd", "atmos": "eac3", "flac": "flac", "opus": "opus", "mp3": "mp3", "pcm": "pcm_s16le",
}  # fmt: skip


def fit(screen: Screen, release: Release, box: Box = BOX) -> Fit:
    """How it would be played, as far as the name tells; a silent name is taken for what is usual."""
    codec, known = _codec(release)
    obstacle = _obstacle(screen, release, codec)
    if obstacle:
        possible = codec in box.video and (release.resolution or 1080) <= box.lines
        return Fit(Way.TRANSCODE if possible else Way.IMPOSSIBLE, obstacle, known)
    audio = _AUDIO.get((release.audio or "").lower())
    if audio is not None and audio not in screen.audio:
        return Fit(Way.REPACK, audio, known)
    container = release.container or "mkv"
    if container not in screen.containers:
        return Fit(Way.REPACK, container, known)
    return Fit(Way.DIRECT, known=known)


def _obstacle(screen: Screen, release: Release, codec: str) -> str:
    """Why the picture itself would have to be coded anew; empty when it need not be."""
    if codec not in screen.video:
        return codec
    if (release.resolution or 0) > screen.lines:
        return f"{release.resolution}p"
    if release.hdr and not screen.hdr and set(release.hdr) != {"sdr"}:
        return "hdr"
    deep = (release.bit_depth or (10 if release.hdr else 8)) > 8
    return "10bit" if deep and codec not in screen.ten_bit else ""


def _codec(release: Release) -> tuple[str, bool]:
    """The picture's codec, and whether the name states it: else what its kind of release usually has."""
    if release.video_codec is not None:
        return _VIDEO.get(release.video_codec, release.video_codec), True
    if (release.resolution or 0) >= 2160 or release.hdr:
        return "hevc", False
    if release.source == "dvd" and release.modifier in ("remux", "dvdr"):
        return "mpeg2video", False
    return "h264", False
