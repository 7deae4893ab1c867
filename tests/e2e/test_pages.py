"""The whole trip clicked through in Chromium, on a demonstration: from the wizard to the saved position."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from sokoul.testing import films
from tests.e2e.browser import DESKTOP, PHONE, Watch, chromium, context, keep, press, until
from tests.e2e.daemon import ADMIN, Daemon
from tests.e2e.media import CACHE

PAGES = ("/", "/search?q=dune+2", "/films", "/library", "/downloads", "/settings", "/system")


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Daemon]:
    daemon = Daemon(tmp_path / "box", arguments=("--demo",))
    kept = tmp_path / "box" / "state" / "demo" / "films"
    kept.mkdir(parents=True)
    for film in (films.AURORA, films.COAST):
        made = await films.make(film, CACHE / "demo")
        shutil.copyfile(made, kept / made.name)
    await daemon.start()
    yield daemon
    assert await daemon.stop() == 0


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


def by(name: str) -> str:
    return f"[data-testid={name}]"


async def wizard(page: Page) -> None:
    """First start: the account, then each Test button."""
    await page.wait_for_url("**/setup")
    for field in ("username", "email", "password"):
        await page.fill(by(f"field-{field}"), ADMIN[field])
    await keep(page, "wizard-account")
    await page.click(f"{by('step-account')} {by('setup-next')}")
    await page.wait_for_selector(by("step-folders"))
    await page.click(by("test-folders"))
    await until(page, "document.querySelector('[data-testid=answer-folders]').innerText.includes('GB free')")
    await page.click(f"{by('step-folders')} {by('setup-skip')}")
    await page.click(f"{by('step-indexer')} {by('setup-skip')}")
    await page.click(by("test-tmdb"))
    await until(page, "document.querySelector('[data-testid=answer-tmdb]').innerText.includes('accepts')")
    await keep(page, "wizard-tmdb")
    await page.click(f"{by('step-metadata')} {by('setup-skip')}")
    await page.wait_for_selector(by("setup-finish"))


async def sign_out_and_in(page: Page, base: str) -> None:
    await page.goto(base + "/")
    await page.click(".rail [data-open-more]")
    await page.click(by("sign-out"))
    await page.wait_for_url("**/login")
    await page.goto(base + "/library")
    await page.wait_for_url("**/login?next=**")
    await keep(page, "login")
    await page.fill(by("field-username"), ADMIN["username"])
    await page.fill(by("field-password"), ADMIN["password"])
    await page.click(by("login-submit"))
    await page.wait_for_url("**/library")
    await page.wait_for_selector(by("empty"))


async def search(page: Page, words: str) -> None:
    """By the key that opens search anywhere."""
    await page.keyboard.press("/")
    await page.keyboard.type(words)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/search?q=*")
    await page.wait_for_selector(f"{by('results')} {by('result')}", timeout=20_000)


async def check_reasons(page: Page) -> None:
    """The parts of the first score are shown, and add up."""
    score = page.locator(f"{by('results')} {by('score')}").first
    await score.click()
    points = await page.locator(f"{by('result')} >> nth=0").locator(".why-list .num").all_inner_texts()
    assert sum(int(text.replace("−", "-")) for text in points) == int(
        await score.locator(".score-number").inner_text()
    )
    await keep(page, "search-reasons")


async def watch_while_it_comes(page: Page, daemon: Daemon) -> float:
    """Play, jump, pause; where it was left, in seconds."""
    await page.click(f"{by('results')} {by('result-play')} >> nth=0")
    await page.wait_for_url("**/watch/download/*")
    await until(page, "!video.paused && video.currentTime > 1")
    download = (await daemon.call("GET", "/downloads"))["items"][0]
    assert download["progress"] < 100
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowRight")
    await until(page, "!video.seeking && video.currentTime > 23")
    await press(page, by("why-button"))
    await page.wait_for_selector(by("panel"))
    await keep(page, "player")
    await page.keyboard.press("Escape")
    await page.locator(by("video")).focus()
    await page.keyboard.press("f")
    await page.keyboard.press("m")
    assert await page.evaluate("video.muted")
    path = f"/downloads/{download['download_id']}"
    await daemon.until(path, lambda now: now["imported_at"] is not None, within=60)
    await page.evaluate("video.play()")
    await page.evaluate("video.pause()")
    left = float(await page.evaluate("video.currentTime"))
    await daemon.until("/history/continue", lambda found: found["total"] == 1, within=15)
    return left


async def resume(page: Page, base: str, left: float) -> None:
    """From the library, at the saved position."""
    await page.goto(base + "/library")
    await page.click(f"{by('shelf')} {by('media-card')} >> nth=0")
    await page.wait_for_selector(by("title-play"))
    await keep(page, "title")
    await page.click(by("title-play"))
    await page.wait_for_url("**/watch/media/*")
    await until(page, f"video.readyState >= 2 && Math.abs(video.currentTime - {left}) < 8")
    await until(page, "document.querySelector('#player-title').innerText.length > 3")


@pytest.mark.timeout(300)
async def test_from_the_wizard_to_the_saved_position(demo: Daemon, browser: Browser) -> None:
    watch = Watch(demo.base)
    window = await context(browser, DESKTOP)
    page = await window.new_page()
    watch.over(page)
    await page.goto(demo.base + "/")
    await wizard(page)
    await sign_out_and_in(page, demo.base)
    await demo.sign_in()
    await search(page, "aurora")
    await check_reasons(page)
    left = await watch_while_it_comes(page, demo)
    await resume(page, demo.base, left)
    assert watch.complaints == []

    state = await window.storage_state()
    for name, size, scheme, language in (
        ("phone-dark-fr", PHONE, "dark", "fr"),
        ("desktop-light-en", DESKTOP, "light", "en"),
    ):
        other = await context(browser, size, scheme=scheme, language=language, state=state)
        page = await other.new_page()
        watch.over(page)
        for path in PAGES:
            await page.goto(demo.base + path)
            await page.wait_for_load_state("networkidle")
            assert await page.inner_text(by("demo-banner"))
            wider = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wider <= 0, f"{path} is {wider} px wider than {size}"
            await keep(page, f"{name}{path.split('?')[0].replace('/', '-')}")
        await other.close()
    assert watch.complaints == []
