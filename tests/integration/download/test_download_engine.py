"""What only the real engine can show: limits, devices, full disks, a loop that is never held up."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from sokoul.config.model import Torrent
from sokoul.domain.users import User
from sokoul.engines.torrent.engine import LibtorrentEngine
from sokoul.features.download.model import Status
from sokoul.features.download.ports import TorrentSource
from sokoul.features.download.service import Wish
from sokoul.outbound import OutboundGuard
from sokoul.testing.swarm import Shared, Swarm
from tests.integration.download.rig import Rig
from tests.torrents import short_film
from tests.waiting import until

MIB = 1 << 20


@asynccontextmanager
async def engine_of(directory: Path, swarm: Swarm, **more: Any) -> AsyncIterator[LibtorrentEngine]:
    values = {"listen": "127.0.0.1:0", "dht": False, "lsd": False, "directory": directory, **more}
    engine = LibtorrentEngine(Torrent.model_validate(values), OutboundGuard([swarm.allowed]))
    await engine.start()
    try:
        yield engine
    finally:
        await engine.close()


async def test_the_download_limit_holds_for_near_peers_too(tmp_path: Path, swarm: Swarm) -> None:
    swarm.limit(0)
    shared, key = await swarm.share(short_film()), uuid.uuid4()
    async with engine_of(tmp_path, swarm, download_limit=1_000_000) as engine:
        await engine.add(key, TorrentSource(torrent=shared.torrent))
        await engine.begin(key)
        begun = time.monotonic()
        await until(lambda: engine.status(key).done_wanted > 4_000_000, within=20)
        assert time.monotonic() - begun > 2.5
        await engine.limit(download=0, upload=0)
        await asyncio.wait_for(engine.finished(key), 5)


async def test_the_upload_limit_holds_too(tmp_path: Path, swarm: Swarm) -> None:
    swarm.limit(0)
    shared, key, other = await swarm.share(short_film()), uuid.uuid4(), uuid.uuid4()
    async with engine_of(tmp_path / "a", swarm, upload_limit=500_000) as first:
        await first.add(key, TorrentSource(torrent=shared.torrent))
        await first.begin(key)
        await asyncio.wait_for(first.finished(key), 10)
        swarm.silence(shared)
        async with engine_of(tmp_path / "b", swarm) as second:
            await second.add(other, TorrentSource(torrent=shared.torrent))
            await second.begin(other)
            await until(lambda: second.status(other).done_wanted > MIB, within=20)
            begun, had = time.monotonic(), second.status(other).done_wanted
            await asyncio.sleep(1.5)
            rate = (second.status(other).done_wanted - had) / (time.monotonic() - begun)
            assert rate < 900_000
            await until(lambda: first.status(key).uploaded > 0)


async def test_a_device_that_is_there_is_used(tmp_path: Path, swarm: Swarm) -> None:
    swarm.limit(0)
    shared, key = await swarm.share(short_film()), uuid.uuid4()
    async with engine_of(tmp_path, swarm, interface="lo") as engine:
        await engine.add(key, TorrentSource(magnet=shared.magnet))
        await asyncio.wait_for(engine.metadata(key), 60)  # a tracker that missed is asked again
        assert engine.device_up
        await engine.begin(key)
        await asyncio.wait_for(engine.finished(key), 60)  # a tracker that missed is asked again


async def test_without_its_device_nothing_leaves(tmp_path: Path, swarm: Swarm) -> None:
    shared, key = await swarm.share(short_film()), uuid.uuid4()
    await until(lambda: swarm.announces == 1)  # the seeder's own
    async with engine_of(tmp_path, swarm, interface="absent0") as engine:
        await engine.add(key, TorrentSource(magnet=shared.magnet))
        await asyncio.sleep(1.5)
        assert not engine.device_up
        assert swarm.announces == 1
        assert engine.status(key).peers == 0


async def test_the_loop_is_never_held_up(tmp_path: Path, swarm: Swarm, shared: Shared) -> None:
    """Ten thousand trackers, a whole film at full speed, its flushing: others hardly wait for us."""
    swarm.limit(0)
    magnet = shared.magnet + "".join(f"&tr=udp%3A%2F%2F10.9.8.7%3A{n}" for n in range(10_000))
    key, gaps = uuid.uuid4(), []

    async def tick() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            # What the processor itself was busy with elsewhere does not count.
            gaps.append(time.perf_counter() - before - 0.005)

    ticking = asyncio.create_task(tick())
    async with engine_of(tmp_path, swarm) as engine:
        await engine.add(key, TorrentSource(magnet=magnet))
        await asyncio.wait_for(engine.metadata(key), 15)
        await engine.begin(key)
        await asyncio.wait_for(engine.finished(key), 30)
    ticking.cancel()
    gaps.sort()
    assert gaps[len(gaps) * 95 // 100] < 0.05, gaps[-10:]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("needs root for a file system of its own")
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)], check=False)
    if made.returncode != 0:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


async def test_a_full_disk_pauses_and_loses_nothing(
    rigs: Callable[..., Awaitable[Rig]], swarm: Swarm, alice: User, small_disk: Path
) -> None:
    rig = await rigs(directory=small_disk, min_free_bytes=MIB)
    shared = await swarm.share(short_film())
    key = (await rig.service.request(Wish(magnet_link=shared.magnet), by=alice.id)).id

    async def at(status: Status) -> bool:
        found = await rig.store.get(key)
        return found is not None and found.status is status

    async def some() -> bool:
        found = await rig.store.get(key)
        return found is not None and found.done_bytes > MIB

    await until(some)
    hog = small_disk / "hog"
    with hog.open("wb") as file:
        try:
            for _ in range(12):
                file.write(bytes(MIB))
                file.flush()
        except OSError:
            pass  # full, as wished
    await until(lambda: at(Status.PAUSED))
    found = await rig.store.get(key)
    assert found is not None and found.trouble is not None and found.trouble.code == "no_space"
    hog.unlink()
    swarm.limit(0)
    await until(lambda: at(Status.SEEDING), within=30)
    assert rig.importer.adopted[0].files[0].path.read_bytes() == shared.path.read_bytes()
