"""What a file holds, read from its headers."""

from __future__ import annotations

from typing import Any

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.subtitles.stream import SubtitleStream
from av.video.stream import VideoStream

from sokoul.domain.mediafacts import AudioFacts, Chapter, MediaFacts, SubtitleFacts, VideoFacts
from sokoul.engines.ffmpeg.opening import codec_of, length_of, main_video, opened

TEXT_SUBTITLES = frozenset({"subrip", "ass", "mov_text", "webvtt", "text"})
_TRANSFER = {16: "hdr10", 18: "hlg"}
_DOLBY_TAGS = frozenset({"dvh1", "dvhe", "dav1"})
MOST_TRACKS = 128
MOST_CHAPTERS = 512
LONGEST_TITLE = 200


def probe(asked: dict[str, Any]) -> MediaFacts:
    """All facts of one file; raises JobRefused or av.FFmpegError."""
    with opened(asked["source"]) as (container, name, _):
        video = main_video(container)
        return MediaFacts(
            container=name,
            duration=_duration(container, name, video),
            video=_video(video),
            audio=tuple(_audio(stream) for stream in readable_audio(container)),
            subtitles=tuple(_subtitle(stream) for stream in container.streams.subtitles[:MOST_TRACKS]),
            chapters=_chapters(container),
            bit_rate=container.bit_rate or None,
        )


def readable_audio(container: InputContainer) -> list[AudioStream]:
    """The sound tracks that there is a decoder for."""
    return [stream for stream in container.streams.audio[:MOST_TRACKS] if stream.codec_context is not None]


def _duration(container: InputContainer, name: str, video: VideoStream) -> float:
    if (length := length_of(container, name)) > 0:
        return round(length, 3)
    if video.duration is not None and video.time_base is not None:
        return round(float(video.duration * video.time_base), 3)
    return 0.0


def _video(stream: VideoStream) -> VideoFacts:
    codec = stream.codec_context
    rate = stream.average_rate or stream.guessed_rate
    hdr = "dolby_vision" if codec.codec_tag in _DOLBY_TAGS else _TRANSFER.get(int(codec.color_trc))
    return VideoFacts(
        index=stream.index,
        codec=codec_of(stream),
        width=codec.width,
        height=codec.height,
        profile=stream.profile,
        pixel_format=codec.pix_fmt,
        hdr=hdr,
        frame_rate=round(float(rate), 3) if rate else None,
        bit_rate=codec.bit_rate or None,
    )


def _audio(stream: AudioStream) -> AudioFacts:
    codec = stream.codec_context
    return AudioFacts(
        index=stream.index,
        codec=codec_of(stream),
        channels=codec.layout.nb_channels,
        sample_rate=codec.sample_rate or None,
        language=_language(stream),
        title=_title(stream),
        default=bool(stream.disposition & Disposition.default),
    )


def _subtitle(stream: SubtitleStream) -> SubtitleFacts:
    codec = codec_of(stream)
    return SubtitleFacts(
        index=stream.index,
        codec=codec,
        language=_language(stream),
        title=_title(stream),
        forced=bool(stream.disposition & Disposition.forced),
        default=bool(stream.disposition & Disposition.default),
        text=codec in TEXT_SUBTITLES,
    )


def _language(stream: Stream) -> str | None:
    code = (stream.language or "").strip().lower()[:16]
    return None if code in {"", "und"} else code


def _title(stream: Stream) -> str | None:
    return printable(stream.metadata.get("title"))


def printable(text: str | None) -> str | None:
    """A title fit to show: bounded, without control characters; None when nothing is left."""
    if text is None:
        return None
    return "".join(letter for letter in text if letter.isprintable())[:LONGEST_TITLE].strip() or None


def _chapters(container: InputContainer) -> tuple[Chapter, ...]:
    found = []
    for chapter in container.chapters()[:MOST_CHAPTERS]:
        base = float(chapter["time_base"] or 0)
        title = printable(chapter["metadata"].get("title"))
        found.append(Chapter(chapter["start"] * base, chapter["end"] * base, title))
    return tuple(found)
