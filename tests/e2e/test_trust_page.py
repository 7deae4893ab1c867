"""Promises and what was found, on a page: nothing at first, then who is believed how far and why."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from sokoul.domain.claims import Outcome
from sokoul.features.library.ledger import Promise
from sokoul.store.claims import ClaimStore
from sokoul.store.database import Database
from tests.e2e.browser import DESKTOP, OUTPUT, PHONE, Watch, chromium, context, until
from tests.e2e.daemon import ADMIN, Daemon

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
LIE = "Night.Walk.2021.1080p.WEB-DL.x264-LIAR.And.A.Very.Long.Name.That.Does.Not.Fit.On.A.Telephone"


@pytest.fixture
async def daemon(tmp_path: Path, database_url: str) -> AsyncIterator[Daemon]:
    daemon = Daemon(tmp_path / "box", {"services": {"postgres": database_url}})
    await daemon.start()
    await daemon.sign_in()
    yield daemon
    assert await daemon.stop() == 0


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


async def opened(browser: Browser, daemon: Daemon, **look: object) -> Page:
    window = await context(browser, **look)  # type: ignore[arg-type]  # its arguments by name
    page = await window.new_page()
    await page.emulate_media(reduced_motion="reduce")
    await page.goto(daemon.base + "/login")
    await page.fill("[data-testid=field-username]", ADMIN["username"])
    await page.fill("[data-testid=field-password]", ADMIN["password"])
    await page.click("[data-testid=login-submit]")
    await page.wait_for_url(daemon.base + "/")
    await look_again(page, daemon)
    return page


async def look_again(page: Page, daemon: Daemon) -> None:
    await page.goto(daemon.base + "/settings/trust")
    await until(page, "!document.querySelector('#trust').hasAttribute('aria-busy')")


async def arrived(claims: ClaimStore, group: str, *outcomes: Outcome, indexer: str = "Nas") -> None:
    await claims.write(uuid.uuid4(), 0, Promise(LIE, (indexer,)), group, outcomes)


async def some_lies(claims: ClaimStore) -> None:
    lie = Outcome("resolution", "1080p", "720p", kept=False)
    for _ in range(5):
        await arrived(claims, "LIAR", Outcome("plays", "a video", "a video", kept=True), lie)
    await arrived(claims, "LIAR", Outcome("language", "fr", "en", kept=False))
    for _ in range(4):
        good = Outcome("resolution", "1080p", "1080p", kept=True)
        await arrived(claims, "HONEST", good, indexer="Attic")


async def test_who_is_believed_and_why(daemon: Daemon, browser: Browser, database: Database) -> None:
    page = await opened(browser, daemon)
    watch = Watch(daemon.base)
    watch.over(page)
    assert "Nothing to compare yet" in await page.inner_text("[data-testid=empty]")
    assert await page.is_hidden("#trust-groups")

    await some_lies(ClaimStore(database))
    await look_again(page, daemon)
    liar = await page.inner_text("#trust-groups [data-name=liar]")
    assert "6 of 6 releases were not what their names said. Most often about the resolution." in liar
    assert "Resolution: told 1080p, found 720p" in liar
    assert "Language: told French, found English" in liar
    assert "\u22124 points" in liar
    honest = await page.inner_text("#trust-groups [data-name=honest]")
    assert "4 releases, all as their names said." in honest
    assert "+1 point" in honest
    assert "told" not in honest
    assert "found 720p" in await page.inner_text("#trust-indexers [data-name=nas]")
    assert not await page.locator("[data-testid=empty]").count()
    assert watch.complaints == []


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: run scripts/setup --dev")
@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "dark"), (PHONE, "light")])
async def test_it_can_be_read_by_everybody_in_french(
    daemon: Daemon, browser: Browser, database: Database, size: tuple[int, int], scheme: str
) -> None:
    page = await opened(browser, daemon, size=size, scheme=scheme, language="fr")
    for state in ("empty", "full"):
        if state == "full":
            await some_lies(ClaimStore(database))
            await look_again(page, daemon)
            text = await page.inner_text("#trust-groups [data-name=liar]")
            assert "Définition\u00a0: annoncé 1080p, trouvé 720p" in text
        await page.evaluate(AXE.read_text(encoding="utf-8"))
        broken = await page.evaluate(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
            ".then(done => done.violations.map(v => `${v.id}: ${v.nodes[0].html.slice(0, 160)}`))"
        )
        assert broken == []
        assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
        OUTPUT.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=OUTPUT / f"trust-{state}-{scheme}-fr-{size[0]}.png")
