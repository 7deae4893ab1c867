"""The first look into a video that still comes in: what it shows and speaks, before Play lights up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

import structlog

from sokoul.domain.errors import Refused, SokoulError
from sokoul.features.download.model import FileState, Seen
from sokoul.features.download.ports import Prober
from sokoul.lifecycle import Tasks

log = structlog.get_logger(__name__)

_AGAIN: Final = 5.0
_MOST: Final = 100


class FirstLook:
    """Looks into the files of one download, one after the other; `seen` is what was found, by index."""

    def __init__(self, download_id: UUID, prober: Prober | None, changed: asyncio.Event) -> None:
        self._id, self._prober, self._changed = download_id, prober, changed
        self._tasks = Tasks("first look")
        self._queue: asyncio.Queue[FileState] = asyncio.Queue()
        self._known: set[int] = set()
        self._running: asyncio.Task[Any] | None = None
        self.seen: dict[int, Seen] = {}

    def at(self, files: Iterable[FileState]) -> None:
        """Look into those that can be played and were not looked into yet."""
        if self._prober is None or len(self._known) >= _MOST:
            return
        for file in files:
            if file.playable and file.seen is None and file.index not in self._known:
                self._known.add(file.index)
                self._queue.put_nowait(file)
        if self._known and self._running is None:
            self._running = self._tasks.spawn("files", self._look(self._prober))

    async def close(self) -> None:
        """Look no more."""
        await self._tasks.close()

    async def _look(self, prober: Prober) -> None:
        while True:
            file = await self._queue.get()
            self.seen[file.index] = await self._one(prober, file)
            self._changed.set()

    async def _one(self, prober: Prober, file: FileState) -> Seen:
        """What is in it; a worker that is away is waited for, a file that is no film is said to be none."""
        while True:
            try:
                return Seen(await prober.look(self._id, file))
            except Refused as refusal:
                log.warning("no film in a file", download=str(self._id), code=refusal.code)
                return Seen(None, str(refusal))
            except SokoulError as err:
                log.info("a first look has to wait", download=str(self._id), error=str(err))
            await asyncio.sleep(_AGAIN)
