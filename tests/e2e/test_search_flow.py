"""A search whose reader is cut off in the middle, and one who comes again: both see what is true."""

from __future__ import annotations

import hashlib
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from sokoul.testing.fake_indexer import FakeIndexer, FakeRelease
from sokoul.testing.fake_tmdb import FakeTmdb
from tests.e2e.browser import PHONE, chromium, context, keep, until
from tests.e2e.daemon import ADMIN, Daemon

LIMIT = 12.0
GOOD = "Dune.Part.Two.2024.1080p.WEB-DL.DDP5.1.Atmos.H.264-FLUX"
LATE = "Dune.Part.Two.2024.1080p.BluRay.x265-NTb"


def release(name: str) -> list[FakeRelease]:
    digest = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()
    return [FakeRelease(name, 8_000_000_000, 120, info_hash=digest, category=2040)]


@pytest.fixture
async def daemon(tmp_path: Path) -> AsyncIterator[Daemon]:
    async with AsyncExitStack() as stack:
        tmdb = await stack.enter_async_context(FakeTmdb(api_key="k"))
        names = {"good": GOOD, "slow": LATE, "hanging": LATE}
        fakes = {
            name: await stack.enter_async_context(FakeIndexer(release(title), api_key="k", name=name))
            for name, title in names.items()
        }
        fakes["slow"].hang, fakes["hanging"].hang = 2.5, 120
        indexers: list[dict[str, Any]] = [
            {"name": name, "type": "prowlarr", "url": fake.url, "api_key": "k"}
            for name, fake in fakes.items()
        ]
        source = {"api_key": "k", "base_url": tmdb.base_url, "image_base_url": tmdb.image_base_url}
        providers = {"tmdb": source, "indexers": indexers}
        daemon = Daemon(tmp_path / "box", {"search": {"timeout": LIMIT}, "providers": providers})
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


def row(name: str) -> str:
    return f"{by('provider')}[data-name={name}]"


def status(name: str) -> str:
    return f"document.querySelector('{row(name)}')?.dataset.status"


async def signed_in(browser: Browser, daemon: Daemon, **more: Any) -> Page:
    window = await context(browser, **more)
    page = await window.new_page()
    await page.goto(daemon.base + "/login")
    await page.fill(by("field-username"), ADMIN["username"])
    await page.fill(by("field-password"), ADMIN["password"])
    await page.click(by("login-submit"))
    await page.wait_for_url(daemon.base + "/")
    return page


async def ended(page: Page) -> None:
    """The end as it is: two answered, one did not and is named with what to do."""
    await until(page, f"{status('hanging')} === 'timeout'", within=LIMIT + 10)
    assert await page.evaluate(status("good")) == "ok"
    assert await page.evaluate(status("slow")) == "ok"
    told = await page.inner_text(row("hanging"))
    assert "more time" in told or "plus de temps" in told
    count = await page.locator(f"{by('results')} {by('result')}").count()
    assert count == 2, await page.inner_text("main")
    await until(page, "document.querySelector('#sources-words').innerText.includes('hanging')", within=5)


async def test_a_reader_whose_connection_is_cut_sees_the_right_end(daemon: Daemon, browser: Browser) -> None:
    page = await signed_in(browser, daemon)
    started = time.monotonic()
    await page.goto(daemon.base + "/search?q=dune+2")
    await until(page, f"{status('good')} === 'ok'", within=8)
    assert await page.evaluate(status("slow")) == "running"
    assert await page.locator(f"{by('results')} {by('result')}").count() == 1
    await keep(page, "search-middle")
    # The network goes while the slow one answers, and comes back when its event has long gone by.
    await page.context.set_offline(True)
    await page.evaluate("new Promise((done) => setTimeout(done, 4000))")
    assert await page.evaluate(status("slow")) == "running"
    await page.context.set_offline(False)
    await until(page, f"{status('slow')} === 'ok'", within=10)
    await ended(page)
    assert time.monotonic() - started < LIMIT + 10
    await keep(page, "search-end")


async def test_a_reload_in_the_middle_goes_on_where_it_was(daemon: Daemon, browser: Browser) -> None:
    page = await signed_in(browser, daemon, size=PHONE, language="fr")
    await page.goto(daemon.base + "/search?q=dune+2")
    await until(page, f"{status('slow')} === 'ok'", within=10)
    share = f"Number(document.querySelector('{row('hanging')} .source-bar').getAttribute('aria-valuenow'))"
    before = await page.evaluate(share)
    assert before > 10
    await page.reload()
    await until(page, f"{status('slow')} === 'ok'", within=5)
    assert await page.evaluate(status("hanging")) == "running"
    await until(page, f"{share} >= {before}", within=1)
    await keep(page, "search-reloaded")
    await ended(page)


async def test_the_list_is_there_when_the_time_is_over(daemon: Daemon) -> None:
    started = time.monotonic()
    search = await daemon.call("POST", "/search", {"query": "Dune 2"})
    path = f"/search/{search['search_id']}"
    told = await daemon.until(path, lambda now: now["status"] == "completed", within=LIMIT + 8)
    assert time.monotonic() - started < LIMIT + 5
    assert told["duration_ms"] <= (LIMIT + 1) * 1000
    assert len([one for one in told["results"] if not one["rejected"]]) == 2
    states = {one["name"]: one["status"] for one in told["providers"]}
    assert states == {"good": "ok", "slow": "ok", "hanging": "timeout", "library": "ok"}
    assert all(one["limit_ms"] > 0 and one["status"] == "ok" for one in told["stages"])
