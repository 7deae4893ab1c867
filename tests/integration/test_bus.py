"""The bus on a real NATS: what is lost there is made again, what cannot be read does not stop the rest."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from nats.aio.client import Client
from nats.js.api import StorageType

from sokoul.bus.bus import Bus
from sokoul.bus.outbox import Outbox
from sokoul.domain.errors import Unavailable
from sokoul.engines.embedded.servers import Urls
from sokoul.lifecycle import Tasks
from sokoul.store.database import Database
from sokoul.store.outbox import OutboxStore, enqueue
from tests.conftest import clean_nats
from tests.waiting import until

SUBJECT, GROUP = "JOBS.search", "scout-group"


async def test_streams_are_files_and_jobs_a_work_queue(bus: Bus, servers: Urls) -> None:
    client = Client()
    await client.connect(servers.nats)
    streams = {info.config.name: info.config for info in await client.jetstream().streams_info()}
    await client.close()
    assert streams.keys() == {"JOBS", "EVENTS", "LOGS"}
    assert {stream.storage for stream in streams.values()} == {StorageType.FILE}
    assert streams["JOBS"].max_age == 7 * 86_400
    again = Bus(servers.nats)
    await again.open()
    await again.close()


async def test_what_cannot_be_read_does_not_stop_the_rest(bus: Bus, servers: Urls) -> None:
    client = Client()
    await client.connect(servers.nats)
    for poison in (b"\xff", b"not json", b"[]", b"null", b"[" * 100_000):
        await client.jetstream().publish(SUBJECT, poison)
    await client.close()
    await bus.publish_job(SUBJECT, {"id": 1}, message_id="good")
    queue, found = bus.jobs(SUBJECT, GROUP), []

    async def got() -> bool:
        found.extend(await queue.fetch(10, timeout=0.5))
        return bool(found)

    await until(got)
    assert [job.payload["id"] for job in found] == [1]
    await found[0].done()

    async def empty() -> bool:
        return await queue.depth() == 0

    await until(empty)


async def test_streams_that_vanish_are_made_again(bus: Bus, servers: Urls) -> None:
    queue = bus.jobs(SUBJECT, GROUP)
    assert await queue.fetch(1, timeout=0.1) == []
    await clean_nats(servers.nats)
    await bus.publish_job(SUBJECT, {"id": 1}, message_id="after")

    async def got() -> list[Any]:
        try:
            return await queue.fetch(1, timeout=0.5)
        except Unavailable:
            return []

    [job] = await until(got)
    assert job.payload["id"] == 1
    await job.done()


async def test_a_bus_that_was_never_opened_is_unavailable() -> None:
    bus = Bus("nats://127.0.0.1:1")
    with pytest.raises(Unavailable):
        await bus.publish_job(SUBJECT, {}, message_id="x")
    with pytest.raises(Unavailable):
        await bus.ping()


async def test_signals_and_live_events_reach_listeners(bus: Bus) -> None:
    heard: list[Any] = []

    async def on_signal(data: dict[str, Any]) -> None:
        heard.append(data)

    async def on_live(topic: str, frame: bytes) -> None:
        heard.append((topic, b"download.updated" in frame))

    await bus.on_signal("hunter", on_signal)
    await bus.on_live(on_live)
    await bus.ping()
    await bus.signal("hunter", {"id": 1})
    await bus.tell("downloads", "download.updated", {"id": 2})
    await bus.tell("search:7", "search.results", {})
    await until(lambda: len(heard) == 3)
    assert sorted(map(str, heard)) == sorted(map(str, [{"id": 1}, ("downloads", True), ("search:7", False)]))


async def test_the_outbox_sends_what_was_committed_and_nothing_else(bus: Bus, database: Database) -> None:
    store = OutboxStore(database)
    with pytest.raises(RuntimeError):
        async with database.transaction() as transaction:
            await enqueue(transaction, SUBJECT, {"id": 0}, message_id="rolled back", trail_id="t")
            raise RuntimeError
    for number in (1, 2, 2):
        async with database.transaction() as transaction:
            await enqueue(transaction, SUBJECT, {"id": number}, message_id=f"m{number}", trail_id="t")
    tasks, outboxes = Tasks("test"), [Outbox(store, bus, look_every=0.05) for _ in range(2)]
    for outbox in outboxes:
        tasks.spawn("outbox", outbox.run())
    try:

        async def sent() -> bool:
            return not await store.waiting(10)

        await until(sent)
        async with database.transaction() as transaction:
            await enqueue(transaction, SUBJECT, {"id": 3}, message_id="m3", trail_id="t")
        outboxes[0].wake()
        await until(sent)
    finally:
        await tasks.close()
    jobs = await bus.jobs(SUBJECT, GROUP).fetch(10, timeout=2)
    while more := await bus.jobs(SUBJECT, GROUP).fetch(10, timeout=0.2):
        jobs += more
    assert sorted(job.payload["id"] for job in jobs) == [1, 2, 3]
    for job in jobs:
        await job.done()


async def test_the_outbox_waits_out_a_bus_that_is_away(bus: Bus, database: Database) -> None:
    class Away:
        def __init__(self) -> None:
            self.away, self.asked = True, asyncio.Event()

        async def publish_job(self, *args: Any, **more: Any) -> None:
            self.asked.set()
            if self.away:
                raise Unavailable("NATS does not answer")
            await bus.publish_job(*args, **more)

    away: Any = Away()
    async with database.transaction() as transaction:
        await enqueue(transaction, SUBJECT, {"id": 1}, message_id="m1", trail_id="t")
    tasks = Tasks("test")
    tasks.supervise("outbox", Outbox(OutboxStore(database), away, look_every=0.05).run, longest_wait=0.5)
    try:
        await away.asked.wait()
        away.away = False
        [job] = await until(lambda: bus.jobs(SUBJECT, GROUP).fetch(1, timeout=1))
        await job.done()
    finally:
        await tasks.close()
