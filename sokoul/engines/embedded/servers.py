"""The three servers of one daemon: those configured are used, the others started here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from sokoul.config.model import Config
from sokoul.engines.embedded import folders
from sokoul.engines.embedded.nats import Nats
from sokoul.engines.embedded.postgres import Postgres, running_url
from sokoul.engines.embedded.privilege import Privilege, choose
from sokoul.engines.embedded.server import Kind, Server
from sokoul.engines.embedded.valkey import Valkey
from sokoul.lock import StateInUse, StateLock

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Urls:
    """Where the servers are; with passwords, so it never shows them."""

    postgres: str = field(repr=False)
    redis: str = field(repr=False)
    nats: str = field(repr=False)


class EmbeddedServers:
    """Starts what no address is configured for, in parallel, and ends it in reverse order.

    The caller holds the lock of `state_dir`: whatever still runs there was left by a killed daemon.
    """

    def __init__(self, privilege: Privilege | None = None) -> None:
        self._privilege = privilege
        self._servers: dict[str, Server] = {}
        self._state_dir: Path | None = None

    async def start(self, config: Config) -> Urls:
        """Return when all of them serve. Raises `Unavailable`."""
        configured = {name: getattr(config.services, name) for name in ("postgres", "redis", "nats")}
        missing = [name for name, url in configured.items() if url is None]
        if missing:
            self._state_dir = config.state_dir
            await asyncio.to_thread(self._make, config.state_dir, missing)
            await self._start_all()
        urls = {name: url.get_secret_value() for name, url in configured.items() if url is not None}
        return Urls(**urls, **{name: server.url for name, server in self._servers.items()})

    def pids(self) -> dict[str, int]:
        """The process ids of the servers that run."""
        return {name: server.pid for name, server in self._servers.items() if server.pid is not None}

    async def close(self) -> None:
        """End all, last first."""
        for name in reversed(list(self._servers)):
            await self._servers.pop(name).close()
        if self._state_dir is not None:
            await asyncio.to_thread(folders.forget_sockets, self._state_dir)

    def _make(self, state_dir: Path, names: list[str]) -> None:
        privilege = self._privilege or choose()
        sockets = folders.sockets(folders.private(state_dir))
        kinds: dict[str, Kind] = {
            "postgres": Postgres(state_dir / "postgres", sockets, privilege),
            "redis": Valkey(state_dir / "valkey", sockets, privilege),
            "nats": Nats(state_dir / "nats", privilege),
        }
        self._servers = {name: Server(kinds[name]) for name in names}

    async def _start_all(self) -> None:
        starts = [server.start() for server in self._servers.values()]
        outcomes = await asyncio.gather(*starts, return_exceptions=True)
        if failed := [outcome for outcome in outcomes if isinstance(outcome, BaseException)]:
            await self.close()
            raise failed[0]


@asynccontextmanager
async def database_url(config: Config) -> AsyncIterator[str]:
    """The database for one command: the configured one, the running daemon's, or one started for this.

    Raises `Unavailable`.
    """
    if config.services.postgres is not None:
        yield config.services.postgres.get_secret_value()
        return
    state_dir = config.state_dir
    sockets = await asyncio.to_thread(lambda: folders.sockets(folders.private(state_dir)))
    try:
        lock = StateLock(state_dir)
    except StateInUse:
        yield running_url(state_dir / "postgres", sockets)
        return
    with lock:
        server = Server(Postgres(state_dir / "postgres", sockets, await asyncio.to_thread(choose)))
        await server.start()
        try:
            yield server.url
        finally:
            await server.close()
