"""What is learnt from each try, whose key is used, and who is asked next."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from sokoul.domain.debrid import Service
from sokoul.domain.errors import Invalid, Refused
from sokoul.features.debrid.model import DebridTrouble, Kind, Seen
from sokoul.features.debrid.service import main_file
from sokoul.testing.debrid_shelf import FakeFile
from tests.integration.debrid.conftest import HASH, NAME, Services

REAL, ALL = Service.REAL_DEBRID, Service.ALL_DEBRID
BOTH = frozenset({REAL, ALL})


async def ready(services: Services) -> set[Service]:
    found = await services.service.ready([HASH], BOTH)
    return {one.service for one in found.get(HASH, ())}


def asked(services: Services, path: str) -> int:
    every = [*services.real.requests, *services.all.requests]
    return sum(path in request.path for request in every)


async def test_ready_is_learnt_by_trying(services: Services) -> None:
    services.torrent()
    assert await ready(services) == set()
    prepared = await services.service.prepare(services.wish)
    assert prepared.name == NAME
    assert await ready(services) == {prepared.service}
    link = await services.service.unlock(
        services.alice, main_file(prepared.files).link or "", prepared.service
    )
    assert link.name == f"{NAME}.mkv"
    mark = (await services.service.ready([HASH], BOTH))[HASH][0]
    assert abs(mark.learnt_at - datetime.now(UTC)) < timedelta(seconds=30)


async def test_one_that_is_not_ready_leaves_nothing_behind(services: Services) -> None:
    services.torrent(cached=False)
    with pytest.raises(DebridTrouble) as caught:
        await services.service.prepare(services.wish)
    assert (caught.value.code, caught.value.cure is not None) == ("not_ready", True)
    assert not services.real.shelf.held
    assert not services.all.shelf.held
    assert await ready(services) == set()


async def test_the_one_that_had_it_is_asked_first(services: Services) -> None:
    services.torrent()
    await services.store.learn(REAL, HASH, Seen("absent"))
    await services.store.learn(ALL, HASH, Seen("ready"))
    assert (await services.service.prepare(services.wish)).service is ALL
    assert not services.real.requests


async def test_taken_down_is_remembered_and_not_asked_again(services: Services) -> None:
    services.torrent(taken_down=True)
    for _ in range(2):
        with pytest.raises(DebridTrouble) as caught:
            await services.service.prepare(services.wish)
        assert caught.value.kind is Kind.TAKEN_DOWN
    assert asked(services, "addMagnet") + asked(services, "magnet/upload") == 2


async def test_a_torrent_is_handed_over_once(services: Services) -> None:
    services.torrent()
    for _ in range(3):
        await services.service.prepare(services.wish)
    assert asked(services, "addMagnet") + asked(services, "magnet/upload") == 1


async def test_one_that_was_deleted_there_is_handed_over_again(services: Services) -> None:
    services.torrent()
    await services.service.prepare(services.wish)
    services.all.shelf.held.clear()
    services.real.shelf.held.clear()
    assert (await services.service.prepare(services.wish)).files


async def test_the_other_service_helps_out(services: Services) -> None:
    services.torrent()
    services.all.status = 500
    assert (await services.service.prepare(services.wish)).service is REAL


async def test_waiting_while_a_service_fetches(services: Services) -> None:
    torrent = services.torrent(cached=False)
    waiting = asyncio.create_task(services.service.prepare(services.wish, patient=True))
    await asyncio.sleep(1.2)
    assert not waiting.done()
    torrent.cached = True
    async with asyncio.timeout(15):
        assert (await waiting).files


async def test_a_dangerous_payload_is_refused(services: Services) -> None:
    torrent = services.torrent()
    torrent.files = (FakeFile(f"{NAME}/{NAME}.mkv.exe", bytes(1000)), FakeFile("setup.exe", bytes(100)))
    services.all.status = 500
    with pytest.raises((Refused, DebridTrouble)) as caught:
        await services.service.prepare(services.wish)
    assert isinstance(caught.value, Refused)
    assert not services.real.shelf.held, "nobody wants it there"


async def test_ones_own_key_goes_before_the_households(services: Services) -> None:
    services.torrent()
    keys = services.service.keys
    assert await keys.services(services.alice) == BOTH
    keys.use({})
    assert await keys.services(services.alice) == frozenset()
    await keys.put(services.alice, ALL, "my-own-key-1234")
    assert await keys.services(services.alice) == {ALL}
    await keys.drop(services.alice, ALL)
    assert await keys.services(services.alice) == frozenset()
    keys.use({REAL: services.real.api_key, ALL: services.all.api_key})
    assert {state.owner for state in await keys.states(services.alice)} == {"household"}
    await keys.put(services.alice, REAL, "my-own-key-1234")
    services.real.api_key = "my-own-key-1234"
    assert (await keys.test(services.alice, REAL)).premium
    rows = await services.store.keys(services.alice)
    assert "my-own-key" not in rows[0].sealed
    await keys.drop(services.alice, REAL)
    assert {state.owner for state in await keys.states(services.alice)} == {"household"}
    with pytest.raises(Invalid):
        await keys.put(services.alice, REAL, "a b\r\nX: y")


async def test_a_key_sealed_elsewhere_is_no_key(services: Services, tmp_path: object) -> None:
    keys = services.service.keys
    await services.store.put_key(services.alice, REAL, "sealed1.000000000000.AAAA")
    assert [one.service for one in await keys.opened(services.alice)] == [ALL, REAL]
    assert all(one.owner == "household" for one in await keys.opened(services.alice))


async def test_a_hosters_link_by_whoever_can(services: Services) -> None:
    services.real.shelf.hoster_links["https://hoster.example/f/1"] = FakeFile("f.mkv", b"film")
    link = await services.service.unlock(services.alice, "https://hoster.example/f/1")
    assert (link.name, link.size_bytes) == ("f.mkv", 4)


async def test_old_knowledge_does_not_count(services: Services) -> None:
    await services.store.learn(REAL, HASH, Seen("ready"))
    await services.store._database.run("UPDATE debrid_torrents SET learnt_at = now() - interval '31 days'")
    assert await ready(services) == set()
    await services.store._database.run("UPDATE debrid_torrents SET learnt_at = now() - interval '61 days'")
    assert await services.store.forget_old() == 1
