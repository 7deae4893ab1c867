"""The outbox's way to the bus: what a transaction left in the table is sent, then forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import structlog

from sokoul.bus.bus import Bus

log = structlog.get_logger(__name__)


class Letter(Protocol):
    """One message that must reach the bus."""

    @property
    def id(self) -> int: ...
    @property
    def subject(self) -> str: ...
    @property
    def message_id(self) -> str: ...
    @property
    def payload(self) -> Mapping[str, Any]: ...
    @property
    def trail_id(self) -> str: ...


class OutboxStore(Protocol):
    async def waiting(self, limit: int) -> Sequence[Letter]: ...

    async def sent(self, ids: Sequence[int]) -> None: ...


class Outbox:
    """Sends at once when woken, and looks by itself every second for what another process left."""

    def __init__(self, store: OutboxStore, bus: Bus, *, look_every: float = 1.0) -> None:
        self._store, self._bus, self._look_every = store, bus, look_every
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """A transaction has left something; send it now."""
        self._woken.set()

    async def run(self) -> None:
        """Send for ever; several processes may do so at once, the message's id makes it once."""
        while True:
            self._woken.clear()
            while await self._send_some():
                pass
            try:
                async with asyncio.timeout(self._look_every):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def _send_some(self) -> bool:
        letters = await self._store.waiting(100)
        for letter in letters:
            await self._bus.publish_job(
                letter.subject, letter.payload, message_id=letter.message_id, trail_id=letter.trail_id
            )
        if letters:
            await self._store.sent([letter.id for letter in letters])
        return len(letters) == 100
