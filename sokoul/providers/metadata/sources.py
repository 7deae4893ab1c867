"""Several sources of metadata as one: the best first, the next where it cannot help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

import structlog

from sokoul.domain.errors import NotFound, ProviderUnavailable
from sokoul.domain.meaning import Wish
from sokoul.domain.media import MediaType, Work
from sokoul.features.search.ports import Fit
from sokoul.providers.plugin import (
    DescribesWorks,
    DiscoversWorks,
    FindsWorks,
    GoesByIds,
    KnowsTmdbIds,
    ListsEpisodes,
    ListsWorks,
)

log = structlog.get_logger(__name__)


@runtime_checkable
class Source(FindsWorks, Protocol):
    """One source of facts about works."""

    @property
    def knows_films(self) -> bool: ...


class MetadataSources:
    """Asks in the given order; "nobody could be asked" is an error, "nobody knows it" is an empty answer."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = tuple(sources)
        self._heard: Callable[[Sequence[Work]], None] = _unheard

    def listen(self, heard: Callable[[Sequence[Work]], None]) -> None:
        """Have `heard` called with every work that a source tells of; it must not wait."""
        self._heard = heard

    def use(self, sources: Sequence[Source]) -> None:
        """Others from now on."""
        self._sources = tuple(sources)

    @property
    def knows_films(self) -> bool:
        """Whether any source can tell a film from a series of the same name."""
        return any(source.knows_films for source in self._sources)

    async def find(self, text: str, media_type: MediaType, year: int | None) -> list[Work]:
        """The first source's works, or the next one's where it has none or cannot be asked.

        Where film or series is open, what a source of series alone knows is no answer: one that knows films
        is asked too.
        """
        failure: ProviderUnavailable | None = None
        found: list[Work] = []
        for source in self._sources:
            try:
                found += await source.find(text, media_type, year)
            except ProviderUnavailable as err:
                log.warning("metadata source failed", error=str(err))
                failure = failure or err
                continue
            self._heard(found)
            if found and (source.knows_films or media_type is not MediaType.UNKNOWN):
                return _each_once(found)
        if failure is not None and (not found or (media_type is MediaType.UNKNOWN and self.knows_films)):
            # Half an answer (series alone) would name a film after a series.
            raise failure
        return _each_once(found)

    async def describe(self, work: Work) -> Work:
        """By the first source that knows the work's id and can be asked; unchanged where none does."""
        failure: ProviderUnavailable | None = None
        for source in self._sources:
            if not isinstance(source, DescribesWorks) or not _knows(source, work):
                continue
            try:
                return self._told(await source.describe(work))
            except NotFound:
                continue
            except ProviderUnavailable as err:
                failure = failure or err
        if failure is not None:
            raise failure
        return work

    async def by_tmdb(self, tmdb_id: int, media_type: MediaType) -> Work:
        """The work of that id, by the first source that knows TMDB's ids and can be asked."""
        failure: ProviderUnavailable | NotFound | None = None
        for source in self._sources:
            if isinstance(source, KnowsTmdbIds):
                try:
                    return self._told(await source.by_tmdb(tmdb_id, media_type))
                except (NotFound, ProviderUnavailable) as err:
                    failure = failure or err
        raise failure or NotFound("There is no source here that knows TMDB's ids: enter a TMDB key")

    async def discover(self, told: Wish) -> list[Fit]:
        """By the source that knows works by what they are like; nothing where none does."""
        for source in self._sources:
            if isinstance(source, DiscoversWorks):
                return await source.discover(told)
        return []

    async def episodes(self, work: Work, season: int) -> list[Work]:
        """By the source that knows the work's id."""
        for source in self._sources:
            if isinstance(source, ListsEpisodes) and _knows(source, work):
                return await source.episodes(work, season)
        return []

    async def trending(self) -> list[Work]:
        """By the first source that knows; nothing where none does."""
        for source in self._sources:
            if isinstance(source, ListsWorks):
                found = await source.trending()
                self._heard(found)
                return found
        return []

    async def akin(self, tmdb_id: int, media_type: MediaType) -> list[Work]:
        """By the first source that knows; nothing where none does."""
        for source in self._sources:
            if isinstance(source, ListsWorks):
                found = await source.akin(tmdb_id, media_type)
                self._heard(found)
                return found
        return []

    def _told(self, work: Work) -> Work:
        self._heard([work])
        return work


def _unheard(works: Sequence[Work]) -> None:
    del works


def _knows(source: Source, work: Work) -> bool:
    """Whether the work carries the id that the source goes by."""
    return source.knows_by(work) if isinstance(source, GoesByIds) else False


def _each_once(works: Sequence[Work]) -> list[Work]:
    """Two sources may name the same work: the one told first stands, with the ids and names of both."""
    kept: list[Work] = []
    for work in works:
        twin = next((at for at, other in enumerate(kept) if _same(work, other)), None)
        if twin is None:
            kept.append(work)
        else:
            kept[twin] = _together(kept[twin], work)
    return kept


def _same(one: Work, other: Work) -> bool:
    pairs = zip(_ids(one), _ids(other), strict=True)
    return one.media_type is other.media_type and any(a == b for a, b in pairs if a is not None)


def _ids(work: Work) -> tuple[object, ...]:
    return work.imdb_id, work.tmdb_id, work.tvdb_id, work.tvmaze_id


def _together(first: Work, second: Work) -> Work:
    names = dict.fromkeys((*first.aliases, second.title, *second.aliases))
    return replace(
        first,
        tmdb_id=first.tmdb_id or second.tmdb_id,
        imdb_id=first.imdb_id or second.imdb_id,
        tvdb_id=first.tvdb_id or second.tvdb_id,
        tvmaze_id=first.tvmaze_id or second.tvmaze_id,
        original_title=first.original_title or second.original_title,
        original_language=first.original_language or second.original_language,
        aliases=tuple(name for name in names if name != first.title),
    )
