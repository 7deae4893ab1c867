"""Every asking is noted at once and written in batches, out of the way of whoever asked."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from datetime import datetime
from typing import Final

import structlog

from sokoul.domain.errors import Unavailable
from sokoul.features.providers.model import EDGES, Ask, Tally, bucket
from sokoul.features.providers.ports import HistoryStore

log = structlog.get_logger(__name__)

EVERY: Final = 2.0
# What may wait for the database; beyond it the oldest are given up.
MOST_WAITING: Final = 5000


class Recorder:
    """Notes askings without waiting for anything."""

    def __init__(self, store: HistoryStore, *, every: float = EVERY) -> None:
        self._store, self._every = store, every
        self._waiting: deque[Ask] = deque(maxlen=MOST_WAITING)
        self._some = asyncio.Event()

    def note(self, ask: Ask) -> None:
        """Remember it for the next batch."""
        self._waiting.append(ask)
        self._some.set()

    async def run(self) -> None:
        """Write what was noted, for ever."""
        while True:
            await self._some.wait()
            await asyncio.sleep(self._every)
            await self.flush()

    async def flush(self) -> None:
        """Write what was noted so far; what cannot be written waits."""
        batch = list(self._waiting)
        self._waiting.clear()
        self._some.clear()
        if not batch:
            return
        try:
            await self._store.add(batch, tallied(batch))
        except Unavailable as error:
            log.warning("the history of the sources waits for the database", why=str(error))
            self._waiting = deque([*batch, *self._waiting], maxlen=MOST_WAITING)
            self._some.set()


def tallied(asks: Iterable[Ask]) -> dict[tuple[str, datetime], Tally]:
    """The askings of each source by the hour."""
    kept: dict[tuple[str, datetime], list[Ask]] = {}
    for ask in asks:
        hour = ask.at.replace(minute=0, second=0, microsecond=0)
        kept.setdefault((ask.provider, hour), []).append(ask)
    return {key: _tally(those) for key, those in kept.items()}


def _tally(asks: list[Ask]) -> Tally:
    times = [0] * (len(EDGES) + 1)
    for ask in asks:
        times[bucket(ask.took_ms)] += 1
    count = {outcome: sum(ask.outcome == outcome for ask in asks) for outcome in ("ok", "failed", "timeout")}
    results = sum(ask.results or 0 for ask in asks)
    return Tally(len(asks), count["ok"], count["failed"], count["timeout"], results, tuple(times))
