"""What every job bus promises, held against the real one on NATS and the fake in memory."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest

from sokoul.bus.bus import Bus
from sokoul.testing.jobs import FakeBus

SUBJECT, GROUP = "JOBS.search", "scout-group"


@pytest.fixture(params=["fake", "real"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    if request.param == "fake":
        yield FakeBus()
        return
    servers = request.getfixturevalue("servers")
    from tests.conftest import clean_nats

    await clean_nats(servers.nats)
    real = Bus(servers.nats)
    await real.open()
    yield real
    await real.close()


async def _publish(bus: Any, number: int, message_id: str | None = None) -> None:
    await bus.publish_job(
        SUBJECT,
        {"id": number, "é": "ü"},
        message_id=message_id or uuid.uuid4().hex,
        trail_id=f"trail-{number}",
    )


async def test_a_job_comes_as_it_was_sent_and_once(bus: Any) -> None:
    queue = bus.jobs(SUBJECT, GROUP)
    await _publish(bus, 1, "first")
    [job] = await queue.fetch(5, timeout=5)
    assert (job.subject, job.message_id, job.trail_id, job.delivery) == (SUBJECT, "first", "trail-1", 1)
    assert dict(job.payload) == {"id": 1, "é": "ü"}
    await job.done()
    assert await queue.fetch(5, timeout=0.2) == []


async def test_the_same_id_twice_is_once(bus: Any) -> None:
    queue = bus.jobs(SUBJECT, GROUP)
    for _ in range(3):
        await _publish(bus, 1, "same")
    jobs = await queue.fetch(5, timeout=5)
    assert len(jobs) == 1
    await jobs[0].done()
    await _publish(bus, 1, "same")
    assert await queue.fetch(5, timeout=0.2) == []


async def test_they_come_in_order_and_as_many_as_asked_for(bus: Any) -> None:
    queue = bus.jobs(SUBJECT, GROUP)
    for number in range(5):
        await _publish(bus, number)
    jobs = await queue.fetch(3, timeout=5) + await queue.fetch(3, timeout=5)
    assert [job.payload["id"] for job in jobs] == [0, 1, 2, 3, 4]
    for job in jobs:
        await job.done()


async def test_what_is_handed_back_comes_again_counted(bus: Any) -> None:
    queue = bus.jobs(SUBJECT, GROUP)
    await _publish(bus, 1)
    for delivery in range(1, 7):
        [job] = await queue.fetch(1, timeout=5)
        assert job.delivery == delivery
        await job.again(after=0)
    [job] = await queue.fetch(1, timeout=5)
    await job.again(after=0.3)
    assert await queue.fetch(1, timeout=0.1) == []
    [job] = await queue.fetch(1, timeout=5)
    await job.done()


async def test_what_was_ended_never_comes_again(bus: Any) -> None:
    queue = bus.jobs(SUBJECT, GROUP)
    await _publish(bus, 1)
    [job] = await queue.fetch(1, timeout=5)
    await job.working()
    await job.end()
    assert await queue.fetch(1, timeout=0.2) == []


async def test_two_of_a_group_share_the_work(bus: Any) -> None:
    one, two = bus.jobs(SUBJECT, GROUP), bus.jobs(SUBJECT, GROUP)
    for number in range(4):
        await _publish(bus, number)
    taken = await one.fetch(2, timeout=5) + await two.fetch(2, timeout=5)
    assert sorted(job.payload["id"] for job in taken) == [0, 1, 2, 3]
    for job in taken:
        await job.done()


async def test_other_subjects_are_other_queues(bus: Any) -> None:
    await bus.publish_job("JOBS.download", {"id": 9}, message_id="d")
    await _publish(bus, 1)
    jobs = await bus.jobs("JOBS.download", "hunter-group").fetch(5, timeout=5)
    assert [job.payload["id"] for job in jobs] == [9]


async def test_the_depth_counts_what_is_not_answered_for(bus: Any) -> None:
    queue = bus.jobs(SUBJECT, GROUP)
    assert await queue.fetch(1, timeout=0.05) == []
    for number in range(3):
        await _publish(bus, number)
    [job] = await queue.fetch(1, timeout=5)
    assert await queue.depth() == 3
    await job.done()
