"""The parts of downloading: the service of the API, and the hunter with its engine and its door for bytes."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sokoul.app.foundation import Foundation
from sokoul.app.library import Library
from sokoul.domain.errors import Unavailable
from sokoul.engines.torrent.control import ControlServer
from sokoul.engines.torrent.engine import LibtorrentEngine
from sokoul.engines.torrent.fetch import GuardedFetcher
from sokoul.engines.torrent.relay import Relay
from sokoul.features.download.runner import DownloadRunner
from sokoul.features.download.service import SIGNAL, DownloadService
from sokoul.features.download.supervised import Parts, Rules
from sokoul.features.health.service import Check
from sokoul.store.downloads import DownloadStore


@dataclass(frozen=True)
class Downloading:
    """The service, and what this process needs to do the work itself where it runs the role `hunter`."""

    service: DownloadService
    store: DownloadStore
    secret: str
    engine: LibtorrentEngine | None


async def build(base: Foundation) -> Downloading:
    """The download service of this process; the engine is not started yet."""
    store = DownloadStore(base.database)
    secret = await store.secret("control", secrets.token_urlsafe(32))
    engine = LibtorrentEngine(base.config.torrent, base.guard) if base.has("hunter") else None
    service = DownloadService(
        store,
        base.bus,
        Relay(store.get, secret, engine),
        base.config.torrent.directory,
        most_per_user=base.config.limits.downloads,
        wake=base.outbox.wake,
    )
    return Downloading(service, store, secret, engine)


async def hunt(base: Foundation, downloading: Downloading, library: Library, stack: AsyncExitStack) -> None:
    """Take downloads until the stack closes; then the work ends first, and the engine saves."""
    config, engine = base.config.torrent, downloading.engine
    assert engine is not None
    control = ControlServer(
        engine,
        secret=downloading.secret,
        socket=base.config.state_dir / "hunter.sock",
        host_port=config.control,
    )
    fetcher = GuardedFetcher(base.guard, base.http)
    parts = Parts(engine, downloading.store, library.service, fetcher, base.bus)
    rules = Rules(
        config.directory, config.max_active, config.seed_ratio, float(config.seed_time), config.min_free_bytes
    )
    runner = DownloadRunner(_worker_id(base.config.state_dir), control.address, parts, rules)
    stack.push_async_callback(runner.release)
    await engine.start()
    stack.push_async_callback(engine.close)
    await control.start()
    stack.push_async_callback(control.close)
    stack.push_async_callback(runner.stop)

    async def wake(_data: Mapping[str, Any]) -> None:
        runner.wake()

    await base.bus.on_signal(SIGNAL, wake)
    base.tasks.supervise("downloads", runner.run, longest_wait=2)


def checks(base: Foundation, downloading: Downloading) -> dict[str, Check]:
    """How the engine is, where it runs here."""
    engine = downloading.engine

    async def torrent() -> None:
        if engine is not None and not engine.device_up:
            raise Unavailable(f"The device {base.config.torrent.interface} is down; nothing is fetched")

    return {"torrent": torrent} if engine is not None else {}


def _worker_id(state_dir: Path) -> str:
    """The same after a restart, so that a hunter takes its own downloads up again at once."""
    file = state_dir / "hunter-id"
    try:
        return str(uuid.UUID(file.read_text(encoding="ascii").strip()))
    except (FileNotFoundError, ValueError):
        made = str(uuid.uuid4())
        file.write_text(made + "\n", encoding="ascii")
        return made
