"""Scout: takes search jobs and has them done; and the jobs that judge results anew."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol

from sokoul.workers.worker import Graveyard, Queue, Worker

SEARCH: Final = ("JOBS.search", "scout-group")
SCORE: Final = ("JOBS.score", "oracle-group")


class Searching(Protocol):
    """What a scout calls."""

    async def run(self, search_id: uuid.UUID) -> None: ...

    async def rescore(self, search_id: uuid.UUID) -> None: ...


def scout(service: Searching, queue: Queue, graveyard: Graveyard, *, slots: int = 8) -> Worker:
    """The worker of `SEARCH`; searches wait for others most of the time, so there are many slots."""
    return Worker("scout", queue, graveyard, _by_id(service.run), slots=slots)


def scorer(service: Searching, queue: Queue, graveyard: Graveyard, *, slots: int = 1) -> Worker:
    """The worker of `SCORE`."""
    return Worker("oracle", queue, graveyard, _by_id(service.rescore), slots=slots)


def _by_id(
    work: Callable[[uuid.UUID], Awaitable[None]],
) -> Callable[[Mapping[str, Any]], Awaitable[None]]:
    async def handle(payload: Mapping[str, Any]) -> None:
        await work(uuid.UUID(str(payload["id"])))

    return handle
