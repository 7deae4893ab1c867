"""Results that come as links to .torrent files: hashes and file lists are known before the search ends."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from sokoul.app.links import Links
from sokoul.bus.bus import Bus
from sokoul.engines.torrent.fetch import GuardedFetcher
from sokoul.outbound import OutboundGuard
from sokoul.providers.metadata.sources import MetadataSources
from sokoul.providers.metadata.tmdb import Tmdb, TmdbConfig
from sokoul.store.cache import Cache
from sokoul.store.database import Database
from sokoul.testing.fake_indexer import FakeIndexer, FakeRelease
from sokoul.testing.fake_tmdb import FakeTmdb
from tests.integration.search_house import SearchHouse

GB = 1_000_000_000
PIECE = 16 * 1024 * 1024
GOOD = "Dune.Part.Two.2024.1080p.BluRay.x265.DDP5.1-GRP"
OTHER = "Dune.Part.Two.2024.1080p.WEB-DL.x264-OTHER"


def bencoded(value: object) -> bytes:
    match value:
        case int():
            return b"i%de" % value
        case bytes():
            return b"%d:%s" % (len(value), value)
        case str():
            return bencoded(value.encode())
        case list():
            return b"l" + b"".join(map(bencoded, value)) + b"e"
        case dict():
            return b"d" + b"".join(bencoded(k) + bencoded(v) for k, v in sorted(value.items())) + b"e"
    raise TypeError(type(value))


def torrent(name: str, files: dict[str, int]) -> tuple[bytes, str]:
    """A .torrent of files that nobody has, and its info hash."""
    pieces = -(-sum(files.values()) // PIECE)
    info = {
        "name": name,
        "piece length": PIECE,
        "pieces": b"".join(hashlib.sha1(b"%d" % n).digest() for n in range(pieces)),
        "files": [{"length": size, "path": path.split("/")} for path, size in files.items()],
    }
    digest = hashlib.sha1(bencoded(info)).hexdigest()
    return bencoded({"info": info, "announce": "http://127.0.0.1:9/announce"}), digest


@pytest.fixture
async def house(database: Database, cache: Cache, bus: Bus) -> AsyncIterator[SearchHouse]:
    async with AsyncExitStack() as stack:
        house = SearchHouse(database, cache, bus, stack)
        stack.push_async_callback(house.tasks.close)
        fake = await stack.enter_async_context(FakeTmdb())
        source = Tmdb(TmdbConfig("key", fake.base_url, timeout=5), await house.http(), cache)
        house.sources.metadata = MetadataSources([source])
        yield house


async def offer(house: SearchHouse, *lists: list[FakeRelease]) -> list[FakeIndexer]:
    """Indexers that offer these, whose links may be followed."""
    fakes = [await house.stack.enter_async_context(FakeIndexer(each)) for each in lists]
    await house.indexers(*fakes)
    guard = OutboundGuard([f"127.0.0.1:{fake.port}" for fake in fakes])
    http = await house.stack.enter_async_context(guard.session())
    house.sources.links = Links(GuardedFetcher(guard, http))
    return fakes


async def test_a_link_becomes_a_hash_and_the_id_stays(house: SearchHouse) -> None:
    data, digest = torrent(GOOD, {f"{GOOD}.mkv": 9 * GB})
    await offer(house, [FakeRelease(GOOD, None, 30, torrent=data)])
    await house.open()
    told = await house.search(await house.user())
    (result,) = told["results"]
    assert (result["info_hash"], result["size_bytes"]) == (digest, 9 * GB)
    shown = [e["data"]["results"] for e in house.events if e["event"] == "search.results"]
    assert {each["result_id"] for part in shown for each in part} == {result["result_id"]}
    assert shown[0][0]["info_hash"] is None
    stage = next(each for each in told["stages"] if each["name"] == "resolve")
    assert "error" not in stage
    assert stage["duration_ms"] <= stage["limit_ms"]


async def test_the_same_torrent_of_two_sources_becomes_one(house: SearchHouse) -> None:
    data, digest = torrent(GOOD, {f"{GOOD}.mkv": 9 * GB})
    await offer(
        house,
        [FakeRelease(GOOD.replace(".", " "), 9 * GB + 5, 30, torrent=data)],
        [FakeRelease(GOOD, 9 * GB, 80, info_hash=digest)],
    )
    await house.open()
    told = await house.search(await house.user())
    (result,) = told["results"]
    assert result["providers"] == ["source1", "source0"] or result["providers"] == ["source0", "source1"]
    assert (result["info_hash"], result["seeders"]) == (digest, 80)


@pytest.mark.parametrize(
    "files",
    [
        {f"{GOOD}.mkv.exe": 9 * GB},
        {f"{GOOD}.mkv": 9 * GB, "Setup/codec.scr": 1000},
        {f"{GOOD}.rar": 9 * GB},
    ],
)
async def test_what_is_dangerous_inside_is_refused_before_a_byte(
    house: SearchHouse, files: dict[str, int]
) -> None:
    data, _ = torrent(GOOD, files)
    await offer(
        house,
        [FakeRelease(GOOD, 9 * GB, 900, torrent=data), FakeRelease(OTHER, 8 * GB, 5, info_hash="a" * 40)],
    )
    await house.open()
    told = await house.search(await house.user())
    best, worst = told["results"]
    assert best["title"] == OTHER
    assert "dangerous_file" in worst["rejection_codes"]
    assert (worst["score"], worst["score_reasons"]) == (0, [])


async def test_a_size_that_was_a_lie_is_judged_anew(house: SearchHouse) -> None:
    data, _ = torrent(GOOD, {f"{GOOD}.mkv": 40_000_000})
    await offer(house, [FakeRelease(GOOD, 9 * GB, 900, torrent=data)])
    await house.open()
    told = await house.search(await house.user())
    assert "too_small" in told["results"][0]["rejection_codes"]


@pytest.mark.parametrize("data", [b"<html>not a torrent</html>", b"d" * 50_000, b""])
async def test_a_broken_link_costs_only_itself(house: SearchHouse, data: bytes) -> None:
    good, digest = torrent(OTHER, {f"{OTHER}.mkv": 8 * GB})
    broken = FakeRelease(GOOD, 9 * GB, 900, torrent=data or b"x")
    await offer(house, [broken, FakeRelease(OTHER, 8 * GB, 5, torrent=good)])
    await house.open()
    told = await house.search(await house.user())
    hashes = {each["title"]: each["info_hash"] for each in told["results"]}
    assert hashes == {GOOD: None, OTHER: digest}
    stage = next(each for each in told["stages"] if each["name"] == "resolve")
    assert "1 of 2 links" in stage["error"]


async def test_a_link_into_the_house_is_not_followed(house: SearchHouse) -> None:
    data, _ = torrent(GOOD, {f"{GOOD}.mkv": 9 * GB})
    (fake,) = await offer(house, [FakeRelease(GOOD, 9 * GB, 30, torrent=data)])
    guard = OutboundGuard()
    http = await house.stack.enter_async_context(guard.session())
    house.sources.links = Links(GuardedFetcher(guard, http))
    await house.open()
    told = await house.search(await house.user())
    assert told["results"][0]["info_hash"] is None
    assert not [request for request in fake.requests if request.path.startswith("/download")]
