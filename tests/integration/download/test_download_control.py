"""Pausing, resuming, cancelling, queueing, limits, space: what owners and disks want of downloads."""

from __future__ import annotations

import asyncio
import shutil
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from sokoul.domain.errors import Forbidden, NotFound, TooMany, WrongState
from sokoul.domain.users import User, UserRole
from sokoul.features.download.model import Download, Status
from sokoul.features.download.service import DownloadService, Wish
from sokoul.testing.swarm import HostileFile, Shared, Swarm
from tests.integration.download.rig import Rig
from tests.site import Site
from tests.torrents import short_film
from tests.waiting import until

Rigs = Callable[..., Awaitable[Rig]]


async def reaches(rig: Rig, key: uuid.UUID, *statuses: Status, within: float = 15) -> Download:
    async def there() -> Download | None:
        found = await rig.store.get(key)
        return found if found is not None and found.status in statuses else None

    found = await until(there, within=within)
    assert found is not None
    return found


async def received(rig: Rig, key: uuid.UUID, count: int) -> Download:
    async def there() -> Download | None:
        found = await rig.store.get(key)
        return found if found is not None and found.done_bytes >= count else None

    found = await until(there)
    assert found is not None
    return found


async def begun(rig: Rig, shared: Shared, alice: User, **more: Any) -> uuid.UUID:
    added = await rig.service.request(Wish(magnet_link=shared.magnet, **more), by=alice.id)
    await received(rig, added.id, 1)
    return added.id


async def test_a_pause_stops_the_traffic_and_a_resume_ends_it(
    rig: Rig, swarm: Swarm, shared: Shared, alice: User
) -> None:
    key = await begun(rig, shared, alice)
    paused = await rig.service.pause(key, by=alice)
    assert paused.status is Status.PAUSED

    async def quiet() -> bool:
        return rig.engine.status(key).paused and rig.engine.status(key).peers == 0

    await until(quiet)
    sent = swarm.uploaded(shared)
    await asyncio.sleep(0.6)
    assert swarm.uploaded(shared) == sent
    swarm.limit(0)
    assert (await rig.service.resume(key, by=alice)).status is not Status.PAUSED
    await reaches(rig, key, Status.SEEDING)
    assert rig.importer.adopted[0].files[0].path.read_bytes() == shared.path.read_bytes()


async def test_a_seeding_download_can_be_paused_too(
    rig: Rig, swarm: Swarm, shared: Shared, alice: User
) -> None:
    swarm.limit(0)
    key = await begun(rig, shared, alice)
    await reaches(rig, key, Status.SEEDING)
    await rig.service.pause(key, by=alice)
    await reaches(rig, key, Status.PAUSED)
    await rig.service.resume(key, by=alice)
    await reaches(rig, key, Status.SEEDING)
    assert len(rig.importer.adopted) == 1


@pytest.mark.parametrize("delete_files", [True, False])
async def test_cancel(rig: Rig, shared: Shared, alice: User, delete_files: bool) -> None:
    key = await begun(rig, shared, alice)
    cancelled = await rig.service.cancel(key, by=alice, delete_files=delete_files)
    assert cancelled.status is Status.CANCELLED
    await until(lambda: not rig.engine.has(key))
    if delete_files:
        await until(lambda: not rig.on_disk())
    else:
        assert rig.on_disk()
    with pytest.raises(WrongState):
        await rig.service.resume(key, by=alice)
    assert (await rig.service.cancel(key, by=alice)).status is Status.CANCELLED


async def test_after_a_cancel_the_same_torrent_begins_anew(
    rig: Rig, swarm: Swarm, shared: Shared, alice: User
) -> None:
    swarm.limit(0)
    first = await begun(rig, shared, alice)
    await rig.service.cancel(first, by=alice, delete_files=True)
    again = await rig.service.request(Wish(torrent=shared.torrent), by=alice.id)
    assert again.created
    await reaches(rig, again.id, Status.SEEDING)


async def test_a_paused_one_that_is_cancelled_leaves_nothing(rig: Rig, shared: Shared, alice: User) -> None:
    key = await begun(rig, shared, alice)
    await rig.service.pause(key, by=alice)
    await until(lambda: rig.engine.status(key).paused)
    await rig.service.cancel(key, by=alice, delete_files=True)
    await until(lambda: not rig.on_disk() and not rig.engine.has(key))


async def test_no_more_are_active_than_allowed(rigs: Rigs, swarm: Swarm, alice: User) -> None:
    rig = await rigs(max_active=1)
    shared = [
        await swarm.share_hostile(f"Film {n}", (HostileFile((f"f{n}.mkv",), bytes([n]) * 600_000),))
        for n in range(3)
    ]
    swarm.limit(400_000)
    keys = [(await rig.service.request(Wish(magnet_link=one.magnet), by=alice.id)).id for one in shared]
    busy = {Status.METADATA, Status.CHECKING, Status.DOWNLOADING}

    async def all_over() -> bool:
        found = [await rig.store.get(key) for key in keys]
        assert sum(one is not None and one.status in busy for one in found) <= 1
        return all(one is not None and one.status is Status.SEEDING for one in found)

    await until(all_over, within=30)
    order = [download.id for download in rig.importer.adopted]
    assert order == keys


async def test_what_nobody_has_does_not_hold_up_the_next(rigs: Rigs, swarm: Swarm, alice: User) -> None:
    rig = await rigs(max_active=1, patience=0.5)
    nobody = Wish(magnet_link=f"magnet:?xt=urn:btih:{'ab' * 20}&dn=Nobody.Has.This")
    lost = (await rig.service.request(nobody, by=alice.id)).id
    await reaches(rig, lost, Status.METADATA)
    swarm.limit(0)
    shared = await swarm.share(short_film())
    key = (await rig.service.request(Wish(magnet_link=shared.magnet), by=alice.id)).id
    await reaches(rig, key, Status.SEEDING)
    still = await rig.store.get(lost)
    assert still is not None
    assert still.status is Status.METADATA


async def test_seeding_ends_by_time(rigs: Rigs, swarm: Swarm, alice: User) -> None:
    swarm.limit(0)
    rig = await rigs(seed_time=0)
    shared = await swarm.share(short_film())
    key = (await rig.service.request(Wish(magnet_link=shared.magnet), by=alice.id)).id
    done = await reaches(rig, key, Status.COMPLETED)
    assert done.completed_at and done.imported_at
    assert done.files[0].file_id
    assert not rig.engine.has(key)
    assert rig.importer.adopted[-1].movable
    streamed = await rig.service.stream(key, 0, user_id=alice.id, all_of=False)
    assert streamed.path is not None
    assert streamed.path.read_bytes() == shared.path.read_bytes()
    with pytest.raises(WrongState):
        await rig.service.cancel(key, by=alice)


async def test_only_some_files_are_fetched(rig: Rig, swarm: Swarm, alice: User) -> None:
    files = tuple(HostileFile((f"e{n}.mkv",), bytes([n]) * 300_000) for n in range(1, 4))
    shared = await swarm.share_hostile("Season", files)
    key = (await rig.service.request(Wish(magnet_link=shared.magnet, files=(1,)), by=alice.id)).id
    await reaches(rig, key, Status.SEEDING)
    adopted = rig.importer.adopted[0]
    assert [file.index for file in adopted.files] == [1]
    assert adopted.files[0].path.read_bytes() == files[1].content
    assert [path.name for path in rig.on_disk() if path.suffix == ".mkv"] == ["e2.mkv"]
    found = await rig.store.get(key)
    assert found is not None
    assert [file.wanted for file in found.files] == [False, True, False]
    assert found.total_bytes == 300_000


async def test_a_file_that_is_not_there(rig: Rig, shared: Shared, alice: User) -> None:
    key = (await rig.service.request(Wish(torrent=shared.torrent, files=(7,)), by=alice.id)).id
    failed = await reaches(rig, key, Status.FAILED)
    assert failed.trouble is not None and failed.trouble.code == "no_such_file"


async def test_without_space_it_waits_and_goes_on(rigs: Rigs, swarm: Swarm, alice: User) -> None:
    swarm.limit(0)
    rig = await rigs(min_free_bytes=shutil.disk_usage("/").total * 2)
    shared = await swarm.share(short_film())
    key = (await rig.service.request(Wish(magnet_link=shared.magnet), by=alice.id)).id
    waiting = await reaches(rig, key, Status.PAUSED)
    assert waiting.trouble is not None
    assert waiting.trouble.code == "no_space"
    assert "missing" in waiting.trouble.message
    assert swarm.uploaded(shared) == 0
    await rig.close()
    roomy = await rigs()
    done = await reaches(roomy, key, Status.SEEDING)
    assert done.trouble is None


async def test_others_cannot_see_or_touch_it(rig: Rig, site: Site, shared: Shared, alice: User) -> None:
    person, root = await site.person("bob"), await site.admin()
    bob = User(person.id, "bob", "bob@example.org", UserRole.USER)
    admin = User(root.id, "root", "root@example.org", UserRole.ADMIN)
    key = (await rig.service.request(Wish(magnet_link=shared.magnet), by=alice.id)).id
    for call in (rig.service.get, rig.service.pause, rig.service.resume, rig.service.cancel):
        with pytest.raises(NotFound):
            await call(key, by=bob)
    with pytest.raises(NotFound):
        await rig.service.stream(key, 0, user_id=bob.id, all_of=False)
    assert (await rig.service.page(by=bob))[1] == 0
    assert (await rig.service.page(by=admin))[1] == (await rig.service.page(by=alice))[1] == 1
    same = await rig.service.request(Wish(torrent=shared.torrent), by=bob.id)
    assert (same.id, same.created) == (key, False)
    assert (await rig.service.get(key, by=bob)).id == key
    with pytest.raises(Forbidden):
        await rig.service.cancel(key, by=bob)
    assert (await rig.service.pause(key, by=admin)).status is Status.PAUSED


async def test_a_user_has_a_limit(rig: Rig, swarm: Swarm, alice: User) -> None:
    limited = DownloadService(
        rig.store, rig.bus, rig.reader, rig.config.directory, most_per_user=2, wake=lambda: None
    )
    magnets = [f"magnet:?xt=urn:btih:{n:040x}" for n in range(1, 4)]
    first = await limited.request(Wish(magnet_link=magnets[0]), by=alice.id)
    await limited.request(Wish(magnet_link=magnets[1]), by=alice.id)
    with pytest.raises(TooMany):
        await limited.request(Wish(magnet_link=magnets[2]), by=alice.id)
    again = await limited.request(Wish(magnet_link=magnets[0]), by=alice.id)
    assert (again.id, again.created) == (first.id, False)
    await limited.cancel(first.id, by=alice)
    assert (await limited.request(Wish(magnet_link=magnets[2]), by=alice.id)).created


async def test_a_hundred_requests_at_once_make_one_download(rig: Rig, shared: Shared, alice: User) -> None:
    wish = Wish(magnet_link=shared.magnet)
    added = await asyncio.gather(*(rig.service.request(wish, by=alice.id) for _ in range(50)))
    assert len({one.id for one in added}) == 1
    assert sum(one.created for one in added) == 1
