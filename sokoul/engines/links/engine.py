"""The engine of links behind the download feature's port."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncGenerator, Collection
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog

from sokoul.domain.errors import NotFound, SokoulError, Unavailable
from sokoul.engines.links.capture import Capture
from sokoul.engines.links.pace import Throttle
from sokoul.engines.links.transfer import Transfer
from sokoul.engines.torrent.resume import ResumeFiles
from sokoul.features.download.metainfo import Metainfo
from sokoul.features.download.ports import LinkSource, TorrentStatus
from sokoul.lifecycle import Tasks
from sokoul.remote import Remote

log = structlog.get_logger(__name__)

_SAVE_EVERY: Final = 10.0


class LinkEngine:
    """Fetches files by HTTP; those of a download lie in `{directory}/<id>/`, as torrents' do."""

    def __init__(self, directory: Path, remote: Remote, *, wait: float = 0.3) -> None:
        """`wait` in seconds, doubled each time, between tries that fail."""
        self._directory, self._remote, self._wait = directory, remote, wait
        self._kept, self._throttle = ResumeFiles(directory), Throttle()
        self._transfers: dict[UUID, Transfer] = {}
        self._working: dict[UUID, asyncio.Task[None]] = {}
        self._tasks = Tasks("link-engine")

    async def start(self) -> None:
        """Ready at once."""
        self._tasks.supervise("saving", self._save_now_and_then)

    async def close(self) -> None:
        """Stop, and save what is in."""
        await self._tasks.close()
        for transfer in self._transfers.values():
            await transfer.save()
            transfer.fail(Unavailable("the download engine stops"))
        self._transfers.clear()

    async def add(self, key: UUID, source: LinkSource) -> None:
        """Take it in; what it holds is found out at once."""
        if key in self._transfers:
            return
        folder = self._directory / str(key)
        made = Capture if source.playlist else Transfer
        transfer = made(key, source, folder, self._remote, self._throttle, self._kept, self._wait)
        self._transfers[key] = transfer
        self._working[key] = self._tasks.spawn(f"look at {key}", self._guarded(transfer, transfer.learn()))

    async def metadata(self, key: UUID) -> tuple[Metainfo, bytes]:
        """What it holds; there is no .torrent file. Raises Refused, NotFound, ProviderUnavailable."""
        return await asyncio.shield(self._transfer(key).known), b""

    async def begin(
        self, key: UUID, files: Collection[int] | None = None, *, sequential: bool = False
    ) -> None:
        """Fetch these files; it is always from the beginning to the end, where nobody reads elsewhere."""
        del sequential
        transfer = self._transfer(key)
        if not transfer.begun:
            transfer.begun = True
            transfer.select(files)
            self._work(transfer)
        elif transfer.error is not None:
            await self.resume(key)

    def status(self, key: UUID) -> TorrentStatus:
        """Where it stands."""
        return self._transfer(key).status()

    async def finished(self, key: UUID) -> None:
        """Wait until every wanted byte is in its file; raises what stopped it."""
        transfer = self._transfer(key)
        await transfer.finished.wait()
        if transfer.error is not None:
            raise transfer.error

    async def select(self, key: UUID, files: Collection[int] | None) -> None:
        """Change which files are wanted."""
        transfer = self._transfer(key)
        transfer.select(files)
        if transfer.begun:
            self._work(transfer)

    async def pause(self, key: UUID) -> None:
        """Stop its traffic and save."""
        transfer = self._transfer(key)
        transfer.unpaused.clear()
        await transfer.save()

    async def resume(self, key: UUID) -> None:
        """Go on, also after an error."""
        transfer = self._transfer(key)
        transfer.no_space = False
        transfer.unpaused.set()
        if transfer.error is not None and transfer.begun:
            transfer.error = None
            transfer.finished.clear()
            self._work(transfer)

    async def recheck(self, key: UUID) -> None:
        """There is nothing to hash: what is not sure is fetched again."""
        self._transfer(key)

    async def remove(self, key: UUID, *, delete_files: bool) -> None:
        """Forget it; unless its files go, what is in is saved for whoever continues."""
        transfer = self._transfers.pop(key, None)
        if (task := self._working.pop(key, None)) is not None:
            task.cancel()
            await asyncio.wait([task])
        if transfer is not None:
            transfer.fail(Unavailable("the download was stopped"))
            if not delete_files:
                await transfer.save()
        if delete_files:
            await asyncio.to_thread(shutil.rmtree, self._directory / str(key), ignore_errors=True)
            await asyncio.to_thread(self._kept.forget, key)

    async def limit(self, *, download: int, upload: int) -> None:
        """Bytes/s for all of them together; 0 is no limit."""
        del upload
        self._throttle.limit = download

    def has(self, key: UUID) -> bool:
        """Whether this engine works on it."""
        return key in self._transfers

    def size(self, key: UUID, file: int) -> int:
        """Bytes of a file."""
        return self._transfer(key).part(file).size

    def read(self, key: UUID, file: int, offset: int, length: int) -> AsyncGenerator[bytes, None]:
        """Bytes of a file as they come in."""
        return self._transfer(key).read(file, offset, length)

    def path(self, key: UUID, file: int) -> Path:
        """Where the file lies, or will."""
        return self._transfer(key).part(file).path

    def _transfer(self, key: UUID) -> Transfer:
        transfer = self._transfers.get(key)
        if transfer is None:
            raise NotFound("the download engine does not have this download")
        return transfer

    def _work(self, transfer: Transfer) -> None:
        """One task for each: it ends when everything wanted is in."""
        running = self._working.get(transfer.key)
        if running is None or running.done():
            work = self._guarded(transfer, transfer.run())
            self._working[transfer.key] = self._tasks.spawn(str(transfer.key), work)

    async def _guarded(self, transfer: Transfer, work: object) -> None:
        try:
            await work  # type: ignore[misc]  # a coroutine of Transfer's
        except SokoulError as error:
            transfer.fail(error)
        except Exception:
            # A fault of ours: whoever waits for it must not wait for ever.
            transfer.fail(Unavailable("the download engine stumbled"))
            raise

    async def _save_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(_SAVE_EVERY)
            for transfer in list(self._transfers.values()):
                if transfer.begun and not transfer.finished.is_set():
                    await transfer.save()
