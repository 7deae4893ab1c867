"""Films from a page that makes it hard: time to the film, memory after fifty pages, a killed Chromium."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import statistics
import sys
import time
from typing import Final

import uvloop

from sokoul import log
from sokoul.domain.pages import Act, Step, Visit
from sokoul.engines.browser.pool import BrowserPool
from sokoul.engines.browser.program import Settings
from sokoul.outbound import OutboundGuard
from sokoul.testing.fake_player_site import FakePlayerSite
from sokoul.testing.memory import settled

WARM_LIMIT, GROWTH_LIMIT = 3.0, 30.0
_HOSTS: Final = ("films.test", "player.test", "cdn.test")
_KEPT: Final = ("referer", "origin", "user-agent", "cookie")


def visit(site: FakePlayerSite, number: int) -> Visit:
    """One film: its player comes by script, in a frame, behind a click, under advertising."""
    step = Step(Act.CLICK, "#play", frames=("#player",), within=15)
    return Visit("films", site.address(f"/film/{number}"), _HOSTS, (step,), ("*.m3u8*",), _KEPT, seconds=40)


async def timed(pool: BrowserPool, site: FakePlayerSite, number: int) -> float:
    started = time.monotonic()
    [found] = (await pool.visit(visit(site, number))).captured
    assert dict(found.headers)["referer"].startswith("http://player.test"), found
    return time.monotonic() - started


async def killed(pool: BrowserPool, site: FakePlayerSite) -> float:
    """Seconds that a visit takes whose browser is killed in the middle."""
    assert pool.pid is not None
    before = pool.pid
    running = asyncio.create_task(timed(pool, site, 1))
    await asyncio.sleep(0.3)
    os.kill(before, signal.SIGKILL)
    return await running


async def run(pages: int) -> bool:
    async with FakePlayerSite() as site:
        pool = BrowserPool(Settings(), OutboundGuard(site.allowed, ask=site.addresses))
        try:
            cold = await timed(pool, site, 0)
            for number in range(6):
                await timed(pool, site, number)
            before, contexts = await settled(), pool.contexts
            took = [await timed(pool, site, number) for number in range(pages)]
            after, left = await settled(), pool.contexts
            survived = await killed(pool, site)
        finally:
            await pool.close()
    took.sort()
    median = statistics.median(took)
    growth = after.held - before.held
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} CPUs")
    print(f"cold, Chromium started         {cold:6.2f} s")
    print(
        f"warm, {pages} pages in a row      median {median:.2f} s, least {took[0]:.2f}, most {took[-1]:.2f} s"
    )
    print(f"memory before                  {before.whole:6.0f} MB, {before.held:.0f} MB without files")
    print(f"memory after                   {after.whole:6.0f} MB, {after.held:.0f} MB without files")
    print(f"growth                         {growth:6.1f} MB, limit {GROWTH_LIMIT:.0f}")
    print(f"contexts before and after      {contexts} and {left}")
    print(f"killed in the middle, found in {survived:6.2f} s")
    return median <= WARM_LIMIT and growth <= GROWTH_LIMIT and left <= contexts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=50, help="default: 50")
    arguments = parser.parse_args()
    log.configure("error", "text")
    good = uvloop.run(run(arguments.pages))
    print("within the limits" if good else "OVER THE LIMITS")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
