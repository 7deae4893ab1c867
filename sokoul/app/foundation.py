"""What every role stands on: servers, database, cache, bus, ways out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import structlog
from aiohttp import ClientSession

from sokoul.bus.bus import Bus
from sokoul.bus.outbox import Outbox
from sokoul.config.model import Config
from sokoul.domain.errors import Unavailable
from sokoul.engines.embedded.servers import EmbeddedServers
from sokoul.features.settings.service import SettingsService
from sokoul.lifecycle import Tasks
from sokoul.outbound import OutboundGuard
from sokoul.remote import Remote
from sokoul.sealing import vault_of
from sokoul.store.cache import Cache
from sokoul.store.database import Database
from sokoul.store.migrate import migrate
from sokoul.store.outbox import OutboxStore
from sokoul.store.settings import Settings as SettingStore

log = structlog.get_logger(__name__)

# How long servers elsewhere may take to come up when the whole house starts at once.
PATIENCE = 60.0


@dataclass(frozen=True)
class Foundation:
    """Open and ready; closed in reverse order by `opened`.

    `config` is that of the start, what was set on the web included; `settings.current` that of the moment.
    """

    config: Config
    locked: frozenset[str]
    demo: bool
    database: Database
    cache: Cache
    bus: Bus
    outbox: Outbox
    guard: OutboundGuard
    http: ClientSession
    settings: SettingsService
    tasks: Tasks = field(default_factory=lambda: Tasks("app"))

    def has(self, role: str) -> bool:
        """Whether this process runs the role."""
        return role in self.config.roles


@asynccontextmanager
async def opened(config: Config, *, locked: frozenset[str], demo: bool) -> AsyncIterator[Foundation]:
    """Start or reach the servers, bring the schema up to date, connect."""
    async with AsyncExitStack() as stack:
        servers = EmbeddedServers()
        stack.push_async_callback(servers.close)
        urls = await servers.start(config)
        least, most = config.services.pools.postgres
        database = Database(urls.postgres, smallest=min(least, most), largest=most)
        await _patiently("PostgreSQL", database.open)
        stack.push_async_callback(database.close)
        cache = Cache(urls.redis, connections=config.services.pools.redis)
        stack.push_async_callback(cache.close)
        bus = Bus(urls.nats)
        _, _ = await asyncio.gather(_patiently("NATS", bus.open), _schema(config, database))
        stack.push_async_callback(bus.close)
        guard = OutboundGuard(config.http.outbound_allow)
        http = guard.session(timeout=60)
        stack.push_async_callback(http.close)
        outbox = Outbox(OutboxStore(database), bus)
        settings = await _settings(config, locked, database, bus)
        foundation = Foundation(
            settings.current, locked, demo, database, cache, bus, outbox, guard, http, settings
        )
        stack.push_async_callback(foundation.tasks.close)
        foundation.tasks.supervise("outbox", outbox.run, longest_wait=2)
        yield foundation


def strangers(base: Foundation, stack: AsyncExitStack) -> Remote:
    """A way out for what strangers name, with a guard of its own: it never leads to a source in the house."""
    guard = OutboundGuard(base.config.http.outbound_allow)
    http = guard.session(limit=200)
    stack.push_async_callback(http.close)
    base.settings.on_change(("http.outbound_allow",), lambda now: guard.list_allowed(now.http.outbound_allow))
    return Remote(guard, http)


async def _settings(config: Config, locked: frozenset[str], database: Database, bus: Bus) -> SettingsService:
    """What was set on the web, beneath what this machine's file and environment say."""
    vault = await asyncio.to_thread(vault_of, config.state_dir)
    settings = SettingsService(config, locked, SettingStore(database), vault, bus)
    await settings.open()
    return settings


async def _schema(config: Config, database: Database) -> None:
    if config.services.migrate:
        await migrate(database)


async def _patiently(name: str, reach: Callable[[], Awaitable[None]]) -> None:
    """Try for a while: after a power cut the servers of a house come up in any order."""
    wait, deadline = 0.2, asyncio.get_running_loop().time() + PATIENCE
    while True:
        try:
            await reach()
            return
        except Unavailable:
            if asyncio.get_running_loop().time() > deadline:
                raise
            log.warning("waiting for a server", server=name, wait=wait)
        await asyncio.sleep(wait)
        wait = min(wait * 2, 5.0)
