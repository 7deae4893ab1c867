"""Killed, cut off, corrupted: what was fetched is kept, what is wrong is fetched again."""

from __future__ import annotations

import asyncio
import signal
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sokoul.config.model import Torrent
from sokoul.engines.torrent.engine import LibtorrentEngine
from sokoul.features.download.ports import EngineState, TorrentSource
from sokoul.outbound import OutboundGuard
from sokoul.testing.swarm import Shared, Swarm
from tests.torrents import short_film
from tests.waiting import until

CHILD = Path(__file__).with_name("engine_child.py")
MIB = 1 << 20


@asynccontextmanager
async def engine_on(directory: Path, swarm: Swarm) -> AsyncIterator[LibtorrentEngine]:
    config = Torrent(listen="127.0.0.1:0", dht=False, lsd=False, directory=directory)
    engine = LibtorrentEngine(config, OutboundGuard([swarm.allowed]))
    await engine.start()
    try:
        yield engine
    finally:
        await engine.close()


async def killed_half_way(directory: Path, key: uuid.UUID, shared: Shared, swarm: Swarm) -> int:
    """Fetch some in a child, wait until progress was saved, kill it; returns the bytes that it had."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, str(CHILD), str(directory), str(key), shared.magnet, swarm.allowed),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    assert child.stdout is not None
    saved, done = directory / ".sokoul" / f"{key}.resume", 0
    while not saved.exists() or done < 12 * MIB:
        done = int(await asyncio.wait_for(child.stdout.readline(), 30))
    child.send_signal(signal.SIGKILL)
    await child.wait()
    return done


async def test_after_a_kill_it_goes_on_with_what_was_saved(
    tmp_path: Path, swarm: Swarm, shared: Shared
) -> None:
    key = uuid.uuid4()
    done = await killed_half_way(tmp_path, key, shared, swarm)
    swarm.limit(0)
    async with engine_on(tmp_path, swarm) as engine:
        await engine.add(key, TorrentSource(magnet=shared.magnet, torrent=shared.torrent))
        await engine.begin(key)
        kept = engine.status(key).done_wanted
        # Seconds of work may be lost, not all of it.
        assert kept > 6 * MIB
        assert kept <= done + 2 * MIB
        await asyncio.wait_for(engine.finished(key), 30)
        assert engine.path(key, 0).read_bytes() == shared.path.read_bytes()
        assert engine.status(key).payload_received < shared.size - kept + 4 * MIB


@pytest.mark.parametrize("how", ["empty", "cut", "flipped", "other", "gone"])
async def test_unusable_progress_is_put_aside_and_the_files_checked(
    tmp_path: Path, swarm: Swarm, how: str
) -> None:
    swarm.limit(0)
    shared = await swarm.share(short_film())
    key, source = uuid.uuid4(), TorrentSource(magnet=None, torrent=shared.torrent)
    async with engine_on(tmp_path, swarm) as engine:
        await engine.add(key, source)
        await engine.begin(key)
        await asyncio.wait_for(engine.finished(key), 30)
    saved = tmp_path / ".sokoul" / f"{key}.resume"
    data = saved.read_bytes()
    if how == "gone":
        saved.unlink()
    else:
        other = data.replace(shared.torrent[-60:-20], b"x" * 40) if how == "other" else b""
        saved.write_bytes(
            {"empty": b"", "cut": data[: len(data) // 2], "flipped": b"\xff" + data[1:], "other": other}[how]
        )
    before = swarm.uploaded(shared)
    async with engine_on(tmp_path, swarm) as engine:
        await engine.add(key, source)
        await asyncio.wait_for(engine.begin(key), 20)
        await asyncio.wait_for(engine.finished(key), 20)
        assert engine.path(key, 0).read_bytes() == shared.path.read_bytes()
    assert swarm.uploaded(shared) == before
    aside = tmp_path / ".sokoul" / "quarantine" / f"{key}.resume"
    assert aside.exists() == (how != "gone")


async def test_a_file_that_was_damaged_meanwhile_is_fetched_again(tmp_path: Path, swarm: Swarm) -> None:
    swarm.limit(0)
    shared = await swarm.share(short_film())
    key, source = uuid.uuid4(), TorrentSource(torrent=shared.torrent)
    async with engine_on(tmp_path, swarm) as engine:
        await engine.add(key, source)
        await engine.begin(key)
        await asyncio.wait_for(engine.finished(key), 30)
        with engine.path(key, 0).open("r+b") as file:
            file.seek(MIB)
            file.write(b"damage" * 1000)
        await engine.recheck(key)
        await asyncio.wait_for(engine.finished(key), 30)
        assert engine.path(key, 0).read_bytes() == shared.path.read_bytes()


async def test_a_file_with_a_hole_is_not_called_finished(tmp_path: Path, swarm: Swarm) -> None:
    swarm.limit(0)
    shared = await swarm.share(short_film())
    key, source = uuid.uuid4(), TorrentSource(torrent=shared.torrent)
    async with engine_on(tmp_path, swarm) as engine:
        await engine.add(key, source)
        await engine.begin(key)
        await asyncio.wait_for(engine.finished(key), 30)
        path = engine.path(key, 0)
    whole = path.read_bytes()
    path.unlink()
    with path.open("wb") as file:
        file.write(whole[:MIB])
        file.seek(3 * MIB)
        file.write(whole[3 * MIB :])
    async with engine_on(tmp_path, swarm) as engine:
        await engine.add(key, source)
        await engine.begin(key)
        await asyncio.wait_for(engine.finished(key), 30)
        assert path.read_bytes() == shared.path.read_bytes()


async def test_two_readers_and_a_pause_between(tmp_path: Path, swarm: Swarm, shared: Shared) -> None:
    key, whole = uuid.uuid4(), shared.path.read_bytes()
    async with engine_on(tmp_path, swarm) as engine:
        await engine.add(key, TorrentSource(magnet=shared.magnet))
        await engine.metadata(key)
        assert engine.status(key).state is EngineState.WAITING
        await engine.begin(key)

        async def part(at: int) -> bool:
            data = bytearray()
            async for chunk in engine.read(key, 0, at, MIB):
                data += chunk
            return bytes(data) == whole[at : at + MIB]

        both = asyncio.gather(part(50 * MIB), part(20 * MIB + 5))
        await asyncio.sleep(0.3)
        await engine.pause(key)
        await until(lambda: engine.status(key).peers == 0)
        await engine.resume(key)
        assert await asyncio.wait_for(both, 20) == [True, True]
