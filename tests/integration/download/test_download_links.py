"""Downloads by HTTP: ranges, cuts, lies, pauses, restarts, and watching meanwhile."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from sokoul.bus.bus import Bus
from sokoul.domain.errors import Refused
from sokoul.domain.users import User
from sokoul.features.download.model import Status, Via
from sokoul.features.download.service import Wish
from sokoul.store.database import Database
from sokoul.testing.fake_streams import FakeStreams
from sokoul.testing.swarm import Shared, Swarm
from tests.integration.download.links_rig import LinksRig
from tests.integration.download.links_rig import links as links
from tests.integration.download.links_rig import streams as streams
from tests.integration.download.rig import gather_chunks
from tests.waiting import until

FILM = os.urandom(12_000_000)
OVER = (Status.COMPLETED, Status.FAILED)


async def test_a_link_becomes_a_library_file(links: LinksRig, streams: FakeStreams, alice: User) -> None:
    url = streams.put("/films/Sintel%20(2010).mkv?x=1", b"")
    streams.put("/films/Sintel (2010).mkv", FILM, "video/x-matroska")
    download = await links.start(Wish(url=url), alice)
    done = await links.reaches(download, alice, *OVER)
    assert (done.status, done.via, done.trouble) == (Status.COMPLETED, Via.LINK, None)
    assert (done.name, done.files[0].path) == ("Sintel (2010).mkv", "Sintel (2010).mkv")
    assert done.done_bytes == done.total_bytes == len(FILM)
    assert done.imported_at
    assert done.files[0].file_id
    assert links.importer.adopted[0].files[0].path.read_bytes() == FILM


async def test_it_is_watched_while_it_comes(links: LinksRig, streams: FakeStreams, alice: User) -> None:
    streams.pace = 0.03  # about 2 MB/s
    download = await links.start(Wish(url=streams.put("/film.mkv", FILM * 3, "video/x-matroska")), alice)
    await links.reaches(download, alice, Status.DOWNLOADING)

    async def playable() -> bool:
        return any(file.playable for file in (await links.service.get(download.id, by=alice)).files)

    await until(playable)
    assert (await links.service.get(download.id, by=alice)).done_bytes < len(FILM)
    streamed = await links.service.stream(download.id, 0, user_id=alice.id, all_of=False)
    at = 25_000_000
    async with asyncio.timeout(5):
        got = await gather_chunks(links.service.read(streamed, at, 300_000))
    assert got == (FILM * 3)[at : at + 300_000]
    streams.pace = 0
    assert (await links.reaches(download, alice, *OVER)).status is Status.COMPLETED
    assert links.importer.adopted[0].files[0].path.read_bytes() == FILM * 3


@pytest.mark.parametrize("cuts", [1, 3])
async def test_a_cut_is_gone_on_with(cuts: int, links: LinksRig, streams: FakeStreams, alice: User) -> None:
    download = await links.start(Wish(url=streams.put("/film.mkv", FILM, cuts=cuts)), alice)
    assert (await links.reaches(download, alice, *OVER)).status is Status.COMPLETED
    assert links.importer.adopted[0].files[0].path.read_bytes() == FILM


async def test_without_ranges_from_the_beginning(links: LinksRig, streams: FakeStreams, alice: User) -> None:
    download = await links.start(Wish(url=streams.put("/film.mkv", FILM, ranges=False, cuts=1)), alice)
    assert (await links.reaches(download, alice, *OVER)).status is Status.COMPLETED
    assert links.importer.adopted[0].files[0].path.read_bytes() == FILM


@pytest.mark.parametrize("how", ["always cut", "cut without ranges", "promises more", "no length"])
async def test_a_cut_file_is_never_complete(
    how: str, links: LinksRig, streams: FakeStreams, alice: User
) -> None:
    more: dict[str, object] = {
        "always cut": {"cuts": 10_000, "ranges": False},
        "cut without ranges": {"cuts": 10_000, "ranges": False, "promise": len(FILM)},
        "promises more": {"promise": len(FILM) + 1000, "ranges": False},
        "no length": {"told_length": False, "ranges": False},
    }[how]
    download = await links.start(Wish(url=streams.put("/film.mkv", FILM[:3_000_000], **more)), alice)
    done = await links.reaches(download, alice, *OVER, within=90)
    assert done.status is Status.FAILED
    assert done.trouble is not None
    assert done.trouble.code in {"cut", "no_length"}
    assert links.importer.adopted == []


@pytest.mark.parametrize(
    ("path", "kind", "content", "code"),
    [
        ("/page.mkv", "text/html", b"<html>", "page"),
        ("/page.mkv", "video/x-matroska", b"\n<!DOCTYPE html>", "page"),
        ("/list.mp4", "video/mp4", b"#EXTM3U\nhttp://127.0.0.1:1/x", "live"),
        ("/Film.2010.exe", "application/octet-stream", b"MZ" * 500_000, "dangerous_file"),
        ("/Film.2010.rar", "application/octet-stream", b"Rar!" * 500_000, None),
    ],
)
async def test_what_is_no_film_is_refused(
    path: str, kind: str, content: bytes, code: str | None, links: LinksRig, streams: FakeStreams, alice: User
) -> None:
    download = await links.start(Wish(url=streams.put(path, content, kind)), alice)
    done = await links.reaches(download, alice, *OVER)
    assert done.status is Status.FAILED
    assert done.trouble is not None
    assert code is None or done.trouble.code == code
    assert links.on_disk() == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/x.mkv", "http://10.0.0.1/x.mkv", "http://[::1]/x.mkv"])
async def test_nothing_inside_is_asked(url: str, links: LinksRig, alice: User) -> None:
    done = await links.reaches(await links.start(Wish(url=url), alice), alice, *OVER)
    assert (done.status, done.trouble and done.trouble.code) == (Status.FAILED, "unreachable")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://h/x.mkv", "javascript:1", "x"])
async def test_other_schemes_are_no_links(url: str, links: LinksRig, alice: User) -> None:
    with pytest.raises(Refused):
        await links.start(Wish(url=url), alice)


async def test_pause_resume_cancel(links: LinksRig, streams: FakeStreams, alice: User) -> None:
    streams.pace = 0.05
    download = await links.start(Wish(url=streams.put("/film.mkv", FILM)), alice)
    await links.reaches(download, alice, Status.DOWNLOADING)
    await asyncio.sleep(1)
    await links.service.pause(download.id, by=alice)
    await links.reaches(download, alice, Status.PAUSED)
    await asyncio.sleep(1)
    asked = len(streams.requests)
    await asyncio.sleep(1)
    assert len(streams.requests) == asked
    streams.pace = 0
    await links.service.resume(download.id, by=alice)
    assert (await links.reaches(download, alice, *OVER)).status is Status.COMPLETED
    streams.pace = 0.05
    other = await links.start(Wish(url=streams.put("/other.mkv", FILM)), alice)
    await links.reaches(other, alice, Status.DOWNLOADING)
    await links.service.cancel(other.id, by=alice, delete_files=True)

    async def gone() -> bool:
        return not any(str(other.id) in str(path) for path in links.on_disk())

    await until(gone)


async def test_another_worker_goes_on_where_it_stopped(
    links: LinksRig,
    streams: FakeStreams,
    alice: User,
    database: Database,
    bus: Bus,
    tmp_path: Path,
    swarm: Swarm,
) -> None:
    streams.pace = 0.02
    download = await links.start(Wish(url=streams.put("/film.mkv", FILM)), alice)
    await links.reaches(download, alice, Status.DOWNLOADING)
    await asyncio.sleep(2)
    await links.close()
    served = sum(request.headers.get("Range", "") != "" for request in streams.requests)
    streams.pace = 0
    second = LinksRig(database, bus, tmp_path / "box", swarm, [f"127.0.0.1:{streams.port}"])
    await second.open(worker="worker-2")
    try:
        done = await second.reaches(download, alice, *OVER)
        assert done.status is Status.COMPLETED
        assert second.importer.adopted[0].files[0].path.read_bytes() == FILM
        later = [
            request.headers["Range"] for request in streams.requests[served:] if "Range" in request.headers
        ]
        assert not any(asked == f"bytes=0-{len(FILM) - 1}" for asked in later)
    finally:
        await second.close()


async def test_a_file_that_changes_is_not_patched_together(
    links: LinksRig, streams: FakeStreams, alice: User
) -> None:
    streams.pace = 0.02
    download = await links.start(Wish(url=streams.put("/film.mkv", FILM)), alice)
    await links.reaches(download, alice, Status.DOWNLOADING)
    await asyncio.sleep(1)
    await links.service.pause(download.id, by=alice)
    await links.reaches(download, alice, Status.PAUSED)
    other = bytes(reversed(FILM))
    streams.put("/film.mkv", other)
    streams.pace = 0
    await links.service.resume(download.id, by=alice)
    assert (await links.reaches(download, alice, *OVER)).status is Status.COMPLETED
    assert links.importer.adopted[0].files[0].path.read_bytes() == other


async def test_an_address_that_gives_a_torrent(
    links: LinksRig, shared: Shared, alice: User, streams: FakeStreams
) -> None:
    url = streams.put("/get?id=7", b"")
    streams.put("/get", shared.torrent, "application/x-bittorrent")
    download = await links.start(Wish(url=url), alice)
    done = await links.reaches(download, alice, Status.COMPLETED, Status.FAILED, Status.SEEDING)
    assert done.via is Via.TORRENT
    assert done.status is not Status.FAILED or (done.trouble and done.trouble.code == "unreachable")
