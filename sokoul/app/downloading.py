"""The parts of downloading: the service, the hunter with its torrent engine, and what playback sees of it."""

from __future__ import annotations

import asyncio
import secrets
import uuid
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import time
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from sokoul.app.foundation import Foundation, strangers
from sokoul.app.linking import LinksOf, ReadyTorrents
from sokoul.domain.errors import Unavailable
from sokoul.domain.media import MediaType
from sokoul.domain.mediafacts import LocalFile, MediaFacts, RangedHttp
from sokoul.engines.both import Engines
from sokoul.engines.embedded.folders import sockets
from sokoul.engines.ffmpeg.reader import FfmpegReader
from sokoul.engines.links.engine import LinkEngine
from sokoul.engines.torrent.control import SECRET_HEADER, ControlServer
from sokoul.engines.torrent.engine import LibtorrentEngine
from sokoul.engines.torrent.fetch import GuardedFetcher
from sokoul.engines.torrent.relay import Relay
from sokoul.features.debrid.service import DebridService
from sokoul.features.download.ceilings import CeilingOf
from sokoul.features.download.model import FileState
from sokoul.features.download.ports import Importer
from sokoul.features.download.runner import DownloadRunner
from sokoul.features.download.schedule import Limits, Window
from sokoul.features.download.service import DownloadService, Streamed
from sokoul.features.download.supervised import Parts, Rules
from sokoul.features.health.service import Check
from sokoul.features.library.adopt import read_work
from sokoul.features.playback.ports import DownloadFile
from sokoul.store.downloads import DownloadStore
from sokoul.store.media import MediaShelf
from sokoul.store.outbox import DeadLetters
from sokoul.workers.hunter import DOWNLOAD, Hunter

SECRET = "torrent.control"  # noqa: S105 - the name under which it lies in the table


@dataclass(frozen=True)
class Downloading:
    """The service, and what playback sees of the downloads."""

    service: DownloadService
    playable: PlayableDownloads
    engine: Engines | None
    torrents: LibtorrentEngine | None


async def build(
    base: Foundation, debrid: DebridService, ceiling_of: CeilingOf, stack: AsyncExitStack
) -> Downloading:
    """The parts of this process; with the role `hunter` its engine is at hand, not started yet."""
    config, store = base.config, DownloadStore(base.database)
    secret = await store.secret(SECRET, secrets.token_urlsafe(32))
    torrents = LibtorrentEngine(config.torrent, base.guard) if base.has("hunter") else None
    engine = None
    if torrents is not None:
        engine = Engines(torrents, LinkEngine(config.torrent.directory, strangers(base, stack)))
    service = DownloadService(
        store,
        base.bus,
        Relay(store.get, secret, engine),
        config.torrent.directory,
        most_per_user=config.limits.downloads,
        wake=base.outbox.wake,
        title_of=partial(film_of, MediaShelf(base.database)),
        fetcher=GuardedFetcher(base.guard, base.http),
        ready=ReadyTorrents(debrid),
        ceiling_of=ceiling_of,
    )
    return Downloading(service, PlayableDownloads(service, secret), engine, torrents)


async def film_of(shelf: MediaShelf, stored: Mapping[str, Any]) -> uuid.UUID | None:
    """The title of a film as a search stored it; a series has one for each episode, known at the import."""
    work = read_work(stored)
    return await shelf.ensure_title(work) if work is not None and work.media_type is MediaType.MOVIE else None


async def hunt(
    base: Foundation,
    engine: Engines,
    importer: Importer,
    debrid: DebridService,
    ceiling_of: CeilingOf,
    reader: FfmpegReader,
    stack: AsyncExitStack,
) -> None:
    """Start the hunter; it is closed with the stack."""
    config, store = base.config, DownloadStore(base.database)
    torrent = config.torrent
    secret = await store.secret(SECRET, secrets.token_urlsafe(32))
    # A state folder with a long path has a short one elsewhere for its sockets.
    socket = sockets(config.state_dir) / "hunter.sock"
    control = ControlServer(engine, secret=secret, socket=socket, host_port=torrent.control)
    rules = Rules(
        directory=torrent.directory,
        max_active=torrent.max_active,
        seed_ratio=torrent.seed_ratio,
        seed_time=torrent.seed_time,
        min_free_bytes=torrent.min_free_bytes,
        limits=Limits(torrent.download_limit, torrent.upload_limit),
        schedule=tuple(
            Window(
                time.fromisoformat(one.start),
                time.fromisoformat(one.end),
                Limits(one.download_limit, one.upload_limit),
            )
            for one in torrent.schedule
        ),
    )
    fetcher = GuardedFetcher(base.guard, base.http)
    name = await asyncio.to_thread(worker_name, config.state_dir)
    links = LinksOf(debrid, strangers(base, stack))
    prober = ComingFiles(reader, control.address, secret)
    parts = Parts(engine, store, importer, fetcher, base.bus, links, ceiling_of, prober)
    runner = DownloadRunner(name, control.address, parts, rules)
    hunter = Hunter(engine, control, runner, base.bus.jobs(*DOWNLOAD), DeadLetters(base.database), base.bus)
    stack.push_async_callback(hunter.close)
    await hunter.start()


def checks(base: Foundation, downloads: Downloading) -> dict[str, Check]:
    """How the engine is, where it runs here."""
    engine = downloads.torrents

    async def torrent() -> None:
        if engine is not None and not engine.device_up:
            raise Unavailable(f"The device {base.config.torrent.interface} is down; nothing is fetched")

    return {"torrent": torrent} if engine is not None else {}


def worker_name(state_dir: Path) -> str:
    """This state folder's own name: after a restart the worker takes its downloads back at once. Blocks."""
    place = state_dir / "worker"
    try:
        name = place.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        name = ""
    if not name:
        name = f"hunter-{uuid.uuid4().hex[:12]}"
        place.write_text(name, encoding="ascii")
    return name


class PlayableDownloads:
    """What playback wants of downloads: where the bytes of a file are."""

    def __init__(self, service: DownloadService, secret: str) -> None:
        self._service, self._secret = service, secret

    async def file(self, download_id: uuid.UUID, index: int | None, *, user_id: uuid.UUID) -> DownloadFile:
        """One file, by default the film itself; raises NotFound."""
        return self._seen(await self._service.main_file(download_id, index, user_id=user_id))

    async def of_media(self, media_id: uuid.UUID, *, user_id: uuid.UUID) -> Sequence[DownloadFile]:
        """Playable files of running downloads of this title."""
        return [self._seen(one) for one in await self._service.playable_of(media_id, user_id=user_id)]

    def _seen(self, streamed: Streamed) -> DownloadFile:
        download, file = streamed.download, streamed.file
        return DownloadFile(
            download_id=download.id,
            index=file.index,
            name=PurePosixPath(file.path).name,
            size_bytes=file.size_bytes,
            source=LocalFile(streamed.path) if streamed.path else self._ranges(streamed),
            complete=streamed.path is not None,
        )

    def _ranges(self, streamed: Streamed) -> RangedHttp:
        download = streamed.download
        return ranges(download.control or "", self._secret, download.id, streamed.file)


class ComingFiles:
    """Looks into files that the hunter of this process fetches, by way of its own door."""

    def __init__(self, reader: FfmpegReader, control: str, secret: str) -> None:
        self._reader, self._control, self._secret = reader, control, secret

    async def look(self, download_id: uuid.UUID, file: FileState) -> MediaFacts:
        """Raises `Refused` where it is no film and `Unavailable` without workers."""
        return await self._reader.facts(ranges(self._control, self._secret, download_id, file))


def ranges(control: str, secret: str, download_id: uuid.UUID, file: FileState) -> RangedHttp:
    """Where the hunter behind `control` hands out the bytes of a file."""
    target = f"/downloads/{download_id}/files/{file.index}"
    unix = control.removeprefix("unix:")
    headers = ((SECRET_HEADER, secret),)
    if unix != control:
        return RangedHttp(target, file.size_bytes, socket=Path(unix), headers=headers)
    host, _, port = control.removeprefix("http://").rpartition(":")
    return RangedHttp(
        target, file.size_bytes, host=host.strip("[]") or None, port=int(port or 0), headers=headers
    )
