"""A person describes a film, sees why each answers, and finds suggestions with their reasons at home."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from sokoul.testing.fake_tmdb import FakeTmdb
from tests.e2e.browser import PHONE, Watch, chromium, keep, until
from tests.e2e.daemon import Daemon
from tests.e2e.test_pages_search import AXE, by, signed_in
from tests.sentence_model import converted

RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}"


@pytest.fixture
async def daemon(tmp_path: Path) -> AsyncIterator[Daemon]:
    async with AsyncExitStack() as stack:
        tmdb = await stack.enter_async_context(FakeTmdb(api_key="k"))
        source = {"api_key": "k", "base_url": tmdb.base_url, "image_base_url": tmdb.image_base_url}
        settings: dict[str, Any] = {
            "search": {"timeout": 4},
            "providers": {"tmdb": source, "wikidata": {"enabled": False}},
            "oracle": {"embeddings": {"gguf": str(converted("q8_0"))}},
        }
        daemon = Daemon(tmp_path / "box", settings)
        await daemon.start()
        await daemon.sign_in()
        yield daemon
        assert await daemon.stop() == 0


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


async def test_described_found_explained_and_suggested(daemon: Daemon, browser: Browser) -> None:
    # The catalogue told what many watch, and the oracle has read it.
    asked = "/media?semantic=space+travel+of+the+future"
    await daemon.until(
        asked, lambda told: told["by_meaning"] and told["items"] and not told["notes"], within=90
    )
    page = await signed_in(browser, daemon)
    watch = Watch(daemon.base)
    watch.over(page)
    await page.wait_for_selector(f"{by('recommended')} {by('media-card')}")
    assert "Many people watch it these days" in await page.inner_text(by("recommended"))
    await page.locator(by("recommended")).scroll_into_view_if_needed()
    await keep(page, "home-recommended")

    await page.goto(daemon.base + "/search?q=a+war+film+about+a+soldier+of+the+resistance")
    await page.wait_for_selector(f"{by('by-meaning')} {by('meaning-hit')}")
    first = await page.locator(by("meaning-hit")).first.inner_text()
    assert "Not here: search for it" in first
    assert await page.locator(f"{by('meaning-hit')} .hit-why li").count() > 0
    await keep(page, "search-by-meaning")

    await page.goto(daemon.base + "/search?q=dune+2")
    await until(page, "document.querySelector('#nothing .empty') || document.querySelector('#work strong')")
    assert not await page.locator(by("by-meaning")).is_visible()

    await page.goto(daemon.base + "/library")
    await page.fill(by("library-find"), "a film about space travel")
    await until(page, "document.querySelector('#library-empty .empty') !== null")
    assert not await page.locator(by("by-meaning")).is_visible()  # nothing of it is here to be played

    for language, more in (("en", {}), ("fr", {"size": PHONE, "language": "fr", "scheme": "light"})):
        window = await signed_in(browser, daemon, **more)
        await window.goto(daemon.base + "/search?q=films+like+Interstellar")
        await window.wait_for_selector(f"{by('by-meaning')} {by('meaning-hit')}")
        text = await window.inner_text(by("by-meaning"))
        assert ("D’après l’histoire" if language == "fr" else "By what it is about") in text
        assert await window.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        await keep(window, f"by-meaning-{language}")
        if AXE.exists():
            await window.evaluate(AXE.read_text(encoding="utf-8"))
            broken = await window.evaluate(
                f"axe.run(document, {RULES}).then(done => done.violations.map(v => v.id + v.nodes[0].html))"
            )
            assert broken == []
    assert watch.complaints == []


async def test_a_new_home_says_when_suggestions_come(tmp_path: Path, browser: Browser) -> None:
    daemon = Daemon(
        tmp_path / "box", {"providers": {"tvmaze": {"enabled": False}, "wikidata": {"enabled": False}}}
    )
    await daemon.start()
    await daemon.sign_in()
    page = await signed_in(browser, daemon, language="fr", size=PHONE, scheme="light")
    await page.wait_for_selector(by("recommended-empty"))
    text = await page.inner_text(by("recommended"))
    assert "Vous aimerez peut-être" in text and "chacune avec sa raison" in text
    await page.locator(by("recommended-empty")).scroll_into_view_if_needed()
    await keep(page, "home-recommended-empty-fr")
    assert await daemon.stop() == 0
