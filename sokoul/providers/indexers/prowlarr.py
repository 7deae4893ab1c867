"""Prowlarr by its own API (v1): JSON, one answer for all its indexers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

import aiohttp
from yarl import URL

from sokoul.domain.errors import ProviderUnavailable
from sokoul.domain.media import MediaType
from sokoul.domain.offer import Offer, Protocol
from sokoul.features.search.ports import Query
from sokoul.providers.clearance import Door, FlareSolverr
from sokoul.providers.fetch import Reply
from sokoul.providers.indexers import feed, magnet
from sokoul.providers.indexers.torznab import MOST_TEXTS, numbering, together
from sokoul.providers.plugin import IndexerConfig
from sokoul.providers.refusals import http_refusal
from sokoul.providers.text import clean

_BIG: Final = 64 * 1024
_LIMIT: Final = 100
_CATEGORIES: Final[Mapping[MediaType, tuple[int, ...]]] = {
    MediaType.MOVIE: (2000,),
    MediaType.TV: (5000,),
    MediaType.EPISODE: (5000,),
}


class Prowlarr:
    """Ask Prowlarr once for everything it manages; judge nothing, sort nothing."""

    def __init__(
        self, config: IndexerConfig, http: aiohttp.ClientSession, solver: FlareSolverr | None = None
    ) -> None:
        self._config, self._door = config, Door(http, solver)
        self._root = URL(config.url)

    @property
    def name(self) -> str:
        return self._config.name

    @property
    def timeout(self) -> float | None:
        return self._config.timeout

    async def search(self, query: Query) -> list[Offer]:
        """By words: Prowlarr's indexers differ in the ids they take, but all of them take words."""
        return await together(self._words(query, text) for text in query.texts[:MOST_TEXTS])

    async def check(self) -> str:
        """Ask for the version with the key; a sentence on success."""
        status = _json(await self._get("api/v1/system/status", []), self.name)
        version = status.get("version") if isinstance(status, dict) else None
        return f"{self.name} answers (Prowlarr {clean(str(version or 'of unknown version'), 40)})."

    async def _words(self, query: Query, text: str) -> list[Offer]:
        parameters = [("query", f"{text} {numbering(query)}".strip()), ("type", "search")]
        parameters += [("categories", str(c)) for c in _CATEGORIES.get(query.media_type, (2000, 5000))]
        reply = await self._get("api/v1/search", [*parameters, ("limit", str(_LIMIT)), ("offset", "0")])
        if len(reply.body) > _BIG:
            return await asyncio.to_thread(parse, reply, self.name)
        return parse(reply, self.name)

    async def _get(self, path: str, parameters: list[tuple[str, str]]) -> Reply:
        reply = await self._door.fetch(
            self.name,
            str(self._root / path if not self._root.path.endswith("/") else self._root.join(URL(path))),
            parameters=parameters,
            headers={"X-Api-Key": self._config.api_key, "Accept": "application/json"},
            timeout=self.timeout or 60.0,
        )
        if reply.status >= 400:
            raise http_refusal(reply.status, self.name)
        return reply


def parse(reply: Reply, source: str) -> list[Offer]:
    """The torrents in an answer; a field of the wrong type counts as absent."""
    answer = _json(reply, source)
    if not isinstance(answer, list):
        raise _strange(source)
    found = (_offer(item, source) for item in answer[: feed.MOST_ITEMS] if isinstance(item, dict))
    return [offer for offer in found if offer is not None]


def _offer(item: Mapping[str, Any], source: str) -> Offer | None:
    if item.get("protocol") not in {"torrent", None}:
        return None
    title = clean(_text(item, "title") or "", 400)
    links = [_text(item, key) for key in ("magnetUrl", "downloadUrl", "guid")]
    found = next((m for link in links if (m := magnet.read(link))), None)
    digest = magnet.info_hash(_text(item, "infoHash")) or (found.info_hash if found else None)
    # Prowlarr hides links behind addresses of its own, `magnetUrl` too.
    url = feed.web_url(_text(item, "downloadUrl")) or feed.web_url(_text(item, "magnetUrl"))
    if not title or not (found or url or digest):
        return None
    link = found.link if found else None
    if link is None and url is None:
        link = magnet.build(digest, name=title)
    imdb = feed.whole(item.get("imdbId"))
    return Offer(
        guid=feed.guid(_text(item, "guid"), digest, _text(item, "infoUrl"), url, link, title),
        title=title,
        provider=source,
        protocol=Protocol.TORRENT,
        size_bytes=feed.bounded_size(feed.whole(item.get("size"))),
        seeders=feed.count(item.get("seeders")),
        leechers=feed.count(item.get("leechers")),
        info_hash=digest,
        magnet_link=link,
        url=url,
        published_at=feed.moment(_text(item, "publishDate")),
        categories=_categories(item.get("categories")),
        tmdb_id=feed.positive(feed.whole(item.get("tmdbId"))),
        imdb_id=feed.imdb(f"{imdb:07d}") if imdb and imdb > 0 else None,
        tvdb_id=feed.positive(feed.whole(item.get("tvdbId"))),
        flags=_flags(item.get("indexerFlags")),
    )


def _categories(value: object) -> tuple[int, ...]:
    if not isinstance(value, list):
        return ()
    numbers = (feed.whole(entry.get("id")) for entry in value[:20] if isinstance(entry, dict))
    return tuple(number for number in numbers if number and 0 < number < 1_000_000)


def _flags(value: object) -> tuple[str, ...]:
    return feed.flags(value[:20]) if isinstance(value, list) else ()


def _text(item: Mapping[str, Any], key: str) -> str | None:
    value = item.get(key)
    return value if isinstance(value, str) else None


def _json(reply: Reply, source: str) -> object:
    try:
        answer: object = json.loads(reply.body)
    except (ValueError, RecursionError) as err:
        raise _strange(source) from err
    return answer


def _strange(source: str) -> ProviderUnavailable:
    return ProviderUnavailable(
        f"{source} did not answer like Prowlarr",
        cure="Check that `url` is Prowlarr's own address, such as http://host:9696.",
    )
