"""The media reader of this daemon: every file is opened in a worker process, never in the daemon."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from sokoul.domain.mediafacts import LocalFile, MediaFacts, MediaSource
from sokoul.engines.ffmpeg.pool import Lane, WorkerPool
from sokoul.engines.ffmpeg.sources import as_json
from sokoul.features.playback.cuts import KeyframeIndex, Segment

# Seconds a job may take: on a whole file, and on one whose pieces are still coming in.
LOCAL = 30.0
COMING = 90.0
SUBTITLES = 180.0
CODING = 120.0


class FfmpegReader:
    """Probes, cuts and converts with FFmpeg; raises Refused for bad files, Unavailable without workers."""

    def __init__(self, pool: WorkerPool) -> None:
        self._pool = pool

    async def probe(self, path: Path) -> MediaFacts:
        """The facts of a file on disk; waits behind what viewers need."""
        head, _ = await self._run("probe", LocalFile(path), lane=Lane.BULK)
        return MediaFacts.from_dict(head)

    async def facts(self, source: MediaSource) -> MediaFacts:
        """The facts of something that a viewer waits for."""
        head, _ = await self._run("probe", source)
        return MediaFacts.from_dict(head)

    async def index(self, source: MediaSource) -> KeyframeIndex:
        """Where the film can be cut; from its own index if that is complete, else by reading it through."""
        head, _ = await self._run("index", source)
        return KeyframeIndex(
            keys=tuple(head["keys"]),
            shift=head["shift"],
            by_decoding=head["by_decoding"],
            time_base=Fraction(*head["time_base"]),
            origin=head["origin"],
            duration=head["duration"],
        )

    async def init(self, source: MediaSource, audio: int | None) -> bytes:
        """The initialisation segment for the picture and one sound track."""
        return (await self._run("init", source, audio=audio))[1]

    async def segment(
        self,
        source: MediaSource,
        audio: int | None,
        index: KeyframeIndex,
        segment: Segment,
        *,
        joined: bool = True,
    ) -> bytes:
        """One fMP4 segment with its picture copied and its sound copied or as AAC."""
        _, body = await self._run(
            "segment",
            source,
            audio=audio,
            start=segment.start,
            end=segment.end,
            shift=index.shift,
            by_decoding=index.by_decoding,
            origin=index.origin,
            is_first=segment.number == 0,
            sequence=segment.number,
            joined=joined,
        )
        return body

    async def coded_init(self, source: MediaSource, audio: int | None, height: int | None) -> bytes:
        """The initialisation segment of a picture coded anew, at most `height` lines high."""
        return (await self._run("coded_init", source, audio=audio, height=height))[1]

    async def coded_segment(
        self, source: MediaSource, audio: int | None, segment: Segment, height: int | None
    ) -> bytes:
        """One fMP4 segment with its picture coded anew as H.264."""
        arguments = {
            "source": as_json(source),
            "audio": audio,
            "height": height,
            "begins": segment.begins,
            "ends": None if segment.end is None else segment.ends,
            "sequence": segment.number,
        }
        return (await self._pool.run("coded_segment", arguments, seconds=CODING, lane=Lane.CODING))[1]

    async def embedded_subtitle(self, source: MediaSource, index: int, language: str | None) -> bytes:
        """A text track as WebVTT; reads the whole film."""
        arguments = {"source": as_json(source), "index": index, "language": language}
        return (await self._pool.run("embedded", arguments, seconds=SUBTITLES, lane=Lane.BULK))[1]

    async def sidecar_subtitle(self, path: Path, language: str | None) -> bytes:
        """A subtitle file as WebVTT."""
        return (await self._run("sidecar", LocalFile(path), language=language))[1]

    async def close(self) -> None:
        """End the workers."""
        await self._pool.close()

    async def _run(
        self, job: str, source: MediaSource, *, lane: Lane | None = None, **arguments: Any
    ) -> tuple[dict[str, Any], bytes]:
        seconds = LOCAL
        if not isinstance(source, LocalFile):
            seconds, lane = COMING, Lane.WAITING
        return await self._pool.run(job, {"source": as_json(source), **arguments}, seconds=seconds, lane=lane)
