"""What searching needs from outside: sources of releases, of facts about works, a store, a cache, a bus."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sokoul.domain.debrid import ReadyAt, Service
from sokoul.domain.meaning import Wish
from sokoul.domain.media import MediaType, Wanted, Work
from sokoul.domain.offer import Offer
from sokoul.domain.opinion import Opinion
from sokoul.domain.quality import QualityProfile
from sokoul.domain.rules import Facts
from sokoul.features.search.model import NewSearch, ProviderState, Result, Search, Stage, Status


@dataclass(frozen=True, slots=True)
class Query:
    """What an indexer is asked: words (most telling first), and numbers and ids where they are known."""

    texts: tuple[str, ...]
    media_type: MediaType = MediaType.UNKNOWN
    year: int | None = None
    season: int | None = None
    episode: int | None = None
    imdb_id: str | None = None
    tmdb_id: int | None = None
    tvdb_id: int | None = None


class Indexer(Protocol):
    """One source of releases; it judges nothing and sorts nothing."""

    @property
    def name(self) -> str:
        """The name the household gave it; unique."""
        ...

    @property
    def timeout(self) -> float | None:
        """Seconds this source may take; None: as long as the search."""
        ...

    async def search(self, query: Query) -> list[Offer]:
        """Everything it offers for the query; raises `ProviderUnavailable` when it could not be asked."""
        ...


class ProfileBook(Protocol):
    """The household's quality profiles of the moment."""

    def choose(self, name: str | None, by: uuid.UUID | None) -> QualityProfile:
        """The one named, else the person's own or the household's; raises `Invalid` for an unknown name."""
        ...

    def fingerprint(self, profile: QualityProfile) -> str:
        """Another for every other content."""
        ...

    async def fresh(self) -> None:
        """Take over what another process changed; raises `Unavailable`."""
        ...


@dataclass(frozen=True, slots=True)
class Fit:
    """A work and how much of a description it meets."""

    work: Work
    points: int


class Metadata(Protocol):
    """Sources of facts about works, asked in order of worth."""

    @property
    def knows_films(self) -> bool:
        """Whether it can tell a film from a series of the same name."""
        ...

    async def find(self, text: str, media_type: MediaType, year: int | None) -> list[Work]:
        """Works that a title may mean (`UNKNOWN`: films and series); raises `ProviderUnavailable`."""
        ...

    async def describe(self, work: Work) -> Work:
        """The same work with its aliases, ids and running time; raises `ProviderUnavailable`."""
        ...

    async def by_tmdb(self, tmdb_id: int, media_type: MediaType) -> Work:
        """The work of that id with everything known; raises `NotFound` and `ProviderUnavailable`."""
        ...

    async def discover(self, told: Wish) -> list[Fit]:
        """Works that a description may mean, best first; raises `ProviderUnavailable`."""
        ...


class Oracle(Protocol):
    """A language model; everything works without it."""

    @property
    def limit(self) -> float:
        """Seconds that one question may take in all."""
        ...

    async def judge(self, wanted: Wanted, names: Sequence[str], *, timeout: float) -> Mapping[int, Opinion]:
        """What it thinks of each name, by place; some may be missing. Raises `ProviderUnavailable`."""
        ...

    async def understand(self, text: str, *, timeout: float) -> Wish:
        """What a description says. Raises `ProviderUnavailable`."""
        ...


class Cache(Protocol):
    """Bytes that may be lost at any time; one that is down is one that is empty."""

    async def get(self, key: str, *, kind: str = ...) -> bytes | None: ...

    async def put(self, key: str, value: bytes, *, seconds: float) -> None: ...

    async def drop(self, *keys: str) -> None: ...


class Live(Protocol):
    """Where live events go; they may be lost."""

    async def tell(self, topic: str, event: str, data: Mapping[str, Any]) -> None: ...


class Answers(Protocol):
    """Raw answers of a catalogue of works, as it gave them."""

    async def raw(self, path: str, parameters: Mapping[str, str]) -> bytes:
        """The JSON document at `path`; raises `NotFound` and `ProviderUnavailable`."""
        ...


class Ready(Protocol):
    """Knows which torrents need no swarm: they were seen ready at a debrid service."""

    async def services(self, user_id: uuid.UUID | None) -> frozenset[Service]:
        """Where this user may have torrents handed out."""
        ...

    async def ready(
        self, hashes: Collection[str], services: Collection[Service]
    ) -> Mapping[str, tuple[ReadyAt, ...]]:
        """Of these torrents (lower-case hashes) those that were seen ready at one of the services."""
        ...


@dataclass(frozen=True, slots=True)
class Linked:
    """What an indexer's link led to; a torrent of version 2 alone has no `info_hash` here."""

    info_hash: str | None
    magnet_link: str | None = None
    size_bytes: int | None = None
    files: tuple[str, ...] = ()


class TorrentLinks(Protocol):
    """Reads what links to .torrent files lead to."""

    async def read(self, url: str) -> Linked:
        """Raises `Refused` and `ProviderUnavailable`."""
        ...


class StreamPlaylists(Protocol):
    """Reads what playlists of streams say of themselves."""

    async def lines(self, url: str, headers: Sequence[tuple[str, str]]) -> int | None:
        """The resolution of the best picture, None where it is not told; raises `SokoulError`."""
        ...


class Wake(Protocol):
    """Tells the outbox that there is something to send."""

    def __call__(self) -> None: ...


class Household(Protocol):
    """What the house has, fetches, threw out and learnt of the work that is looked for."""

    async def facts(self, wanted: Wanted) -> Facts:
        """All of it for one search by hand, as it is now."""
        ...


class SearchStore(Protocol):
    """Where searches, their sources' states and their results are kept."""

    async def add(self, new: NewSearch, *, join_since: datetime) -> tuple[uuid.UUID, bool]:
        """Write it with its job, or join a live one of its key, begun after `join_since`: (id, joined)."""
        ...

    async def one(self, search_id: uuid.UUID) -> Search | None: ...

    async def begin(self, search_id: uuid.UUID) -> bool:
        """Mark it running; False where it has ended already."""
        ...

    async def identify(
        self,
        search_id: uuid.UUID,
        work: Work | None,
        understood: Wish | None,
        candidates: Sequence[Mapping[str, Any]],
        stages: Sequence[Stage],
    ) -> None: ...

    async def put_stages(self, search_id: uuid.UUID, stages: Sequence[Stage]) -> None: ...

    async def put_providers(self, search_id: uuid.UUID, states: Sequence[ProviderState]) -> None: ...

    async def put_results(
        self, search_id: uuid.UUID, results: Sequence[Result], *, expires_at: datetime
    ) -> None: ...

    async def finish(
        self,
        search_id: uuid.UUID,
        status: Status,
        *,
        duration_ms: int,
        stages: Sequence[Stage],
        kept: Sequence[uuid.UUID],
        expires_at: datetime,
    ) -> None:
        """Write the end of it, and forget results that are not among `kept`."""
        ...

    async def providers(self, search_id: uuid.UUID) -> list[ProviderState]: ...

    async def results(self, search_id: uuid.UUID) -> list[Result]:
        """Best first."""
        ...

    async def let_read(self, search_id: uuid.UUID, user_id: uuid.UUID) -> None: ...

    async def may_read(self, search_id: uuid.UUID, user_id: uuid.UUID) -> bool: ...

    async def score_again(self, search_id: uuid.UUID, trail_id: str) -> None:
        """Leave a job that judges the results anew."""
        ...
