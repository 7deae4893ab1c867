"""A download as the rest of Sokoul sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sokoul.domain.mediafacts import MediaFacts


class Status(StrEnum):
    """Where a download stands; from any of them it may become paused, failed or cancelled."""

    QUEUED = "queued"
    METADATA = "metadata"
    CHECKING = "checking"
    DOWNLOADING = "downloading"
    IMPORTING = "importing"
    SEEDING = "seeding"
    COMPLETED = "completed"
    PAUSED = "paused"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing will happen any more."""
        return self in {Status.COMPLETED, Status.FAILED, Status.CANCELLED}


class Wanted(StrEnum):
    """What its owner wants of it."""

    RUN = "run"
    PAUSE = "pause"
    CANCEL = "cancel"


class SourceKind(StrEnum):
    """What a download was started from."""

    MAGNET = "magnet"
    TORRENT = "torrent"
    TORRENT_URL = "torrent_url"
    URL = "url"


class Via(StrEnum):
    """How its bytes come: from a swarm, from a debrid service, or from the address itself."""

    TORRENT = "torrent"
    DEBRID = "debrid"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a first look into a file showed: its facts, or why it is no film."""

    facts: MediaFacts | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class FileState:
    """One file of a download; `file_id` is its place in the library once imported."""

    index: int
    path: str
    size_bytes: int
    done_bytes: int = 0
    wanted: bool = True
    playable: bool = False
    file_id: UUID | None = None
    seen: Seen | None = None

    @property
    def complete(self) -> bool:
        """Whether every byte is in."""
        return self.done_bytes >= self.size_bytes


@dataclass(frozen=True, slots=True)
class Progress:
    """What is only of interest while it runs; speeds in bytes/s, times in seconds."""

    download_speed: int = 0
    upload_speed: int = 0
    peers: int = 0
    seeds: int = 0
    eta: int | None = None
    buffered_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why it failed or waits: a stable code and plain words."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class NewDownload:
    """A download to be added; exactly one of `source` and `torrent` says where it comes from."""

    id: UUID
    wanted_by: UUID
    name: str
    source_kind: SourceKind
    trail_id: str
    source: str | None = None
    torrent: bytes | None = None
    info_hash: str | None = None
    media_id: UUID | None = None
    result_id: UUID | None = None
    work: Mapping[str, Any] | None = None
    wanted_files: tuple[int, ...] | None = None
    sequential: bool = False
    via: Via = Via.TORRENT
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Download:
    """One row with its files."""

    id: UUID
    wanted_by: UUID | None
    name: str
    source_kind: SourceKind
    status: Status
    wanted_state: Wanted
    trail_id: str
    created_at: datetime
    source: str | None = None
    via: Via = Via.TORRENT
    headers: tuple[tuple[str, str], ...] = ()
    info_hash: str | None = None
    media_id: UUID | None = None
    work: Mapping[str, Any] | None = None
    also_wanted_by: tuple[UUID, ...] = ()
    wanted_files: tuple[int, ...] | None = None
    sequential: bool = False
    delete_files: bool = False
    total_bytes: int = 0
    done_bytes: int = 0
    uploaded_bytes: int = 0
    seeded_seconds: int = 0
    trouble: Trouble | None = None
    progress: Progress = Progress()
    worker: str | None = None
    control: str | None = None
    imported_at: datetime | None = None
    completed_at: datetime | None = None
    files: tuple[FileState, ...] = field(default=())

    def file(self, index: int) -> FileState | None:
        """The file of that index."""
        return next((file for file in self.files if file.index == index), None)

    @property
    def owners(self) -> list[str]:
        """Everybody who asked for it, as live events name them."""
        first = (self.wanted_by,) if self.wanted_by is not None else ()
        return [str(owner) for owner in (*first, *self.also_wanted_by)]

    def visible_to(self, user_id: UUID) -> bool:
        """Whether this user asked for it."""
        return user_id == self.wanted_by or user_id in self.also_wanted_by


@dataclass(frozen=True, slots=True)
class Change:
    """What a worker writes into a row; None leaves a value as it is, `trouble` is always written."""

    status: Status
    trouble: Trouble | None = None
    name: str | None = None
    total_bytes: int | None = None
    done_bytes: int | None = None
    uploaded_bytes: int | None = None
    seeded_seconds: int | None = None
    progress: Progress = Progress()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the metadata told: the row's fixed values."""

    name: str
    info_hash: str | None
    torrent: bytes | None
    total_bytes: int
    files: tuple[FileState, ...]
