"""What a builder of sources gets, and the row that names it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from aiohttp import ClientSession
from yarl import URL

from sokoul.config.model import Config
from sokoul.providers.breaker import Breakers, CircuitBreaker
from sokoul.store.cache import Cache

S = TypeVar("S")
P = TypeVar("P")


@dataclass(frozen=True)
class Materials:
    """What one row's sources are made of; `closing` ends with them, when they were replaced or at the end."""

    http: ClientSession
    cache: Cache
    breakers: Breakers
    closing: AsyncExitStack
    addresses: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def breaker(self, name: str, settings: object) -> CircuitBreaker:
        """The breaker of the source called `name`; it goes on while `settings` stay the same."""
        self.names.add(name)
        return self.breakers.of(name, settings)

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
