"""JSON documents of one source: asked for behind its breaker, kept for a while."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from sokoul.domain.errors import ProviderUnavailable
from sokoul.features.search.ports import Cache
from sokoul.providers.breaker import CircuitBreaker
from sokoul.providers.fetch import MIB, Reply, fetch
from sokoul.providers.refusals import http_refusal

Refusal = Callable[[Reply], ProviderUnavailable | None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source is; seconds that answers are kept, and that one may take."""

    name: str
    url: str
    kept: float
    timeout: float = 10.0


class Documents:
    """Asks one source for JSON; a 404 is None."""

    def __init__(
        self,
        place: Place,
        http: aiohttp.ClientSession,
        cache: Cache | None,
        *,
        breaker: CircuitBreaker | None = None,
        headers: Mapping[str, str] | None = None,
        refusal: Refusal | None = None,
    ) -> None:
        self._place, self._http, self._cache = place, http, cache
        self._headers, self._refusal = dict(headers or {}), refusal
        self.breaker = breaker or CircuitBreaker(place.name)

    async def get(
        self, path: str, parameters: Sequence[tuple[str, str]], *, secret: Sequence[tuple[str, str]] = ()
    ) -> Any:
        """The document at `path`; `secret` parameters are sent and not part of what it is kept under.

        Raises ProviderUnavailable.
        """
        key = self._key(path, parameters)
        body = await self._cache.get(key, kind="metadata") if self._cache is not None else None
        if body is None:
            body = await self.breaker.call(lambda: self.ask(path, [*parameters, *secret]))
            if body is not None and self._cache is not None:
                await self._cache.put(key, body, seconds=self._place.kept)
        return None if body is None else json.loads(body)

    async def ask(self, path: str, parameters: Sequence[tuple[str, str]]) -> bytes | None:
        """The same, past cache and breaker, as the bytes of valid JSON."""
        name, base = self._place.name, self._place.url.rstrip("/")
        reply = await fetch(
            self._http,
            name,
            f"{base}/{path}" if path else base,
            parameters=parameters,
            headers=self._headers,
            timeout=self._place.timeout,
            limit=4 * MIB,
        )
        if self._refusal is not None and (refusal := self._refusal(reply)) is not None:
            raise refusal
        if reply.status == 404:
            return None
        if reply.status >= 400:
            raise http_refusal(reply.status, name)
        try:
            json.loads(reply.body)
        except (ValueError, RecursionError):
            raise ProviderUnavailable(
                f"{name} did not answer with JSON", cure="Check its `base_url`."
            ) from None
        return reply.body

    def _key(self, path: str, parameters: Sequence[tuple[str, str]]) -> str:
        asked = json.dumps([self._place.url, path, sorted(parameters)], ensure_ascii=False)
        return f"{self._place.name.lower()}:{hashlib.sha256(asked.encode(errors='replace')).hexdigest()}"
