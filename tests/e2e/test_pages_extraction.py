"""A film from a web page: searched, found behind its player, played through Sokoul, also past a kill."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from sokoul.testing.fake_player_site import FakePlayerSite
from tests.e2e.daemon import Daemon
from tests.waiting import until


@pytest.fixture
async def site() -> AsyncIterator[FakePlayerSite]:
    if shutil.which("chromium") is None:
        reason = "chromium is not installed"
        pytest.fail(reason) if os.environ.get("SOKOUL_REQUIRE_SHARED") == "1" else pytest.skip(reason)
    async with FakePlayerSite(named=False) as site:
        yield site


@pytest.fixture
async def daemon(tmp_path: Path, site: FakePlayerSite) -> AsyncIterator[Daemon]:
    (tmp_path / "films.yaml").write_text(site.definition, encoding="utf-8")
    (tmp_path / "broken.yaml").write_text("name: broken", encoding="utf-8")
    settings = {
        "http": {"outbound_allow": site.allowed},
        "providers": {"pages": {"definitions": ["../films.yaml", "../broken.yaml"]}},
    }
    daemon = Daemon(tmp_path / "box", settings)
    try:
        await daemon.start()
        await daemon.sign_in()
        yield daemon
        assert await daemon.stop() == 0
    finally:
        await daemon.end()


async def searched(daemon: Daemon, query: str) -> dict[str, Any]:
    """The search at its end."""
    started = await daemon.call("POST", "/search", {"query": query}, status=202)
    path = f"/search/{started['search_id']}"
    done: dict[str, Any] = await daemon.until(
        path, lambda answer: answer["status"] in {"completed", "failed"}, within=40, every=0.05
    )
    return done


def chromiums(daemon: Daemon) -> list[psutil.Process]:
    """The main process of its Chromium, where it runs: the child of Playwright's driver."""
    assert daemon.process is not None
    drivers = [one for one in psutil.Process(daemon.process.pid).children() if "node" in one.name()]
    return [one for driver in drivers for one in driver.children() if one.status() != psutil.STATUS_ZOMBIE]


async def test_found_and_played(daemon: Daemon, site: FakePlayerSite) -> None:
    health = await daemon.call("GET", "//health/deep")
    assert health["checks"]["browser"]["status"] == "ok", health["checks"]["browser"]
    assert chromiums(daemon) == []  # nobody has asked for a page yet
    done = await searched(daemon, "Big Buck Bunny")
    states = {one["name"]: one for one in done["providers"]}
    assert states["films-test"]["status"] == "ok", states
    assert "site" not in states["broken"]["error"] and "is needed here" in states["broken"]["error"]
    [found] = [one for one in done["results"] if one["provider"] == "films-test"]
    assert (found["title"], found["protocol"]) == ("Big Buck Bunny 1080p WEB fr", "hls")
    assert not found["rejected"], found["rejections"]
    assert found["url"] is None, "an address that wants headers is for Sokoul alone"
    assert "k42" not in str(done)
    streams = await daemon.call("GET", f"/streaming/results/{found['result_id']}")
    playlist = await daemon.call("GET", "//" + streams["sources"][0]["url"].lstrip("/"))
    assert "#EXT-X-STREAM-INF" in playlist, "the stream goes with the Referer that its server wants"
    metrics = await daemon.call("GET", "//metrics")
    assert 'sokoul_scraping_success_rate{source="films-test"} 1.0' in metrics
    assert "sokoul_playwright_pool_usage" in metrics


async def test_a_killed_chromium_is_survived_within_one_search(daemon: Daemon, site: FakePlayerSite) -> None:
    await searched(daemon, "Sintel")
    [before] = chromiums(daemon)
    searching = asyncio.create_task(searched(daemon, "Tears of Steel"))
    await until(lambda: any("/film/2" in one.path for one in site.requests))
    os.kill(before.pid, signal.SIGKILL)
    done = await searching
    assert any(one["provider"] == "films-test" for one in done["results"]), done["providers"]
    [after] = chromiums(daemon)
    assert after.pid != before.pid


async def test_nothing_outlives_the_daemon(daemon: Daemon) -> None:
    await searched(daemon, "Sintel")
    assert daemon.process is not None
    below = psutil.Process(daemon.process.pid).children(recursive=True)
    browsers = [one for one in below if "chrom" in one.name() or "node" in one.name()]
    assert browsers
    await daemon.kill()
    deadline = time.monotonic() + 15
    while any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in browsers):
        assert time.monotonic() < deadline, "a killed daemon left a browser running"
        await asyncio.sleep(0.1)
    await daemon.start()
