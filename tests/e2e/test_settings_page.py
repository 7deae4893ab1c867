"""Sources set up, tried, changed and removed on the page, and used at once by a search."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from sokoul.testing.fake_indexer import FakeIndexer, sample_releases
from sokoul.testing.fake_tmdb import FakeTmdb
from tests.e2e.browser import OUTPUT, PHONE, Watch, chromium, context, keep, until
from tests.e2e.daemon import ADMIN, Daemon

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
KEY = "canary-fake-key"


@pytest.fixture
async def indexer() -> AsyncIterator[FakeIndexer]:
    async with FakeIndexer(sample_releases(), api_key=KEY) as fake:
        yield fake


@pytest.fixture
async def daemon(tmp_path: Path) -> AsyncIterator[Daemon]:
    async with FakeTmdb(api_key="k") as tmdb:
        # The address is the file's, the key the household's: one is locked on the page, the other is not.
        source = {"base_url": tmdb.base_url, "image_base_url": tmdb.image_base_url}
        daemon = Daemon(tmp_path / "box", {"search": {"timeout": 6}, "providers": {"tmdb": source}})
        await daemon.start()
        await daemon.sign_in()
        yield daemon
        assert KEY not in daemon.log_file.read_text()
        assert await daemon.stop() == 0


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


def by(name: str) -> str:
    return f"[data-testid={name}]"


def card(name: str) -> str:
    return f"[data-supply={name}]"


async def signed_in(browser: Browser, daemon: Daemon, **more: Any) -> Page:
    window = await context(browser, **more)
    page = await window.new_page()
    await page.goto(daemon.base + "/login")
    await page.fill(by("field-username"), ADMIN["username"])
    await page.fill(by("field-password"), ADMIN["password"])
    await page.click(by("login-submit"))
    await page.wait_for_url(daemon.base + "/")
    return page


async def opened(page: Page, daemon: Daemon) -> None:
    await page.goto(daemon.base + "/settings")
    await until(page, "!document.querySelector('#supplies').hasAttribute('aria-busy')")


async def test_an_indexer_from_nothing_to_results_and_gone_again(
    daemon: Daemon, indexer: FakeIndexer, browser: Browser
) -> None:
    page = await signed_in(browser, daemon)
    watch = Watch(daemon.base)
    watch.over(page)
    await opened(page, daemon)
    await page.click(by("add-indexer"))
    fresh = "#indexers [data-entry='']"
    await page.fill(f"{fresh} [name=url]", indexer.url)
    await page.fill(f"{fresh} [name=api_key]", "wrong")
    await page.click(f"{fresh} {by('supply-test')}")
    await until(page, f"""document.querySelector("{fresh} [data-answer]").innerText.includes('key')""")
    await keep(page, "settings-wrong-key")
    await page.fill(f"{fresh} [name=api_key]", KEY)
    await page.click(f"{fresh} {by('supply-test')}")
    await until(page, f"""document.querySelector("{fresh} [data-answer]").innerText.includes('answers')""")
    await page.click(f"{fresh} {by('supply-save')}")
    mine = "#indexers [data-entry=prowlarr]"
    await page.wait_for_selector(mine)
    assert KEY not in await page.content()

    await page.goto(daemon.base + "/search?q=dune+part+two")
    await page.wait_for_selector(f"{by('results')} {by('result')}", timeout=8_000)
    await opened(page, daemon)
    await until(page, f"document.querySelector('{mine}').dataset.state === 'works'", within=15)
    await until(page, f"document.querySelector('{mine} [data-figures]').innerText.includes('100')")
    await page.click(f"{mine} [data-history] summary")
    await page.wait_for_selector(f"{mine} .supply-asks li")
    await keep(page, "settings-works")

    await page.click(f"{mine} .supply-form > summary")
    assert await page.input_value(f"{mine} [name=api_key]") == ""
    await page.fill(f"{mine} [name=url]", "http://127.0.0.1:1/other")
    await page.click(f"{mine} {by('supply-save')}")
    await until(page, f"document.querySelector('{mine}').innerText.includes('another address')")
    await page.fill(f"{mine} [name=url]", "no address")
    await page.click(f"{mine} {by('supply-save')}")
    await until(page, f"document.querySelector('{mine}').innerText.includes('http://host:port')")
    await page.click(f"{mine} {by('supply-remove')}")
    await page.goto(daemon.base + "/settings")
    await daemon.until("/settings", lambda now: now["settings"]["providers"]["indexers"] == [], within=10)
    refusals = [line for line in watch.complaints if "422" not in line]
    assert refusals == []


async def test_a_key_is_kept_tried_and_removed(daemon: Daemon, browser: Browser) -> None:
    page = await signed_in(browser, daemon, language="fr")
    await opened(page, daemon)
    tmdb = card("tmdb")
    assert await page.get_attribute(tmdb, "data-state") == "off"
    await page.click(f"{tmdb} .supply-form > summary")
    await page.click(f"{tmdb} .supply-more summary")
    assert await page.is_disabled(f"{tmdb} [name=base_url]")
    await page.fill(f"{tmdb} [name=api_key]", "k")
    await page.click(f"{tmdb} {by('supply-test')}")
    await until(page, f"document.querySelector('{tmdb} [data-answer]').innerText.includes('TMDB accepte')")
    await page.click(f"{tmdb} {by('supply-save')}")
    await until(page, f"document.querySelector('{tmdb}').dataset.state === 'untried'")
    assert (await daemon.call("GET", "/tmdb/trending"))["results"]
    await until(page, f"document.querySelector('{tmdb}').dataset.state === 'works'", within=20)
    await page.click(f"{tmdb} .supply-form > summary")
    assert "conservée" in (await page.get_attribute(f"{tmdb} [name=api_key]", "placeholder") or "")
    await page.click(f"{tmdb} {by('supply-remove')}")
    await until(page, f"document.querySelector('{tmdb}').dataset.state === 'off'")


async def test_everything_can_be_changed_in_the_list_and_taken_back(daemon: Daemon, browser: Browser) -> None:
    page = await signed_in(browser, daemon)
    await page.goto(daemon.base + "/settings/all")
    row = "[data-key='dlna.name']"
    await page.click(f"{row} .setting-value button")
    await page.fill(f"{row} input", "Salon")
    await page.keyboard.press("Enter")
    await until(page, f"""document.querySelector("{row}").innerText.includes('Set here')""")
    await until(page, "document.querySelector('#notices').innerText.includes('next start')")
    await keep(page, "settings-all")
    assert (await daemon.call("GET", "/settings"))["settings"]["dlna"]["name"] == "Salon"
    await page.click(f"{row} [aria-label^='Take']")
    await until(page, f"""!document.querySelector("{row}").innerText.includes('Set here')""")
    locked = "[data-key='search.timeout']"
    assert "Locked" in await page.inner_text(locked)
    assert await page.locator(f"{locked} button").count() == 0


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: run scripts/setup --dev")
async def test_the_pages_break_no_rule_of_reach(
    daemon: Daemon, indexer: FakeIndexer, browser: Browser
) -> None:
    rules, found = AXE.read_text(encoding="utf-8"), []
    entries = [
        {"name": "prowlarr", "type": "prowlarr", "url": indexer.url, "api_key": KEY},
        {
            "name": "Mon indexeur au très long nom de salon",
            "type": "torznab",
            "url": "http://127.0.0.1:1/api",
        },
    ]
    await daemon.call("PUT", "/settings", {"providers.indexers": entries, "dlna.name": "Salon"})
    for _ in range(6):
        search = await daemon.call("POST", "/search", {"query": f"dune {_}"})
        await daemon.until(f"/search/{search['search_id']}", lambda now: now["status"] == "completed")
    looks: list[tuple[str, dict[str, Any]]] = [
        (f"{scheme}-{language}-{size[0]}", {"scheme": scheme, "language": language, "size": size})
        for scheme, language, size in (
            ("dark", "en", (1440, 900)),
            ("light", "fr", (1440, 900)),
            ("dark", "fr", PHONE),
            ("light", "en", PHONE),
        )
    ]
    for name, more in looks:
        page = await signed_in(browser, daemon, **more)
        await page.emulate_media(reduced_motion="reduce")
        for path in ("/settings", "/settings/all"):
            await page.goto(daemon.base + path)
            await page.wait_for_load_state("networkidle")
            if path == "/settings":
                troubled = "document.querySelectorAll('[data-state=resting], [data-state=failing]')"
                await until(page, f"{troubled}.length > 0", within=15)
                await page.click("#indexers [data-entry=prowlarr] .supply-form > summary")
                await page.click(f"{card('tvmaze')} .supply-form > summary")
            await page.evaluate(rules)
            broken = await page.evaluate(
                "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
                ".then(done => done.violations.map(v => `${v.id}: ${v.nodes[0].html.slice(0, 160)}`))"
            )
            found += [f"{name} {path}: {line}" for line in broken]
            wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
            found += [f"{name} {path}: scrolls sideways"] if wide else []
            await page.screenshot(
                path=_output(f"settings{path.removeprefix('/settings').replace('/', '-')}-{name}.png"),
                full_page=path == "/settings",
            )
    assert found == []


def _output(name: str) -> Path:
    OUTPUT.mkdir(parents=True, exist_ok=True)
    return OUTPUT / name
