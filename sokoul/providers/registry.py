"""Which kinds of source there are: a table one can read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol

import aiohttp
from pydantic import SecretStr

from sokoul.features.search.ports import Indexer
from sokoul.providers.breaker import CircuitBreaker
from sokoul.providers.clearance import FlareSolverr
from sokoul.providers.guarded import Guarded
from sokoul.providers.indexers.jackett import Jackett
from sokoul.providers.indexers.prowlarr import Prowlarr
from sokoul.providers.indexers.torznab import Torznab
from sokoul.providers.plugin import IndexerConfig

Build = Callable[[IndexerConfig, aiohttp.ClientSession, FlareSolverr | None], Indexer]

INDEXERS: Final[Mapping[str, Build]] = {
    "jackett": Jackett,
    "prowlarr": Prowlarr,
    "torznab": Torznab,
}


class IndexerSettings(Protocol):
    """One entry of `providers.indexers`."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def api_key(self) -> SecretStr | None: ...
    @property
    def timeout(self) -> float | None: ...


def build_indexer(
    settings: IndexerSettings,
    http: aiohttp.ClientSession,
    breaker: CircuitBreaker | None = None,
    solver: FlareSolverr | None = None,
) -> Guarded:
    """The indexer of one configuration entry, behind its circuit breaker; `solver` passes browser checks."""
    key = settings.api_key.get_secret_value() if settings.api_key else ""
    config = IndexerConfig(settings.name, settings.url, key, settings.timeout)
    return Guarded(INDEXERS[settings.type](config, http, solver), breaker)
