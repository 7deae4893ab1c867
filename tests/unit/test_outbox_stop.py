"""The outbox ends when it is told to, even while it is being woken."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sokoul.bus.bus import Bus
from sokoul.bus.outbox import Letter, Outbox
from sokoul.lifecycle import Tasks


class Empty:
    """Nothing waits; says when it is looked at."""

    def __init__(self) -> None:
        self.looked = asyncio.Event()

    async def waiting(self, limit: int) -> Sequence[Letter]:
        self.looked.set()
        return []

    async def sent(self, ids: Sequence[int]) -> None: ...


async def test_waking_and_ending_at_the_same_moment_ends() -> None:
    store = Empty()
    outbox, tasks = Outbox(store, Bus("nats://127.0.0.1:1"), look_every=0.05), Tasks("test")
    tasks.spawn("outbox", outbox.run())
    await store.looked.wait()
    await asyncio.sleep(0)
    outbox.wake()
    await asyncio.wait_for(tasks.close(), 2)
