"""A circuit breaker: a source that fails again and again is left in peace for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar

from sokoul.domain.errors import ProviderUnavailable

T = TypeVar("T")


class CircuitOpen(ProviderUnavailable):
    """The source was not asked, because it failed too often just now."""


class CircuitBreaker:
    """Opens after `failures` in a row for `rest` seconds, then lets one call through to see."""

    def __init__(
        self,
        name: str,
        *,
        failures: int = 5,
        rest: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._limit, self._rest, self._clock = failures, rest, clock
        self._failed = 0
        self._open_until = 0.0
        self._probing = False

    @property
    def state(self) -> str:
        """closed, open or half-open."""
        if self._failed < self._limit:
            return "closed"
        return "open" if self._clock() < self._open_until else "half-open"

    async def call(self, work: Callable[[], Awaitable[T]]) -> T:
        """Run `work` unless open; only `ProviderUnavailable` counts as a failure. Raises `CircuitOpen`."""
        state = self.state
        if state == "open" or (state == "half-open" and self._probing):
            wait = max(1.0, self._open_until - self._clock())
            raise CircuitOpen(
                f"{self.name} failed {self._failed} times in a row; it is asked again in {wait:.0f} s",
                cure="See its last error, or wait.",
                skipped=True,
            )
        self._probing = state == "half-open"
        try:
            result = await work()
        except (ProviderUnavailable, asyncio.CancelledError):
            # Who gave up waiting has seen a failure too.
            self._count()
            raise
        finally:
            self._probing = False
        self._failed = 0
        return result

    def _count(self) -> None:
        self._failed += 1
        if self._failed >= self._limit:
            self._open_until = self._clock() + self._rest


class Breakers:
    """The breakers of this process, each kept for as long as its source's settings stay the same."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[object, CircuitBreaker]] = {}

    def of(self, name: str, settings: object, *, failures: int = 5, rest: float = 30.0) -> CircuitBreaker:
        """The breaker of the source `name`; a fresh one where `settings` differ from the last time."""
        before = self._known.get(name)
        if before is not None and before[0] == settings:
            return before[1]
        breaker = CircuitBreaker(name, failures=failures, rest=rest)
        self._known[name] = (settings, breaker)
        return breaker

    def keep(self, names: Collection[str]) -> None:
        """Forget those of sources that are gone."""
        self._known = {name: known for name, known in self._known.items() if name in names}

    def all(self) -> list[CircuitBreaker]:
        """Of every source there is."""
        return [breaker for _, breaker in self._known.values()]
