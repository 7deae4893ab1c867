"""The search page with sources that hang, fail and lie: bars that say so, names that stay names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from sokoul.testing.fake_indexer import FakeIndexer, FakeRelease
from sokoul.testing.fake_tmdb import FakeTmdb
from tests.e2e.browser import PHONE, Watch, chromium, context, keep, until
from tests.e2e.daemon import ADMIN, Daemon

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
GOOD = "Dune.Part.Two.2024.1080p.WEB-DL.DDP5.1.Atmos.H.264-FLUX"
HOSTILE = (
    "Dune.Part.Two.2024.1080p.<img src=x onerror=hacked()>.WEB-DL.H.264-A",
    "Dune.Part.Two.2024.1080p.<script>hacked()</script>.WEB-DL.H.264-B",
    "Dune.Part.Two.2024.1080p.{{7*7}}${hacked()}.WEB-DL.H.264-javascript:hacked()",
    'Dune.Part.Two.2024.1080p."><svg onload=hacked()>.WEB-DL.H.264-C',
)
PAGES = (
    "/",
    "/search",
    "/search?q=dune+2",
    "/library",
    "/downloads",
    "/settings",
    "/system",
    "/logs",
    "/setup",
)


def releases() -> list[FakeRelease]:
    names = (GOOD, *HOSTILE, "Dune.Part.Two.2024.1080p.HDCAM.x264-C1NEM4")
    return [FakeRelease(name, 8_000_000_000, 120, category=2040) for name in names]


@pytest.fixture
async def daemon(tmp_path: Path) -> AsyncIterator[Daemon]:
    async with AsyncExitStack() as stack:
        tmdb = await stack.enter_async_context(FakeTmdb(api_key="k"))
        good, slow, closed = [
            await stack.enter_async_context(FakeIndexer(releases(), api_key="k", name=name))
            for name in ("good", "slow", "closed")
        ]
        slow.hang = 60
        indexers: list[dict[str, Any]] = [
            {"name": "good", "type": "torznab", "url": good.torznab_url, "api_key": "k"},
            {"name": "slow", "type": "torznab", "url": slow.torznab_url, "api_key": "k"},
            {"name": "closed", "type": "prowlarr", "url": closed.url, "api_key": "wrong"},
        ]
        source = {"api_key": "k", "base_url": tmdb.base_url, "image_base_url": tmdb.image_base_url}
        daemon = Daemon(
            tmp_path / "box", {"search": {"timeout": 4}, "providers": {"tmdb": source, "indexers": indexers}}
        )
        await daemon.start()
        await daemon.sign_in()
        yield daemon
        assert await daemon.stop() == 0


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


def by(name: str) -> str:
    return f"[data-testid={name}]"


async def signed_in(browser: Browser, daemon: Daemon, **more: Any) -> Page:
    window = await context(browser, **more)
    page = await window.new_page()
    await page.goto(daemon.base + "/login")
    await page.fill(by("field-username"), ADMIN["username"])
    await page.fill(by("field-password"), ADMIN["password"])
    await page.click(by("login-submit"))
    await page.wait_for_url(daemon.base + "/")
    return page


async def test_late_and_failing_sources_are_named_and_hostile_names_stay_names(
    daemon: Daemon, browser: Browser
) -> None:
    page = await signed_in(browser, daemon)
    watch = Watch(daemon.base)
    watch.over(page)
    await page.goto(daemon.base + "/search?q=dune+2")
    await page.wait_for_selector(f"{by('results')} {by('result')}", timeout=3_500)
    rows = {name: f"{by('provider')}[data-name={name}]" for name in ("good", "slow", "closed")}
    await until(page, f"document.querySelector('{rows['good']}').dataset.status === 'ok'", within=3)
    assert await page.get_attribute(rows["slow"], "data-status") == "running"
    await until(page, f"document.querySelector('{rows['slow']}').innerText.includes('still waiting')")
    await keep(page, "search-waiting")
    await until(page, f"document.querySelector('{rows['slow']}').dataset.status === 'timeout'")
    assert "key" in await page.inner_text(rows["closed"])
    await until(page, "/No answer from (closed, slow|slow, closed)/.test(document.body.innerText)")
    await until(page, "document.querySelector('#announcer').textContent.includes('1 source late')")

    await page.click(f"{by('rejected')} summary")
    await until(page, f"document.querySelector('{by('rejected')}').innerText.includes('Filmed in a cinema')")
    names = await page.locator(by("raw-name")).all_inner_texts()
    assert set(HOSTILE) <= set(names)
    assert (
        await page.evaluate(
            "document.querySelectorAll('main img[src=x], main script, main svg[onload]').length"
        )
        == 0
    )
    await keep(page, "search-late")
    assert watch.complaints == []


async def test_judgements_are_said_in_the_language_of_the_page(daemon: Daemon, browser: Browser) -> None:
    page = await signed_in(browser, daemon, language="fr", size=PHONE)
    watch = Watch(daemon.base)
    watch.over(page)
    await page.goto(daemon.base + "/search?q=dune+2")
    await page.wait_for_selector(f"{by('results')} {by('result')}", timeout=8_000)
    await page.locator(f"{by('results')} {by('score')}").first.click()
    why = await page.locator(f"{by('results')} .why").first.inner_text()
    assert "1080p, comme souhaité" in why
    assert "Go, normal pour sa durée" in why
    assert "120 sources" in why
    await page.click(f"{by('rejected')} summary")
    cam = page.locator(f"{by('refusal')}[data-code=cam]").first
    assert "L’image a été filmée dans une salle" in await cam.inner_text()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await keep(page, "search-french")
    assert watch.complaints == []


async def test_by_keyboard_alone(daemon: Daemon, browser: Browser) -> None:
    page = await signed_in(browser, daemon)
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    await page.keyboard.press("Enter")
    await page.keyboard.press("Control+k")
    await page.keyboard.type("dune 2")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(f"{by('results')} {by('result')}")
    await page.locator(f"{by('results')} {by('score')}").first.focus()
    await page.keyboard.press("Enter")
    assert await page.locator(f"{by('results')} .why").first.is_visible()
    await page.goto(daemon.base + "/")
    await page.wait_for_selector(f"{by('trending')} {by('media-card')}")
    cards = page.locator(f"{by('trending')} {by('media-card')}")
    await cards.first.focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowRight")
    place = "[...document.querySelectorAll('#trending .card')].indexOf(document.activeElement)"
    assert await page.evaluate(place) == 2
    stops = await cards.evaluate_all("all => all.filter(card => card.tabIndex === 0).length")
    assert stops == 1


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: run scripts/setup --dev")
async def test_no_page_breaks_a_rule_of_reach(daemon: Daemon, browser: Browser) -> None:
    rules = AXE.read_text(encoding="utf-8")
    found = []
    for scheme, more in (("dark", {}), ("light", {"size": PHONE, "language": "fr"})):
        page = await signed_in(browser, daemon, scheme=scheme, **more)
        await page.emulate_media(reduced_motion="reduce")
        for path in PAGES:
            await page.goto(daemon.base + path)
            if "q=" in path:
                await page.wait_for_selector(f"{by('results')} {by('result')}")
            else:
                await page.wait_for_load_state("networkidle")
            await page.evaluate(rules)
            broken = await page.evaluate(
                "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
                ".then(done => done.violations.map(v => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`))"
            )
            found += [f"{scheme} {path}: {line}" for line in broken]
    assert found == []
