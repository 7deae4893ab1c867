"""One download in a worker's hands, from the queue to the end of its seeding; a crash anywhere is only a pause."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Coroutine
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog

from sokoul import metrics
from sokoul.domain.errors import NotFound, Refused, SokoulError, Unavailable
from sokoul.domain.payload import judge_payload
from sokoul.features.download import space
from sokoul.features.download.document import document
from sokoul.features.download.metainfo import Metainfo, read_magnet, read_torrent
from sokoul.features.download.model import (
    Change,
    Download,
    Facts,
    FileState,
    Progress,
    SourceKind,
    Status,
    Trouble,
    Wanted,
)
from sokoul.features.download.ports import (
    Adopted,
    FinishedDownload,
    FinishedFile,
    Importer,
    Live,
    TorrentEngine,
    TorrentFetcher,
    TorrentSource,
    TorrentStatus,
    WorkerStore,
)

log = structlog.get_logger(__name__)
T = TypeVar("T")

_TICK: Final = 1.0
_USUAL_LENGTH: Final = 5400.0
_RETRIES: Final = (1.0, 5.0, 15.0, 30.0, 60.0)


@dataclass(frozen=True, slots=True)
class Rules:
    """How a worker treats downloads; bytes and seconds, a ratio or time that is reached ends the seeding."""

    directory: Path
    max_active: int = 3
    seed_ratio: float = 1.0
    seed_time: float = 86_400
    min_free_bytes: int = 0
    lease: float = 10.0


@dataclass(frozen=True, slots=True)
class Parts:
    """What a worker works with."""

    engine: TorrentEngine
    store: WorkerStore
    importer: Importer
    fetcher: TorrentFetcher
    live: Live


class Cancelled(Exception):
    """The owner does not want it any more."""


class Lost(Exception):
    """Another worker holds the lease now."""


class Supervised:
    """Takes one download through all its states."""

    def __init__(self, download: Download, worker: str, parts: Parts, rules: Rules) -> None:
        self.download = download
        self._worker, self._parts, self._rules = worker, parts, rules
        self._changed = asyncio.Event()
        self._lost = False
        self._waits_for_space = False
        self._said: tuple[Any, ...] = ()
        self._meta: Metainfo | None = None
        self._seeded_before = download.seeded_seconds
        self._uploaded_before = download.uploaded_bytes

    # Told by the runner

    @property
    def takes_room(self) -> bool:
        """Whether it counts among the active ones."""
        busy = self.download.status in {Status.QUEUED, Status.METADATA, Status.CHECKING, Status.DOWNLOADING}
        return busy and not self._waits_for_space and self.download.imported_at is None

    def renewed(self, row: Download | None) -> None:
        """The row as it is now; None when the lease was lost."""
        if row is None:
            self._lost = True
        elif (
            row.wanted_state is not self.download.wanted_state
            or row.delete_files != self.download.delete_files
        ):
            self.download = replace(
                self.download,
                wanted_state=row.wanted_state,
                delete_files=row.delete_files,
                status=row.status,
                trouble=row.trouble,
            )
        else:
            return
        self._changed.set()

    # The way of a download

    async def run(self) -> None:
        """From wherever it stands to its end; leaves the engine as it should be."""
        structlog.contextvars.bind_contextvars(trail_id=self.download.trail_id)
        engine, key = self._parts.engine, self.download.id
        try:
            await self._whole_way()
        except Cancelled:
            await engine.remove(key, delete_files=self.download.delete_files or self._was_unfinished())
            await self._parts.store.release(self._worker, [key])
        except Lost:
            log.warning("another worker has the download now", download=str(key))
            await engine.remove(key, delete_files=False)
        except Refused as refusal:
            await engine.remove(key, delete_files=True)
            await self._fail(refusal.code, str(refusal))

    async def _whole_way(self) -> None:
        await self._obey()
        source = await self._source()
        await self._report(Status.METADATA if self.download.imported_at is None else self.download.status)
        await self._add(source)
        meta, torrent = await self._during(self._parts.engine.metadata(self.download.id))
        await self._accept(meta, torrent)
        await self._fetch()
        await self._import()
        await self._seed()

    async def _source(self) -> TorrentSource:
        known = await self._parts.store.torrent(self.download.id)
        if known is not None:
            return TorrentSource(torrent=known)
        if self.download.source_kind is SourceKind.MAGNET:
            return TorrentSource(magnet=self.download.source)
        return await self._fetched()

    async def _fetched(self) -> TorrentSource:
        """Fetch the .torrent file that an address names, or the magnet link that it leads to."""
        found = await self._during(
            self._persist(lambda: self._parts.fetcher.fetch(self.download.source or ""))
        )
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

    async def _persist(self, attempt: Any) -> Any:
        """Try again when the source does not answer; the last failure stands."""
        for wait in _RETRIES[:3]:
            try:
                return await attempt()
            except Unavailable as err:
                log.info("the torrent file could not be fetched, trying again", error=str(err), wait=wait)
                await asyncio.sleep(wait)
        try:
            return await attempt()
        except Unavailable as err:
            raise Refused("unreachable", f"the torrent file could not be fetched: {err}") from err

    async def _add(self, source: TorrentSource) -> None:
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
        self._meta = meta
        refusals = judge_payload([file.payload for file in meta.content], name=meta.name)
        if refusals:
            raise Refused(refusals[0].code, "; ".join(refusal.message for refusal in refusals[:5]))
        wanted = self.download.wanted_files
        known = {file.index for file in meta.content}
        if wanted is not None and not set(wanted) <= known:
            raise Refused("no_such_file", "the torrent has no file of that number")
        if self.download.files and self.download.info_hash == meta.info_hash:
            return
        files = tuple(
            FileState(file.index, file.path, file.size_bytes, wanted=wanted is None or file.index in wanted)
            for file in meta.content
        )
        total = sum(file.size_bytes for file in files if file.wanted)
        facts = Facts(meta.name, meta.info_hash, torrent, total, files)
        saved = await self._parts.store.set_facts(self._worker, self.download, facts)
        if saved is None:
            raise Refused("duplicate", "this torrent is being downloaded already")
        self.download = saved

    async def _fetch(self) -> None:
        if self.download.imported_at is None:
            await self._wait_for_space()
            await self._report(Status.CHECKING)
        started = time.monotonic()
        wanted = self.download.wanted_files
        engine, key = self._parts.engine, self.download.id
        await self._during(engine.begin(key, wanted, sequential=self.download.sequential))
        if self.download.imported_at is None:
            await self._report(Status.DOWNLOADING)
            await self._during(engine.finished(key), downloading=True)
            metrics.DOWNLOAD_DURATION.observe(time.monotonic() - started)

    async def _import(self) -> None:
        if self.download.imported_at is not None:
            return
        await self._report(Status.IMPORTING)
        adopted = await self._during(self._adopt(movable=False))
        saved = await self._parts.store.imported(self._worker, self.download, adopted.media_id, adopted.files)
        if saved is None:
            raise Lost
        self.download = saved

    async def _adopt(self, *, movable: bool) -> Adopted:
        engine, key = self._parts.engine, self.download.id
        assert self._meta is not None
        chosen = {file.index for file in self.download.files if file.wanted}
        files = tuple(
            FinishedFile(file.index, engine.path(key, file.index), file.path, file.size_bytes)
            for file in self._meta.content
            if file.index in chosen
        )
        finished = FinishedDownload(
            id=key,
            name=self.download.name,
            files=files,
            trail_id=self.download.trail_id,
            media_id=self.download.media_id,
            work=self.download.work,
            movable=movable,
        )
        wait = iter(_RETRIES)
        while True:
            try:
                return await self._parts.importer.adopt(finished)
            except Unavailable as err:
                log.warning("the import has to wait", download=str(key), error=str(err))
                await self._report(Status.IMPORTING, Trouble("import_waits", str(err)))
                await asyncio.sleep(next(wait, _RETRIES[-1]))

    async def _seed(self) -> None:
        await self._report(Status.SEEDING)
        while not self._seeded_enough():
            await self._during(asyncio.sleep(self._until_seeded()))
        await self._during(self._adopt(movable=True))
        await self._parts.engine.remove(self.download.id, delete_files=False)
        await self._report(Status.COMPLETED)
        await self._parts.store.release(self._worker, [self.download.id])

    def _seeded_enough(self) -> bool:
        ratio = self.download.uploaded_bytes / max(self.download.total_bytes, 1)
        return ratio >= self._rules.seed_ratio or self._seeded() >= self._rules.seed_time

    def _until_seeded(self) -> float:
        return min(max(self._rules.seed_time - self._seeded(), 0.05), _TICK)

    def _seeded(self) -> int:
        return self._status().seeding_seconds

    # Waiting, with an eye on the owner, the disk and the clock

    async def _during(self, work: Awaitable[T], *, downloading: bool = False) -> T:
        """Await `work`, reporting once a second; Cancelled and Lost end it, a pause only lengthens it."""
        task = asyncio.ensure_future(work)
        try:
            while True:
                self._changed.clear()
                await self._obey()
                waiting: set[asyncio.Future[Any]] = {task, asyncio.ensure_future(self._changed.wait())}
                done, rest = await asyncio.wait(waiting, timeout=_TICK, return_when=asyncio.FIRST_COMPLETED)
                for other in rest - {task}:
                    other.cancel()
                if task in done:
                    return await task
                if downloading:
                    await self._mind_space()
                await self._report(self.download.status)
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait([task])

    async def _obey(self) -> None:
        """Do what the owner wants; returns when it is to run."""
        if self._lost:
            raise Lost
        if self.download.wanted_state is Wanted.CANCEL:
            raise Cancelled
        if self.download.wanted_state is not Wanted.PAUSE:
            return
        await self._engine("pause")
        await self._report(Status.PAUSED)
        while self.download.wanted_state is Wanted.PAUSE and not self._lost:
            self._changed.clear()
            await self._changed.wait()
        await self._obey()
        await self._engine("resume")

    async def _engine(self, call: str) -> None:
        work: Coroutine[Any, Any, None] = getattr(self._parts.engine, call)(self.download.id)
        try:
            await work
        except NotFound:
            return  # it was not handed to the engine yet

    async def _wait_for_space(self) -> None:
        """Before anything is written: wait until all of it fits."""
        remaining = self.download.total_bytes - self.download.done_bytes
        missing = await self._missing(remaining)
        if missing:
            await self._out_of_space(missing)

    async def _mind_space(self) -> None:
        """While it comes in: stop before the disk is full, or when it was."""
        short = await asyncio.to_thread(space.is_short, self._rules.directory, self._rules.min_free_bytes)
        if short or self._status().no_space:
            remaining = self.download.total_bytes - self.download.done_bytes
            await self._engine("pause")
            await self._out_of_space(max(await self._missing(remaining), 1))
            await self._engine("resume")

    async def _missing(self, remaining: int) -> int:
        keep = self._rules.min_free_bytes
        return await asyncio.to_thread(space.missing_bytes, self._rules.directory, remaining, keep)

    async def _out_of_space(self, missing: int) -> None:
        self._waits_for_space = True
        trouble = space.no_space(missing)
        log.warning("a download waits for space", download=str(self.download.id), missing=missing)
        await self._tell_alert(trouble)
        before = self.download.status
        try:
            while missing:
                await self._report(Status.PAUSED, space.no_space(missing))
                self._changed.clear()
                try:
                    await asyncio.wait_for(self._changed.wait(), _TICK)
                except TimeoutError:
                    pass
                await self._obey()
                missing = await self._missing(self.download.total_bytes - self.download.done_bytes)
        finally:
            self._waits_for_space = False
        await self._report(before if before is not Status.PAUSED else Status.DOWNLOADING)

    async def _tell_alert(self, trouble: Trouble) -> None:
        told = {"code": trouble.code, "message": trouble.message, "download_id": str(self.download.id)}
        await self._parts.live.tell("alerts", "alert", {**told, "name": self.download.name})

    # Telling

    def _status(self) -> TorrentStatus:
        return self._parts.engine.status(self.download.id)

    async def _fail(self, code: str, message: str) -> None:
        log.warning("download failed", download=str(self.download.id), code=code, reason=message)
        await self._report(Status.FAILED, Trouble(code, message))
        await self._parts.store.release(self._worker, [self.download.id])

    async def _report(self, status: Status, trouble: Trouble | None = None) -> None:
        """Write and tell where it stands, unless that was said already."""
        change, files = self._change(status, trouble)
        said = (change, tuple((file.index, file.done_bytes, file.playable) for file in files))
        if said == self._said:
            return
        before = self.download.status
        saved = await self._parts.store.save(self._worker, self.download, change, files)
        if saved is None:
            raise Lost
        self.download, self._said = saved, said
        if before is not saved.status:
            log.info("download", download=str(saved.id), status=saved.status.value)
        owner = str(saved.wanted_by) if saved.wanted_by else None
        await self._parts.live.tell("downloads", "download.updated", {**document(saved), "wanted_by": owner})

    def _change(self, status: Status, trouble: Trouble | None) -> tuple[Change, tuple[FileState, ...]]:
        try:
            now = self._status()
        except NotFound:
            return Change(status, trouble), ()
        if not now.files or not self.download.files:
            return Change(status, trouble, progress=Progress(peers=now.peers, seeds=now.seeds)), ()
        news = {file.index: file for file in now.files}
        files = tuple(
            replace(file, done_bytes=news[file.index].done_bytes, playable=news[file.index].playable)
            for file in self.download.files
            if file.index in news
        )
        change = Change(
            status,
            trouble,
            done_bytes=now.done_wanted,
            uploaded_bytes=now.uploaded,
            seeded_seconds=now.seeding_seconds,
            progress=self._progress(now),
        )
        return change, tuple(one for one, old in zip(files, self._known(files), strict=True) if one != old)

    def _known(self, files: tuple[FileState, ...]) -> list[FileState | None]:
        return [self.download.file(file.index) for file in files]

    def _progress(self, now: TorrentStatus) -> Progress:
        remaining = now.total_wanted - now.done_wanted
        eta = remaining // now.download_rate if now.download_rate > 0 and remaining > 0 else None
        return Progress(
            download_speed=now.download_rate,
            upload_speed=now.upload_rate,
            peers=now.peers,
            seeds=now.seeds,
            eta=eta,
            buffered_seconds=self._buffered(now),
        )

    def _buffered(self, now: TorrentStatus) -> float:
        """Seconds of film from where it is read; its length is the work's, or the usual one."""
        playing = max(
            (file for file in now.files if file.wanted), key=lambda f: f.buffered_bytes, default=None
        )
        state = self.download.file(playing.index) if playing is not None else None
        if playing is None or state is None or state.size_bytes == 0:
            return 0.0
        minutes = (self.download.work or {}).get("runtime_minutes")
        length = float(minutes) * 60 if isinstance(minutes, int) and minutes > 0 else _USUAL_LENGTH
        return playing.buffered_bytes * length / state.size_bytes

    def _was_unfinished(self) -> bool:
        return self.download.imported_at is None
