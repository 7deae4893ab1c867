"""What the download feature needs from the rest: a torrent engine, a store, a library, a way to tell."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from sokoul.domain.mediafacts import MediaFacts
from sokoul.features.download.metainfo import Metainfo
from sokoul.features.download.model import Change, Download, Facts, FileState, NewDownload, Wanted


@dataclass(frozen=True, slots=True)
class TorrentSource:
    """Where a torrent comes from: a magnet link, a .torrent file, or both: then the link adds trackers."""

    magnet: str | None = None
    torrent: bytes | None = None


@dataclass(frozen=True, slots=True)
class LinkFile:
    """A file behind a link; None: its size is found out by looking."""

    path: str
    size_bytes: int | None = None


class Addresses(Protocol):
    """Tells where the bytes of a file are, and with which headers they are asked for."""

    async def __call__(self, index: int, *, fresh: bool) -> tuple[str, tuple[tuple[str, str], ...]]:
        """`fresh` where the one told before does not work any more; raises ProviderUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class LinkSource:
    """Files that are fetched by HTTP; `playlist`: the one of a stream, whose pieces make the file."""

    name: str
    files: tuple[LinkFile, ...]
    address: Addresses
    playlist: bool = False


class EngineState(StrEnum):
    """What the engine is doing with a torrent."""

    METADATA = "metadata"
    WAITING = "waiting"  # the metadata is known, `begin` was not called yet
    CHECKING = "checking"
    DOWNLOADING = "downloading"
    FINISHED = "finished"  # every wanted byte is in its file


@dataclass(frozen=True, slots=True)
class FileProgress:
    """One file of a running torrent; `playable` is its beginning and its end being in."""

    index: int
    done_bytes: int
    wanted: bool
    playable: bool
    buffered_bytes: int = 0


@dataclass(frozen=True, slots=True)
class TorrentStatus:
    """A torrent at one moment; rates in bytes/s, times in seconds, totals over all its runs."""

    state: EngineState
    paused: bool = False
    total_wanted: int = 0
    done_wanted: int = 0
    download_rate: int = 0
    upload_rate: int = 0
    peers: int = 0
    seeds: int = 0
    uploaded: int = 0
    payload_received: int = 0
    seeding_seconds: int = 0
    error: str | None = None
    no_space: bool = False
    files: tuple[FileProgress, ...] = ()


class AnyEngine(Protocol):
    """Fetches downloads; all times in seconds, all calls are safe to repeat.

    Unknown ids raise NotFound; a broken source raises Refused.
    """

    async def start(self) -> None: ...

    async def close(self) -> None:
        """Save everything and stop."""
        ...

    async def metadata(self, key: UUID) -> tuple[Metainfo, bytes]:
        """What it holds, and its .torrent file where it has one; waits until somebody tells."""
        ...

    async def begin(
        self, key: UUID, files: Collection[int] | None = None, *, sequential: bool = False
    ) -> None:
        """Fetch these files (None: all); returns once what is already on disk was checked."""
        ...

    def status(self, key: UUID) -> TorrentStatus:
        """Where it stands; never waits."""
        ...

    async def finished(self, key: UUID) -> None:
        """Wait until every wanted byte is in its file; raises Unavailable when the torrent broke."""
        ...

    async def select(self, key: UUID, files: Collection[int] | None) -> None: ...

    async def pause(self, key: UUID) -> None: ...

    async def resume(self, key: UUID) -> None:
        """Go on, also after an error."""
        ...

    async def recheck(self, key: UUID) -> None:
        """Hash what is on disk again."""
        ...

    async def remove(self, key: UUID, *, delete_files: bool) -> None:
        """Forget the torrent; without `delete_files` its data and saved progress stay."""
        ...

    async def limit(self, *, download: int, upload: int) -> None:
        """Bytes/s for all torrents together; 0 is no limit."""
        ...

    def has(self, key: UUID) -> bool:
        """Whether this engine works on it."""
        ...

    def size(self, key: UUID, file: int) -> int:
        """Bytes of a file; NotFound when there is none of that index, WrongState before the metadata."""
        ...

    def read(self, key: UUID, file: int, offset: int, length: int) -> AsyncGenerator[bytes, None]:
        """Bytes of a file as they come in; what is read next is fetched first while the iterator is open."""
        ...

    def path(self, key: UUID, file: int) -> Path:
        """Where the file lies, or will."""
        ...


class TorrentEngine(AnyEngine, Protocol):
    """Fetches torrents."""

    async def add(self, key: UUID, source: TorrentSource) -> None:
        """Take a torrent in, fetching no payload before `begin`; saved progress is found by its id."""
        ...


class Engine(AnyEngine, Protocol):
    """Fetches whatever a download is made of."""

    async def add(self, key: UUID, source: TorrentSource | LinkSource) -> None:
        """Take it in, fetching no payload before `begin`; saved progress is found by its id."""
        ...


class Links(Protocol):
    """Where the files of a download are that is not fetched from a swarm."""

    async def source(self, download: Download) -> LinkSource:
        """By its address, or by a debrid service; raises Refused, ProviderUnavailable."""
        ...


class Ready(Protocol):
    """Knows which torrents a user's debrid services have ready."""

    async def has(self, user_id: UUID, info_hash: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """One file that is complete on disk."""

    index: int
    path: Path
    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class FinishedDownload:
    """What the library is to adopt. `work` is what a search had identified, as it was stored."""

    id: UUID
    name: str
    files: tuple[FinishedFile, ...]
    trail_id: str
    media_id: UUID | None = None
    work: Mapping[str, Any] | None = None
    movable: bool = False


class Adopted(Protocol):
    """Where the library put it: the work, and the file's id for each index that became a library file."""

    @property
    def media_id(self) -> UUID: ...
    @property
    def files(self) -> Mapping[int, UUID]: ...


class Importer(Protocol):
    """The library's door for finished downloads; adopting the same download twice gives the same answer."""

    async def adopt(self, download: FinishedDownload) -> Adopted: ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer of a `torrent_url`: a .torrent file, or a magnet link that it led to."""

    torrent: bytes | None = None
    magnet: str | None = None


class TorrentFetcher(Protocol):
    """Fetches a .torrent file from an address that a user or an indexer named."""

    async def fetch(self, url: str) -> Fetched: ...


class Offers(Protocol):
    """Reads the search result that a user picked."""

    async def offer(self, result_id: UUID, user_id: UUID | None) -> PickedOffer | None: ...


@dataclass(frozen=True, slots=True)
class PickedOffer:
    """What is needed of a search result to fetch it; `work` is what the search had identified."""

    name: str
    protocol: str
    magnet_link: str | None
    url: str | None
    info_hash: str | None
    media_id: UUID | None
    work: Mapping[str, Any] | None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """The download of a request, and whether it is new."""

    id: UUID
    created: bool


class DownloadStore(Protocol):
    """The rows of downloads, as the API needs them."""

    async def add(self, new: NewDownload, *, most: int) -> Added:
        """Add the row and its job, or find the live one of its info hash; raises TooMany (0: no limit)."""
        ...

    async def get(self, download_id: UUID) -> Download | None: ...

    async def page(
        self, *, user_id: UUID | None, statuses: Sequence[str], limit: int, offset: int
    ) -> tuple[Sequence[Download], int]: ...

    async def of_media(self, media_id: UUID) -> Sequence[Download]: ...

    async def picked(self, result_id: UUID, user_id: UUID) -> PickedOffer | None: ...

    async def has_media(self, media_id: UUID) -> bool: ...

    async def want(self, download_id: UUID, wanted: Wanted, *, delete_files: bool = False) -> bool:
        """Write what the owner wants; False where it is too late for that."""
        ...


class Prober(Protocol):
    """Looks into a file that still comes in."""

    async def look(self, download_id: UUID, file: FileState) -> MediaFacts:
        """Raises `Refused` where it is no film and `Unavailable` where nobody can look."""
        ...


class WorkerStore(Protocol):
    """The same rows as a worker needs them: it writes only while the lease is its own."""

    async def claim(
        self, worker: str, control: str, *, room: int, held: Sequence[UUID], lease: float
    ) -> Sequence[Download]:
        """Take over what nobody works on: at most `room` to be fetched, and all there is to end."""
        ...

    async def renew(self, worker: str, ids: Sequence[UUID], *, lease: float) -> Mapping[UUID, Download]:
        """Keep the leases; what is missing in the answer was lost."""
        ...

    async def release(self, worker: str, ids: Sequence[UUID]) -> None:
        """End the leases: another worker may go on at once."""
        ...

    async def let_go(self, worker: str, download_id: UUID) -> None:
        """Nothing is left to be done for it."""
        ...

    async def torrent(self, download_id: UUID) -> bytes | None: ...

    async def save(
        self, worker: str, download: Download, change: Change, files: Sequence[FileState] = ()
    ) -> Download | None:
        """Write where it stands; None when the lease is lost."""
        ...

    async def set_source(
        self,
        worker: str,
        download_id: UUID,
        *,
        magnet: str | None = None,
        torrent: bytes | None = None,
        info_hash: str | None = None,
    ) -> bool:
        """What an address led to; False when that torrent lives already as another download."""
        ...

    async def fall_back(self, worker: str, download: Download) -> Download | None:
        """It is fetched from its swarm from now on, and what it holds is open again; None: lease lost."""
        ...

    async def set_facts(self, worker: str, download: Download, facts: Facts) -> Download | None:
        """What the metadata told; None for a torrent that lives already, or when the lease is lost."""
        ...

    async def imported(
        self, worker: str, download: Download, media_id: UUID, files: Mapping[int, UUID]
    ) -> Download | None:
        """What became of it in the library; None when the lease is lost."""
        ...


class Live(Protocol):
    """Where live events and signals go; they may be lost."""

    async def tell(self, topic: str, event: str, data: Mapping[str, Any]) -> None: ...

    async def signal(self, name: str, data: Mapping[str, Any]) -> None: ...


class ByteReader(Protocol):
    """Reads the bytes of a file that is still downloading, wherever its worker is."""

    def read(self, download: Download, file: int, offset: int, length: int) -> AsyncGenerator[bytes, None]:
        """Exactly `length` bytes as they come in; raises Unavailable when nobody serves them."""
        ...
