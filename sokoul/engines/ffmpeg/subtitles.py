"""Subtitle tracks inside films and files beside them, as WebVTT."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard
from av.subtitles.stream import SubtitleStream

from sokoul.engines.ffmpeg import webvtt
from sokoul.engines.ffmpeg.opening import codec_of, opened
from sokoul.engines.ffmpeg.refusal import JobRefused
from sokoul.engines.ffmpeg.sources import open_source

# A cue whose track does not say how long it stays.
USUAL_SECONDS = 3.0


def sidecar_subtitle(asked: dict[str, Any]) -> bytes:
    """A .srt, .vtt or .ass file as WebVTT; `language` helps to guess a legacy encoding."""
    source = open_source(asked["source"])
    try:
        raw = source.read(webvtt.LARGEST_FILE + 1)
    finally:
        source.close()
    if len(raw) > webvtt.LARGEST_FILE:
        raise JobRefused("too_big", "this is too big for a subtitle file")
    return webvtt.render(webvtt.parse(webvtt.decode(raw, asked.get("language"))))


def embedded_subtitle(asked: dict[str, Any]) -> bytes:
    """The text track with the stream number `index` as WebVTT."""
    with opened(asked["source"]) as (container, _, _):
        stream = _track(container, int(asked["index"]))
        codec = codec_of(stream)
        if codec not in _READERS:
            raise JobRefused("codec", f"{codec} subtitles are pictures, not text")
        return webvtt.render(_cues(container, stream, _READERS[codec], asked.get("language")))


def _track(container: InputContainer, index: int) -> SubtitleStream:
    for stream in container.streams.subtitles:
        if stream.index == index:
            break
    else:
        raise JobRefused("no_track", f"there is no subtitle track {index}")
    for other in container.streams:
        if other.index != index:
            other.discard = Discard.all
    return stream


def _cues(
    container: InputContainer, stream: SubtitleStream, read: Callable[[str], str], language: str | None
) -> Iterator[webvtt.Cue]:
    origin = (container.start_time or 0) / av.time_base
    count = 0
    for packet in container.demux(stream):
        if packet.pts is None or packet.time_base is None or count >= webvtt.MOST_CUES:
            continue
        start = float(packet.pts * packet.time_base) - origin
        lasts = float(packet.duration * packet.time_base) if packet.duration else USUAL_SECONDS
        text = read(_text(packet, codec_of(stream), language))
        made = webvtt.cue(start, start + lasts, text)
        if made is not None:
            count += 1
            yield made


def _text(packet: Packet[SubtitleStream], codec: str, language: str | None) -> str:
    raw = bytes(packet)
    if codec == "mov_text":
        raw = raw[2 : 2 + int.from_bytes(raw[:2], "big")]
    return webvtt.decode(raw, language).replace("\r\n", "\n").replace("\x00", "")


def _ass_text(line: str) -> str:
    """The last of the nine fields of an ASS event in Matroska."""
    return webvtt.from_ass(line.split(",", 8)[-1])


def _as_it_is(text: str) -> str:
    return text


_READERS: dict[str, Callable[[str], str]] = {
    "subrip": _as_it_is,
    "text": _as_it_is,
    "webvtt": _as_it_is,
    "mov_text": _as_it_is,
    "ass": _ass_text,
}
