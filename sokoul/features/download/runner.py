"""A worker's downloads: claims what nobody works on, keeps its leases, lets go of what it lost."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from sokoul import metrics
from sokoul.domain.errors import SokoulError, Unavailable
from sokoul.features.download.model import Download
from sokoul.features.download.schedule import limits_at
from sokoul.features.download.supervised import Parts, Rules, Supervised
from sokoul.lifecycle import Tasks

log = structlog.get_logger(__name__)


class DownloadRunner:
    """Runs until cancelled; `wake` makes it look at once, by itself it looks every second."""

    def __init__(self, worker: str, control: str, parts: Parts, rules: Rules) -> None:
        self._worker, self._control = worker, control
        self._parts, self._rules = parts, rules
        self._held: dict[UUID, Supervised] = {}
        self._running: dict[UUID, asyncio.Task[Any]] = {}
        self._tasks = Tasks("downloads")
        self._woken = asyncio.Event()
        self._to_release: list[UUID] = []
        self._limits = rules.limits

    def wake(self) -> None:
        """Something was asked for: look now."""
        self._woken.set()

    async def run(self) -> None:
        """Claim and renew for ever; raises Unavailable where the database is away, to be started again."""
        while True:
            self._woken.clear()
            await self._renew()
            await self._claim()
            await self._keep_limits()
            self._measure()
            try:
                async with asyncio.timeout(1.0):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def stop(self) -> None:
        """Stop working; the leases stay until `release`, for the engine still has to save."""
        self._to_release = list(self._held)
        await self._tasks.close()

    async def release(self) -> None:
        """Give the leases back, so that another worker can go on at once."""
        try:
            await self._parts.store.release(self._worker, self._to_release)
        except Unavailable:
            log.warning("the leases could not be given back; they run out by themselves")

    async def _renew(self) -> None:
        if not self._held:
            return
        ids = list(self._held)
        rows = await self._parts.store.renew(self._worker, ids, lease=self._rules.lease)
        for key in ids:
            if (one := self._held.get(key)) is not None:
                one.renewed(rows.get(key))

    async def _claim(self) -> None:
        room = self._rules.max_active - sum(one.takes_room for one in self._held.values())
        found = await self._parts.store.claim(
            self._worker, self._control, room=room, held=list(self._held), lease=self._rules.lease
        )
        for download in found:
            self._take(download)

    async def _keep_limits(self) -> None:
        """What the time of the day allows."""
        now = limits_at(datetime.now().astimezone().time(), self._rules.schedule, self._rules.limits)
        if now != self._limits:
            await self._parts.engine.limit(download=now.download, upload=now.upload)
            self._limits = now
            log.info("other speed limits hold now", download=now.download, upload=now.upload)

    def _take(self, download: Download) -> None:
        if download.id in self._held:
            return
        one = Supervised(download, self._worker, self._parts, self._rules)
        self._held[download.id] = one
        self._running[download.id] = self._tasks.spawn(str(download.id), self._supervise(one))

    async def _supervise(self, one: Supervised) -> None:
        """A failure of ours is tried again from where the row stands; the torrent's own is in the row."""
        wait = 1.0
        key = one.download.id
        try:
            while True:
                try:
                    await one.run()
                    return
                except SokoulError as err:
                    log.warning("a download stumbled, going on soon", download=str(key), error=str(err))
                except Exception:
                    log.exception("a download stumbled, going on soon", download=str(key), wait=wait)
                await asyncio.sleep(wait)
                wait = min(wait * 2, 30.0)
        finally:
            self._held.pop(key, None)
            self._running.pop(key, None)
            self.wake()

    def _measure(self) -> None:
        progress = [one.download.progress for one in self._held.values()]
        metrics.DOWNLOAD_SPEED.set(sum(one.download_speed for one in progress))
        metrics.PEERS.set(sum(one.peers for one in progress))
