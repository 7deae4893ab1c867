"""Where a download stands: written into its row and told to who looks, at most once a second."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, Final

import structlog

from sokoul.domain.errors import NotFound
from sokoul.domain.payload import is_video
from sokoul.features.download.document import document
from sokoul.features.download.first_look import FirstLook
from sokoul.features.download.model import Change, Download, FileState, Progress, Status, Trouble
from sokoul.features.download.ports import AnyEngine, EngineState, Live, TorrentStatus, WorkerStore

log = structlog.get_logger(__name__)

_EVERY: Final = 1.0
_MANY_FILES: Final = 50  # so many are looked through once a second only
_USUAL_LENGTH: Final = 5400.0
_SEEDED_STEP: Final = 30  # a row need not be written every second of a day of seeding


class Lost(Exception):
    """Another worker holds the lease now."""


class Report:
    """The row of one download as last written, and the phase it is in beneath a pause."""

    def __init__(
        self, download: Download, worker: str, engine: AnyEngine, store: WorkerStore, live: Live
    ) -> None:
        self.download = download
        self.phase = download.status
        self._worker, self._engine, self._store, self._live = worker, engine, store, live
        self._said: tuple[Any, ...] = ()
        self._said_at = 0.0
        self._seeded_before = float(download.seeded_seconds)
        self._seeds_since: float | None = None
        self.look: FirstLook | None = None

    async def write(self, status: Status, trouble: Trouble | None = None) -> None:
        """Write and tell where it stands, unless that was said already; raises Lost."""
        if status not in {Status.PAUSED, Status.FAILED}:
            self.phase = status
        change, files = self._change(status, trouble)
        said = (change, files)
        if said == self._said:
            return
        before = self.download.status
        saved = await self._store.save(self._worker, self.download, change, files)
        if saved is None:
            raise Lost
        self._said = (change, ())
        self._said_at = time.monotonic()
        self.download = saved
        if before is not saved.status:
            log.info("a download moved on", download=str(saved.id), status=saved.status.value)
        told = {**document(saved), "wanted_by": saved.owners}
        await self._live.tell("downloads", "download.updated", told)

    async def again(self) -> None:
        """Write the phase it is in with the newest figures: once a second, or when a file became playable."""
        if self.look is not None:
            self.look.at(self.download.files)
        if time.monotonic() - self._said_at >= _EVERY or self._became_playable() or self._saw_something():
            await self.write(self.phase)

    def _became_playable(self) -> bool:
        if len(self.download.files) > _MANY_FILES or all(file.playable for file in self.download.files):
            return False
        news = self._change(self.phase, None)[1]
        return any(file.playable and not self._was_playable(file) for file in news)

    def _saw_something(self) -> bool:
        seen = self.look.seen if self.look is not None else {}
        return any(file.seen is None and file.index in seen for file in self.download.files)

    def _was_playable(self, file: FileState) -> bool:
        known = self.download.file(file.index)
        return known is not None and known.playable

    def owner_wrote(self, row: Download) -> None:
        """Its owner changed what is wanted: take that over."""
        self.download = replace(
            self.download,
            status=row.status,
            trouble=row.trouble,
            wanted_state=row.wanted_state,
            delete_files=row.delete_files,
        )
        self._said = ()

    def seeds(self) -> None:
        """The seeding begins, or goes on."""
        self._seeds_since = time.monotonic()

    def seeded(self) -> float:
        """Seconds of seeding, those of earlier runs included."""
        if self._seeds_since is None:
            return self._seeded_before
        return self._seeded_before + time.monotonic() - self._seeds_since

    def _change(self, status: Status, trouble: Trouble | None) -> tuple[Change, tuple[FileState, ...]]:
        try:
            now = self._engine.status(self.download.id)
        except NotFound:
            return Change(status, trouble), ()
        if now.state not in {EngineState.DOWNLOADING, EngineState.FINISHED} or not self.download.files:
            return Change(status, trouble, progress=Progress(peers=now.peers, seeds=now.seeds)), ()
        change = Change(
            status,
            trouble,
            done_bytes=now.done_wanted,
            uploaded_bytes=max(now.uploaded, self.download.uploaded_bytes),
            seeded_seconds=int(self.seeded()) // _SEEDED_STEP * _SEEDED_STEP,
            progress=self._progress(now),
        )
        return change, self._news(now)

    def _news(self, now: TorrentStatus) -> tuple[FileState, ...]:
        """The files that changed since they were last written."""
        news = {file.index: file for file in now.files}
        changed = []
        for old in self.download.files:
            if (new := news.get(old.index)) is not None:
                playable = new.playable and is_video(old.path)
                seen = old.seen or (self.look.seen.get(old.index) if self.look is not None else None)
                if (new.done_bytes, playable, seen) != (old.done_bytes, old.playable, old.seen):
                    changed.append(replace(old, done_bytes=new.done_bytes, playable=playable, seen=seen))
        return tuple(changed)

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
        wanted = [file for file in now.files if file.wanted]
        playing = max(wanted, key=lambda file: file.buffered_bytes, default=None)
        state = self.download.file(playing.index) if playing is not None else None
        if playing is None or state is None or state.size_bytes == 0:
            return 0.0
        minutes = (self.download.work or {}).get("runtime_minutes")
        length = float(minutes) * 60 if isinstance(minutes, int) and minutes > 0 else _USUAL_LENGTH
        return playing.buffered_bytes * length / state.size_bytes
