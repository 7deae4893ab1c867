"""Keep what catalogues tell in passing: what was once heard of can be found by meaning later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from sokoul.domain.errors import NotFound, Unavailable
from sokoul.domain.media import MediaType, Work
from sokoul.features.recommend.ports import Catalogue, Stories, Tastes

log = structlog.get_logger(__name__)

MOST_AT_ONCE: Final = 2000  # works that wait to be written; what comes on top is let go
GATHER_EVERY: Final = 12 * 3600.0
AKIN_TO: Final = 20  # of the household's latest favourites and finished works
_PAUSE: Final = 1.0
_GENTLE: Final = 0.3  # seconds between questions to a catalogue that nobody waits for

Told = tuple[MediaType, int]


class Memory:
    """Takes works from whoever hears of them, at once, and writes them down a little later."""

    def __init__(self, stories: Stories, changed: Callable[[], None]) -> None:
        self._stories, self._changed = stories, changed
        self._heard: dict[Told, Work] = {}
        self._something = asyncio.Event()

    def note(self, works: Sequence[Work]) -> None:
        """Never waits; what tells more of a work replaces what told less."""
        for work in works:
            if work.tmdb_id is None or work.media_type not in (MediaType.MOVIE, MediaType.TV):
                continue
            key = (work.media_type, work.tmdb_id)
            before = self._heard.get(key)
            if before is None and len(self._heard) >= MOST_AT_ONCE:
                continue
            if before is None or _told(work) >= _told(before):
                self._heard[key] = work
        if self._heard:
            self._something.set()

    async def run(self) -> None:
        """Write for ever; without a database what was heard waits."""
        while True:
            await self._something.wait()
            await asyncio.sleep(_PAUSE)
            try:
                await self.write()
            except Unavailable as error:
                log.warning("works that were heard of are not written yet", why=str(error))
                await asyncio.sleep(10 * _PAUSE)

    async def write(self) -> None:
        """Write what was heard until now."""
        works = list(self._heard.values())
        await self._stories.remember(works)
        for work in works:
            key = (work.media_type, work.tmdb_id or 0)
            if self._heard.get(key) is work:
                del self._heard[key]
        if not self._heard:
            self._something.clear()
        self._changed()


def _told(work: Work) -> int:
    return len(work.people) + len(work.keywords) + bool(work.overview) + bool(work.english)


class Gatherer:
    """Twice a day asks the catalogue what many watch and what is akin to what the household likes.

    The answers are heard by the memory, as all answers of catalogues are.
    """

    def __init__(self, catalogue: Catalogue, tastes: Tastes) -> None:
        self._catalogue, self._tastes = catalogue, tastes

    async def run(self) -> None:
        """For ever; a catalogue that fails is asked again next time."""
        while True:
            await self.gather()
            await asyncio.sleep(GATHER_EVERY)

    async def gather(self) -> None:
        """Ask once."""
        try:
            await self._catalogue.trending()
            for tmdb_id, media_type in await self._tastes.liked(AKIN_TO):
                await asyncio.sleep(_GENTLE)
                await self._akin(tmdb_id, media_type)
        except Unavailable as error:
            log.info("the catalogue told nothing new", why=str(error))

    async def _akin(self, tmdb_id: int, media_type: MediaType) -> None:
        try:
            await self._catalogue.akin(tmdb_id, media_type)
        except NotFound:
            log.debug("the catalogue does not know a title any more", tmdb_id=tmdb_id)
