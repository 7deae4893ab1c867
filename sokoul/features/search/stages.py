"""The parts of the way of one search, each told when it begins and when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from sokoul.features.search.model import Stage

Told = Callable[[Sequence[Stage]], Awaitable[None]]


class Stages:
    """Keeps them in the order in which they began; `waited` are the seconds before the run began."""

    def __init__(self, waited: float, told: Told) -> None:
        self._told = told
        self._clock = asyncio.get_running_loop().time
        self._asked = self._clock() - max(waited, 0.0)
        self._known: dict[str, Stage] = {}

    def all(self) -> list[Stage]:
        """Those that began so far."""
        return list(self._known.values())

    def since_asked(self) -> int:
        """Milliseconds since somebody asked for the search."""
        return round((self._clock() - self._asked) * 1000)

    async def begin(self, name: str, limit: float) -> None:
        """It may take `limit` seconds from now on."""
        started = self.since_asked()
        self._known[name] = Stage(name, 0, round(limit * 1000), started_ms=started, running=True)
        await self._told(self.all())

    async def worked(self, name: str, seconds: float) -> None:
        """It goes on, and has worked so long until now."""
        self._known[name] = replace(self._known[name], duration_ms=round(seconds * 1000))
        await self._told(self.all())

    def end(self, name: str, error: str | None = None, *, took: float | None = None) -> None:
        """It is over; told with what comes next. `took`: seconds, where not since it began."""
        stage = self._known[name]
        since = self.since_asked() - stage.started_ms
        duration = since if took is None else round(took * 1000)
        self._known[name] = replace(stage, duration_ms=duration, error=error, running=False)
