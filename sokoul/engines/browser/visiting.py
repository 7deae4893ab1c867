"""One visit from the first address to the request that was looked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, CDPSession, Dialog, Error, Page

from sokoul.domain.pages import PageFailed, Visit, Visited
from sokoul.engines.browser import acting
from sokoul.engines.browser.listening import Listening
from sokoul.lifecycle import Tasks

_MOST_HTML: Final = 5 * 1024 * 1024
# Seconds: for a request that a step has set off, and for others once one is there.
_AFTER_STEPS: Final = 8.0
_ONE_MORE: Final = 1.0


class Visiting:
    """A page, what is done on it and what is heard; `told` is what is known at any moment.

    `refused` says why a host was not let through, where it was not.
    """

    def __init__(
        self,
        visit: Visit,
        page: Page,
        session: CDPSession,
        context: BrowserContext,
        refused: Callable[[str], str | None],
    ) -> None:
        self._visit, self._page, self._context, self._refused = visit, page, context, refused
        self._tasks = Tasks("browser.visit")
        self._heard = Listening(visit, session, self._cookies)
        self._html = ""

    def told(self) -> Visited:
        """What came of it so far."""
        heard = self._heard
        return Visited(
            captured=tuple(heard.captured),
            html=self._html,
            url=self._page.url,
            events=tuple(heard.events),
            refused=heard.turned_away(),
        )

    async def go(self) -> None:
        """Make the visit within its time. Raises PageFailed, and Playwright's Error where the page went."""
        self._context.on("page", self._popup)
        self._page.on("dialog", self._dialog)
        self._page.on("crash", self._crashed)
        try:
            async with asyncio.timeout(self._visit.seconds):
                await self._heard.begin()
                await self._race()
        except TimeoutError:
            if not self._heard.captured:
                why = f"the page did not get there within {self._visit.seconds:g} s"
                raise PageFailed(why, timed_out=True) from None
        finally:
            self._context.remove_listener("page", self._popup)
            await self._heard.end()
            await self._tasks.close()

    async def _race(self) -> None:
        """Until enough is heard, the page breaks, or there is nothing left to do."""
        steps = self._tasks.spawn("steps", self._steps())
        enough = self._tasks.spawn("enough", self._heard.enough.wait())
        ended: set[asyncio.Future[Any]] = {enough, self._heard.trouble}
        await asyncio.wait(ended | {steps}, return_when=asyncio.FIRST_COMPLETED)
        if self._visit.capture and not any(one.done() for one in ended):
            hopeless = steps.result() is not None or self._heard.captured
            more = _ONE_MORE if hopeless else _AFTER_STEPS
            await asyncio.wait(ended, timeout=more, return_when=asyncio.FIRST_COMPLETED)
        if self._heard.captured:
            return
        if self._heard.trouble.done():
            raise PageFailed(self._heard.trouble.result())
        if steps.done() and (failure := steps.result()) is not None:
            raise failure

    async def _steps(self) -> PageFailed | None:
        """Open the page and do what the definition says; the failure, where one of it cannot be done."""
        visit = self._visit
        self._heard.note("goto", visit.url.partition("?")[0])
        try:
            await acting.go(self._page, visit.url, visit.hosts, within=visit.seconds, referer=visit.referer)
        except PageFailed as failure:
            return failure
        except Error as error:
            why = self._refused(urlsplit(visit.url).hostname or "") or reason(error)
            return PageFailed(f"the page could not be opened ({why})")
        for number, step in enumerate(visit.steps, 1):
            try:
                said = await acting.act(self._page, step, visit.hosts)
                self._heard.note("step", f"{step}" + (f": {said}" if said else ""))
            except (Error, PageFailed) as error:
                why = f"step {number} ({step}) failed: {reason(error)}"
                self._heard.note("step", why)
                if not step.optional:
                    return PageFailed(why, cure="The page may have changed: look at it, mend the definition.")
        if not visit.capture:
            self._html = (await self._page.content())[:_MOST_HTML]
        return None

    def _popup(self, page: Page) -> None:
        self._heard.note("popup", "a window was opened and closed at once")
        self._tasks.spawn("popup", _close(page))

    def _dialog(self, dialog: Dialog) -> None:
        self._heard.note("dialog", f"{dialog.type}: answered")
        self._tasks.spawn("dialog", _answer(dialog))

    def _crashed(self, _: Page) -> None:
        self._heard.fail("its process ended: it broke, or took more memory than it may")

    async def _cookies(self, url: str) -> str:
        return "; ".join(f"{each['name']}={each['value']}" for each in await self._context.cookies(url))


def reason(error: BaseException) -> str:
    """The first line of what Playwright says, without its long call log."""
    line = str(error).strip().partition("\n")[0] or type(error).__name__
    return (
        line.partition(": ")[2][:200] or line[:200]
        if line.startswith(("Page.", "Locator.", "Frame."))
        else line[:200]
    )


async def _close(page: Page) -> None:
    try:
        await page.close()
    except Error:
        return  # it went by itself


async def _answer(dialog: Dialog) -> None:
    try:
        await (dialog.accept() if dialog.type == "beforeunload" else dialog.dismiss())
    except Error:
        return  # it went with its page
