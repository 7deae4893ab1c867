"""What is inside a media file: measured facts, never guesses from its name."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """The main picture track; `index` is the stream's number in the container, `bit_rate` in bit/s."""

    index: int
    codec: str
    width: int
    height: int
    profile: str | None = None
    pixel_format: str | None = None
    hdr: str | None = None
    frame_rate: float | None = None
    bit_rate: int | None = None


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """One sound track; `language` is the container's own code, `sample_rate` in Hz."""

    index: int
    codec: str
    channels: int
    sample_rate: int | None = None
    language: str | None = None
    title: str | None = None
    default: bool = False


@dataclass(frozen=True, slots=True)
class SubtitleFacts:
    """One subtitle track; `text` tells whether it can become WebVTT (pictures cannot)."""

    index: int
    codec: str
    language: str | None = None
    title: str | None = None
    forced: bool = False
    default: bool = False
    text: bool = True


@dataclass(frozen=True, slots=True)
class Chapter:
    """A named stretch of time, in seconds from the beginning."""

    start: float
    end: float
    title: str | None = None


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """Everything a probe tells; `duration` in seconds, `bit_rate` in bit/s over all tracks."""

    container: str
    duration: float
    video: VideoFacts
    audio: tuple[AudioFacts, ...] = ()
    subtitles: tuple[SubtitleFacts, ...] = ()
    chapters: tuple[Chapter, ...] = field(default=())
    bit_rate: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """The facts as plain JSON values; `from_dict` reads them back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> MediaFacts:
        """Facts from what `as_dict` gave, also through JSON; TypeError or KeyError for anything else."""
        return cls(
            container=values["container"],
            duration=values["duration"],
            video=VideoFacts(**values["video"]),
            audio=tuple(AudioFacts(**track) for track in values["audio"]),
            subtitles=tuple(SubtitleFacts(**track) for track in values["subtitles"]),
            chapters=tuple(Chapter(**chapter) for chapter in values["chapters"]),
            bit_rate=values["bit_rate"],
        )


@dataclass(frozen=True, slots=True)
class LocalFile:
    """Bytes that lie complete in a file of this machine."""

    path: Path


@dataclass(frozen=True, slots=True)
class RangedHttp:
    """Bytes answered by ranges over HTTP, as they come in: a file that is still downloading.

    `target` is the request's path and query; `socket` is a Unix socket, else `host` and `port` are dialled.
    """

    target: str
    size: int
    socket: Path | None = None
    host: str | None = None
    port: int | None = None
    headers: tuple[tuple[str, str], ...] = ()


_CONTENT_TYPES = {
    "mp4": "video/mp4",
    "webm": "video/webm",
    "matroska": "video/x-matroska",
    "mpegts": "video/mp2t",
    "mpeg": "video/mpeg",
    "avi": "video/x-msvideo",
    "asf": "video/x-ms-asf",
    "flv": "video/x-flv",
    "ogg": "video/ogg",
}
_BY_SUFFIX = {
    ".mp4": "mp4", ".m4v": "mp4", ".mov": "mp4", ".webm": "webm", ".mkv": "matroska", ".ts": "mpegts",
    ".m2ts": "mpegts", ".mts": "mpegts", ".mpg": "mpeg", ".mpeg": "mpeg", ".vob": "mpeg", ".avi": "avi",
    ".wmv": "asf", ".asf": "asf", ".flv": "flv", ".ogv": "ogg", ".ogm": "ogg",
}  # fmt: skip


def content_type(container: str | None, name: str) -> str:
    """The MIME type of a video: by what was found in it, before it was probed by its name."""
    known = container or _BY_SUFFIX.get(PurePosixPath(name.lower()).suffix, "")
    return _CONTENT_TYPES.get(known, "application/octet-stream")


MediaSource = LocalFile | RangedHttp

# Lines, and the least width or height that counts as such: cinema is wide and low, 4:3 narrow and high.
_STEPS = ((4320, 6000, 3500), (2160, 3000, 1700), (1440, 2300, 1250), (1080, 1700, 950), (720, 1180, 650))
_SMALL_STEPS = ((576, 540), (480, 430))


def lines(facts: MediaFacts | None) -> int | None:
    """The resolution as its class (2160, 1080, 720 …), not as the picture's exact height."""
    return None if facts is None else lines_of(facts.video.width, facts.video.height)


def lines_of(width: int, height: int) -> int | None:
    """The class of a picture of that size."""
    if width <= 0 or height <= 0:
        return None
    width, height = max(width, height), min(width, height)
    for step, wide, high in _STEPS:
        if width >= wide or height >= high:
            return step
    return next((step for step, high in _SMALL_STEPS if height >= high), height)
