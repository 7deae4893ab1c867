"""A circuit breaker: a source that fails again and again is left in peace, longer every time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from sokoul.domain.errors import ProviderUnavailable
from sokoul.features.providers.model import Ask, Outcome

T = TypeVar("T")

LONGEST: Final = 1800.0
# A source may ask for a longer rest itself, but not for ever.
_LONGEST_WISH: Final = 86_400.0


class CircuitOpen(ProviderUnavailable):
    """The source was not asked, because it failed too often just now."""


class CircuitBreaker:
    """Opens after `failures` in a row for `rest` seconds, then lets one call through to see.

    Each time that one fails the rest doubles, up to `longest`; a source that says how long it wants to be
    left alone is, at once. `observe` hears of every call that was made.
    """

    def __init__(
        self,
        name: str,
        *,
        failures: int = 5,
        rest: float = 30.0,
        longest: float = LONGEST,
        clock: Callable[[], float] = time.monotonic,
        observe: Callable[[Ask], None] | None = None,
    ) -> None:
        self.name = name
        self._limit, self._rest, self._longest, self._clock = failures, rest, longest, clock
        self._observe = observe
        self._failed = self._rests = 0
        self._open_until = 0.0
        self._probing = False

    @property
    def state(self) -> str:
        """closed, open or half-open."""
        if self._failed < self._limit:
            return "closed"
        return "open" if self._clock() < self._open_until else "half-open"

    @property
    def rests_for(self) -> float:
        """Seconds until the source is asked again; 0 where it is asked."""
        return max(0.0, self._open_until - self._clock()) if self.state == "open" else 0.0

    def reset(self) -> None:
        """Ask again: somebody has seen it work."""
        self._failed = self._rests = 0

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
        self._probing = probing = state == "half-open"
        started = time.monotonic()
        try:
            result = await work()
        except ProviderUnavailable as error:
            self._count(error.rest)
            self._tell("timeout" if error.timed_out else "failed", started, str(error), error.cure)
            raise
        except asyncio.CancelledError:
            # Who gave up waiting has seen a failure too.
            self._count(None)
            took = time.monotonic() - started
            cure = "Look whether it is overloaded, or give it more time with `timeout`."
            self._tell("timeout", started, f"{self.name} had not answered after {took:.3g} s", cure)
            raise
        finally:
            if probing:
                self._probing = False
        self.reset()
        self._tell("ok", started, results=len(result) if isinstance(result, list) else None)
        return result

    def _count(self, wished: float | None) -> None:
        resting = self.state == "open"  # others failed meanwhile: one rest is enough
        self._failed += 1
        now = self._clock()
        if wished is not None:
            self._failed = max(self._failed, self._limit)
            self._open_until = max(self._open_until, now + min(wished, _LONGEST_WISH))
        elif self._failed >= self._limit and not resting:
            self._open_until = now + min(self._rest * 2.0 ** min(self._rests, 30), self._longest)
            self._rests += 1

    def _tell(
        self,
        outcome: Outcome,
        started: float,
        error: str | None = None,
        cure: str | None = None,
        *,
        results: int | None = None,
    ) -> None:
        if self._observe is None:
            return
        now, rests = datetime.now(UTC), self.rests_for
        self._observe(
            Ask(
                provider=self.name,
                at=now,
                outcome=outcome,
                took_ms=round((time.monotonic() - started) * 1000),
                results=results,
                error=error,
                cure=cure,
                failures=self._failed,
                rests_until=now + timedelta(seconds=rests) if rests else None,
            )
        )


class Breakers:
    """The breakers of this process, each kept for as long as its source's settings stay the same."""

    def __init__(self, observe: Callable[[Ask], None] | None = None) -> None:
        self._observe = observe
        self._known: dict[str, tuple[object, CircuitBreaker]] = {}

    def of(self, name: str, settings: object, *, failures: int = 5, rest: float = 30.0) -> CircuitBreaker:
        """The breaker of the source `name`; a fresh one where `settings` differ from the last time."""
        before = self._known.get(name)
        if before is not None and before[0] == settings:
            return before[1]
        breaker = CircuitBreaker(name, failures=failures, rest=rest, observe=self._observe)
        self._known[name] = (settings, breaker)
        return breaker

    def keep(self, names: Collection[str]) -> set[str]:
        """Forget those of sources that are gone; returns their names."""
        gone = self._known.keys() - set(names)
        self._known = {name: known for name, known in self._known.items() if name not in gone}
        return set(gone)

    def reset(self, name: str) -> None:
        """Ask this one again, where there is such a source."""
        if (known := self._known.get(name)) is not None:
            known[1].reset()

    def all(self) -> list[CircuitBreaker]:
        """Of every source there is."""
        return [breaker for _, breaker in self._known.values()]
