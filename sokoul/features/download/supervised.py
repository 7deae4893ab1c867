"""One download in a worker's hands, from the queue to the end of its seeding; a crash is only a pause."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog

from sokoul import metrics
from sokoul.domain.errors import NotFound, ProviderUnavailable, Refused, SokoulError, Unavailable
from sokoul.domain.payload import is_video, judge_payload
from sokoul.features.download import space
from sokoul.features.download.ceilings import CeilingOf, no_ceiling, within
from sokoul.features.download.first_look import FirstLook
from sokoul.features.download.metainfo import Metainfo, read_magnet, read_torrent
from sokoul.features.download.model import (
    Download,
    Facts,
    FileState,
    SourceKind,
    Status,
    Trouble,
    Via,
    Wanted,
)
from sokoul.features.download.ports import (
    Adopted,
    Engine,
    Fetched,
    FinishedDownload,
    FinishedFile,
    Importer,
    Links,
    LinkSource,
    Live,
    Prober,
    TorrentFetcher,
    TorrentSource,
    WorkerStore,
)
from sokoul.features.download.reporting import Lost, Report
from sokoul.features.download.schedule import NO_LIMITS, Limits, Window

log = structlog.get_logger(__name__)
T = TypeVar("T")

_TICK: Final = 0.2
_WAITS: Final = (1.0, 5.0, 15.0, 30.0, 60.0)
_MOST_NAMES: Final = 20  # of a pack; its files say the same one after another
_BUSY: Final = frozenset({Status.QUEUED, Status.METADATA, Status.CHECKING, Status.DOWNLOADING})


@dataclass(frozen=True, slots=True)
class Rules:
    """How a worker treats downloads, in bytes and seconds; seeding ends by ratio or by time.

    Of which nobody told within `patience` what is in it, that keeps asking, but gives its place to the next.
    """

    directory: Path
    max_active: int = 3
    seed_ratio: float = 1.0
    seed_time: float = 86_400
    min_free_bytes: int = 0
    lease: float = 10.0
    patience: float = 30.0
    limits: Limits = NO_LIMITS
    schedule: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """What a worker works with."""

    engine: Engine
    store: WorkerStore
    importer: Importer
    fetcher: TorrentFetcher
    live: Live
    links: Links | None = None
    ceiling_of: CeilingOf = no_ceiling
    prober: Prober | None = None


class Cancelled(Exception):
    """The owner does not want it any more."""


class Supervised:
    """Takes one download through all its states."""

    def __init__(self, download: Download, worker: str, parts: Parts, rules: Rules) -> None:
        self._report = Report(download, worker, parts.engine, parts.store, parts.live)
        self._worker, self._parts, self._rules = worker, parts, rules
        self._changed = asyncio.Event()
        self._report.look = FirstLook(download.id, parts.prober, self._changed)
        self._lost = False
        self._waits_for_space = False
        self._space_seen = 0.0
        self._begun = False
        self._taken = time.monotonic()

    # Between it and the runner

    @property
    def download(self) -> Download:
        """The row as last read or written."""
        return self._report.download

    @property
    def takes_room(self) -> bool:
        """Whether it counts among the active ones."""
        row = self.download
        if row.status is Status.METADATA and time.monotonic() - self._taken > self._rules.patience:
            return False
        return row.status in _BUSY and not self._waits_for_space and row.imported_at is None

    def renewed(self, row: Download | None) -> None:
        """The row as it is now; None when the lease was lost."""
        known = self.download
        if row is None:
            self._lost = True
        elif (row.wanted_state, row.delete_files) != (known.wanted_state, known.delete_files):
            self._report.owner_wrote(row)
        else:
            return
        self._changed.set()

    # The way of a download

    async def run(self) -> None:
        """From wherever it stands to its end; leaves the engine as it should be."""
        structlog.contextvars.bind_contextvars(trail_id=self.download.trail_id)
        try:
            await self._to_its_end()
        finally:
            if self._report.look is not None:
                await self._report.look.close()

    async def _to_its_end(self) -> None:
        engine, key = self._parts.engine, self.download.id
        try:
            await self._whole_way()
        except Cancelled:
            await engine.remove(key, delete_files=self.download.delete_files)
            await self._parts.store.let_go(self._worker, key)
        except Lost:
            log.warning("another worker has the download now", download=str(key))
            await engine.remove(key, delete_files=False)
        except Refused as refusal:
            await engine.remove(key, delete_files=not self._begun)
            await self._fail(refusal.code, str(refusal))

    async def _whole_way(self) -> None:
        await self._obey()
        await self._report.write(
            Status.METADATA if self.download.imported_at is None else self.download.status
        )
        try:
            await self._bring_in()
        except (Refused, ProviderUnavailable, NotFound) as err:
            if self.download.via is Via.LINK and not isinstance(err, Refused):
                raise Refused("unreachable", f"the file could not be fetched: {err}") from err
            if self.download.via is not Via.DEBRID or self.download.imported_at is not None:
                raise
            await self._fall_back(err)
            await self._bring_in()
        await self._import()
        await self._seed()

    async def _bring_in(self) -> None:
        await self._add(await self._source())
        try:
            meta, torrent = await self._during(self._parts.engine.metadata(self.download.id))
        except Refused as refusal:
            if refusal.code != "torrent_file":
                raise
            # The address of a file turned out to be that of a torrent.
            await self._parts.engine.remove(self.download.id, delete_files=True)
            await self._use_swarm()
            await self._add(await self._fetched())
            meta, torrent = await self._during(self._parts.engine.metadata(self.download.id))
        await self._accept(meta, torrent)
        await self._fetch()

    async def _fall_back(self, err: SokoulError) -> None:
        """The debrid service does not give it: from now on it comes from its swarm."""
        log.warning("a debrid service gives way to the swarm", download=str(self.download.id), error=str(err))
        await self._alert(Trouble("debrid_failed", str(err)))
        await self._parts.engine.remove(self.download.id, delete_files=True)
        await self._use_swarm()

    async def _use_swarm(self) -> None:
        saved = await self._parts.store.fall_back(self._worker, self.download)
        if saved is None:
            raise Lost
        self._begun = False
        self._report.download = saved

    async def _source(self) -> TorrentSource | LinkSource:
        if self.download.via is not Via.TORRENT:
            if self._parts.links is None:
                raise Refused("no_source", "this worker fetches nothing but torrents")
            return await self._during(self._parts.links.source(self.download))
        known = await self._parts.store.torrent(self.download.id)
        magnet = (self.download.source or "").startswith("magnet:")
        if known is not None or magnet:
            return TorrentSource(torrent=known, magnet=self.download.source if magnet else None)
        if self.download.source_kind not in {SourceKind.TORRENT_URL, SourceKind.URL}:
            raise Refused("no_source", "it is not known where this download comes from")
        return await self._fetched()

    async def _fetched(self) -> TorrentSource:
        """Fetch the .torrent file that an address names, or the magnet link that it leads to."""
        found = await self._during(self._persist(self.download.source or ""))
        if found.magnet is not None:
            magnet = read_magnet(found.magnet)
            await self._keep_source(magnet=found.magnet, info_hash=magnet.info_hash)
            return TorrentSource(magnet=found.magnet)
        torrent = found.torrent or b""
        meta = await asyncio.to_thread(read_torrent, torrent)
        await self._keep_source(torrent=torrent, info_hash=meta.info_hash)
        return TorrentSource(torrent=torrent)

    async def _keep_source(self, **found: Any) -> None:
        if not await self._parts.store.set_source(self._worker, self.download.id, **found):
            raise Refused("duplicate", "this torrent is being downloaded already")

    async def _persist(self, url: str) -> Fetched:
        """Try again when the address does not answer; the last failure stands."""
        waits = iter(_WAITS[:3])
        while True:
            try:
                return await self._parts.fetcher.fetch(url)
            except Unavailable as err:
                wait = next(waits, None)
                if wait is None:
                    raise Refused("unreachable", f"the torrent file could not be fetched: {err}") from err
                log.info("the torrent file could not be fetched, trying again", error=str(err), wait=wait)
                await asyncio.sleep(wait)

    async def _add(self, source: TorrentSource | LinkSource) -> None:
        """Hand it to the engine; while the same torrent is still being tidied away there, wait."""
        for attempt in range(100):
            try:
                await self._parts.engine.add(self.download.id, source)
                return
            except Refused:
                raise
            except SokoulError as err:
                log.info("the engine cannot take the torrent yet", error=str(err), attempt=attempt)
            await self._during(asyncio.sleep(0.2))
        raise Refused("engine", "the torrent engine does not take this torrent")

    async def _accept(self, meta: Metainfo, torrent: bytes) -> None:
        """Judge the file list before a byte of content is asked for, then write down what is in it."""
        if self.download.files and self._as_before(meta):
            return  # that was done before a restart
        refusals = judge_payload([file.payload for file in meta.content], name=meta.name)
        if refusals:
            raise Refused(refusals[0].code, "; ".join(refusal.message for refusal in refusals[:5]))
        if (owner := self.download.wanted_by) is not None:
            videos = [file.path for file in meta.content if is_video(file.path)]
            within(
                self._parts.ceiling_of(owner),
                [meta.name, *(path.rpartition("/")[2] for path in videos[:_MOST_NAMES])],
            )
        wanted = self.download.wanted_files
        if wanted is not None and not set(wanted) <= {file.index for file in meta.content}:
            raise Refused("no_such_file", "the torrent has no file of that number")
        files = tuple(
            FileState(file.index, file.path, file.size_bytes, wanted=wanted is None or file.index in wanted)
            for file in meta.content
        )
        total = sum(file.size_bytes for file in files if file.wanted)
        facts = Facts(meta.name, meta.info_hash or None, torrent or None, total, files)
        saved = await self._parts.store.set_facts(self._worker, self.download, facts)
        if saved is None:
            raise Refused("duplicate", "this torrent is being downloaded already")
        self._report.download = saved

    def _as_before(self, meta: Metainfo) -> bool:
        if meta.info_hash:
            return self.download.info_hash == meta.info_hash
        known = [(file.path, file.size_bytes) for file in self.download.files]
        return known == [(file.path, file.size_bytes) for file in meta.content]

    async def _fetch(self) -> None:
        imported = self.download.imported_at is not None
        if not imported:
            await self._wait_for_space()
            await self._report.write(Status.CHECKING)
        started = time.monotonic()
        self._begun = True
        engine, row = self._parts.engine, self.download
        await self._during(engine.begin(row.id, row.wanted_files, sequential=row.sequential))
        if not imported:
            await self._report.write(Status.DOWNLOADING)
            await self._during(engine.finished(row.id), downloading=True)
            # How long a stream is, is known when all of it is here.
            await self._accept(*await engine.metadata(row.id))
            metrics.DOWNLOAD_DURATION.observe(time.monotonic() - started)

    async def _import(self) -> None:
        if self.download.imported_at is not None:
            return
        await self._report.write(Status.IMPORTING)
        adopted = await self._during(self._adopt(movable=False))
        saved = await self._parts.store.imported(self._worker, self.download, adopted.media_id, adopted.files)
        if saved is None:
            raise Lost
        self._report.download = saved

    async def _adopt(self, *, movable: bool) -> Adopted:
        finished = self._finished(movable=movable)
        waits = iter(_WAITS)
        while True:
            try:
                return await self._parts.importer.adopt(finished)
            except Unavailable as err:
                log.warning("the import has to wait", download=str(finished.id), error=str(err))
                await asyncio.sleep(next(waits, _WAITS[-1]))

    def _finished(self, *, movable: bool) -> FinishedDownload:
        row, engine = self.download, self._parts.engine
        return FinishedDownload(
            id=row.id,
            name=row.name,
            files=tuple(
                FinishedFile(file.index, engine.path(row.id, file.index), file.path, file.size_bytes)
                for file in row.files
                if file.wanted
            ),
            trail_id=row.trail_id,
            media_id=row.media_id,
            work=row.work,
            movable=movable,
        )

    async def _seed(self) -> None:
        self._report.seeds()
        shared = self.download.via is Via.TORRENT
        if shared:
            await self._report.write(Status.SEEDING)
        while shared and not self._seeded_enough():
            left = self._rules.seed_time - self._report.seeded()
            await self._during(asyncio.sleep(min(max(left, 0.05), _TICK)))
        # Nobody needs the original any more; an import that moves may take it away now.
        await self._during(self._adopt(movable=True))
        await self._parts.engine.remove(self.download.id, delete_files=False)
        await self._report.write(Status.COMPLETED)
        await self._parts.store.let_go(self._worker, self.download.id)

    def _seeded_enough(self) -> bool:
        ratio = self.download.uploaded_bytes / max(self.download.total_bytes, 1)
        return ratio >= self._rules.seed_ratio or self._report.seeded() >= self._rules.seed_time

    # Waiting, with an eye on the owner, the disk and the clock

    async def _during(self, work: Awaitable[T], *, downloading: bool = False) -> T:
        """Await `work`, reporting once a second; Cancelled and Lost end it, a pause only lengthens it."""
        task = asyncio.ensure_future(work)
        task.add_done_callback(lambda _: self._changed.set())
        try:
            while True:
                self._changed.clear()
                await self._obey()
                if not task.done():
                    await self._change(within=_TICK)
                if task.done():
                    return task.result()
                if downloading:
                    await self._mind_space()
                await self._report.again()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait([task])

    async def _change(self, *, within: float) -> None:
        """Wait for a change, at most so many seconds."""
        try:
            async with asyncio.timeout(within):
                await self._changed.wait()
        except TimeoutError:
            return

    async def _obey(self) -> None:
        """Do what the owner wants; returns when it is to run."""
        paused = False
        while not self._wants_to_run():
            if not paused:
                paused = True
                await self._tell_engine(running=False)
                await self._report.write(Status.PAUSED)
            self._changed.clear()
            if not self._wants_to_run():
                await self._changed.wait()
        if paused:
            await self._tell_engine(running=True)
            await self._report.again()

    def _wants_to_run(self) -> bool:
        if self._lost:
            raise Lost
        if self.download.wanted_state is Wanted.CANCEL:
            raise Cancelled
        return self.download.wanted_state is Wanted.RUN

    async def _tell_engine(self, *, running: bool) -> None:
        engine, key = self._parts.engine, self.download.id
        try:
            await (engine.resume(key) if running else engine.pause(key))
        except NotFound:
            return  # it was not handed to the engine yet

    async def _wait_for_space(self) -> None:
        """Before anything is written: wait until all of it fits."""
        if missing := await self._missing():
            await self._out_of_space(missing)

    async def _mind_space(self) -> None:
        """While it comes in: stop before the disk is full, or when it was."""
        if time.monotonic() - self._space_seen < 1.0:
            return
        self._space_seen = time.monotonic()
        short = await asyncio.to_thread(space.is_short, self._rules.directory, self._rules.min_free_bytes)
        if short or self._parts.engine.status(self.download.id).no_space:
            await self._tell_engine(running=False)
            await self._out_of_space(max(await self._missing(), 1))
            await self._tell_engine(running=True)

    async def _missing(self) -> int:
        remaining = self.download.total_bytes - self.download.done_bytes
        keep = self._rules.min_free_bytes
        return await asyncio.to_thread(space.missing_bytes, self._rules.directory, remaining, keep)

    async def _out_of_space(self, missing: int) -> None:
        """Paused until there is room; others go on meanwhile."""
        self._waits_for_space = True
        log.warning("a download waits for space", download=str(self.download.id), missing=missing)
        await self._alert(space.no_space(missing))
        try:
            while missing:
                await self._report.write(Status.PAUSED, space.no_space(missing))
                self._changed.clear()
                await self._change(within=1.0)
                await self._obey()
                missing = await self._missing()
        finally:
            self._waits_for_space = False
        await self._report.again()

    async def _alert(self, trouble: Trouble) -> None:
        told = {"code": trouble.code, "message": trouble.message, "name": self.download.name}
        await self._parts.live.tell("alerts", "alert", {**told, "download_id": str(self.download.id)})

    async def _fail(self, code: str, message: str) -> None:
        log.warning("a download failed", download=str(self.download.id), code=code, reason=message)
        try:
            await self._report.write(Status.FAILED, Trouble(code, message))
        except Lost:
            return
        await self._parts.store.let_go(self._worker, self.download.id)
