"""What a builder of sources gets, and the row that names it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from aiohttp import ClientSession
from yarl import URL

from sokoul.config.model import Config
from sokoul.features.health.service import Check
from sokoul.providers.breaker import Breakers, CircuitBreaker
from sokoul.store.cache import Cache

S = TypeVar("S")
P = TypeVar("P")


@dataclass(frozen=True)
class Materials:
    """What one row's sources are made of; `closing` ends with them, when they were replaced or at the end.

    `checks` are what the row adds to /health/deep.
    """

    http: ClientSession
    cache: Cache
    breakers: Breakers
    closing: AsyncExitStack
    addresses: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    checks: dict[str, Check] = field(default_factory=dict)

    def breaker(
        self, name: str, settings: object, *, failures: int = 5, rest: float = 30.0
    ) -> CircuitBreaker:
        """The breaker of the source called `name`; it goes on while `settings` stay the same."""
        self.names.add(name)
        return self.breakers.of(name, settings, failures=failures, rest=rest)

    def allow(self, *urls: str | None) -> None:
        """Let these be reached though they are in the house: the household itself configured them."""
        for url in urls:
            if url and URL(url).host:
                self.addresses.add(url)


@dataclass(frozen=True, slots=True)
class Row(Generic[S, P]):
    """One kind of source.

    `settings` picks what it depends on: while that stays equal, what `build` made stays in use.
    """

    name: str
    settings: Callable[[Config], S]
    build: Callable[[S, Materials], Sequence[P]]
