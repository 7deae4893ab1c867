"""An indexer behind its circuit breaker."""

from __future__ import annotations

from sokoul.domain.offer import Offer
from sokoul.features.search.ports import Indexer, Query
from sokoul.providers.breaker import CircuitBreaker
from sokoul.providers.plugin import Pings


class Guarded:
    """The same indexer, left in peace for a while after it failed again and again."""

    def __init__(self, inner: Indexer, breaker: CircuitBreaker | None = None) -> None:
        self._inner = inner
        self.breaker = breaker or CircuitBreaker(inner.name)

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def timeout(self) -> float | None:
        return self._inner.timeout

    async def search(self, query: Query) -> list[Offer]:
        return await self.breaker.call(lambda: self._inner.search(query))

    async def check(self) -> str:
        """A test that somebody asked for: past the breaker, for they want to know now."""
        if isinstance(self._inner, Pings):
            return await self._inner.check()
        return f"{self.name} has no test."
