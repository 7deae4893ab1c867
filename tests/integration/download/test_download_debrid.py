"""Torrents that a debrid service hands out, and what happens when it does not."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from sokoul.bus.bus import Bus
from sokoul.domain.debrid import Service
from sokoul.domain.errors import Unavailable, WrongState
from sokoul.domain.users import User
from sokoul.features.debrid.model import Seen
from sokoul.features.download.model import Status, Via
from sokoul.features.download.service import Wish
from sokoul.store.database import Database
from sokoul.store.debrid import DebridStore
from sokoul.testing.debrid_shelf import FakeFile, FakeTorrent
from sokoul.testing.fake_all_debrid import FakeAllDebrid
from sokoul.testing.fake_streams import FakeStreams
from sokoul.testing.swarm import Shared, Swarm
from tests.integration.download.links_rig import LinksRig, debrid_service
from tests.integration.download.links_rig import streams as streams
from tests.integration.download.rig import gather_chunks
from tests.waiting import until

NAME = "Sintel.2010.1080p.BluRay.x264-GRP"
HASH = hashlib.sha1(NAME.encode(), usedforsecurity=False).hexdigest()
MAGNET = f"magnet:?xt=urn:btih:{HASH}&dn={NAME}"
CONTENT = os.urandom(6_000_000)
FILES = (
    FakeFile(f"{NAME}/{NAME}.mkv", CONTENT),
    FakeFile(f"{NAME}/{NAME}.srt", b"1\n00:00:01,000 --> 00:00:02,000\nHi\n"),
)
OVER = (Status.COMPLETED, Status.FAILED)


@pytest.fixture
async def service() -> AsyncIterator[FakeAllDebrid]:
    async with FakeAllDebrid() as fake:
        yield fake


@pytest.fixture
async def rig(
    database: Database, bus: Bus, tmp_path: Path, swarm: Swarm, service: FakeAllDebrid
) -> AsyncIterator[LinksRig]:
    async with aiohttp.ClientSession() as http:
        every = Service.ALL_DEBRID
        debrid = debrid_service(database, tmp_path, {every: service.base_url}, {every: service.api_key}, http)
        rig = LinksRig(database, bus, tmp_path / "box", swarm, [f"127.0.0.1:{service.port}"], debrid)
        await rig.open()
        yield rig
        await rig.close()


async def test_it_comes_by_the_service(rig: LinksRig, service: FakeAllDebrid, alice: User) -> None:
    service.shelf.put(FakeTorrent(HASH, NAME, FILES))
    download = await rig.start(Wish(magnet_link=MAGNET, via=Via.DEBRID), alice)
    done = await rig.reaches(download, alice, *OVER)
    assert (done.status, done.via, done.info_hash, done.name) == (Status.COMPLETED, Via.DEBRID, HASH, NAME)
    assert [file.path for file in done.files] == [file.path for file in FILES]
    assert rig.importer.adopted[0].files[0].path.read_bytes() == CONTENT
    again = await rig.service.request(Wish(magnet_link=MAGNET), by=alice.id)
    assert not again.created


async def test_what_was_seen_ready_comes_by_itself(
    rig: LinksRig, service: FakeAllDebrid, alice: User, database: Database
) -> None:
    service.shelf.put(FakeTorrent(HASH, NAME, FILES))
    await DebridStore(database).learn(Service.ALL_DEBRID, HASH, Seen.READY)
    service.shelf.pace = 0.05
    download = await rig.start(Wish(magnet_link=MAGNET), alice)
    assert download.via is Via.DEBRID
    streamed = await rig.reaches(download, alice, Status.DOWNLOADING)
    found = await rig.service.stream(streamed.id, 0, user_id=alice.id, all_of=False)
    assert await gather_chunks(rig.service.read(found, 5_000_000, 1000)) == CONTENT[5_000_000:5_001_000]
    service.shelf.pace = 0
    assert (await rig.reaches(download, alice, *OVER)).status is Status.COMPLETED


async def test_who_reads_when_it_ends_is_told_at_once(
    rig: LinksRig, service: FakeAllDebrid, alice: User
) -> None:
    service.shelf.put(FakeTorrent(HASH, NAME, FILES))
    download = await rig.start(Wish(magnet_link=MAGNET, via=Via.DEBRID), alice)
    done = await rig.reaches(download, alice, Status.COMPLETED)
    async with asyncio.timeout(5):
        with pytest.raises(Unavailable):
            await gather_chunks(rig.reader.read(done, 0, 0, 1000))


async def test_the_swarm_is_a_choice(
    rig: LinksRig, alice: User, shared: Shared, database: Database, swarm: Swarm
) -> None:
    await DebridStore(database).learn(Service.ALL_DEBRID, shared.info_hash, Seen.READY)
    swarm.limit(0)
    download = await rig.start(Wish(magnet_link=shared.magnet, via=Via.TORRENT), alice)
    done = await rig.reaches(download, alice, Status.SEEDING, *OVER)
    assert (done.via, done.status is Status.FAILED) == (Via.TORRENT, False)


@pytest.mark.parametrize("how", ["down", "taken down", "dead links", "wrong size"])
async def test_the_swarm_helps_out(
    how: str, rig: LinksRig, service: FakeAllDebrid, alice: User, shared: Shared, swarm: Swarm
) -> None:
    swarm.limit(0)
    torrent = FakeTorrent(shared.info_hash, shared.name, (FakeFile("other.mkv", CONTENT),))
    service.shelf.put(torrent)
    if how == "down":
        service.status = 503
    elif how == "taken down":
        torrent.taken_down = True
    elif how == "dead links":
        service.refusal = None
        service.shelf.give_out = lambda file: "0" * 16  # type: ignore[method-assign]  # leads nowhere
    else:
        torrent.files = (FakeFile("other.mkv", b"", 999_999_999),)
        service.shelf.give_out = _another(service)  # type: ignore[method-assign]
    download = await rig.start(Wish(magnet_link=shared.magnet, via=Via.DEBRID), alice)
    done = await rig.reaches(download, alice, Status.SEEDING, *OVER, within=60)
    assert (done.via, done.status is Status.FAILED, done.trouble) == (Via.TORRENT, False, None)
    assert rig.importer.adopted[0].files[0].path.read_bytes() == shared.path.read_bytes()


def _another(service: FakeAllDebrid) -> object:
    def give(_: FakeFile) -> str:
        service.shelf.links["f" * 16] = FakeFile("other.mkv", CONTENT)
        return "f" * 16

    return give


async def test_it_waits_while_the_service_fetches(rig: LinksRig, service: FakeAllDebrid, alice: User) -> None:
    torrent = service.shelf.put(FakeTorrent(HASH, NAME, FILES, cached=False))
    download = await rig.start(Wish(magnet_link=MAGNET, via=Via.DEBRID), alice)
    await asyncio.sleep(1.5)
    assert (await rig.service.get(download.id, by=alice)).status is Status.METADATA
    torrent.cached = True
    assert (await rig.reaches(download, alice, *OVER)).status is Status.COMPLETED


async def test_waiting_can_be_cancelled(rig: LinksRig, service: FakeAllDebrid, alice: User) -> None:
    service.shelf.put(FakeTorrent(HASH, NAME, FILES, cached=False))
    download = await rig.start(Wish(magnet_link=MAGNET, via=Via.DEBRID), alice)
    await rig.reaches(download, alice, Status.METADATA)
    await rig.service.cancel(download.id, by=alice, delete_files=True)

    async def free() -> bool:
        return (await rig.store.get(download.id)).worker is None  # type: ignore[union-attr]

    await until(free)


async def test_a_page_of_a_hoster(
    rig: LinksRig, service: FakeAllDebrid, alice: User, streams: FakeStreams
) -> None:
    rig.strangers.allow(f"127.0.0.1:{streams.port}")
    page = streams.put("/file/4711", b"<html>Wait 60 seconds</html>", "text/html")
    service.shelf.hoster_links[page] = FakeFile(f"{NAME}.mkv", CONTENT)
    service.delays = 2
    done = await rig.reaches(await rig.start(Wish(url=page), alice), alice, *OVER)
    assert (done.status, done.via, done.files[0].path) == (Status.COMPLETED, Via.LINK, f"{NAME}.mkv")
    assert rig.importer.adopted[0].files[0].path.read_bytes() == CONTENT
    service.shelf.dead_links.add(page)
    failed = await rig.reaches(await rig.start(Wish(url=page), alice), alice, *OVER)
    assert (failed.status, failed.trouble and failed.trouble.code) == (Status.FAILED, "hoster")
    assert failed.trouble is not None
    assert "AllDebrid" in failed.trouble.message


async def test_a_torrent_that_is_not_known_yet(rig: LinksRig, alice: User) -> None:
    with pytest.raises(WrongState):
        await rig.start(Wish(torrent_url="http://127.0.0.1:9/x.torrent", via=Via.DEBRID), alice)
