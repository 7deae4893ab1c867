"""One account behind its circuit breaker: left in peace for a while after it failed again and again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Final, TypeVar

from sokoul.domain.debrid import Service
from sokoul.features.debrid.model import Account, DebridTrouble, Kind, Link, RemoteTorrent
from sokoul.features.debrid.ports import DebridClient
from sokoul.providers.breaker import CircuitBreaker, CircuitOpen

T = TypeVar("T")

# Every other no is about one torrent or link: the service answers and the account is good.
_FAILS: Final = frozenset({Kind.SERVICE, Kind.KEY, Kind.ACCOUNT})


class _Unasked(Exception):
    """Its turn did not come: that says nothing of the service, so the breaker does not hear of it."""

    def __init__(self, trouble: DebridTrouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble


class Guard:
    """The breaker of one account, and what went wrong there last."""

    def __init__(self, breaker: CircuitBreaker) -> None:
        self.breaker = breaker
        self._last: DebridTrouble | None = None

    async def ask(self, work: Callable[[], Awaitable[T]]) -> T:
        """Run `work` unless the account rests; raises DebridTrouble."""
        try:
            answer = await self.breaker.call(lambda: self._told(work))
        except _Unasked as err:
            raise err.trouble from None
        except CircuitOpen as rests:
            raise self._resting(rests) from None
        if isinstance(answer, DebridTrouble):
            raise answer
        return answer

    async def _told(self, work: Callable[[], Awaitable[T]]) -> T | DebridTrouble:
        try:
            return await work()
        except DebridTrouble as trouble:
            if trouble.code == "too_often":
                raise _Unasked(trouble) from None
            if trouble.kind not in _FAILS:
                return trouble
            self._last = trouble
            raise

    def _resting(self, rests: CircuitOpen) -> DebridTrouble:
        last = f" Last: {self._last}." if self._last else ""
        cure = self._last.cure if self._last else rests.cure
        return DebridTrouble(Kind.SERVICE, "resting", f"{rests}.{last}", cure or "Try again later.")


class GuardedDebrid:
    """The same account; a test that somebody asked for goes past the breaker, for they want to know now."""

    def __init__(self, inner: DebridClient, guard: Guard) -> None:
        self._inner, self._guard = inner, guard

    @property
    def service(self) -> Service:
        return self._inner.service

    async def account(self) -> Account:
        """Whose key it is; where it works, it is used again at once."""
        found = await self._inner.account()
        self._guard.breaker.reset()
        return found

    async def add(self, magnet: str) -> str:
        return await self._guard.ask(lambda: self._inner.add(magnet))

    async def look(self, torrent_id: str) -> RemoteTorrent:
        return await self._guard.ask(lambda: self._inner.look(torrent_id))

    async def choose(self, torrent_id: str, files: Collection[int]) -> None:
        await self._guard.ask(lambda: self._inner.choose(torrent_id, files))

    async def unlock(self, link: str) -> Link:
        return await self._guard.ask(lambda: self._inner.unlock(link))

    async def drop(self, torrent_id: str) -> None:
        await self._guard.ask(lambda: self._inner.drop(torrent_id))
