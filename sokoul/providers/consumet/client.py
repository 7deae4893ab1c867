"""A Consumet-compatible server: streams of works by their TMDB id, which it finds at its own sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import aiohttp

from sokoul.domain.errors import NotFound, ProviderUnavailable
from sokoul.domain.media import MediaType
from sokoul.domain.offer import Offer, Protocol
from sokoul.features.search.ports import Query
from sokoul.providers.breaker import CircuitBreaker
from sokoul.providers.consumet import answers
from sokoul.providers.consumet.answers import Document, Source, Watch
from sokoul.providers.fetch import fetch
from sokoul.providers.refusals import http_refusal

NAME: Final = "consumet"
_PATIENCE: Final = 25.0


@dataclass(frozen=True, slots=True)
class ConsumetConfig:
    """Where it is, and which of its sources it is to ask (None: its own choice)."""

    url: str
    provider: str | None = None
    timeout: float = _PATIENCE


class Consumet:
    """An indexer of streams; it knows works by TMDB's ids alone."""

    name = NAME
    timeout: float | None = None

    def __init__(
        self, config: ConsumetConfig, http: aiohttp.ClientSession, breaker: CircuitBreaker | None = None
    ) -> None:
        self._config, self._http = config, http
        self.breaker = breaker or CircuitBreaker(NAME)

    async def search(self, query: Query) -> list[Offer]:
        """The streams of the film or episode; nothing for what has no number of TMDB's."""
        if query.tmdb_id is None or query.media_type not in {MediaType.MOVIE, MediaType.TV}:
            return []
        if query.media_type is MediaType.TV and (query.season is None or query.episode is None):
            return []
        try:
            found = await self.watch(query.media_type, query.tmdb_id, query.season, query.episode)
        except NotFound:
            return []
        return [self._offer(query, source, found) for source in found.sources]

    async def watch(
        self, media_type: MediaType, tmdb_id: int, season: int | None = None, episode: int | None = None
    ) -> Watch:
        """The streams of one work; raises NotFound and ProviderUnavailable."""
        return await self.breaker.call(lambda: self._watch(media_type, tmdb_id, season, episode))

    async def check(self) -> str:
        """Past the breaker: whether it answers as such a server does."""
        info = await self._ask(f"/meta/tmdb/info/{_KNOWN}", {"type": "movie"})
        if info is None or answers.media_id(info) is None:
            raise ProviderUnavailable(
                f"{NAME} answers, but does not know a film that it should",
                cure="Check its own TMDB key, and the name in `provider`.",
            )
        return f"{NAME} answers."

    async def _watch(
        self, media_type: MediaType, tmdb_id: int, season: int | None, episode: int | None
    ) -> Watch:
        info = await self._ask(f"/meta/tmdb/info/{tmdb_id}", {"type": media_type.value})
        wanted = answers.episode_of(info, season, episode) if info is not None else None
        if info is None or wanted is None:
            raise NotFound(f"{NAME} does not have this")
        parameters = {"id": answers.media_id(info) or str(tmdb_id)}
        told = await self._ask(f"/meta/tmdb/watch/{quote(wanted, safe='')}", parameters)
        if told is None:
            raise NotFound(f"{NAME} does not have this")
        return answers.watch(told)

    async def _ask(self, path: str, parameters: dict[str, str]) -> Document | None:
        """The document at `path`; None where there is none."""
        if self._config.provider:
            parameters = {**parameters, "provider": self._config.provider}
        url = f"{self._config.url.rstrip('/')}{path}"
        reply = await fetch(
            self._http, NAME, url, parameters=list(parameters.items()), timeout=self._config.timeout
        )
        if reply.status == 404:
            return None
        if reply.status != 200:
            raise http_refusal(reply.status, NAME)
        return answers.document(reply.body, NAME)

    def _offer(self, query: Query, source: Source, found: Watch) -> Offer:
        words = query.texts[0] if query.texts else str(query.tmdb_id)
        number = f" S{query.season:02}E{query.episode:02}" if query.season and query.episode else ""
        quality = f" {source.lines}p" if source.lines else ""
        where = f" {self._config.provider}" if self._config.provider else ""
        return Offer(
            guid=f"{query.tmdb_id}:{query.season}:{query.episode}:{source.quality}:{source.playlist}",
            title=f"{words}{number}{quality} stream{where}",
            provider=NAME,
            protocol=Protocol.HLS if source.playlist else Protocol.HTTP,
            url=source.url,
            tmdb_id=query.tmdb_id,
            imdb_id=query.imdb_id,
            headers=found.headers,
            subtitles=found.subtitles,
        )


# A film of 2010 that every catalogue has: Sintel.
_KNOWN: Final = 45745
