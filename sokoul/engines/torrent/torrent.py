"""One torrent in the session: what is in, who waits for what, and what libtorrent is told to fetch."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Collection
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self
from uuid import UUID

import libtorrent as lt

from sokoul.domain.errors import NotFound, SokoulError, Unavailable, WrongState
from sokoul.domain.payload import pick_main
from sokoul.engines.torrent import window
from sokoul.engines.torrent.files import read_at
from sokoul.engines.torrent.window import Meter, Plan, Reader
from sokoul.features.download.metainfo import Metainfo, TorrentFile
from sokoul.features.download.ports import EngineState, FileProgress, TorrentSource, TorrentStatus

CHUNK: Final = 256 * 1024
_REPLAN_AFTER: Final = 0.004
_MAY_COME_BACK: Final = 60.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What libtorrent last said of a torrent; rates in bytes/s."""

    download_rate: int = 0
    upload_rate: int = 0
    peers: int = 0
    seeds: int = 0
    known_peers: int = 0
    uploaded: int = 0
    payload_received: int = 0
    seeding_seconds: int = 0
    unsaved: bool = False

    @classmethod
    def of(cls, status: lt.torrent_status) -> Self:
        """A copy of the figures, which outlives the alert."""
        return cls(
            download_rate=status.download_payload_rate,
            upload_rate=status.upload_payload_rate,
            peers=status.num_peers,
            seeds=status.num_seeds,
            known_peers=status.list_peers,
            uploaded=status.all_time_upload,
            payload_received=status.total_payload_download,
            seeding_seconds=int(status.finished_duration.total_seconds()),
            unsaved=bool(status.need_save_resume_data),
        )


class Torrent:
    """The runtime state; every method runs on the event loop."""

    def __init__(self, key: UUID, source: TorrentSource, folder: Path) -> None:
        self.key, self.source, self.folder = key, source, folder
        self.loop = asyncio.get_running_loop()
        self.handle: lt.torrent_handle | None = None
        self.meta: Metainfo | None = None
        self.torrent_file = b""
        self.info: lt.torrent_info | None = None
        self.places: dict[int, int] = {}
        self.plan: Plan | None = None
        self.selected: set[int] = set()
        self.begun = False
        self.paused = False
        self.sequential = False
        self.read_at = self.loop.time()
        self.lonely = 0  # how often in a row peers were known and none connected
        self.error: str | None = None
        self.no_space = False
        self.last = Figures()
        self.on_disk = bytearray()
        self.unsynced: set[int] = set()
        self.since_count: set[int] = set()  # what came in since libtorrent was asked what is in
        self.metadata_known: asyncio.Future[None] = self.loop.create_future()
        self.checked = asyncio.Event()
        self.finished = asyncio.Event()
        self.finishing = False
        self.saving = asyncio.Lock()
        self._sent = bytearray()
        self._meter = Meter()
        self._replanning: asyncio.TimerHandle | None = None
        self._piece_waits: dict[int, list[asyncio.Future[None]]] = defaultdict(list)
        self._fetches: dict[int, asyncio.Future[bytes]] = {}
        self._alert_waits: dict[type, list[asyncio.Future[Any]]] = defaultdict(list)

    # What it is

    def learn(
        self, meta: Metainfo, torrent_file: bytes, info: lt.torrent_info, places: dict[int, int]
    ) -> None:
        """The metadata is known."""
        self.meta, self.torrent_file, self.info, self.places = meta, torrent_file, info, places
        count = window.piece_count(meta)
        self.plan = Plan(meta.piece_length, count, bytearray(count), bytearray(count))
        self.on_disk = bytearray(count)
        self._sent = bytearray(count)
        if not self.metadata_known.done():
            self.metadata_known.set_result(None)

    def file(self, index: int) -> TorrentFile:
        """The file of that index; NotFound when there is none."""
        for file in self.known.content:
            if file.index == index:
                return file
        raise NotFound("there is no such file in this torrent")

    def path(self, index: int) -> Path:
        """Where libtorrent writes that file."""
        file = self.file(index)
        assert self.info is not None
        if index not in self.places:
            return self.folder / file.path
        return Path(self.info.layout().file_path(self.places[index], str(self.folder)))

    @property
    def known(self) -> Metainfo:
        """The metadata; WrongState before it is there."""
        if self.meta is None:
            raise WrongState("the torrent's file list is not known yet")
        return self.meta

    @property
    def wishes(self) -> Plan:
        """The plan; WrongState before the metadata is there."""
        if self.plan is None:
            raise WrongState("the torrent's file list is not known yet")
        return self.plan

    # What is wanted

    def select(self, files: Collection[int] | None) -> None:
        """Want these files, all of them for None."""
        meta, plan = self.known, self.wishes
        everything = {file.index for file in meta.content}
        self.selected = everything if files is None else everything & set(files)
        chosen = [file for file in meta.content if file.index in self.selected]
        plan.want(window.wanted_pieces(chosen, meta.piece_length, plan.count))
        main = pick_main([file.payload for file in chosen])
        plan.opening = window.opening_of(chosen[main[0]], meta.piece_length) if main else []
        plan.edges = window.edges_of([chosen[place] for place in main], meta.piece_length)
        self.finished.clear()

    def file_priorities(self) -> list[int]:
        """libtorrent's list: 0 for a file that is not wanted, so that it is never created."""
        assert self.info is not None
        wanted = {self.places[index] for index in self.selected if index in self.places}
        return [4 if place in wanted else 0 for place in range(self.info.num_files())]

    def first_priorities(self, have: list[bool]) -> list[int]:
        """The plan to be added with; `have` is what saved progress tells, to be checked yet.

        Were only such pieces wanted, the torrent would begin as finished, and seeds would turn away.
        """
        self.wishes.reset(have)
        self._sent = self.wishes.priorities()
        self.wishes.reset([])
        return list(self._sent)

    def replan_soon(self) -> None:
        """Something changed: tell libtorrent in a moment, once for all changes."""
        if self._replanning is None and self.begun:
            self._replanning = self.loop.call_later(_REPLAN_AFTER, self._replan)

    def forget_sent(self) -> None:
        """libtorrent's own view of the priorities is unknown: send all of them next time."""
        self._sent = bytearray(b"\xff" * len(self._sent))
        self.replan_soon()

    def _replan(self) -> None:
        self._replanning = None
        if self.handle is None or self.plan is None or not self.begun:
            return
        self.plan.rate = max(self._meter.rate(self.loop.time()), self.last.download_rate)
        wishes = self.plan.priorities()
        if wishes == self._sent:
            return
        changes = [
            (piece, new)
            for piece, (old, new) in enumerate(zip(self._sent, wishes, strict=True))
            if old != new
        ]
        self._sent = wishes
        self.handle.prioritize_pieces(changes)

    # What comes in

    def got_piece(self, piece: int) -> None:
        """A piece passed its hash check."""
        plan = self.wishes
        plan.got(piece)
        self.since_count.add(piece)
        self._meter.add(self.loop.time(), plan.piece_length)
        self.unsynced.add(piece)
        for wait in self._piece_waits.pop(piece, []):
            if not wait.done():
                wait.set_result(None)
        self.replan_soon()

    def reset_pieces(self, have: list[bool]) -> None:
        """What is in after a check of the files."""
        plan = self.wishes
        fresh = plan.have
        plan.reset(have)
        # What came in lately may still be in memory; the rest was found in the files.
        self.on_disk = bytearray(new & ~old & 1 for new, old in zip(plan.have, fresh, strict=True))
        for piece in self.since_count:
            plan.got(piece)
        for piece in [piece for piece in self._piece_waits if plan.have[piece]]:
            for wait in self._piece_waits.pop(piece):
                if not wait.done():
                    wait.set_result(None)
        self.forget_sent()

    def got_bytes(self, piece: int, data: bytes | None) -> None:
        """libtorrent answered `read_piece`."""
        wait = self._fetches.pop(piece, None)
        if wait is None or wait.done():
            return
        if data is None:
            wait.set_exception(Unavailable("a piece could not be read"))
        else:
            wait.set_result(data)

    def flushed(self, snapshot: bytearray) -> None:
        """All pieces of `snapshot` are in their files."""
        self.on_disk = bytearray(a | b for a, b in zip(self.on_disk, snapshot, strict=True))

    # Waiting

    def alert(self, kind: type, value: Any) -> None:
        """Wake those who wait for this kind of alert."""
        for wait in self._alert_waits.pop(kind, []):
            if not wait.done():
                wait.set_result(value)

    def expect(self, kind: type) -> asyncio.Future[Any]:
        """What the next alert of this kind tells, from this call on: it may come before it is awaited."""
        wait: asyncio.Future[Any] = self.loop.create_future()
        self._alert_waits[kind].append(wait)
        return wait

    @property
    def live(self) -> lt.torrent_handle:
        """The handle; Unavailable when it is not, or no longer, in the session."""
        if self.handle is None or not self.handle.is_valid():
            raise Unavailable("the torrent was removed")
        return self.handle

    def end(self, error: SokoulError) -> None:
        """It goes: whoever waits is told so."""
        if self._replanning is not None:
            self._replanning.cancel()
        waits: list[asyncio.Future[Any]] = [wait for waits in self._piece_waits.values() for wait in waits]
        waits += [*self._fetches.values(), *(wait for waits in self._alert_waits.values() for wait in waits)]
        waits.append(self.metadata_known)
        for wait in waits:
            if not wait.done():
                wait.set_exception(error)
                wait.exception()  # nobody may be listening
        self.handle = None

    # Reading

    async def read(self, index: int, offset: int, length: int) -> AsyncGenerator[bytes, None]:
        """Bytes of a file as they come in."""
        file = self.file(index)
        if not self.begun or index not in self.selected:
            raise WrongState("this file is not being downloaded")
        start = file.offset + min(max(offset, 0), file.size_bytes)
        end = min(start + length, file.offset + file.size_bytes)
        path = self.path(index)
        with self._reading(start, end, file) as reader:
            while reader.position < end:
                piece = reader.position // self.known.piece_length
                await self._piece(piece)
                data = await self._some(reader, path, file)
                for at in range(0, len(data), CHUNK):
                    chunk = data[at : at + CHUNK]
                    yield chunk
                    reader.position += len(chunk)
                self.replan_soon()

    @contextmanager
    def _reading(self, start: int, end: int, file: TorrentFile) -> Any:
        reader = Reader(start, end, window.plenty(file.size_bytes))
        self.wishes.readers.append(reader)
        self.replan_soon()
        try:
            yield reader
        finally:
            self.wishes.readers.remove(reader)
            self.wishes.anchor = min(reader.position // self.known.piece_length, self.wishes.count - 1)
            self.read_at = self.loop.time()
            self.replan_soon()

    async def _piece(self, piece: int) -> None:
        if self.wishes.have[piece]:
            return
        wait: asyncio.Future[None] = self.loop.create_future()
        self._piece_waits[piece].append(wait)
        self.replan_soon()
        await wait

    async def _some(self, reader: Reader, path: Path, file: TorrentFile) -> bytes:
        """From the file where it is sure to be there, else the rest of the piece from libtorrent."""
        length = self.known.piece_length
        piece = reader.position // length
        if self.on_disk[piece]:
            last = (reader.end - 1) // length
            gap = self.on_disk.find(0, piece, last + 1)
            until = min(reader.end, reader.position + 4 * CHUNK, gap * length if gap >= 0 else reader.end)
            return await read_at(path, reader.position - file.offset, until - reader.position)
        data = await self._fetch(piece)
        begin = reader.position - piece * length
        return data[begin : min(len(data), reader.end - piece * length)]

    async def _fetch(self, piece: int) -> bytes:
        wait = self._fetches.get(piece)
        if wait is None:
            handle = self.live
            wait = self._fetches[piece] = self.loop.create_future()
            handle.read_piece(piece)
        return await asyncio.shield(wait)

    # Telling

    def status(self) -> TorrentStatus:
        """Where it stands."""
        last = self.last
        if self.plan is None or self.meta is None:
            return TorrentStatus(EngineState.METADATA, paused=self.paused, peers=last.peers, error=self.error)
        files = tuple(self._progress(file) for file in self.meta.content)
        return TorrentStatus(
            state=self._state(),
            paused=self.paused,
            total_wanted=sum(file.size_bytes for file in self.meta.content if file.index in self.selected),
            done_wanted=sum(file.done_bytes for file in files if file.wanted),
            download_rate=last.download_rate,
            upload_rate=last.upload_rate,
            peers=last.peers,
            seeds=last.seeds,
            uploaded=last.uploaded,
            payload_received=last.payload_received,
            seeding_seconds=last.seeding_seconds,
            error=self.error,
            no_space=self.no_space,
            files=files,
        )

    def note(self, figures: Figures) -> None:
        """libtorrent told new figures."""
        self.last = figures
        lonely = self.begun and not self.paused and not self.finished.is_set() and figures.peers == 0
        self.lonely = self.lonely + 1 if lonely and figures.known_peers else 0
        if self.plan is not None:
            recently = self.loop.time() - self.read_at < _MAY_COME_BACK
            self.plan.watched = bool(self.plan.readers) or recently or self.sequential
            self.replan_soon()

    def _state(self) -> EngineState:
        if not self.begun:
            return EngineState.WAITING
        if not self.checked.is_set():
            return EngineState.CHECKING
        return EngineState.FINISHED if self.finished.is_set() else EngineState.DOWNLOADING

    def _progress(self, file: TorrentFile) -> FileProgress:
        plan = self.wishes
        length = plan.piece_length
        span = window.pieces_of(file, length)
        done = plan.have.count(1, span.start, span.stop) * length
        if span and plan.have[span[-1]]:
            done -= span.stop * length - (file.offset + file.size_bytes)
        if span and plan.have[span[0]]:
            done -= file.offset - span.start * length
        playable = bool(span) and all(plan.have[piece] for piece in window.opening_of(file, length))
        position = next((r.position for r in plan.readers if file.offset <= r.position < r.end), file.offset)
        return FileProgress(
            index=file.index,
            done_bytes=done,
            wanted=file.index in self.selected,
            playable=playable,
            buffered_bytes=window.buffered(plan.have, length, position, file.offset + file.size_bytes),
        )
