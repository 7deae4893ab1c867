"""An evening in Chromium with real parts: set up, search, watch what comes, keep it, come back, drop it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from sokoul.testing.fake_indexer import FakeIndexer, FakeRelease
from sokoul.testing.fake_tmdb import FakeTmdb
from sokoul.testing.swarm import Shared, Swarm
from tests.e2e.browser import DESKTOP, PHONE, Watch, chromium, context, keep, until
from tests.e2e.daemon import ADMIN, Daemon
from tests.e2e.media import noisy_film

NAME = "Aurora.Field.2024.1080p.WEB-DL.AAC2.0.H.264-SOKOUL"
TITLE = "Aurora Field"
SECONDS = 60
RATE = 1_500_000
# What another size, light and language may break; English at night on a desk is what the trip itself shows.
LOOKS = ((PHONE, "light", "en"), (PHONE, "dark", "fr"), (DESKTOP, "light", "fr"))
VIDEO = "document.querySelector('#video')"


def by(name: str) -> str:
    return f"[data-testid={name}]"


@dataclass(frozen=True)
class World:
    """What lies around the daemon."""

    swarm: Swarm
    shared: Shared
    indexer: FakeIndexer
    tmdb: FakeTmdb


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    film = await noisy_film(f"{NAME}.mkv", megabytes=38, seconds=SECONDS)
    async with AsyncExitStack() as stack:
        swarm = await stack.enter_async_context(Swarm(tmp_path / "swarm", rate=RATE))
        shared = await swarm.share(film, piece_size=256 * 1024)
        offers = [
            FakeRelease(NAME, shared.size, 1, info_hash=shared.info_hash, magnet=shared.magnet),
            FakeRelease("Aurora.Field.2024.HDCAM.1080p.x264-C1NEM4", 30_000_000, 90),
        ]
        indexer = await stack.enter_async_context(FakeIndexer(offers, api_key="k", loose=True))
        tmdb = await stack.enter_async_context(FakeTmdb(api_key="k"))
        yield World(swarm, shared, indexer, tmdb)


@pytest.fixture
async def daemon(tmp_path: Path, world: World) -> AsyncIterator[Daemon]:
    indexer = {"name": "shed", "type": "torznab", "url": world.indexer.torznab_url, "api_key": "k"}
    source = {
        "api_key": "k",
        "base_url": world.tmdb.base_url,
        "image_base_url": world.tmdb.image_base_url,
        "language": "en-US",
    }
    settings = {
        "http": {"outbound_allow": [world.swarm.allowed]},
        "providers": {"tmdb": source, "indexers": [indexer]},
    }
    daemon = Daemon(tmp_path / "box", settings)
    await daemon.start()
    yield daemon
    assert await daemon.stop() == 0


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


async def wizard(page: Page, world: World) -> None:
    """The account, then each step: tried, filled in or skipped."""
    await page.wait_for_url("**/setup")
    for field in ("username", "email", "password"):
        await page.fill(by(f"field-{field}"), ADMIN[field])
    await page.click(f"{by('step-account')} {by('setup-next')}")
    await page.click(by("test-folders"))
    await until(page, "document.querySelector('[data-testid=answer-folders]').innerText.includes('free')")
    await page.click(f"{by('step-folders')} {by('setup-next')}")
    await page.check("input[name=type][value=torznab]", force=True)
    await page.fill(by("field-url"), world.indexer.torznab_url)
    await page.fill(by("field-api_key"), "wrong")
    await page.click(by("test-indexer"))
    await page.wait_for_selector(f"{by('answer-indexer')} .bad")
    await page.fill(by("field-api_key"), "k")
    await page.click(by("test-indexer"))
    await page.wait_for_selector(f"{by('answer-indexer')} .good")
    await keep(page, "trip-wizard")
    await page.click(f"{by('step-indexer')} {by('setup-skip')}")
    await page.click(by("test-tmdb"))
    await page.wait_for_selector(f"{by('answer-tmdb')} .good")
    await page.click(f"{by('step-metadata')} {by('setup-skip')}")
    await page.click(by("setup-finish"))
    await page.wait_for_url("**/search")


async def sign_out_and_in(page: Page, base: str) -> None:
    await page.click(".rail [data-open-more]")
    await page.click(by("sign-out"))
    await page.wait_for_url("**/login")
    await page.fill(by("field-username"), ADMIN["username"])
    await page.fill(by("field-password"), ADMIN["password"])
    await page.click(by("login-submit"))
    await page.wait_for_url(base + "/")


async def search(page: Page) -> None:
    """The right one first, its reasons adding up; the camera's one refused."""
    await page.keyboard.press("/")
    await page.keyboard.type(TITLE)
    await page.keyboard.press("Enter")
    result = page.locator(f"{by('results')} {by('result')}")
    await result.first.wait_for()
    assert TITLE in await page.inner_text(by("identified"))
    score = result.first.locator(by("score"))
    await score.click()
    points = await result.first.locator(".why-list .num").all_inner_texts()
    assert sum(int(text.replace("−", "-")) for text in points) == int(
        await score.locator(".score-number").inner_text()
    )
    assert "turned down" in await page.inner_text(by("rejected"))
    await keep(page, "trip-search")


async def watch_while_it_comes(page: Page, daemon: Daemon) -> float:
    """Play, read along, jump to near the end of what is not half there; where it was left, in seconds."""
    await page.click(f"{by('results')} {by('result-play')} >> nth=0")
    await page.wait_for_url("**/watch/download/*")
    await until(page, f"{VIDEO}.currentTime > 0.3 && !{VIDEO}.paused")
    started = await page.evaluate(f"{VIDEO}.currentTime")
    await until(page, f"{VIDEO}.currentTime > {started} + 1")
    scrub = await page.locator(by("scrub")).bounding_box()
    assert scrub is not None
    await page.mouse.click(scrub["x"] + scrub["width"] * 0.85, scrub["y"] + scrub["height"] / 2)
    await until(page, f"!{VIDEO}.seeking && {VIDEO}.readyState > 2 && {VIDEO}.currentTime > 0.8 * {SECONDS}")
    download = (await daemon.call("GET", "/downloads"))["items"][0]
    assert download["progress"] < 50, "too quick to show anything"
    landed = await page.evaluate(f"{VIDEO}.currentTime")
    await until(page, f"{VIDEO}.currentTime > {landed} + 0.5")
    await keep(page, "trip-player")
    await page.keyboard.press(" ")
    left = float(await page.evaluate(f"{VIDEO}.currentTime"))
    await daemon.until("/history/continue", lambda found: found["total"] == 1, within=10)
    return left


async def it_comes_into_the_library(page: Page, world: World, base: str) -> None:
    """The page that shows an empty library shows the film once it is there, without being asked."""
    await page.goto(base + "/library")
    await page.wait_for_selector(by("empty"))
    world.swarm.limit(0)
    await page.locator(by("media-card"), has_text=TITLE).wait_for(timeout=30_000)
    await keep(page, "trip-library")


async def resume(page: Page, left: float) -> None:
    await page.click(by("media-card"))
    await page.click(by("title-play"))
    await page.wait_for_url("**/watch/media/*")
    await until(page, f"{VIDEO}.readyState > 2 && Math.abs({VIDEO}.currentTime - {left}) < 3")
    await page.click(by("tracks-button"))
    await page.locator(f"{by('panel')} [role=menuitemradio]").nth(1).click()
    await page.evaluate(f"{VIDEO}.currentTime = 2")
    await until(page, "document.querySelector('#cues').innerText.includes('Hello')")
    await keep(page, "trip-subtitles")


async def throw_away(page: Page, daemon: Daemon) -> None:
    """Into the bin, back, and into it for good."""
    film = next((daemon.folder / "media").rglob("*.mkv"))
    await page.goto(daemon.base + "/library")
    await page.hover(by("media-card"))
    await page.click(by("remove"))
    await page.wait_for_selector(by("empty"))
    await page.click(f"{by('toast')} .button")
    await page.wait_for_selector(by("media-card"))
    await daemon.until("/media?owned=true", lambda found: found["total"] == 1, within=10)
    assert await asyncio.to_thread(film.exists)
    await page.hover(by("media-card"))
    await page.click(by("remove"))
    await daemon.until("/media?owned=true", lambda found: found["total"] == 0, within=10)
    await page.reload()
    await page.wait_for_selector(by("empty"))
    assert not await asyncio.to_thread(film.exists)


async def look(browser: Browser, daemon: Daemon, watch: Watch, state: Any) -> None:
    """Every other look of the pages; none is wider than its window."""
    for size, scheme, language in LOOKS:
        window = await context(browser, size, scheme=scheme, language=language, state=state)
        page = await window.new_page()
        watch.over(page)
        for path in ("/", "/search?q=aurora+field", "/library", "/downloads", "/system"):
            await page.goto(daemon.base + path)
            await page.wait_for_load_state("networkidle")
            assert await page.evaluate("document.documentElement.lang") == language
            wide = await page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size[0], f"{path} in {language} is {wide} px wide"
            await keep(page, f"trip-{size[0]}-{scheme}-{language}{path.partition('?')[0].replace('/', '-')}")
        await window.close()


async def test_an_evening(daemon: Daemon, world: World, browser: Browser) -> None:
    watch = Watch(daemon.base)
    window = await context(browser, DESKTOP)
    page = await window.new_page()
    watch.over(page)
    await page.goto(daemon.base + "/")
    await wizard(page, world)
    await sign_out_and_in(page, daemon.base)
    await daemon.sign_in()
    await search(page)
    left = await watch_while_it_comes(page, daemon)
    await it_comes_into_the_library(page, world, daemon.base)
    await look(browser, daemon, watch, await window.storage_state())
    await resume(page, left)
    await throw_away(page, daemon)
    assert watch.complaints == []


async def test_the_film_goes_on_after_the_plug_was_pulled(
    daemon: Daemon, world: World, browser: Browser
) -> None:
    place = daemon.folder / "media" / "movies" / f"{TITLE} (2024)"
    place.mkdir(parents=True)
    shutil.copy(world.shared.path, place / f"{TITLE} (2024) - 1080p.mkv")
    await daemon.sign_in()
    await daemon.call("POST", "/library/scan")
    owned = await daemon.until("/media?owned=true", lambda found: found["total"] == 1)
    window = await context(browser)
    page = await window.new_page()
    watch = Watch(daemon.base)
    await page.goto(daemon.base + "/login")
    await page.fill(by("field-username"), ADMIN["username"])
    await page.fill(by("field-password"), ADMIN["password"])
    await page.click(by("login-submit"))
    await page.wait_for_url(daemon.base + "/")
    await page.goto(f"{daemon.base}/watch/media/{owned['items'][0]['id']}")
    await until(page, f"{VIDEO}.currentTime > 0.5")
    other = await window.new_page()
    await other.goto(daemon.base + "/downloads")
    await other.wait_for_selector(by("empty"))

    await daemon.kill(descendants=True)
    await page.evaluate(f"{VIDEO}.currentTime = 50")
    words = f"document.querySelector('{by('player-wait')}').innerText.includes('Trying again')"
    await until(page, words)
    await keep(page, "plug-pulled")
    await other.wait_for_selector(by("away"))
    await daemon.start()
    await other.wait_for_selector(by("away"), state="hidden")
    await until(page, f"{VIDEO}.currentTime > 51 && !{VIDEO}.paused")
    assert await page.evaluate("!document.querySelector('#content').classList.contains('is-waiting')")
    watch.over(page)
    await page.goto(daemon.base + "/library")
    await page.wait_for_selector(by("media-card"))
    assert watch.complaints == []
