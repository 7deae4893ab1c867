"""What a source can be: each capability is an interface of one method, and a source has those it can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from sokoul.domain.meaning import Wish
from sokoul.domain.media import MediaType, Work
from sokoul.domain.offer import Offer
from sokoul.features.search.ports import Fit, Query


@dataclass(frozen=True, slots=True)
class IndexerConfig:
    """Where one indexer is and how it is asked; `timeout` in seconds, None: as long as the search."""

    name: str
    url: str
    api_key: str = ""
    timeout: float | None = None


@runtime_checkable
class Searches(Protocol):
    """Offers releases."""

    async def search(self, query: Query) -> list[Offer]: ...


@runtime_checkable
class FindsWorks(Protocol):
    """Knows works by title."""

    async def find(self, text: str, media_type: MediaType, year: int | None) -> list[Work]: ...


@runtime_checkable
class DescribesWorks(Protocol):
    """Knows aliases, ids and running time of a work it has found."""

    async def describe(self, work: Work) -> Work: ...


@runtime_checkable
class GoesByIds(Protocol):
    """Says whether a work carries the id by which it can be asked for."""

    def knows_by(self, work: Work) -> bool: ...


@runtime_checkable
class KnowsTmdbIds(Protocol):
    """Knows works by their TMDB id."""

    async def by_tmdb(self, tmdb_id: int, media_type: MediaType) -> Work: ...


@runtime_checkable
class ListsEpisodes(Protocol):
    """Knows the episodes of a series."""

    async def episodes(self, work: Work, season: int) -> list[Work]: ...


@runtime_checkable
class DiscoversWorks(Protocol):
    """Knows works by what they are like."""

    async def discover(self, told: Wish) -> list[Fit]: ...


@runtime_checkable
class ListsWorks(Protocol):
    """Knows what many watch, and what is akin to a work."""

    async def trending(self) -> list[Work]: ...

    async def akin(self, tmdb_id: int, media_type: MediaType) -> list[Work]: ...


@runtime_checkable
class AnswersRaw(Protocol):
    """Passes its own documents on as they are."""

    async def raw(self, path: str, parameters: Mapping[str, str]) -> bytes: ...


@runtime_checkable
class Pings(Protocol):
    """Can say whether address and key are right; raises `ProviderUnavailable` with the cure."""

    async def check(self) -> str: ...
