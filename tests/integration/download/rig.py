"""The whole way of a download with real parts: swarm, engine, rows, worker; only the library is made up."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from sokoul.app.downloading import ComingFiles
from sokoul.bus.bus import Bus
from sokoul.config.model import Torrent
from sokoul.engines.ffmpeg.pool import WorkerPool
from sokoul.engines.ffmpeg.reader import FfmpegReader
from sokoul.engines.torrent.control import ControlServer
from sokoul.engines.torrent.engine import LibtorrentEngine
from sokoul.engines.torrent.fetch import GuardedFetcher
from sokoul.engines.torrent.relay import Relay
from sokoul.features.download.ports import FinishedDownload
from sokoul.features.download.runner import DownloadRunner
from sokoul.features.download.service import DownloadService
from sokoul.features.download.supervised import Parts, Rules
from sokoul.outbound import OutboundGuard
from sokoul.store.database import Database
from sokoul.store.downloads import DownloadStore
from sokoul.store.outbox import DeadLetters
from sokoul.testing.swarm import Swarm
from sokoul.workers.hunter import DOWNLOAD, Hunter


@dataclass(frozen=True)
class Adopted:
    media_id: uuid.UUID
    files: Mapping[int, uuid.UUID]


@dataclass
class RecordingImporter:
    """A library that lists what it is given under one title."""

    database: Database
    adopted: list[FinishedDownload] = field(default_factory=list)

    async def adopt(self, download: FinishedDownload) -> Adopted:
        self.adopted.append(download)
        for file in download.files:
            assert file.path.stat().st_size == file.size_bytes
        media_id = await self.database.value(
            "INSERT INTO media (media_type, title) VALUES ('unknown', $1) RETURNING id", download.name
        )
        files = {}
        for file in download.files:
            files[file.index] = await self.database.value(
                "INSERT INTO media_files (media_id, path, size_bytes, mtime_ns) VALUES ($1, $2, $3, 0)"
                " ON CONFLICT (path) DO UPDATE SET media_id = excluded.media_id RETURNING id",
                media_id,
                f"/library/{download.id}/{file.index}",
                file.size_bytes,
            )
        return Adopted(media_id, files)


class Rig:
    """One worker and one API on a fresh database, with a swarm to fetch from."""

    def __init__(self, database: Database, bus: Bus, folder: Path, swarm: Swarm, **settings: Any) -> None:
        self.database, self.bus, self.folder, self.swarm = database, bus, folder, swarm
        self.store = DownloadStore(database)
        self.importer = RecordingImporter(database)
        self.config = Torrent.model_validate(
            {
                "listen": "127.0.0.1:0",
                "dht": False,
                "lsd": False,
                "min_free_bytes": 0,
                "directory": folder / "downloads",
                **settings,
            }
        )
        self.guard = OutboundGuard([swarm.allowed])
        self.engine = LibtorrentEngine(self.config, self.guard)
        self.reader = Relay(self.store.get, "secret", self.engine)
        self.ceilings: dict[uuid.UUID, int] = {}
        self._stack = AsyncExitStack()

    async def open(self, *, worker: str = "worker-1", lease: float = 3.0, patience: float = 30.0) -> None:
        """Start the worker, then the service."""
        http = await self._stack.enter_async_context(self.guard.session())
        await self.hire(http, worker, lease, patience)
        self.service = DownloadService(
            self.store,
            self.bus,
            self.reader,
            self.config.directory,
            wake=lambda: None,
            fetcher=GuardedFetcher(self.guard, http),
            ceiling_of=self.ceilings.get,
        )

    async def hire(self, http: ClientSession, worker: str, lease: float, patience: float) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        control = ControlServer(self.engine, secret="secret", socket=self.folder / f"{worker}.sock")
        rules = Rules(
            directory=self.config.directory,
            max_active=self.config.max_active,
            seed_ratio=self.config.seed_ratio,
            seed_time=self.config.seed_time,
            min_free_bytes=self.config.min_free_bytes,
            lease=lease,
            patience=patience,
        )
        pool = WorkerPool(coding=1)
        self._stack.push_async_callback(pool.close)
        prober = ComingFiles(FfmpegReader(pool), control.address, "secret")
        fetcher = GuardedFetcher(self.guard, http)
        parts = Parts(
            self.engine,
            self.store,
            self.importer,
            fetcher,
            self.bus,
            ceiling_of=self.ceilings.get,
            prober=prober,
        )
        runner = DownloadRunner(worker, control.address, parts, rules)
        queue = self.bus.jobs(*DOWNLOAD)
        self.hunter = Hunter(self.engine, control, runner, queue, DeadLetters(self.database), self.bus)
        await self.hunter.start()
        self._stack.push_async_callback(self.hunter.close)

    async def close(self) -> None:
        await self._stack.aclose()

    def on_disk(self) -> list[Path]:
        """Every file of every download, resume data apart."""
        found = self.config.directory.rglob("*") if self.config.directory.exists() else []
        return [path for path in found if path.is_file() and ".sokoul" not in path.parts]


async def gather_chunks(chunks: Any) -> bytes:
    data = bytearray()
    async for chunk in chunks:
        data += chunk
    return bytes(data)


async def settle() -> None:
    """Let what was cancelled end."""
    await asyncio.sleep(0)
