"""From a bare household to a choice understood.

An indexer is set up on the page, a search is asked, the second release says why it is second, and another
profile puts another first.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from hashlib import sha1
from pathlib import Path

import pytest
from playwright.async_api import Browser

from sokoul.testing.fake_indexer import FakeIndexer, FakeRelease
from sokoul.testing.fake_tmdb import FakeTmdb
from tests.e2e.browser import DESKTOP, PHONE, Watch, chromium, keep, until
from tests.e2e.daemon import Daemon
from tests.e2e.test_settings_page import KEY, by, opened, signed_in

FULL = "Dune.Part.Two.2024.2160p.WEB-DL.DDP5.1.x265-OPEN"
HIGH = "Dune.Part.Two.2024.1080p.WEB-DL.DDP5.1.x264-OPEN"
CAM = "Dune.Part.Two.2024.1080p.HDCAM.x264-OPEN"
SIZES = {FULL: (20_000_000_000, 120), HIGH: (8_000_000_000, 120), CAM: (3_000_000_000, 900)}
UHD = {
    "name": "4K first",
    "steps": [
        {"name": "WEB 1080p", "qualities": ["WEBRip-1080p", "WEBDL-1080p"]},
        {"name": "WEB 2160p", "qualities": ["WEBRip-2160p", "WEBDL-2160p"]},
    ],
    "until": "WEB 2160p",
}


@pytest.fixture
async def indexer() -> AsyncIterator[FakeIndexer]:
    releases = [
        FakeRelease(name, size, seeders, category=2040, info_hash=sha1(name.encode()).hexdigest())
        for name, (size, seeders) in SIZES.items()
    ]
    async with FakeIndexer(releases, api_key=KEY) as fake:
        yield fake


@pytest.fixture
async def daemon(tmp_path: Path) -> AsyncIterator[Daemon]:
    async with FakeTmdb(api_key="k") as tmdb:
        source = {"api_key": "k", "base_url": tmdb.base_url, "image_base_url": tmdb.image_base_url}
        daemon = Daemon(tmp_path / "box", {"search": {"timeout": 8}, "providers": {"tmdb": source}})
        await daemon.start()
        await daemon.sign_in()
        yield daemon
        assert await daemon.stop() == 0


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_set_up_search_ask_why_and_choose_otherwise(
    daemon: Daemon, indexer: FakeIndexer, browser: Browser, size: tuple[int, int]
) -> None:
    page = await signed_in(browser, daemon, size=size)
    watch = Watch(daemon.base)
    watch.over(page)
    look = f"story-{size[0]}"

    await opened(page, daemon)
    await page.click(by("add-indexer"))
    fresh = "#indexers [data-entry='']"
    await page.fill(f"{fresh} [name=url]", indexer.url)
    await page.fill(f"{fresh} [name=api_key]", KEY)
    await page.click(f"{fresh} {by('supply-test')}")
    await until(page, f"""document.querySelector("{fresh} [data-answer]").innerText.includes('answers')""")
    await keep(page, f"{look}-1-tested")
    await page.click(f"{fresh} {by('supply-save')}")
    await page.wait_for_selector("#indexers [data-entry=prowlarr]")
    await daemon.call("POST", "/profiles", UHD)

    await page.goto(daemon.base + "/search?q=Dune+2")
    first = f"document.querySelector('{by('results')} {by('raw-name')}')?.textContent"
    await until(page, f"{first} === '{HIGH}'")
    await keep(page, f"{look}-2-found")

    second = page.locator(f"{by('results')} {by('result')}").nth(1)
    await second.locator(by("score")).click()
    told = await second.locator(by("versus")).inner_text()
    assert "behind the best" in told
    points = await second.locator(".why > .why-list .num").all_inner_texts()
    total = sum(int(text.replace("−", "-").replace("+", "")) for text in points)
    assert total == int(await second.locator(".score-number").inner_text())
    await second.scroll_into_view_if_needed()
    await keep(page, f"{look}-3-why-not-the-second")

    await page.select_option(by("search-profile"), "4K first")
    await until(page, f"{first} === '{FULL}'")
    await page.evaluate("scrollTo(0, 0)")
    await keep(page, f"{look}-4-another-profile")
    assert watch.complaints == []
