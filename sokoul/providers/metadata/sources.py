"""Several sources of metadata as one: the best first, the next where it cannot help."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from sokoul.domain.errors import NotFound, ProviderUnavailable
from sokoul.domain.media import MediaType, Work
from sokoul.domain.understood import Understood
from sokoul.features.search.ports import Fit
from sokoul.providers.metadata.tmdb import Tmdb
from sokoul.providers.metadata.tvmaze import Tvmaze
from sokoul.providers.plugin import DescribesWorks, DiscoversWorks, KnowsTmdbIds, ListsEpisodes

log = structlog.get_logger(__name__)

Source = Tmdb | Tvmaze


class MetadataSources:
    """Asks in the given order; "nobody could be asked" is an error, "nobody knows it" is an empty answer."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = tuple(sources)

    def use(self, sources: Sequence[Source]) -> None:
        """Others from now on."""
        self._sources = tuple(sources)

    @property
    def knows_films(self) -> bool:
        """Whether any source can tell a film from a series of the same name."""
        return any(source.knows_films for source in self._sources)

    async def find(self, text: str, media_type: MediaType, year: int | None) -> list[Work]:
        """The first source's works, or the next one's where it has none or cannot be asked."""
        failure: ProviderUnavailable | None = None
        for source in self._sources:
            if failure is not None and media_type is MediaType.UNKNOWN and not source.knows_films:
                # Half an answer (series alone) would name a film after a series.
                continue
            try:
                if found := await source.find(text, media_type, year):
                    return found
            except ProviderUnavailable as err:
                log.warning("metadata source failed", error=str(err))
                failure = failure or err
        if failure is not None:
            raise failure
        return []

    async def describe(self, work: Work) -> Work:
        """By the source that knows the work's id; unchanged where none does."""
        for source in self._sources:
            knows = work.tmdb_id if isinstance(source, KnowsTmdbIds) else work.tvmaze_id
            if knows is not None and isinstance(source, DescribesWorks):
                return await source.describe(work)
        return work

    async def by_tmdb(self, tmdb_id: int, media_type: MediaType) -> Work:
        """The work of that id; NotFound where no source knows TMDB's ids."""
        for source in self._sources:
            if isinstance(source, KnowsTmdbIds):
                return await source.by_tmdb(tmdb_id, media_type)
        raise NotFound("There is no TMDB key, so its ids mean nothing here")

    async def discover(self, told: Understood) -> list[Fit]:
        """By the source that knows works by what they are like; nothing where none does."""
        for source in self._sources:
            if isinstance(source, DiscoversWorks):
                return await source.discover(told)
        return []

    async def episodes(self, work: Work, season: int) -> list[Work]:
        """By the source that knows the work's id."""
        for source in self._sources:
            knows = work.tmdb_id if isinstance(source, KnowsTmdbIds) else work.tvmaze_id
            if knows is not None and isinstance(source, ListsEpisodes):
                return await source.episodes(work, season)
        return []
