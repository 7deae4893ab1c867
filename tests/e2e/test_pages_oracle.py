"""What a person sees of the assistant: what it understood, what it thinks, how long it took."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser

from sokoul.testing.fake_indexer import FakeIndexer, FakeRelease
from sokoul.testing.fake_oracle import FakeOracle
from sokoul.testing.fake_tmdb import FakeTmdb
from tests.e2e.browser import PHONE, Watch, chromium, keep, until
from tests.e2e.daemon import Daemon
from tests.e2e.test_pages_search import by, signed_in

_ENGLISH = "A team drills through the ice. It finds a ship that nobody built. "
_FRENCH = "Une équipe perce la banquise. Elle trouve un navire que personne n’a bâti. "
FIRST_MAN = "First.Man.2018.1080p.BluRay.x265.DDP5.1-GRP"


@pytest.fixture
async def daemon(tmp_path: Path) -> AsyncIterator[Daemon]:
    async with AsyncExitStack() as stack:
        tmdb = await stack.enter_async_context(FakeTmdb(api_key="k"))
        oracle = await stack.enter_async_context(FakeOracle())
        films = [FakeRelease(FIRST_MAN, 9 * 10**9, 120, category=2040)]
        indexer = await stack.enter_async_context(FakeIndexer(films, api_key="k"))
        known = {"api_key": "k", "base_url": tmdb.base_url, "image_base_url": tmdb.image_base_url}
        source = {"name": "one", "type": "torznab", "url": indexer.torznab_url, "api_key": "k"}
        settings = {
            "providers": {"tmdb": known, "indexers": [source]},
            "oracle": {"endpoint": oracle.endpoint},
        }
        daemon = Daemon(tmp_path / "box", settings)
        await daemon.start()
        stack.push_async_callback(daemon.end)
        await daemon.sign_in()
        yield daemon


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.mark.parametrize(
    ("language", "understood", "said"),
    [
        ("en", "Understood: somebody from “Drive” · space", "the assistant: the title and the year fit"),
        ("fr", "Compris : quelqu’un de « Drive » · space", "l’assistant : the title and the year fit"),
    ],
)
async def test_a_description_and_its_answer(
    daemon: Daemon, browser: Browser, language: str, understood: str, said: str
) -> None:
    page = await signed_in(browser, daemon, language=language, size=PHONE)
    watch = Watch(daemon.base)
    watch.over(page)
    await page.goto(f"{daemon.base}/search?q=the+one+with+the+guy+from+Drive,+in+space")
    await page.wait_for_selector(f"{by('results')} {by('result')}")
    await until(page, f"!document.querySelector('{by('understood')}').hidden")
    line = (await page.inner_text(by("understood"))).replace("\u00a0", " ")
    assert line == understood
    await page.locator(f"{by('results')} {by('score')}").first.click()
    await until(page, f"document.querySelector('{by('results')}').innerText.includes('year fit')")
    assert said in (await page.inner_text(by("results"))).replace("\u00a0", " ")
    await keep(page, f"search-understood-{language}")
    assert watch.complaints == []


@pytest.mark.parametrize(("language", "heading"), [("en", "In short"), ("fr", "En bref")])
async def test_a_title_in_short(daemon: Daemon, browser: Browser, language: str, heading: str) -> None:
    told = _ENGLISH if language == "en" else _FRENCH
    film = {"media_type": "movie", "title": "Under the Ice", "year": 2019, "overview": told * 6}
    title = await daemon.call("POST", "/media", film, status=201)
    page = await signed_in(browser, daemon, language=language, size=PHONE)
    watch = Watch(daemon.base)
    watch.over(page)
    await page.goto(f"{daemon.base}/title/{title['id']}")
    await page.wait_for_selector(by("title-short"))
    assert await page.inner_text(f"{by('title-short')} h2") == heading
    await page.wait_for_selector(f"{by('title-short')} .quiet")  # the model's has come
    assert (await page.inner_text(f"{by('title-short')} p")).strip() == told.strip()
    await keep(page, f"title-short-{language}")
    assert watch.complaints == []
