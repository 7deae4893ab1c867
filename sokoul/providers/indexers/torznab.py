"""Torznab: the feed that Jackett, Prowlarr and many trackers speak."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Iterable
from typing import Final

import aiohttp
import structlog

from sokoul.domain.errors import ProviderUnavailable
from sokoul.domain.media import MediaType
from sokoul.domain.offer import Offer
from sokoul.features.search.ports import Query
from sokoul.providers.clearance import Door, FlareSolverr
from sokoul.providers.fetch import Reply
from sokoul.providers.indexers import caps as capabilities
from sokoul.providers.indexers import feed
from sokoul.providers.indexers.caps import Caps
from sokoul.providers.plugin import IndexerConfig
from sokoul.providers.refusals import KeyRefused, http_refusal

log = structlog.get_logger(__name__)

MOST_PAGES: Final = 3
MOST_TEXTS: Final = 2
_CAPS_KEPT: Final = 3600.0
_NO_CAPS_KEPT: Final = 60.0
_BIG: Final = 64 * 1024
_SERIES: Final = frozenset({MediaType.TV, MediaType.EPISODE})
_NO_SUCH_FUNCTION: Final = frozenset({201, 202, 203})

Parameters = list[tuple[str, str]]


class Torznab:
    """Ask one Torznab address; judge nothing, sort nothing."""

    def __init__(
        self, config: IndexerConfig, http: aiohttp.ClientSession, solver: FlareSolverr | None = None
    ) -> None:
        self._config, self._door = config, Door(http, solver)
        self._caps: Caps | None = None
        self._caps_until = 0.0
        self._caps_lock = asyncio.Lock()

    @property
    def name(self) -> str:
        return self._config.name

    @property
    def timeout(self) -> float | None:
        return self._config.timeout

    async def search(self, query: Query) -> list[Offer]:
        """By id where the address knows ids; by words where that finds nothing."""
        caps = await self.caps()
        if (by_id := _by_id(query, caps)) is not None:
            try:
                if found := await self._pages(by_id, query, caps):
                    return found
            except feed.FeedError as err:
                if err.code not in _NO_SUCH_FUNCTION:
                    raise
                log.info("indexer refuses searches by id", provider=self.name, code=err.code)
        asked = [_by_words(query, text, caps) for text in query.texts[:MOST_TEXTS]]
        return await together(self._words(each, query, caps) for each in asked)

    async def caps(self) -> Caps:
        """What the address can do, asked once an hour; a silent one is taken to search by words."""
        async with self._caps_lock:
            if self._caps is None or time.monotonic() > self._caps_until:
                self._caps, kept = await self._ask_caps()
                self._caps_until = time.monotonic() + kept
            return self._caps

    async def check(self) -> str:
        """Ask for one page with the key, as a search would; a sentence on success."""
        found = await self.search(Query(texts=("test",)))
        return f"{self.name} answers ({len(found)} releases on the first page)."

    async def _ask_caps(self) -> tuple[Caps, float]:
        """The capabilities, and for how many seconds they hold."""
        reply = await self._fetch([("t", "caps")])
        try:
            if reply.status >= 400:
                raise _refusal(reply, self.name)
            return capabilities.parse(reply.body, self.name), _CAPS_KEPT
        except KeyRefused:
            raise
        except ProviderUnavailable as err:
            log.info("indexer tells no capabilities", provider=self.name, error=str(err))
            return Caps(), _NO_CAPS_KEPT

    async def _words(self, parameters: Parameters, query: Query, caps: Caps) -> list[Offer]:
        try:
            return await self._pages(parameters, query, caps)
        except feed.FeedError as err:
            plain = _plain(query, dict(parameters).get("q", ""))
            if err.code not in _NO_SUCH_FUNCTION or plain == parameters:
                raise
            return await self._pages(plain, query, caps)

    async def _pages(self, parameters: Parameters, query: Query, caps: Caps) -> list[Offer]:
        """Page after page until one is short or brings nothing new; at most three."""
        found: dict[str, Offer] = {}
        categories = ",".join(map(str, caps.wants(query.media_type)))
        for number in range(MOST_PAGES):
            asked = [*parameters, ("extended", "1"), ("limit", str(caps.page_size))]
            asked += [("cat", categories)] if categories else []
            asked += [("offset", str(number * caps.page_size))] if number else []
            page = await self._page(asked)
            fresh = [offer for offer in page.offers if offer.guid not in found]
            found.update((offer.guid, offer) for offer in fresh)
            if not fresh or not _more(page, caps, (number + 1) * caps.page_size):
                break
        return list(found.values())

    async def _page(self, parameters: Parameters) -> feed.Page:
        body = (await self._get(parameters)).body
        if len(body) > _BIG:
            return await asyncio.to_thread(feed.parse, body, self.name)
        return feed.parse(body, self.name)

    async def _get(self, parameters: Parameters) -> Reply:
        reply = await self._fetch(parameters)
        if reply.status >= 400:
            raise _refusal(reply, self.name)
        return reply

    async def _fetch(self, parameters: Parameters) -> Reply:
        if self._config.api_key:
            parameters = [*parameters, ("apikey", self._config.api_key)]
        return await self._door.fetch(
            self.name, self._config.url, parameters=parameters, timeout=self.timeout or 60.0
        )


def _by_id(query: Query, caps: Caps) -> Parameters | None:
    """The parameters of a search by id, with the best id that the address takes."""
    series = query.media_type in _SERIES
    mode = "tvsearch" if series else "movie"
    if query.media_type is MediaType.UNKNOWN:
        return None
    for name, value in (("imdbid", query.imdb_id), ("tmdbid", query.tmdb_id), ("tvdbid", query.tvdb_id)):
        if value is not None and caps.can(mode, name):
            return [("t", mode), (name, str(value)), *_numbers(query)]
    return None


def _by_words(query: Query, text: str, caps: Caps) -> Parameters:
    if query.media_type is MediaType.MOVIE and caps.can("movie", "q"):
        return [("t", "movie"), ("q", text)]
    needed = ("q", *(name for name, _ in _numbers(query)))
    if query.media_type in _SERIES and caps.can("tvsearch", *needed):
        return [("t", "tvsearch"), ("q", text), *_numbers(query)]
    return _plain(query, text)


def _plain(query: Query, text: str) -> Parameters:
    """A search by words alone, the episode written the way releases write it."""
    return [("t", "search"), ("q", f"{text} {numbering(query)}".strip())]


def numbering(query: Query) -> str:
    """`S01E02`, `S01` or nothing."""
    if query.season is None:
        return ""
    return f"S{query.season:02d}" + (f"E{query.episode:02d}" if query.episode is not None else "")


def _numbers(query: Query) -> Parameters:
    numbers = []
    if query.season is not None:
        numbers.append(("season", str(query.season)))
        if query.episode is not None:
            numbers.append(("ep", str(query.episode)))
    return numbers


def _more(page: feed.Page, caps: Caps, so_far: int) -> bool:
    return so_far < page.total if page.total is not None else page.items >= caps.page_size


async def together(askings: Iterable[Awaitable[list[Offer]]]) -> list[Offer]:
    """All offers of several askings, each once; raises the first failure where none was answered."""
    answers = await asyncio.gather(*askings, return_exceptions=True)
    failures = [answer for answer in answers if isinstance(answer, BaseException)]
    for failure in failures:
        if not isinstance(failure, ProviderUnavailable) or len(failures) == len(answers):
            raise failure
    offers = (offer for answer in answers if not isinstance(answer, BaseException) for offer in answer)
    return list({offer.guid: offer for offer in offers}.values())


def _refusal(reply: Reply, source: str) -> ProviderUnavailable:
    """What an HTTP error means; an error document inside it knows better."""
    if b"<error" in reply.body[:2048]:
        try:
            feed.document(reply.body, source)
        except (feed.FeedError, KeyRefused) as err:
            return err
        except ProviderUnavailable:
            return http_refusal(reply.status, source)
    return http_refusal(reply.status, source)
