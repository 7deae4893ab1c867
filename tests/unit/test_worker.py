"""The worker: success, failure, death, stop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from sokoul.domain.errors import Unavailable
from sokoul.lifecycle import Tasks
from sokoul.testing.jobs import FakeBus
from sokoul.workers.worker import Worker
from tests.waiting import until

SUBJECT = "JOBS.x"


class Graves:
    def __init__(self) -> None:
        self.buried: list[dict[str, Any]] = []
        self.away = False

    async def bury(self, **letter: Any) -> None:
        if self.away:
            raise Unavailable("PostgreSQL does not answer")
        self.buried.append(letter)


class Yard:
    """A bus, a worker on it, and what it handled."""

    def __init__(self) -> None:
        self.bus, self.graves, self.tasks = FakeBus(), Graves(), Tasks("test")
        self.seen: list[Mapping[str, Any]] = []
        self.worker: Worker | None = None

    def start(self, handle: Any, **more: Any) -> Worker:
        self.worker = Worker(
            "x", self.bus.jobs(SUBJECT, "g"), self.graves, handle, waits=(0.0,), **{"grace": 5.0, **more}
        )
        self.tasks.spawn("worker", self.worker.run())
        return self.worker

    async def publish(self, count: int = 1) -> None:
        for number in range(count):
            await self.bus.publish_job(SUBJECT, {"n": number}, message_id=f"m{number}", trail_id=f"t{number}")

    def left(self) -> int:
        return self.bus.waiting(SUBJECT)


@pytest.fixture
async def yard() -> Any:
    yard = Yard()
    yield yard
    if yard.worker is not None:
        await yard.worker.stop()
    await yard.tasks.close()


async def test_each_job_is_handled_and_answered_for(yard: Yard) -> None:
    async def handle(payload: Mapping[str, Any]) -> None:
        yard.seen.append(payload)

    yard.start(handle)
    await yard.publish(10)
    await until(lambda: yard.left() == 0)
    assert sorted(payload["n"] for payload in yard.seen) == list(range(10))


async def test_a_poison_job_is_buried_after_five_deliveries_and_blocks_nobody(yard: Yard) -> None:
    async def handle(payload: Mapping[str, Any]) -> None:
        yard.seen.append(payload)
        if payload["n"] == 0:
            raise ValueError("cannot be")

    yard.start(handle)
    await yard.publish(3)
    await until(lambda: yard.left() == 0)
    assert sum(payload["n"] == 0 for payload in yard.seen) == 5
    [letter] = yard.graves.buried
    assert (letter["message_id"], letter["error"], letter["deliveries"]) == ("m0", "ValueError: cannot be", 5)
    assert (letter["trail_id"], letter["payload"]) == ("t0", {"n": 0})


async def test_a_job_that_killed_its_worker_each_time_is_not_tried_a_sixth_time(yard: Yard) -> None:
    await yard.publish()
    queue = yard.bus.jobs(SUBJECT, "g")
    for _ in range(5):
        [job] = await queue.fetch(1, timeout=1)
        await job.again(after=0)

    async def handle(payload: Mapping[str, Any]) -> None:
        yard.seen.append(payload)

    yard.start(handle)
    await until(lambda: yard.left() == 0)
    assert yard.seen == []
    assert yard.graves.buried[0]["error"] == "The worker died each time it tried"


async def test_at_most_as_many_at_once_as_there_are_slots(yard: Yard) -> None:
    gate, inside, most = asyncio.Event(), 0, 0

    async def handle(payload: Mapping[str, Any]) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await gate.wait()
        inside -= 1

    yard.start(handle, slots=3)
    await yard.publish(7)
    await until(lambda: inside == 3)
    gate.set()
    await until(lambda: yard.left() == 0)
    assert most == 3


async def test_stopping_waits_for_what_runs_and_hands_the_rest_back(yard: Yard) -> None:
    quick, started = asyncio.Event(), asyncio.Event()

    async def handle(payload: Mapping[str, Any]) -> None:
        if payload["n"] == 1:
            started.set()
            await asyncio.Event().wait()
        await quick.wait()

    worker = yard.start(handle, slots=2, grace=0.1)
    await yard.publish(3)
    await started.wait()
    quick.set()
    await worker.stop()
    assert 1 <= yard.left() <= 2
    jobs = await yard.bus.jobs(SUBJECT, "g").fetch(5, timeout=1)
    assert 1 in [job.payload["n"] for job in jobs], "the one that was cut short comes again at once"


async def test_an_answer_that_is_lost_is_no_failure_of_the_job(yard: Yard) -> None:
    class Lost:
        subject, message_id, payload, trail_id, delivery = SUBJECT, "m", {"n": 1}, "t", 5

        async def done(self) -> None:
            raise Unavailable("NATS does not answer")

        async def working(self) -> None: ...
        async def again(self, *, after: float) -> None: ...
        async def end(self) -> None: ...

    class Once:
        def __init__(self) -> None:
            self.jobs: list[Any] = [Lost()]

        async def fetch(self, count: int, *, timeout: float) -> list[Any]:
            if self.jobs:
                return [self.jobs.pop()]
            await asyncio.sleep(timeout)
            return []

    async def handle(payload: Mapping[str, Any]) -> None:
        yard.seen.append(payload)

    yard.worker = Worker("x", Once(), yard.graves, handle)
    yard.tasks.spawn("worker", yard.worker.run())
    await until(lambda: yard.seen)
    await yard.worker.stop()
    assert yard.graves.buried == []


async def test_what_cannot_be_buried_now_is_buried_later(yard: Yard) -> None:
    yard.bus.ack_wait = 0.1
    yard.graves.away = True

    async def handle(payload: Mapping[str, Any]) -> None:
        yard.seen.append(payload)
        raise ValueError("cannot be")

    yard.start(handle)
    await yard.publish()
    await until(lambda: len(yard.seen) >= 5)
    yard.graves.away = False
    await until(lambda: yard.graves.buried)
    assert yard.left() == 0
