"""Bytes that are really in their files, and progress that survives a power cut."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final
from uuid import UUID

import libtorrent as lt
import structlog

from sokoul.domain.errors import Unavailable
from sokoul.engines.torrent import files
from sokoul.engines.torrent.resume import ResumeFiles
from sokoul.engines.torrent.torrent import Torrent

log = structlog.get_logger(__name__)

DISK_PATIENCE: Final = 60.0
_LOOKS: Final = 5


class Keeper:
    """Flushes, looks over and saves torrents; its writes come one after the other."""

    def __init__(self, directory: Path, check_again: Callable[[Torrent], Awaitable[None]]) -> None:
        self._resume, self._check_again = ResumeFiles(directory), check_again
        # A write that was begun ends, even when who asked for it is gone: the next must wait for it.
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="torrent-progress")

    def close(self) -> None:
        """Wait for the last write. Blocks."""
        self._writer.shutdown()

    async def flush(self, torrent: Torrent) -> None:
        """Bring what libtorrent holds in memory into the files; TimeoutError when the disk is stuck."""
        if torrent.handle is None:
            return
        snapshot = bytearray(torrent.wishes.have)
        answer = torrent.expect(lt.cache_flushed_alert)
        torrent.live.flush_cache()
        await asyncio.wait_for(answer, DISK_PATIENCE)
        torrent.flushed(snapshot)

    async def finish(self, torrent: Torrent) -> None:
        """libtorrent calls it finished before the last bytes are in the files: flush, then look."""
        try:
            for attempt in range(_LOOKS):
                await self.flush(torrent)
                if await asyncio.to_thread(files.all_there, _expected(torrent)):
                    break
                await asyncio.sleep(0.1 * (attempt + 1))
            else:
                log.warning("a finished torrent has gaps, checking it", download=str(torrent.key))
                await self._check_again(torrent)
            if torrent.wishes.complete:
                torrent.finished.set()
                await self.save(torrent)
        except Unavailable:
            return  # it was removed meanwhile
        finally:
            torrent.finishing = False

    async def save(self, torrent: Torrent) -> None:
        """Save progress; a failure is logged, the next attempt comes in seconds."""
        try:
            async with torrent.saving:
                await self._save(torrent)
        except (TimeoutError, OSError, Unavailable) as err:
            log.warning("progress could not be saved", download=str(torrent.key), error=str(err))

    async def saved(self, key: UUID) -> bytes | None:
        """What was saved, or None."""
        return await asyncio.to_thread(self._resume.read, key)

    async def quarantine(self, key: UUID) -> None:
        """Put aside what could not be used."""
        await asyncio.to_thread(self._resume.quarantine, key)

    async def forget(self, key: UUID) -> None:
        """Remove what was saved."""
        await asyncio.get_running_loop().run_in_executor(self._writer, self._resume.forget, key)

    async def _save(self, torrent: Torrent) -> None:
        if torrent.handle is None or torrent.meta is None or not torrent.checked.is_set():
            return
        fresh, torrent.unsynced = torrent.unsynced, set()
        try:
            safe = bytearray(torrent.wishes.have)
            await self.flush(torrent)
            answer = torrent.expect(lt.save_resume_data_alert)
            torrent.live.save_resume_data(lt.torrent_handle.save_info_dict)
            data = await asyncio.wait_for(answer, DISK_PATIENCE)
            if data is not None:
                loop = asyncio.get_running_loop()
                touched = _touched(torrent, fresh)
                await loop.run_in_executor(self._writer, self._write, torrent.key, data, safe, touched)
        except BaseException:
            torrent.unsynced |= fresh
            raise

    def _write(self, key: UUID, data: bytes, safe: bytearray, touched: list[Path]) -> None:
        self._resume.write(key, _only(data, safe), touched)


def _expected(torrent: Torrent) -> list[tuple[Path, int]]:
    chosen = [torrent.file(index) for index in sorted(torrent.selected)]
    return [(torrent.path(file.index), file.size_bytes) for file in chosen if file.size_bytes]


def _touched(torrent: Torrent, pieces: set[int]) -> list[Path]:
    """The files that hold a part of these pieces."""
    length = torrent.known.piece_length
    return [
        torrent.path(file.index)
        for file in torrent.known.content
        if file.index in torrent.selected
        and any(
            file.offset < (piece + 1) * length and piece * length < file.offset + file.size_bytes
            for piece in pieces
        )
    ]


def _only(resume_data: bytes, safe: bytearray) -> bytes:
    """Saved progress without what was only in memory: that would be a hole after a crash. Blocks."""
    params = lt.read_resume_data(resume_data)
    pairs = zip(params.have_pieces, safe, strict=False)
    params.have_pieces = [bool(told and known) for told, known in pairs]
    params.unfinished_pieces = {}
    return bytes(lt.write_resume_data_buf(params))
