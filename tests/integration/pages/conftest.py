"""A site that makes it hard, and Debian's Chromium to visit it."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator

import pytest

from sokoul.engines.browser.pool import BrowserPool
from sokoul.engines.browser.program import Settings
from sokoul.outbound import OutboundGuard
from sokoul.testing.fake_player_site import FakePlayerSite
from tests.integration.pages.canary import Canary


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    """A port inside that nothing may reach, over TCP and UDP."""
    async with Canary() as canary:
        yield canary


@pytest.fixture
async def site(canary: Canary) -> AsyncIterator[FakePlayerSite]:
    """The site of films."""
    async with FakePlayerSite(canary=canary.port) as site:
        yield site


@pytest.fixture
def guard(site: FakePlayerSite) -> OutboundGuard:
    """Lets the site pass and nothing else that is inside."""
    return OutboundGuard(site.allowed, ask=site.addresses)


@pytest.fixture
async def pool(guard: OutboundGuard) -> AsyncIterator[BrowserPool]:
    """Two contexts; the test is skipped where there is no Chromium."""
    if shutil.which("chromium") is None:
        reason = "chromium is not installed"
        pytest.fail(reason) if os.environ.get("SOKOUL_REQUIRE_SHARED") == "1" else pytest.skip(reason)
    pool = BrowserPool(Settings(), guard)
    yield pool
    await pool.close()
