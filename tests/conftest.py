"""What tests stand on: real servers once per run, a fresh database each, and the web with a client."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from nats.aio.client import Client

from sokoul.bus.bus import Bus
from sokoul.config.model import Config
from sokoul.engines.embedded.servers import EmbeddedServers, Urls
from sokoul.store.cache import Cache
from sokoul.store.database import Database
from sokoul.store.migrate import migrate
from tests.site import Site, close_site, open_site

TEMPLATE = "migrated"
_numbers = itertools.count(1)


class _Servers:
    """PostgreSQL, Valkey and NATS, watched by a loop in a thread of its own while tests come and go."""

    def __init__(self, state_dir: Path) -> None:
        self._config = Config(state_dir=state_dir)
        self._started, self._stop = threading.Event(), asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="servers", daemon=True)
        self.urls: Urls | None = None

    def start(self) -> Urls:
        self._thread.start()
        assert self._started.wait(90), "the servers did not start"
        if self._failure is not None:
            raise self._failure
        assert self.urls is not None
        return self.urls

    def stop(self) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(60)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        servers = EmbeddedServers()
        try:
            self.urls = await servers.start(self._config)
            await _make_template(self.urls.postgres)
        except BaseException as error:  # noqa: BLE001 - handed to the test that waits for it
            self._failure = error
            return
        finally:
            self._started.set()
        await self._stop.wait()
        await servers.close()


@pytest.fixture(scope="session")
def servers() -> Iterator[Urls]:
    """Addresses of a private PostgreSQL, Valkey and NATS, the same for all tests of one process."""
    # Sockets need a short path, and memory is quicker than a disk that syncs.
    base = "/dev/shm" if Path("/dev/shm").is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="sokoul-", dir=base))
    running = _Servers(folder)
    try:
        urls = running.start()
        yield urls
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def database_url(servers: Urls) -> AsyncIterator[str]:
    """A database of this test alone, with the whole schema and nothing in it."""
    name = f"test_{next(_numbers)}"
    admin = await asyncpg.connect(servers.postgres)
    try:
        await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}" STRATEGY file_copy')
        yield _named(servers.postgres, name)
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await admin.close()


@pytest.fixture
async def empty_database_url(servers: Urls) -> AsyncIterator[str]:
    """A database of this test alone without any schema."""
    name = f"test_{next(_numbers)}"
    admin = await asyncpg.connect(servers.postgres)
    try:
        await admin.execute(f'CREATE DATABASE "{name}"')
        yield _named(servers.postgres, name)
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await admin.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The pool on a fresh database."""
    database = Database(database_url, smallest=1, largest=5)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def cache(servers: Urls) -> AsyncIterator[Cache]:
    """An empty cache."""
    cache = Cache(servers.redis)
    await cache.redis.flushdb()
    yield cache
    await cache.close()


@pytest.fixture
async def bus(servers: Urls) -> AsyncIterator[Bus]:
    """A connection to a NATS on which nothing lies."""
    await clean_nats(servers.nats)
    bus = Bus(servers.nats)
    await bus.open()
    yield bus
    await bus.close()


@pytest.fixture
async def site(database: Database, tmp_path: Path) -> AsyncIterator[Site]:
    """The web with real accounts, no limits, nobody in it yet."""
    site = await open_site(database, tmp_path)
    yield site
    await close_site(site)


@pytest.fixture
async def sites(database: Database, tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Site]]]:
    """Makes sites with other settings on the same database: `await sites(settings={...})`."""
    opened: list[Site] = []

    async def make(**given: Any) -> Site:
        opened.append(await open_site(database, tmp_path, **given))
        return opened[-1]

    yield make
    for site in opened:
        await close_site(site)


async def _make_template(url: str) -> None:
    admin = await asyncpg.connect(url)
    try:
        await admin.execute(f'CREATE DATABASE "{TEMPLATE}"')
    finally:
        await admin.close()
    database = Database(_named(url, TEMPLATE), smallest=1, largest=2)
    await migrate(database)


async def clean_nats(url: str) -> None:
    """Delete every stream, and with them all jobs."""
    client = Client()
    await client.connect(url)
    streams = client.jetstream()
    for stream in await streams.streams_info():
        assert stream.config.name is not None
        await streams.delete_stream(stream.config.name)
    await client.close()


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path="/" + name))
