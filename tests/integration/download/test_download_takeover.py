"""A worker dies; another with the same folders goes on, and who watches hardly notices."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from sokoul.domain.users import User
from sokoul.engines.torrent.relay import Relay
from sokoul.features.download.model import Status
from sokoul.features.download.service import DownloadService, Wish
from sokoul.testing.swarm import Shared, Swarm
from tests.integration.download.rig import Rig, gather_chunks
from tests.waiting import until

Rigs = Callable[..., Awaitable[Rig]]


async def died(rig: Rig) -> None:
    """As after a kill: nothing is given back, its door answers no more."""
    await rig.hunter._tasks.close()
    await rig.hunter._runner.stop()
    await rig.hunter._control.close()
    await rig.engine.close()


async def test_another_worker_takes_over(
    rigs: Rigs, swarm: Swarm, shared: Shared, alice: User, tmp_path: Path
) -> None:
    swarm.limit(8_000_000)
    first = await rigs(worker="first", lease=1.5)
    store = first.store
    relay = Relay(store.get, "secret")  # the API's own process has no engine
    api = DownloadService(store, first.bus, relay, first.config.directory, wake=lambda: None)
    added = await api.request(Wish(magnet_link=shared.magnet), by=alice.id)

    async def half() -> bool:
        found = await store.get(added.id)
        return found is not None and found.done_bytes > 16_000_000

    await until(half, within=20)
    streamed = await api.stream(added.id, 0, user_id=alice.id, all_of=False)
    watching = asyncio.ensure_future(gather_chunks(api.read(streamed, 0, shared.size)))
    await asyncio.sleep(0.3)
    await died(first)
    second = await rigs(worker="second", lease=1.5)

    async def over() -> bool:
        found = await store.get(added.id)
        return found is not None and found.status is Status.SEEDING and found.worker == "second"

    await until(over, within=30)
    assert await asyncio.wait_for(watching, 30) == shared.path.read_bytes()
    assert len(second.importer.adopted) == 1
    assert not first.importer.adopted


async def test_a_worker_that_lost_its_lease_lets_go(rigs: Rigs, shared: Shared, alice: User) -> None:
    first = await rigs(worker="first")
    added = await first.service.request(Wish(magnet_link=shared.magnet), by=alice.id)
    await until(first.on_disk)
    await first.database.run(
        "UPDATE downloads SET worker = 'other', lease_until = now() + interval '1 hour' WHERE id = $1",
        added.id,
    )
    await until(lambda: not first.engine.has(added.id))
    found = await first.store.get(added.id)
    assert found is not None and found.worker == "other"
    assert first.on_disk()


async def test_a_worker_that_stops_in_order_hands_over_at_once(
    rigs: Rigs, swarm: Swarm, shared: Shared, alice: User
) -> None:
    first = await rigs(worker="first", lease=60)
    added = await first.service.request(Wish(magnet_link=shared.magnet), by=alice.id)

    async def some() -> bool:
        found = await first.store.get(added.id)
        return found is not None and found.done_bytes > 3_000_000

    await until(some)
    await first.close()
    swarm.limit(0)
    second = await rigs(worker="second", lease=60)

    async def over() -> bool:
        found = await second.store.get(added.id)
        return found is not None and found.status is Status.SEEDING

    await until(over)
    assert second.importer.adopted[0].files[0].path.read_bytes() == shared.path.read_bytes()
