"""Short state folders, started servers, and clients to ask them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest
import redis.asyncio
from nats.aio.client import Client

from sokoul.config.model import Config
from sokoul.engines.embedded.privilege import Privilege
from sokoul.engines.embedded.servers import EmbeddedServers, Urls

Start = Callable[..., Awaitable[tuple[EmbeddedServers, Urls]]]


@pytest.fixture
def state_dir() -> Iterator[Path]:
    """A state folder whose path is short enough for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="sk", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    yield folder / "s"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start the servers of a folder; they end with the test."""
    async with AsyncExitStack() as stack:

        async def starting(folder: Path, privilege: Privilege | None = None) -> tuple[EmbeddedServers, Urls]:
            servers = EmbeddedServers(privilege)
            stack.push_async_callback(servers.close)
            return servers, await servers.start(Config(state_dir=folder))

        yield starting


async def count(url: str) -> int:
    """Add a row to a table and say how many it has; the table is made where it is missing."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute("CREATE TABLE IF NOT EXISTS kept (at timestamptz DEFAULT now())")
        await connection.execute("INSERT INTO kept DEFAULT VALUES")
        return int(await connection.fetchval("SELECT count(*) FROM kept"))
    finally:
        await connection.close()


async def all_answer(urls: Urls) -> None:
    """Each of the three does something real."""
    assert await count(urls.postgres) > 0
    async with redis.asyncio.Redis.from_url(urls.redis) as cache:
        await cache.set("key", b"value", px=60_000)
        assert await cache.get("key") == b"value"
    client = Client()
    try:
        await client.connect(urls.nats, allow_reconnect=False)
        stream = client.jetstream()
        await stream.add_stream(name="KEPT", subjects=["kept"])
        assert (await stream.publish("kept", b"x")).seq > 0
    finally:
        await client.close()
