"""Chromium as a person uses it, and a watch over everything it complains about."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from playwright.async_api import TimeoutError as NotInTime

OUTPUT = Path(__file__).parents[2] / "test-output" / "pages"
PHONE, DESKTOP = (390, 844), (1440, 900)
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--autoplay-policy=no-user-gesture-required",
)


@dataclass
class Watch:
    """What went wrong in a context's pages: console errors, exceptions, requests to elsewhere."""

    base: str
    complaints: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        """Listen to one page from its beginning."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"exception: {error}"))
        page.on("request", lambda request: self._request(request.url))
        page.on("websocket", lambda socket: self._request(socket.url.replace("ws://", "http://")))

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _request(self, url: str) -> None:
        if not url.startswith((self.base, "data:", "blob:")):
            self.complaints.append(f"request to another host: {url}")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium, headless; the test is skipped where there is none."""
    path = shutil.which("chromium")
    if path is None:
        reason = "chromium is not installed"
        pytest.fail(reason) if os.environ.get("SOKOUL_REQUIRE_SHARED") == "1" else pytest.skip(reason)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


async def context(
    browser: Browser,
    size: tuple[int, int] = DESKTOP,
    *,
    scheme: str = "dark",
    language: str = "en",
    state: Any = None,
) -> BrowserContext:
    """A person's window; `state` carries the cookies of another one."""
    width, height = size
    return await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="light" if scheme == "light" else "dark",
        locale=language,
        is_mobile=size == PHONE,
        has_touch=size == PHONE,
        storage_state=state,
    )


async def keep(page: Page, name: str) -> None:
    """A screenshot as test output."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=OUTPUT / f"{name}.png")


async def press(page: Page, selector: str) -> None:
    """Click a button of the player, which shows them only while the mouse moves."""
    for attempt in range(8):
        await page.mouse.move(500 + 20 * attempt, 300)
        try:
            await page.click(selector, timeout=3000)
        except NotInTime:
            continue
        return
    pytest.fail(f"{selector} could not be clicked")


async def until(page: Page, condition: str, *, within: float = 30) -> None:
    """Wait for a condition in the page, or fail with what the page shows."""
    deadline = time.monotonic() + within
    # The page's own policy forbids Playwright's waiting by expression: it would be evaluated there.
    while not await page.evaluate(condition):
        if time.monotonic() > deadline:
            text = await page.inner_text("body")
            pytest.fail(f"{condition} did not come true within {within} s\n{text[:1500]}")
        await asyncio.sleep(0.1)
