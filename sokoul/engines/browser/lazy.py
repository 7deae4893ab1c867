"""The pool as it is handed out: nothing of the browser is loaded until somebody asks for a page."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING

from sokoul.domain.pages import BrowserMissing, Visit, Visited
from sokoul.engines.browser import program
from sokoul.engines.browser.program import Settings
from sokoul.outbound import OutboundGuard

if TYPE_CHECKING:
    from sokoul.engines.browser.pool import BrowserPool


class LazyPool:
    """A `BrowserPool` that is made by its first visit."""

    def __init__(self, settings: Settings, guard: OutboundGuard) -> None:
        self._settings, self._guard = settings, guard
        self._making = asyncio.Lock()
        self._pool: BrowserPool | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The browser's process while it runs."""
        return self._pool.pid if self._pool is not None else None

    def problem(self) -> BrowserMissing | None:
        """Why no page can be visited, as far as is known without starting anything."""
        if self._pool is not None:
            return self._pool.problem()
        return (
            program.missing(self._settings.program) if program.find(self._settings.program) is None else None
        )

    async def visit(self, visit: Visit) -> Visited:
        """As `BrowserPool.visit`."""
        if (problem := self.problem()) is not None:
            raise problem
        return await (await self._made()).visit(visit)

    async def close(self) -> None:
        """End the browser, where there is one."""
        async with self._making:
            self._closed = True
            if self._pool is not None:
                await self._pool.close()

    async def _made(self) -> BrowserPool:
        async with self._making:
            if self._closed:
                raise BrowserMissing("Sokoul is ending", cure="Ask again when it runs.")
            if self._pool is None:
                # A third of a second of imports, which the loop has no time for.
                module = await asyncio.to_thread(import_module, "sokoul.engines.browser.pool")
                pool: BrowserPool = module.BrowserPool(self._settings, self._guard)
                self._pool = pool
            return self._pool
