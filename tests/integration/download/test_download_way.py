"""A download from the wish to the library."""

from __future__ import annotations

from sokoul.domain.users import User
from sokoul.features.download.model import Status
from sokoul.features.download.service import Wish
from sokoul.testing.swarm import Shared, Swarm
from tests.integration.download.rig import Rig, gather_chunks
from tests.waiting import until


async def test_a_magnet_becomes_a_library_file(rig: Rig, swarm: Swarm, shared: Shared, alice: User) -> None:
    added = await rig.service.request(Wish(magnet_link=shared.magnet), by=alice.id)
    assert added.created

    async def playable() -> bool:
        return any(file.playable for file in (await rig.service.get(added.id, by=alice)).files)

    await until(playable)
    running = await rig.service.get(added.id, by=alice)
    assert running.status is Status.DOWNLOADING
    streamed = await rig.service.stream(added.id, 0, user_id=alice.id, all_of=False)
    original = shared.path.read_bytes()
    at = len(original) * 3 // 4
    assert await gather_chunks(rig.service.read(streamed, at, 500_000)) == original[at : at + 500_000]
    swarm.limit(0)

    async def seeding() -> bool:
        return (await rig.service.get(added.id, by=alice)).status is Status.SEEDING

    await until(seeding)
    kept = await rig.service.get(added.id, by=alice)
    assert kept.imported_at and kept.media_id and kept.files[0].file_id
    assert kept.done_bytes == kept.total_bytes == len(original)
    adopted = rig.importer.adopted[0]
    assert adopted.files[0].path.read_bytes() == original
    again = await rig.service.request(Wish(magnet_link=shared.magnet), by=alice.id)
    assert (again.id, again.created) == (added.id, False)
