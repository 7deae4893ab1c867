"""What playback needs: files and downloads by id, a reader of media, and signed addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from sokoul.domain.media import MediaType
from sokoul.domain.mediafacts import MediaFacts, MediaSource
from sokoul.features.playback.cuts import KeyframeIndex, Segment


@dataclass(frozen=True, slots=True)
class SidecarFile:
    """A text subtitle file beside a film."""

    path: Path
    language: str | None = None
    forced: bool = False


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the library; `facts` is None until it was probed."""

    file_id: UUID
    media_id: UUID
    path: Path
    size_bytes: int
    facts: MediaFacts | None = None
    sidecars: tuple[SidecarFile, ...] = ()


@dataclass(frozen=True, slots=True)
class DownloadFile:
    """A file of a download: `source` is the file itself once complete, before that ranges as they come in."""

    download_id: UUID
    index: int
    name: str
    size_bytes: int
    source: MediaSource
    complete: bool = False


class MediaFiles(Protocol):
    """The library's files; only those that are there and can be read."""

    async def get(self, file_id: UUID) -> StoredFile:
        """One file; raises NotFound."""
        ...

    async def of_media(self, media_id: UUID) -> Sequence[StoredFile]:
        """The files of a film or episode, none when there is no such thing."""
        ...

    async def media_id(self, media_type: MediaType, tmdb_id: int) -> UUID:
        """The media row of a TMDB id; raises NotFound."""
        ...


class Downloads(Protocol):
    """Files that are being downloaded."""

    async def file(self, download_id: UUID, index: int | None, *, user_id: UUID) -> DownloadFile:
        """One file, by default the film itself; raises NotFound, also for another user's download."""
        ...

    async def of_media(self, media_id: UUID, *, user_id: UUID) -> Sequence[DownloadFile]:
        """Playable files of running downloads of this title."""
        ...


class MediaReader(Protocol):
    """Reads media files; raises Refused where the file is at fault, Unavailable where the reader is."""

    async def facts(self, source: MediaSource) -> MediaFacts: ...

    async def index(self, source: MediaSource) -> KeyframeIndex:
        """Where the film can be cut."""
        ...

    async def init(self, source: MediaSource, audio: int | None) -> bytes:
        """The initialisation segment for the picture and one sound track."""
        ...

    async def segment(
        self,
        source: MediaSource,
        audio: int | None,
        index: KeyframeIndex,
        segment: Segment,
        *,
        joined: bool = True,
    ) -> bytes:
        """One media segment, complete; `joined` when it follows what the viewer heard, at some cost."""
        ...

    async def coded_init(self, source: MediaSource, audio: int | None, height: int | None) -> bytes:
        """The initialisation segment of a picture coded anew, at most `height` lines high."""
        ...

    async def coded_segment(
        self, source: MediaSource, audio: int | None, segment: Segment, height: int | None
    ) -> bytes:
        """One media segment with its picture coded anew; its times count, not its keyframes."""
        ...

    async def embedded_subtitle(self, source: MediaSource, index: int, language: str | None) -> bytes:
        """A text track as WebVTT."""
        ...

    async def sidecar_subtitle(self, path: Path, language: str | None) -> bytes:
        """A subtitle file as WebVTT."""
        ...


class Signer(Protocol):
    """Makes addresses that carry their own permission."""

    def sign(self, subject: str, *, user_id: UUID, seconds: float = ...) -> str:
        """A token for one address path, or for all below it when `subject` ends with a slash."""
        ...

    def address(self, path: str, *, user_id: UUID, seconds: float = ...) -> str:
        """`path` with its token."""
        ...
