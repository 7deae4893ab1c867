"""The browser on a site that makes it hard: what is found, what is kept away, what is survived."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from typing import Any

import psutil
import pytest

from sokoul.domain.pages import Act, BrowserMissing, PageFailed, Step, Visit, Visited
from sokoul.engines.browser.pool import BrowserPool
from sokoul.engines.browser.program import Settings
from sokoul.outbound import OutboundGuard
from sokoul.testing.fake_player_site import MASTER, FakePlayerSite
from sokoul.testing.memory import settled
from tests.integration.pages.canary import Canary
from tests.waiting import until

HOSTS = ("films.test", "player.test", "cdn.test", "films.localhost")
PLAY = Step(Act.CLICK, "#play", frames=("#player",))


def film(site: FakePlayerSite, number: int = 0, **given: Any) -> Visit:
    """A visit to a film's page that presses play."""
    kept = ("referer", "origin", "user-agent", "cookie")
    url = site.address(f"/film/{number}")
    return Visit("films", url, HOSTS, (PLAY,), ("*.m3u8*",), kept, **{"seconds": 40, **given})


def trick(site: FakePlayerSite, name: str, **given: Any) -> Visit:
    """A visit to one of the pages that mean no good."""
    url = site.trusted(name if name.startswith("/") else f"/trick/{name}")
    return Visit("films", url, HOSTS, **{"capture": ("*.m3u8*",), "seconds": 10, **given})


async def failed(pool: BrowserPool, visit: Visit) -> PageFailed:
    """The failure of a visit that has to fail."""
    with pytest.raises(PageFailed) as caught:
        await pool.visit(visit)
    return caught.value


def told(visited: Visited) -> str:
    """Everything that happened, as one text."""
    return "\n".join([*(f"{one.kind} {one.text}" for one in visited.events), repr(visited.refused)])


async def test_finds_the_film_behind_the_click(pool: BrowserPool, site: FakePlayerSite) -> None:
    visited = await pool.visit(film(site))
    [found] = visited.captured
    assert found.url == f"http://cdn.test:{site.port}/hls/0/master.m3u8?token=k42"
    headers = dict(found.headers)
    assert headers["referer"] == f"http://player.test:{site.port}/"
    assert headers["origin"] == f"http://player.test:{site.port}"
    assert "Headless" not in headers["user-agent"]
    assert found.body == MASTER
    happened = told(visited)
    assert happened.count("frame of") == 2, happened
    assert "popup" in happened or "adcash.com" in happened
    assert not any(
        "advertising" in str(request.path) and "window" in request.query_string for request in site.requests
    )


async def test_warm_it_takes_less_than_three_seconds(pool: BrowserPool, site: FakePlayerSite) -> None:
    await pool.visit(film(site))
    took = []
    for number in range(5):
        started = time.monotonic()
        await pool.visit(film(site, number))
        took.append(time.monotonic() - started)
    assert min(took) <= 3.0, took


async def test_nothing_inside_is_reached(pool: BrowserPool, site: FakePlayerSite, canary: Canary) -> None:
    visited = await pool.visit(trick(site, "inside"))
    assert visited.captured
    await asyncio.sleep(0.5)
    assert canary.hits == []
    refused = {host for host, _, _ in visited.refused}
    assert {"127.0.0.1", "169.254.169.254", "10.0.0.1", "rebinding.test"} <= refused


async def test_a_page_cannot_use_what_other_definitions_may(
    pool: BrowserPool, site: FakePlayerSite, canary: Canary, guard: OutboundGuard
) -> None:
    # The household lets Sokoul fetch from its own indexer; a page of films has no business there.
    guard.allow(f"127.0.0.1:{canary.port}", f"localhost:{canary.port}")
    await pool.visit(trick(site, "inside"))
    await asyncio.sleep(0.5)
    assert canary.hits == []


@pytest.mark.parametrize("name", ["alerts", "download", "worker"])
async def test_tricks_that_do_not_matter(pool: BrowserPool, site: FakePlayerSite, name: str) -> None:
    assert (await pool.visit(trick(site, name))).captured
    assert site.marks == []
    assert site.downloads == 0 or name == "download"


async def test_a_film_in_the_page_itself_is_found_and_not_fetched(
    pool: BrowserPool, site: FakePlayerSite
) -> None:
    [found] = (await pool.visit(trick(site, "video", capture=("*.mp4",)))).captured
    assert (found.content_type, found.size, found.body) == ("video/mp4", 5_000_000, None)


async def test_a_film_asked_for_by_a_worker(pool: BrowserPool, site: FakePlayerSite) -> None:
    assert (await pool.visit(trick(site, "thread"))).captured


async def test_every_step(pool: BrowserPool, site: FakePlayerSite) -> None:
    steps = (
        Step(Act.GOTO, site.trusted("/trick/silent")),
        Step(Act.GOTO, site.trusted("/trick/rendered")),
        Step(Act.FILL, "input", text="Sintel"),
        Step(Act.CLICK, "button"),
        Step(Act.WAIT_FOR, "li.film"),
        Step(Act.SCROLL, "500"),
        Step(Act.SCROLL, "#low"),
        Step(Act.PAUSE, within=0.1),
        Step(Act.CLICK, "#gone", within=0.2, optional=True),
    )
    visited = await pool.visit(trick(site, "silent", steps=steps, capture=()))
    assert "Sintel</a>" in visited.html and "data-scrolled" in visited.html
    assert visited.url.endswith("/trick/rendered?q=Sintel")
    assert "step 9 (click #gone) failed" in told(visited)


@pytest.mark.parametrize(
    "there", ["http://elsewhere.test/", "file:///etc/passwd", "chrome://version", "javascript:alert(1)"]
)
async def test_steps_lead_nowhere_else(pool: BrowserPool, site: FakePlayerSite, there: str) -> None:
    failure = await failed(pool, trick(site, "silent", steps=(Step(Act.GOTO, there),)))
    assert "is not among the definition's hosts" in str(failure)


async def test_a_flood_of_windows(pool: BrowserPool, site: FakePlayerSite) -> None:
    failure = await failed(pool, trick(site, "windows", seconds=3))
    assert failure.timed_out
    assert len(failure.visited.events) < 50
    assert (await pool.visit(film(site))).captured


async def test_tricks_that_end_the_visit(pool: BrowserPool, site: FakePlayerSite) -> None:
    endless = await failed(pool, trick(site, "endless", seconds=2))
    assert endless.timed_out
    assert "without end" in str(await failed(pool, trick(site, "/circle")))
    redirected = await failed(pool, trick(site, "/redirect"))
    assert "REDIRECTS" in str(redirected) or "without end" in str(redirected)
    away = await failed(pool, trick(site, "away", seconds=2))
    assert "leads away" in told(away.visited)
    huge = await failed(pool, trick(site, "huge", seconds=4))
    assert huge.timed_out or "memory" in str(huge)
    assert (await pool.visit(film(site))).captured


async def test_a_page_that_eats_memory_is_ended(guard: OutboundGuard, site: FakePlayerSite) -> None:
    pool = BrowserPool(Settings(page_memory=200 * 1024 * 1024), guard)
    try:
        failure = await failed(pool, trick(site, "eater", seconds=20))
        assert "memory" in str(failure)
        assert (await pool.visit(film(site))).captured
    finally:
        await pool.close()


async def test_nothing_is_left_for_the_next_visit(guard: OutboundGuard, site: FakePlayerSite) -> None:
    pool = BrowserPool(Settings(contexts=1), guard)
    try:
        for _ in range(3):
            [found] = (await pool.visit(trick(site, "/marks"))).captured
            assert found.url.endswith("?found=")
        assert site.marks == []
    finally:
        await pool.close()


async def test_survives_a_killed_browser(pool: BrowserPool, site: FakePlayerSite) -> None:
    await pool.visit(film(site))
    before = pool.pid
    assert before is not None
    running = asyncio.create_task(pool.visit(film(site, 1)))
    await asyncio.sleep(0.25)
    os.kill(before, signal.SIGKILL)
    assert (await running).captured
    assert pool.pid not in {None, before}


async def test_survives_a_killed_driver(pool: BrowserPool, site: FakePlayerSite) -> None:
    await pool.visit(film(site))
    [driver] = [one for one in psutil.Process().children() if "node" in one.name()]
    running = asyncio.create_task(pool.visit(film(site, 1)))
    await asyncio.sleep(0.25)
    driver.kill()
    assert (await running).captured


async def test_nothing_runs_after_the_end(guard: OutboundGuard, site: FakePlayerSite) -> None:
    others = psutil.Process().children(recursive=True)
    pool = BrowserPool(Settings(), guard)
    await pool.visit(film(site))
    running = [one for one in psutil.Process().children(recursive=True) if one not in others]
    assert any("chrom" in one.name() for one in running)
    await pool.close()
    _, alive = await asyncio.to_thread(psutil.wait_procs, running, 5)
    assert alive == []


async def test_is_ended_when_nobody_asks(guard: OutboundGuard, site: FakePlayerSite) -> None:
    pool = BrowserPool(Settings(idle=0.5), guard)
    try:
        await pool.visit(film(site))
        await until(lambda: pool.pid is None, within=10)
        assert (await pool.visit(film(site))).captured
    finally:
        await pool.close()


async def test_more_visits_than_contexts_wait_their_turn(pool: BrowserPool, site: FakePlayerSite) -> None:
    visited = await asyncio.gather(*(pool.visit(film(site, number)) for number in range(5)))
    assert all(one.captured for one in visited)
    await until(lambda: pool.busy == 0)


async def test_without_a_program(guard: OutboundGuard, site: FakePlayerSite) -> None:
    pool = BrowserPool(Settings(program="/nowhere/chromium"), guard)
    with pytest.raises(BrowserMissing) as caught:
        await pool.visit(film(site))
    assert "apt-get install chromium" in (caught.value.cure or "")
    await pool.close()


async def test_with_a_program_that_is_none(guard: OutboundGuard, site: FakePlayerSite) -> None:
    pool = BrowserPool(Settings(program="/bin/false"), guard)
    with pytest.raises(BrowserMissing, match="does not start"):
        await pool.visit(film(site))
    started = time.monotonic()
    with pytest.raises(BrowserMissing):
        await pool.visit(film(site))
    assert time.monotonic() - started < 0.1
    await pool.close()


@pytest.mark.timeout(600)
async def test_fifty_pages_leave_neither_contexts_nor_memory(pool: BrowserPool, site: FakePlayerSite) -> None:
    for number in range(6):
        await pool.visit(film(site, number))
    before = await settled()
    # One that a busy machine could not clean in time is thrown away until the next visit.
    assert pool.contexts <= 2
    for _ in range(3):
        for number in range(50):
            assert (await pool.visit(film(site, number))).captured
        after = await settled()
        # Chromium gives back late on a busy machine; what leaks is not given back by the next fifty either.
        if after.held - before.held <= 30:
            break
        before = after
    else:
        pytest.fail(f"memory grew from {before} to {after} with every fifty pages")
    assert pool.contexts <= 2
