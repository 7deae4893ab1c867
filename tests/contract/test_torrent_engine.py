"""What every torrent engine does: libtorrent against a real swarm, and the fake in memory."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from sokoul.config.model import Torrent
from sokoul.domain.errors import NotFound, Refused, SokoulError, WrongState
from sokoul.engines.torrent.engine import LibtorrentEngine
from sokoul.features.download.ports import EngineState, TorrentEngine, TorrentSource
from sokoul.outbound import OutboundGuard
from sokoul.testing.fake_torrents import FakeTorrentEngine, make_torrent
from sokoul.testing.swarm import HostileFile, Swarm
from tests.waiting import until

FILES = {
    "one.mkv": random.Random(1).randbytes(700_001),
    "two.srt": random.Random(2).randbytes(3_000),
    "three.mkv": random.Random(3).randbytes(500_000),
}
NAMES = list(FILES)
Speed = Callable[[int], None]


@dataclass
class Bench:
    """An engine, a torrent that its swarm has, and a hand on the tap: bytes/s, 0 is no limit."""

    engine: TorrentEngine
    torrent: bytes
    magnet: str
    speed: Speed


@asynccontextmanager
async def fake(folder: Path) -> AsyncIterator[Bench]:
    swarm = make_torrent("Season", FILES)
    engine = FakeTorrentEngine(folder / "downloads")
    engine.know(swarm)

    def speed(rate: int) -> None:
        swarm.speed, swarm.holds = (rate // 100 or 10**9), rate == 1

    await engine.start()
    yield Bench(engine, swarm.torrent, f"magnet:?xt=urn:btih:{swarm.meta.info_hash}", speed)
    await engine.close()


@asynccontextmanager
async def real(folder: Path) -> AsyncIterator[Bench]:
    async with Swarm(folder / "swarm") as swarm:
        listed = tuple(HostileFile((name,), body) for name, body in FILES.items())
        shared = await swarm.share_hostile("Season", listed)
        config = Torrent(listen="127.0.0.1:0", dht=False, lsd=False, directory=folder / "downloads")
        engine = LibtorrentEngine(config, OutboundGuard([swarm.allowed]))
        await engine.start()
        yield Bench(engine, shared.torrent, shared.magnet, swarm.limit)
        await engine.close()


@pytest.fixture(params=[fake, real], ids=["fake", "libtorrent"])
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    async with request.param(tmp_path) as bench:
        yield bench


async def soon(work: Awaitable[None]) -> None:
    await asyncio.wait_for(work, 15)


async def added(bench: Bench, *, magnet: bool = False) -> uuid.UUID:
    key = uuid.uuid4()
    await bench.engine.add(
        key, TorrentSource(bench.magnet) if magnet else TorrentSource(torrent=bench.torrent)
    )
    await asyncio.wait_for(bench.engine.metadata(key), 15)
    return key


async def read(bench: Bench, key: uuid.UUID, file: int, offset: int, length: int) -> bytes:
    data = bytearray()
    async with asyncio.timeout(15):
        async for chunk in bench.engine.read(key, file, offset, length):
            data += chunk
    return bytes(data)


@pytest.mark.parametrize("magnet", [True, False])
async def test_metadata_comes_before_any_payload(bench: Bench, magnet: bool) -> None:
    key = await added(bench, magnet=magnet)
    meta, torrent = await bench.engine.metadata(key)
    assert [file.path for file in meta.content] == [f"Season/{name}" for name in NAMES]
    assert [file.size_bytes for file in meta.content] == [len(body) for body in FILES.values()]
    status = bench.engine.status(key)
    assert status.state is EngineState.WAITING
    assert status.payload_received == 0
    with pytest.raises(WrongState):
        await read(bench, key, 0, 0, 10)
    twin = uuid.uuid4()
    await bench.engine.remove(key, delete_files=True)
    await bench.engine.add(twin, TorrentSource(torrent=torrent))
    assert (await bench.engine.metadata(twin))[0] == meta


@pytest.mark.parametrize("magnet", [True, False])
async def test_all_files_come_complete(bench: Bench, magnet: bool) -> None:
    key = await added(bench, magnet=magnet)
    await soon(bench.engine.begin(key))
    await soon(bench.engine.finished(key))
    for index, body in enumerate(FILES.values()):
        assert bench.engine.path(key, index).read_bytes() == body
        assert bench.engine.size(key, index) == len(body)
    status = bench.engine.status(key)
    assert status.state is EngineState.FINISHED
    assert status.total_wanted == status.done_wanted == sum(map(len, FILES.values()))
    assert all(file.playable for file in status.files if file.wanted)


@pytest.mark.parametrize("magnet", [True, False])
async def test_only_chosen_files_come(bench: Bench, magnet: bool) -> None:
    key = await added(bench, magnet=magnet)
    await soon(bench.engine.begin(key, [2]))
    await soon(bench.engine.finished(key))
    assert bench.engine.path(key, 2).read_bytes() == FILES["three.mkv"]
    assert not bench.engine.path(key, 0).exists()
    assert bench.engine.status(key).total_wanted == len(FILES["three.mkv"])
    with pytest.raises(WrongState):
        await read(bench, key, 0, 0, 10)
    await bench.engine.select(key, None)
    await soon(bench.engine.finished(key))
    assert bench.engine.path(key, 0).read_bytes() == FILES["one.mkv"]


async def test_bytes_are_read_while_they_come(bench: Bench) -> None:
    bench.speed(2_000_000)
    key = await added(bench)
    await soon(bench.engine.begin(key))
    body = FILES["one.mkv"]
    parts = await asyncio.gather(
        read(bench, key, 0, 0, 10_000),
        read(bench, key, 0, len(body) - 5_000, 10_000),
        read(bench, key, 0, 300_000, 70_000),
        read(bench, key, 2, 0, 1 << 30),
    )
    assert parts == [body[:10_000], body[-5_000:], body[300_000:370_000], FILES["three.mkv"]]


async def test_a_pause_holds_it_up(bench: Bench) -> None:
    bench.speed(200_000)
    key = await added(bench)
    await soon(bench.engine.begin(key))
    await until(lambda: bench.engine.status(key).done_wanted > 0)
    await bench.engine.pause(key)
    await until(lambda: bench.engine.status(key).peers == 0)
    held = bench.engine.status(key).done_wanted
    assert bench.engine.status(key).paused
    await asyncio.sleep(0.3)
    assert bench.engine.status(key).done_wanted == held
    bench.speed(0)
    await bench.engine.resume(key)
    await soon(bench.engine.finished(key))


async def test_what_was_fetched_is_kept_for_the_next_time(bench: Bench) -> None:
    key = await added(bench)
    await soon(bench.engine.begin(key))
    await soon(bench.engine.finished(key))
    await bench.engine.remove(key, delete_files=False)
    assert not bench.engine.has(key)
    await bench.engine.add(key, TorrentSource(torrent=bench.torrent))
    await soon(bench.engine.begin(key))
    await soon(bench.engine.finished(key))
    assert bench.engine.path(key, 0).read_bytes() == FILES["one.mkv"]


async def test_removal_takes_the_files_along(bench: Bench) -> None:
    key = await added(bench)
    await soon(bench.engine.begin(key))
    await soon(bench.engine.finished(key))
    path = bench.engine.path(key, 0)
    await bench.engine.remove(key, delete_files=True)
    await until(lambda: not path.exists())
    with pytest.raises(NotFound):
        bench.engine.status(key)
    await bench.engine.remove(key, delete_files=True)


async def test_a_reader_learns_that_the_download_went(bench: Bench) -> None:
    bench.speed(1)
    key = await added(bench)
    await soon(bench.engine.begin(key))
    reading = asyncio.ensure_future(read(bench, key, 0, 600_000, 1000))
    await asyncio.sleep(0.1)
    await bench.engine.remove(key, delete_files=True)
    with pytest.raises(SokoulError):
        await reading


async def test_who_is_unknown(bench: Bench) -> None:
    nobody = uuid.uuid4()
    for call in (bench.engine.metadata, bench.engine.begin, bench.engine.pause, bench.engine.finished):
        with pytest.raises(NotFound):
            await call(nobody)
    with pytest.raises(NotFound):
        bench.engine.status(nobody)
    key = await added(bench)
    with pytest.raises(NotFound):
        bench.engine.size(key, 99)


@pytest.mark.parametrize("source", [TorrentSource(torrent=b"nonsense"), TorrentSource(magnet="magnet:?x=1")])
async def test_broken_sources_are_refused(bench: Bench, source: TorrentSource) -> None:
    key = uuid.uuid4()
    with pytest.raises(Refused):
        await bench.engine.add(key, source)
    assert not bench.engine.has(key)


async def test_adding_twice_is_adding_once(bench: Bench) -> None:
    key = await added(bench)
    await bench.engine.add(key, TorrentSource(torrent=bench.torrent))
    await soon(bench.engine.begin(key))
    await soon(bench.engine.begin(key))
    await soon(bench.engine.finished(key))
    await bench.engine.limit(download=1000, upload=1000)
