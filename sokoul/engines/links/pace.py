"""A limit in bytes a second for everything that is fetched together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

_WINDOW: Final = 3.0


class Throttle:
    """Lets `limit` bytes a second through; 0 is no limit."""

    def __init__(self) -> None:
        self.limit = 0
        self._free_at = 0.0

    async def take(self, count: int) -> None:
        """Wait until so many more may come."""
        if self.limit <= 0:
            return
        now = asyncio.get_running_loop().time()
        self._free_at = max(self._free_at, now) + count / self.limit
        if (wait := self._free_at - now - 0.2) > 0:
            await asyncio.sleep(wait)


class Meter:
    """Bytes a second over the last seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()

    def add(self, count: int) -> None:
        """So many came."""
        self._seen.append((self._clock(), count))

    def rate(self) -> int:
        """Bytes a second."""
        now = self._clock()
        while self._seen and self._seen[0][0] < now - _WINDOW:
            self._seen.popleft()
        if not self._seen:
            return 0
        return round(sum(count for _, count in self._seen) / max(now - self._seen[0][0], 1.0))
