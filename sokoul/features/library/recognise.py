"""Which work a release or a file is, asked of the metadata sources, each question once a scan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import structlog

from sokoul.domain.errors import NotFound, ProviderUnavailable
from sokoul.domain.identity import choose
from sokoul.domain.media import MediaType, Work
from sokoul.features.library.model import Placement
from sokoul.features.library.names import Guess
from sokoul.features.library.ports import Metadata

log = structlog.get_logger(__name__)

_MOST_REMEMBERED = 2000


class Recogniser:
    """Asks the sources once for each title; one that cannot be asked is like one that knows nothing."""

    def __init__(self, metadata: Metadata | None) -> None:
        self._metadata = metadata
        self._works: dict[Work, Work | None] = {}
        self._seasons: dict[tuple[Work, int], tuple[Work, ...]] = {}

    def forget(self) -> None:
        """Ask anew from now on."""
        self._works.clear()
        self._seasons.clear()

    async def known(self, guess: Guess) -> Placement | None:
        """The work that a source knows under this name, with its episodes; None where none does."""
        hint = guess.work
        if hint.media_type is MediaType.UNKNOWN:
            if not guess.release.title:
                return None
            hint = Work(MediaType.MOVIE, guess.release.title, year=guess.release.year)
            if hint.year is None:
                return None
        work = await self._work(hint)
        return None if work is None else await self.placed(work, guess)

    async def placed(self, work: Work, guess: Guess) -> Placement:
        """The place of a known work; a series without an episode number is told by the day it aired."""
        if work.media_type is not MediaType.TV:
            return Placement(work)
        if guess.episodes and guess.season is not None:
            told = await self.episodes(work, guess.season)
            wanted = tuple(one for one in told if one.episode_number in guess.episodes)
            if not wanted and guess.episode_title:
                wanted = (_named(guess),)
            return Placement(work, guess.season, guess.episodes, wanted)
        aired = await self._by_day(work, guess.release.air_date)
        if aired is not None and aired.season_number is not None and aired.episode_number is not None:
            return Placement(work, aired.season_number, (aired.episode_number,), (aired,))
        return Placement(work)

    async def described(self, work: Work) -> Work:
        """The work with everything the sources tell of it, or as it was."""
        if self._metadata is None:
            return work
        try:
            return await self._metadata.describe(work)
        except (NotFound, ProviderUnavailable) as error:
            log.info("metadata could not be had", title=work.title, error=str(error))
            return work

    async def episodes(self, series: Work, season: int) -> tuple[Work, ...]:
        """The episodes of a season as far as a source tells them."""
        key = (series, season)
        if key in self._seasons:
            return self._seasons[key]
        if self._metadata is None:
            return ()
        try:
            told = tuple(await self._metadata.episodes(series, season))
        except (NotFound, ProviderUnavailable) as error:
            log.info("season could not be looked up", title=series.title, season=season, error=str(error))
            return ()
        self._seasons[key] = told
        return told

    async def by_title(self, hint: Work) -> Work | None:
        """The work of that title and year, asked anew; raises `ProviderUnavailable`."""
        return None if self._metadata is None else await self._find(self._metadata, hint)

    async def _work(self, hint: Work) -> Work | None:
        if self._metadata is None:
            return None
        if hint not in self._works:
            if len(self._works) >= _MOST_REMEMBERED:
                self.forget()
            try:
                self._works[hint] = await self._ask(self._metadata, hint)
            except ProviderUnavailable as error:
                # Not remembered: the next file may find the source awake again.
                log.info("title could not be looked up", title=hint.title, error=str(error))
                return None
        return self._works.get(hint)

    async def _ask(self, metadata: Metadata, hint: Work) -> Work | None:
        try:
            if hint.tmdb_id is not None:
                return await metadata.by_tmdb(hint.tmdb_id, hint.media_type)
            return await self._find(metadata, hint)
        except NotFound:
            return None

    async def _find(self, metadata: Metadata, hint: Work) -> Work | None:
        found = await metadata.find(hint.title, hint.media_type, hint.year)
        chosen = _chosen(hint, found)
        return None if chosen is None else await metadata.describe(chosen)

    async def _by_day(self, series: Work, day: str | None) -> Work | None:
        if day is None:
            return None
        years = (int(day[:4]), *(([int(day[:4]) - series.year + 1]) if series.year else []))
        for season in dict.fromkeys(number for number in years if number >= 0):
            for episode in await self.episodes(series, season):
                if episode.air_date == day:
                    return episode
        return None


def _chosen(hint: Work, found: Sequence[Work]) -> Work | None:
    """The work that is meant; of several alike the first named, when title and year are its own."""
    work, rivals = choose(hint.title, hint.year, hint.media_type, found)
    if work is None and rivals and hint.year is not None and rivals[0].year == hint.year:
        return rivals[0]
    return work


def _named(guess: Guess) -> Work:
    return replace(
        Work(MediaType.EPISODE, guess.episode_title or ""),
        season_number=guess.season,
        episode_number=guess.episodes[0],
    )
