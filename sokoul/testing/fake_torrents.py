"""A torrent engine in memory: swarms whose content is known, and that give it out when they are told to."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import AsyncGenerator, Collection
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sokoul.domain.errors import NotFound, Refused, Unavailable, WrongState
from sokoul.features.download.metainfo import (
    Metainfo,
    TorrentFile,
    read_magnet,
    read_torrent,
)
from sokoul.features.download.ports import EngineState, FileProgress, TorrentSource, TorrentStatus


@dataclass(slots=True)
class FakeSwarm:
    """One torrent that the fake knows; `speed` bytes come in at each step, `holds` stops it."""

    torrent: bytes
    content: bytes
    speed: int = 256 * 1024
    holds: bool = False

    @property
    def meta(self) -> Metainfo:
        """What the torrent says."""
        return read_torrent(self.torrent)


def make_torrent(name: str, files: dict[str, bytes], piece_length: int = 16 * 1024) -> FakeSwarm:
    """A v1 torrent with these files under one folder."""
    content = b"".join(files.values())
    digests = b"".join(
        hashlib.sha1(content[at : at + piece_length], usedforsecurity=False).digest()
        for at in range(0, len(content), piece_length)
    )
    listed = b"".join(
        b"d6:lengthi%de4:pathl%see" % (len(body), b"".join(_string(part) for part in path.split("/")))
        for path, body in files.items()
    )
    info = b"d5:filesl%se4:name%s12:piece lengthi%de6:pieces%se" % (
        listed,
        _string(name),
        piece_length,
        _string(digests),
    )
    return FakeSwarm(b"d4:info" + info + b"e", content)


def _string(text: str | bytes) -> bytes:
    data = text.encode() if isinstance(text, str) else text
    return b"%d:%s" % (len(data), data)


@dataclass(slots=True)
class _Torrent:
    source: TorrentSource
    swarm: FakeSwarm | None
    meta: Metainfo | None = None
    begun: bool = False
    paused: bool = False
    wanted: set[int] = field(default_factory=set)
    have: int = 0
    uploaded: int = 0
    finished: asyncio.Event = field(default_factory=asyncio.Event)
    gone: bool = False


class FakeTorrentEngine:
    """A `TorrentEngine` that needs no network; what it was told to know comes in from the first byte on."""

    def __init__(self, directory: Path, *, step: float = 0.01) -> None:
        self._directory, self._step = directory, step
        self._swarms: dict[str, FakeSwarm] = {}
        self._torrents: dict[UUID, _Torrent] = {}
        self._progress: dict[UUID, int] = {}
        self._running: asyncio.Task[None] | None = None
        self.limits = (0, 0)

    def know(self, swarm: FakeSwarm) -> None:
        """Peers have this torrent from now on."""
        self._swarms[swarm.meta.info_hash] = swarm

    async def start(self) -> None:
        """Let bytes flow."""
        self._running = asyncio.get_running_loop().create_task(self._run(), name="fake-torrents")

    async def close(self) -> None:
        """Stop; progress is remembered by id."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running])
        for key in list(self._torrents):
            await self.remove(key, delete_files=False)

    async def add(self, key: UUID, source: TorrentSource) -> None:
        """Take a torrent in."""
        if key in self._torrents:
            return
        if source.torrent is not None:
            meta = read_torrent(source.torrent)
            self._torrents[key] = _Torrent(source, self._swarms.get(meta.info_hash), meta)
        elif source.magnet is not None:
            magnet = read_magnet(source.magnet)
            self._torrents[key] = _Torrent(source, self._swarms.get(magnet.info_hash))
        else:
            raise Refused("bad_torrent", "there is neither a link nor a file")

    async def metadata(self, key: UUID) -> tuple[Metainfo, bytes]:
        """Known at once from a file; from a link once there is a swarm."""
        torrent = self._of(key)
        while torrent.meta is None:
            if torrent.gone:
                raise Unavailable("the download was stopped")
            if torrent.swarm is not None:
                torrent.meta = torrent.swarm.meta
            await asyncio.sleep(self._step)
        file = torrent.source.torrent or (torrent.swarm.torrent if torrent.swarm else b"")
        return torrent.meta, file

    async def begin(
        self, key: UUID, files: Collection[int] | None = None, *, sequential: bool = False
    ) -> None:
        """Let the content come."""
        del sequential
        torrent = self._of(key)
        if torrent.meta is None:
            raise WrongState("the torrent's file list is not known yet")
        torrent.begun = True
        torrent.have = self._progress.get(key, 0)
        await self.select(key, files)

    def status(self, key: UUID) -> TorrentStatus:
        """Where it stands."""
        torrent = self._of(key)
        if torrent.meta is None:
            return TorrentStatus(EngineState.METADATA, paused=torrent.paused)
        if not torrent.begun:
            return TorrentStatus(EngineState.WAITING, paused=torrent.paused)
        files = tuple(_progress(torrent, file) for file in torrent.meta.content)
        wanted = [file for file in files if file.wanted]
        return TorrentStatus(
            EngineState.FINISHED if torrent.finished.is_set() else EngineState.DOWNLOADING,
            paused=torrent.paused,
            total_wanted=sum(f.size_bytes for f in torrent.meta.content if f.index in torrent.wanted),
            done_wanted=sum(file.done_bytes for file in wanted),
            peers=0 if torrent.paused else int(torrent.swarm is not None),
            seeds=0 if torrent.paused else int(torrent.swarm is not None),
            uploaded=torrent.uploaded,
            payload_received=torrent.have,
            files=files,
        )

    async def finished(self, key: UUID) -> None:
        """Wait for the last byte."""
        await self._of(key).finished.wait()

    async def select(self, key: UUID, files: Collection[int] | None) -> None:
        """Want these files."""
        torrent = self._of(key)
        assert torrent.meta is not None
        known = {file.index for file in torrent.meta.content}
        torrent.wanted = known if files is None else known & set(files)
        torrent.finished.clear()
        self._look(key, torrent)

    async def pause(self, key: UUID) -> None:
        """Nothing comes."""
        self._of(key).paused = True

    async def resume(self, key: UUID) -> None:
        """It comes again."""
        self._of(key).paused = False

    async def recheck(self, key: UUID) -> None:
        """What lies there is right."""
        if not self._of(key).begun:
            raise WrongState("the download has not begun")

    async def remove(self, key: UUID, *, delete_files: bool) -> None:
        """Forget it."""
        torrent = self._torrents.pop(key, None)
        if torrent is not None:
            torrent.gone = True
            self._progress[key] = torrent.have
        if delete_files:
            self._progress.pop(key, None)
            await asyncio.to_thread(shutil.rmtree, self._directory / str(key), ignore_errors=True)

    async def limit(self, *, download: int, upload: int) -> None:
        """Remembered for who asks."""
        self.limits = (download, upload)

    def has(self, key: UUID) -> bool:
        """Whether it is here."""
        return key in self._torrents

    def size(self, key: UUID, file: int) -> int:
        """Bytes of a file."""
        return _file(self._of(key), file).size_bytes

    async def read(self, key: UUID, file: int, offset: int, length: int) -> AsyncGenerator[bytes, None]:
        """Bytes as they come in."""
        torrent = self._of(key)
        known = _file(torrent, file)
        if not torrent.begun or file not in torrent.wanted:
            raise WrongState("this file is not being downloaded")
        position = known.offset + min(offset, known.size_bytes)
        end = min(position + length, known.offset + known.size_bytes)
        while position < end:
            if torrent.gone or torrent.swarm is None:
                raise Unavailable("the download was stopped")
            if torrent.have <= position:
                await asyncio.sleep(self._step)
                continue
            chunk = torrent.swarm.content[position : min(end, torrent.have, position + 65_536)]
            position += len(chunk)
            yield chunk

    def path(self, key: UUID, file: int) -> Path:
        """Where the file lies."""
        return self._directory / str(key) / _file(self._of(key), file).path

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._step)
            for key, torrent in list(self._torrents.items()):
                swarm = torrent.swarm
                if torrent.begun and not torrent.paused and swarm is not None and not swarm.holds:
                    torrent.have = min(torrent.have + swarm.speed, len(swarm.content))
                    self._look(key, torrent)

    def _look(self, key: UUID, torrent: _Torrent) -> None:
        """Write the wanted files once they are complete."""
        assert torrent.meta is not None
        if torrent.swarm is None or torrent.finished.is_set():
            return
        wanted = [file for file in torrent.meta.content if file.index in torrent.wanted]
        if any(torrent.have < file.offset + file.size_bytes for file in wanted):
            return
        for file in wanted:
            path = self._directory / str(key) / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(torrent.swarm.content[file.offset : file.offset + file.size_bytes])
        torrent.finished.set()

    def _of(self, key: UUID) -> _Torrent:
        torrent = self._torrents.get(key)
        if torrent is None:
            raise NotFound("the torrent engine does not have this download")
        return torrent


def _file(torrent: _Torrent, index: int) -> TorrentFile:
    if torrent.meta is None:
        raise WrongState("the torrent's file list is not known yet")
    for file in torrent.meta.content:
        if file.index == index:
            return file
    raise NotFound("there is no such file in this torrent")


def _progress(torrent: _Torrent, file: TorrentFile) -> FileProgress:
    done = min(max(torrent.have - file.offset, 0), file.size_bytes)
    return FileProgress(
        index=file.index,
        done_bytes=done,
        wanted=file.index in torrent.wanted,
        playable=done >= min(file.size_bytes, 65_536),
        buffered_bytes=done,
    )
