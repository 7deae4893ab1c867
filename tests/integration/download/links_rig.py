"""A worker that fetches links too: real rows, real engine of links, servers on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiohttp import ClientSession

from sokoul.app.linking import LinksOf, ReadyTorrents
from sokoul.bus.bus import Bus
from sokoul.domain.debrid import Service
from sokoul.domain.users import User
from sokoul.engines.both import Engines
from sokoul.engines.links.engine import LinkEngine
from sokoul.engines.torrent.control import ControlServer
from sokoul.engines.torrent.engine import LibtorrentEngine
from sokoul.engines.torrent.fetch import GuardedFetcher
from sokoul.engines.torrent.relay import Relay
from sokoul.features.debrid.keys import DebridKeys
from sokoul.features.debrid.service import DebridService
from sokoul.features.download.model import Download, Status
from sokoul.features.download.runner import DownloadRunner
from sokoul.features.download.service import DownloadService, Wish
from sokoul.features.download.supervised import Parts, Rules
from sokoul.outbound import OutboundGuard
from sokoul.providers.debrid.registry import DebridClients
from sokoul.remote import Remote
from sokoul.sealing import Vault
from sokoul.store.database import Database
from sokoul.store.debrid import DebridStore
from sokoul.store.outbox import DeadLetters
from sokoul.testing.fake_streams import FakeStreams
from sokoul.testing.swarm import Swarm
from sokoul.web.limits import LocalBuckets
from sokoul.workers.hunter import DOWNLOAD, Hunter
from tests.integration.download.rig import Rig
from tests.waiting import until


class NoMemory:
    """Forgets at once."""

    async def get(self, key: str, *, kind: str = "") -> bytes | None:
        return None

    async def put(self, key: str, value: bytes, *, seconds: float) -> None:
        return None

    async def drop(self, *keys: str) -> None:
        return None


def debrid_service(
    database: Database,
    folder: Path,
    addresses: Mapping[Service, str],
    household: Mapping[Service, str],
    http: ClientSession | None,
) -> DebridService:
    """With these keys of the household."""
    folder.mkdir(parents=True, exist_ok=True)
    clients = DebridClients(http, addresses, LocalBuckets(), LocalBuckets())  # type: ignore[arg-type]
    store = DebridStore(database)
    keys = DebridKeys(store, Vault.load(folder), clients)
    keys.use(household)
    return DebridService(keys, store, NoMemory(), at_once=0.3)


class LinksRig(Rig):
    """As `Rig`, with both engines."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        folder: Path,
        swarm: Swarm,
        allowed: list[str],
        debrid: DebridService | None = None,
    ) -> None:
        super().__init__(database, bus, folder, swarm)
        debrid = debrid or debrid_service(database, folder, {}, {}, None)
        self.strangers = OutboundGuard(allowed)
        self.debrid = debrid
        self.torrents = LibtorrentEngine(self.config, self.guard)

    async def open(self, *, worker: str = "worker-1", lease: float = 3.0, patience: float = 30.0) -> None:
        stack: AsyncExitStack = self._stack
        http = await stack.enter_async_context(self.guard.session())
        out = await stack.enter_async_context(self.strangers.session(limit=50))
        remote = Remote(self.strangers, out)
        engine = Engines(self.torrents, LinkEngine(self.config.directory, remote, wait=0.02))
        self.folder.mkdir(parents=True, exist_ok=True)
        control = ControlServer(engine, secret="secret", socket=self.folder / f"{worker}.sock")
        fetcher = GuardedFetcher(self.guard, http)
        links = LinksOf(self.debrid, remote)
        parts = Parts(engine, self.store, self.importer, fetcher, self.bus, links)
        rules = Rules(directory=self.config.directory, lease=lease, patience=patience, seed_time=0.2)
        runner = DownloadRunner(worker, control.address, parts, rules)
        queue = self.bus.jobs(*DOWNLOAD)
        self.hunter = Hunter(engine, control, runner, queue, DeadLetters(self.database), self.bus)
        await self.hunter.start()
        stack.push_async_callback(self.hunter.close)
        self.reader = reader = Relay(self.store.get, "secret", engine)
        self.service = DownloadService(
            self.store,
            self.bus,
            reader,
            self.config.directory,
            wake=lambda: None,
            fetcher=fetcher,
            ready=ReadyTorrents(self.debrid),
        )

    async def start(self, wish: Wish, who: User) -> Download:
        """A new download."""
        return await self.service.get((await self.service.request(wish, by=who.id)).id, by=who)

    async def reaches(self, download: Download, who: User, *statuses: Status, within: float = 30) -> Download:
        """As it is once it has one of these statuses."""

        async def there() -> Download | None:
            now = await self.service.get(download.id, by=who)
            return now if now.status in statuses else None

        found = await until(there, within=within)
        assert found is not None
        return found


@pytest.fixture
async def streams() -> AsyncIterator[FakeStreams]:
    async with FakeStreams() as server:
        yield server


@pytest.fixture
async def links(
    database: Database, bus: Bus, tmp_path: Path, swarm: Swarm, streams: FakeStreams
) -> AsyncIterator[LinksRig]:
    rig = LinksRig(database, bus, tmp_path / "box", swarm, [f"127.0.0.1:{streams.port}"])
    await rig.open()
    yield rig
    await rig.close()
