"""One reused context of the browser: a visit at a time, and nothing left of it for the next."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Final

import structlog
from playwright.async_api import BrowserContext, CDPSession, Error, Page

from sokoul.domain.pages import PageFailed, Visit, Visited
from sokoul.engines.browser import blocking
from sokoul.engines.browser.chromium import BrowserLost, Chromium, kill
from sokoul.engines.browser.door import Door, Rules
from sokoul.engines.browser.visiting import Visiting, reason
from sokoul.outbound import OutboundGuard

log = structlog.get_logger(__name__)

VISITS_PER_CONTEXT: Final = 50
_CLEAN_WITHIN: Final = 5.0
_PREPARE_WITHIN: Final = 10.0


class Slot:
    """A context, its door, and a blank page that waits for the next visit."""

    def __init__(self, guard: OutboundGuard) -> None:
        self._door = Door(guard)
        self._listens = False
        self._chromium: Chromium | None = None
        self._context: BrowserContext | None = None
        self._blank: tuple[Page, CDPSession] | None = None
        self._visits = 0

    async def prepare(self, chromium: Chromium) -> None:
        """Have a clean context of this browser with a blank page. Raises BrowserLost."""
        if not self._listens:
            await self._door.listen()
            self._listens = True
        fresh = self._chromium is chromium and self._blank is not None
        if fresh and self._visits < VISITS_PER_CONTEXT:
            return
        await self._drop()
        self._chromium, self._visits = chromium, 0
        try:
            async with asyncio.timeout(_PREPARE_WITHIN):
                self._context = await chromium.while_alive(chromium.context(self._door.url))
                self._blank = await chromium.while_alive(_blank(self._context))
        except (Error, TimeoutError) as error:
            # It runs and does not answer: another one will.
            kill(chromium.pid)
            raise BrowserLost from error

    async def run(self, visit: Visit) -> Visited:
        """Make the visit. Raises PageFailed, and BrowserLost when the browser ended."""
        assert self._blank is not None and self._context is not None and self._chromium is not None
        (page, session), self._blank = self._blank, None
        self._visits += 1
        self._door.begin(Rules(visit.hosts, blocking.hosts(visit.block)))
        visiting = Visiting(visit, page, session, self._context, self._door.why_refused)
        try:
            await self._chromium.while_alive(visiting.go())
        except PageFailed as failure:
            if not self._chromium.alive:
                raise BrowserLost from failure
            failure.visited = self._told(visiting)
            raise
        except Error as error:
            raise PageFailed(f"the page broke ({reason(error)})", visited=self._told(visiting)) from error
        return self._told(visiting)

    async def clean(self) -> None:
        """Leave nothing of the visit: its pages, cookies, storage, cache, connections."""
        self._door.end()
        if self._context is None or self._chromium is None or not self._chromium.alive:
            return
        try:
            async with asyncio.timeout(_CLEAN_WITHIN):
                self._blank = await self._chromium.while_alive(_blank(self._context))
        except BrowserLost:
            await self._drop()
        except (Error, TimeoutError) as error:
            log.warning("a context could not be cleaned and is thrown away", why=reason(error))
            await self._drop()

    async def close(self) -> None:
        """Shut the door for good."""
        await self._drop()
        if self._listens:
            await self._door.close()
            self._listens = False

    def _told(self, visiting: Visiting) -> Visited:
        told = visiting.told()
        return replace(told, refused=told.refused + self._door.refused())

    async def _drop(self) -> None:
        context, self._context, self._blank = self._context, None, None
        if context is not None and self._chromium is not None and self._chromium.alive:
            with suppress(Error, TimeoutError, BrowserLost):
                async with asyncio.timeout(_CLEAN_WITHIN):
                    await self._chromium.while_alive(context.close())


async def _blank(context: BrowserContext) -> tuple[Page, CDPSession]:
    """A blank page in a context from which everything else was taken."""
    fresh = await context.new_page()
    session = await context.new_cdp_session(fresh)
    while others := [page for page in context.pages if page is not fresh]:
        await asyncio.gather(*(page.close() for page in others))
    await session.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
    await session.send("Network.clearBrowserCache")
    return fresh, session
