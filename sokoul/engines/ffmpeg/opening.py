"""Opening a file for reading in a worker: the demuxer pinned, nothing else reachable."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import av
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from sokoul.engines.ffmpeg.refusal import JobRefused
from sokoul.engines.ffmpeg.sniff import HEAD_SIZE, demuxer_of
from sokoul.engines.ffmpeg.sources import ByteSource, open_source

BUFFER = 256 * 1024
# A download's buffer is smaller: every byte read too many is a piece waited for.
REMOTE_BUFFER = 64 * 1024
# FFmpeg would read megabytes to learn the pace of the picture, or the size of picture subtitles, before it
# lets anybody begin; what is needed of a download stands in its header and its first frames.
HASTY = {"probesize": "300000", "analyzeduration": "200000", "fpsprobesize": "1"}


def refuse_nested(url: str, *_: object) -> NoReturn:
    """What FFmpeg gets when a file asks it to open another address: nothing."""
    raise PermissionError(f"a media file may not open {url[:40]!r}")


@contextmanager
def opened(asked: dict[str, Any]) -> Iterator[tuple[InputContainer, str, bool]]:
    """The container, our name for it, and whether its bytes are all on this machine."""
    source = open_source(asked)
    try:
        demuxer, name = _identify(source)
        container = av.open(
            source,
            format=demuxer,
            buffer_size=BUFFER if source.is_local else REMOTE_BUFFER,
            io_open=refuse_nested,
            metadata_errors="replace",
            container_options={} if source.is_local else HASTY,
        )
        assert isinstance(container, InputContainer)
        with container:
            yield container, name, source.is_local
    finally:
        source.close()


def _identify(source: ByteSource) -> tuple[str, str]:
    head = source.read(HEAD_SIZE)
    source.seek(0)
    return demuxer_of(head)


def main_video(container: InputContainer) -> VideoStream:
    """The moving picture: cover art is none. Raises JobRefused when there is none."""
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            if stream.codec_context is None:
                raise JobRefused("codec", "the picture is coded in a way that can't be read here")
            return stream
    raise JobRefused("not_media", "there is no video track in this file")


def codec_of(stream: Stream) -> str:
    """The codec's own name, not that of the decoder which happens to read it; "unknown" without a decoder."""
    context = stream.codec_context
    return context.codec.canonical_name if context is not None else "unknown"


def length_of(container: InputContainer, name: str) -> float:
    """Seconds from the first picture or sound to the last; 0 when the container does not tell."""
    length = (container.duration or 0) / av.time_base
    if name in {"matroska", "webm"} and length > 0:
        # Matroska writes the time of the end, other containers how long it lasts.
        length -= (container.start_time or 0) / av.time_base
    return max(0.0, length)
