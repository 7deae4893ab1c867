"""Streams whose quality is "auto": their playlist says what they show before the search ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from sokoul.app.links import Playlists
from sokoul.bus.bus import Bus
from sokoul.outbound import OutboundGuard
from sokoul.providers.consumet.client import Consumet, ConsumetConfig
from sokoul.providers.metadata.sources import MetadataSources
from sokoul.providers.metadata.tmdb import Tmdb, TmdbConfig
from sokoul.remote import Remote
from sokoul.store.cache import Cache
from sokoul.store.database import Database
from sokoul.testing.fake_consumet import FakeConsumet, FakeStream
from sokoul.testing.fake_streams import PLAYLIST, FakeStreams
from sokoul.testing.fake_tmdb import FakeTmdb
from tests.integration.search_house import SearchHouse

DUNE = 693134
REFERER = "https://player.example/"
VARIANT = "#EXT-X-STREAM-INF:BANDWIDTH={0}000,RESOLUTION={0}x{1}\nv{0}.m3u8\n"


def master(*sizes: tuple[int, int]) -> bytes:
    return ("#EXTM3U\n" + "".join(VARIANT.format(*size) for size in sizes)).encode()


@pytest.fixture
async def streams() -> AsyncIterator[FakeStreams]:
    async with FakeStreams() as fake:
        fake.referer = REFERER
        yield fake


@pytest.fixture
async def house(
    database: Database, cache: Cache, bus: Bus, streams: FakeStreams
) -> AsyncIterator[SearchHouse]:
    async with AsyncExitStack() as stack:
        house = SearchHouse(database, cache, bus, stack)
        stack.push_async_callback(house.tasks.close)
        tmdb = await stack.enter_async_context(FakeTmdb())
        source = Tmdb(TmdbConfig("key", tmdb.base_url, timeout=5), await house.http(), cache)
        house.sources.metadata = MetadataSources([source])
        server = await stack.enter_async_context(FakeConsumet())
        server.films[DUNE] = FakeStream([("auto", f"{streams.url}/film.m3u8")], {"Referer": REFERER})
        house.sources.indexers = [Consumet(ConsumetConfig(server.url), await house.http())]
        guard = OutboundGuard([f"127.0.0.1:{streams.port}"])
        house.sources.playlists = Playlists(Remote(guard, await stack.enter_async_context(guard.session())))
        await house.open()
        yield house


async def test_the_best_picture_counts_and_the_id_stays(house: SearchHouse, streams: FakeStreams) -> None:
    streams.put("/film.m3u8", master((1280, 534), (1920, 800), (640, 266)), PLAYLIST)
    told = await house.search(await house.user())
    (result,) = told["results"]
    assert (result["release"]["resolution"], result["rejected"]) == ("1080p", False)
    assert result["score"] > 0
    shown = [e["data"]["results"] for e in house.events if e["event"] == "search.results"]
    assert {each["result_id"] for part in shown for each in part} == {result["result_id"]}
    assert shown[0][0]["rejected"]
    assert "error" not in next(each for each in told["stages"] if each["name"] == "resolve")
    assert [request.path for request in streams.requests] == ["/film.m3u8"], "no film is fetched"


async def test_too_small_a_picture_is_refused_for_that(house: SearchHouse, streams: FakeStreams) -> None:
    streams.put("/film.m3u8", master((640, 360)), PLAYLIST)
    (result,) = (await house.search(await house.user()))["results"]
    assert (result["release"]["resolution"], result["rejected"]) == ("360p", True)


@pytest.mark.parametrize(
    "body",
    [
        b"#EXTM3U\n#EXTINF:4,\nsegment0.ts\n",
        b"#EXTM3U\n#EXT-X-STREAM-INF:RESOLUTION=99999999999x1\nv.m3u8\n",
        b"<html>hello</html>",
        b"#EXTM3U\n" + b"#" * 3_000_000,
        b"\xff\xfe\x00",
    ],
)
async def test_what_tells_nothing_changes_nothing(
    house: SearchHouse, streams: FakeStreams, body: bytes
) -> None:
    streams.put("/film.m3u8", body, PLAYLIST)
    told = await house.search(await house.user())
    (result,) = told["results"]
    assert (told["status"], result["release"]["resolution"], result["rejected"]) == ("completed", None, True)


async def test_a_playlist_in_the_house_is_not_asked_for(house: SearchHouse, streams: FakeStreams) -> None:
    guard = OutboundGuard()
    http = await house.stack.enter_async_context(guard.session())
    house.sources.playlists = Playlists(Remote(guard, http))
    streams.put("/film.m3u8", master((1920, 1080)), PLAYLIST)
    (result,) = (await house.search(await house.user()))["results"]
    assert result["release"]["resolution"] is None
    assert not streams.requests
