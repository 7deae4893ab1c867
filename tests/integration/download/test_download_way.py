"""A download from the wish to the library."""

from __future__ import annotations

from uuid import UUID

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


async def test_an_address_of_a_torrent_that_is_here_starts_nothing(
    rig: Rig, shared: Shared, alice: User
) -> None:
    first = await rig.service.request(Wish(torrent_url=shared.torrent_url), by=alice.id)
    assert first.created
    for wish in (Wish(url=shared.torrent_url), Wish(magnet_link=shared.magnet), Wish(torrent=shared.torrent)):
        again = await rig.service.request(wish, by=alice.id)
        assert (again.id, again.created) == (first.id, False)
    assert (await rig.service.get(first.id, by=alice)).name == shared.name


async def test_an_address_inside_fails_at_once_and_an_odd_answer_says_so(
    rig: Rig, swarm: Swarm, alice: User
) -> None:
    addresses = ("http://127.0.0.1:9/x.torrent", "http://2130706433/x", "http://[::ffff:10.0.0.1]/x")
    for address in addresses:
        added = await rig.service.request(Wish(torrent_url=address), by=alice.id)

        async def failed(added_id: UUID = added.id) -> bool:
            return (await rig.service.get(added_id, by=alice)).status is Status.FAILED

        await until(failed, within=3)
        trouble = (await rig.service.get(added.id, by=alice)).trouble
        assert trouble is not None and trouble.code == "unreachable"


async def test_a_name_that_reverses_itself_is_shown_plainly(rig: Rig, alice: User) -> None:
    dressed = f"magnet:?xt=urn:btih:{'5d' * 20}&dn=Film%E2%80%AEvkm.exe%0A"
    added = await rig.service.request(Wish(magnet_link=dressed), by=alice.id)
    assert (await rig.service.get(added.id, by=alice)).name == "Film vkm.exe"
