"""Segments that were made a moment ago, and those being made: each is made once, however many ask."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from uuid import UUID

from sokoul.domain.errors import NotFound, SokoulError
from sokoul.lifecycle import Tasks

Key = tuple[UUID, str]


class SegmentCache:
    """The most recent bytes, up to `limit` in all; the oldest leave first."""

    def __init__(self, tasks: Tasks, *, limit: int = 32 * 1024 * 1024) -> None:
        self._tasks = tasks
        self._limit = limit
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        self._size = 0
        self._making: dict[Key, asyncio.Task[bytes | SokoulError]] = {}

    async def get(self, key: Key, make: Callable[[], Awaitable[bytes]]) -> bytes:
        """The bytes for `key`, made by `make` if nobody did; a caller who leaves does not stop the making."""
        if (known := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return known
        task = self._begin(key, make)
        try:
            made = await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise NotFound("this playback was stopped") from None
            raise
        if isinstance(made, SokoulError):
            raise made
        return made

    def prepare(self, key: Key, make: Callable[[], Awaitable[bytes]]) -> None:
        """Make it now, for somebody who will ask soon."""
        if key not in self._kept:
            self._begin(key, make)

    def drop(self, session_id: UUID) -> None:
        """Give back the memory of a session that rests."""
        for key in [key for key in self._kept if key[0] == session_id]:
            self._size -= len(self._kept.pop(key))

    def forget(self, session_id: UUID) -> None:
        """Drop what belongs to a session, also what is being made."""
        self.drop(session_id)
        for key, task in list(self._making.items()):
            if key[0] == session_id:
                task.cancel()

    def _begin(self, key: Key, make: Callable[[], Awaitable[bytes]]) -> asyncio.Task[bytes | SokoulError]:
        task = self._making.get(key)
        if task is None:
            task = self._tasks.spawn(f"make {key[1]}", self._make(key, make))
            self._making[key] = task
            task.add_done_callback(lambda _: self._making.pop(key, None))
        return task

    async def _make(self, key: Key, make: Callable[[], Awaitable[bytes]]) -> bytes | SokoulError:
        try:
            made = await make()
        except SokoulError as refusal:
            return refusal  # for whoever asked; nobody did when it was only prepared
        if len(made) <= self._limit:
            self._kept[key] = made
            self._size += len(made)
        while self._size > self._limit:
            self._size -= len(self._kept.popitem(last=False)[1])
        return made
