"""The pool of pages around one Chromium: started when asked for, watched, started again, ended when idle."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Final

import structlog
from playwright.async_api import Error

from sokoul import metrics
from sokoul.domain.pages import BrowserMissing, PageFailed, Visit, Visited
from sokoul.engines.browser import chromium, program
from sokoul.engines.browser.chromium import BrowserLost, Chromium
from sokoul.engines.browser.program import MOST_CONTEXTS, Settings
from sokoul.engines.browser.slot import Slot
from sokoul.lifecycle import Tasks
from sokoul.outbound import OutboundGuard

log = structlog.get_logger(__name__)

_LOOK_EVERY: Final = 0.5
_ATTEMPTS: Final = 2


class BrowserPool:
    """Visits pages; callers wait their turn for one of the contexts."""

    def __init__(self, settings: Settings, guard: OutboundGuard) -> None:
        self._settings = settings
        self._tasks = Tasks("browser")
        self._count = max(1, min(settings.contexts, MOST_CONTEXTS))
        self._slots: asyncio.Queue[Slot] = asyncio.Queue()
        self._all = [Slot(guard) for _ in range(self._count)]
        for slot in self._all:
            self._slots.put_nowait(slot)
        self._starting = asyncio.Lock()
        self._chromium: Chromium | None = None
        self._watching: asyncio.Task[None] | None = None
        self._failed: tuple[float, BrowserMissing] | None = None
        self._last_used = time.monotonic()
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The browser's process while it runs."""
        return self._chromium.pid if self._chromium is not None and self._chromium.alive else None

    @property
    def contexts(self) -> int:
        """How many contexts the browser has."""
        return self._chromium.contexts if self._chromium is not None else 0

    @property
    def busy(self) -> int:
        """Contexts in use, those that are being cleaned included."""
        return self._count - self._slots.qsize()

    def problem(self) -> BrowserMissing | None:
        """Why no page can be visited; None where one can, as far as is known without starting anything."""
        if self._failed is not None and time.monotonic() < self._failed[0]:
            return self._failed[1]
        if program.find(self._settings.program) is None:
            return program.missing(self._settings.program)
        return None

    async def visit(self, visit: Visit) -> Visited:
        """Make the visit; a browser that ends in the middle is started again once.

        Raises BrowserMissing and PageFailed.
        """
        deadline = time.monotonic() + visit.seconds
        for attempt in range(1, _ATTEMPTS + 1):
            left = deadline - time.monotonic()
            try:
                return await self._attempt(replace(visit, seconds=max(left, 0.5)), left)
            except BrowserLost:
                log.warning("chromium ended in the middle of a visit", source=visit.source, attempt=attempt)
        raise BrowserMissing(
            "Chromium ended twice while it showed a page", cure="See the log, or try again later."
        )

    async def close(self) -> None:
        """End everything: nothing of the browser is left."""
        self._closed = True
        await self._tasks.close()
        await self._stop()
        await asyncio.gather(*(slot.close() for slot in self._all))

    async def _attempt(self, visit: Visit, left: float) -> Visited:
        try:
            async with asyncio.timeout(max(left, 0.5)):
                slot = await self._slots.get()
        except TimeoutError:
            raise PageFailed(
                "all browser pages were busy for too long",
                cure="Allow more at once with `providers.pages.contexts` (at most 3).",
                timed_out=True,
            ) from None
        self._show_usage()
        self._last_used = time.monotonic()
        try:
            await slot.prepare(await self._running())
            return await slot.run(visit)
        finally:
            self._last_used = time.monotonic()
            if self._closed:
                self._slots.put_nowait(slot)
            else:
                self._tasks.spawn("clean", self._clean(slot))

    async def _clean(self, slot: Slot) -> None:
        try:
            await slot.clean()
        finally:
            self._slots.put_nowait(slot)
            self._show_usage()

    async def _running(self) -> Chromium:
        """The browser, started where it does not run. One that has just failed to start is left in peace."""
        async with self._starting:
            if self._chromium is not None and self._chromium.alive:
                return self._chromium
            if (problem := self.problem()) is not None:
                raise problem
            await self._stop()
            try:
                self._chromium = await Chromium.start(self._settings.program)
            except BrowserMissing as missing:
                self._failed = (time.monotonic() + self._settings.rest, missing)
                raise
            self._failed = None
            if self._watching is None or self._watching.done():
                self._watching = self._tasks.supervise("watch", self._watch)
            return self._chromium

    async def _watch(self) -> None:
        """Keep the browser within its memory; end it when nobody has asked for a while."""
        while (running := self._chromium) is not None:
            await asyncio.sleep(_LOOK_EVERY)
            if not running.alive:
                continue
            if self.busy:
                await self._weigh(running)
            elif time.monotonic() - self._last_used > self._settings.idle:
                async with self._starting:
                    if not self.busy:
                        log.info("chromium is ended: nobody asked for a page in a while")
                        await self._stop()

    async def _weigh(self, running: Chromium) -> None:
        try:
            async with asyncio.timeout(5.0):
                processes = await running.while_alive(running.processes())
        except (Error, TimeoutError, BrowserLost):
            return  # it ends, or is busy; the visit's own time limit holds
        for one in processes:
            if one.kind == "renderer" and one.resident > self._settings.page_memory:
                log.warning("a page took too much memory and was ended", bytes=one.resident)
                chromium.kill(one.pid)
        whole = sum(one.resident for one in processes if one.kind != "renderer")
        if whole > self._settings.whole_memory:
            log.warning("chromium itself took too much memory and is started again", bytes=whole)
            chromium.kill(running.pid)

    async def _stop(self) -> None:
        running, self._chromium = self._chromium, None
        if running is not None:
            await running.stop()

    def _show_usage(self) -> None:
        metrics.BROWSER_POOL.set(self.busy / self._count)
