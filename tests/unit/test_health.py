"""The health question."""

from __future__ import annotations

import asyncio

from sokoul.domain.errors import Unavailable
from sokoul.features.health import service
from sokoul.features.health.service import Degraded, Health, HealthService, Off


async def good() -> None:
    return None


async def absent() -> None:
    raise Off("no model is configured")


async def full() -> None:
    raise Degraded("2 GB free")


async def broken() -> None:
    raise Unavailable("does not answer")


async def ask(**checks: service.Check) -> Health:
    return await HealthService(checks, required=frozenset({"postgres"})).deep()


async def test_all_well_is_ok_and_what_is_off_is_no_fault() -> None:
    health = await ask(postgres=good, llm=absent)
    assert health.status == "ok"
    assert (health.checks["llm"].status, health.checks["llm"].message) == ("off", "no model is configured")


async def test_a_part_that_is_not_required_only_degrades() -> None:
    assert (await ask(postgres=good, torrent=broken)).status == "degraded"
    assert (await ask(postgres=good, disk=full)).status == "degraded"


async def test_a_required_part_takes_all_down() -> None:
    health = await ask(postgres=broken, redis=good)
    assert health.status == "down"
    assert health.checks["postgres"].message == "does not answer"


async def test_a_part_that_hangs_is_down_within_the_limit() -> None:
    async def hang() -> None:
        await asyncio.Event().wait()

    async with asyncio.timeout(service.LIMIT + 1):
        assert (await ask(postgres=hang)).checks["postgres"].status == "down"
