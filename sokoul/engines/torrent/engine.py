"""libtorrent behind the download feature's `TorrentEngine`."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncGenerator, Collection
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import UUID

import libtorrent as lt
import structlog

from sokoul.config.model import Torrent as TorrentConfig
from sokoul.domain.errors import NotFound, Unavailable, WrongState
from sokoul.engines.torrent import settings, sources
from sokoul.engines.torrent.alerts import AlertPump
from sokoul.engines.torrent.keeping import DISK_PATIENCE, Keeper
from sokoul.engines.torrent.reports import Reports
from sokoul.engines.torrent.torrent import Torrent
from sokoul.features.download.metainfo import Metainfo, read_info
from sokoul.features.download.ports import TorrentSource, TorrentStatus
from sokoul.lifecycle import Tasks
from sokoul.outbound import OutboundGuard

log = structlog.get_logger(__name__)

_SAVE_EVERY: Final = 5.0
_LOOK_EVERY: Final = 0.5
_LONELY: Final = 4
_DELETION: Final = 5.0
_FLAGS = lt.torrent_flags


class LibtorrentEngine:
    """One libtorrent session; data of a torrent lies in `{directory}/<id>/`."""

    def __init__(self, config: TorrentConfig, guard: OutboundGuard) -> None:
        self._config, self._guard = config, guard
        self._directory = config.directory
        self._keeper = Keeper(config.directory, self._check_again)
        self._torrents: dict[UUID, Torrent] = {}
        self._by_handle: dict[int, Torrent] = {}
        self._tasks = Tasks("torrent-engine")
        self._session: lt.session | None = None
        self._pump: AlertPump | None = None
        self._device_up = config.interface is None
        self._tick = settings.QUICK

    @property
    def device_up(self) -> bool:
        """Whether the configured network device is there; without one it is always so."""
        return self._device_up

    # Life

    async def start(self) -> None:
        """Open the session; with a device that is not there, it stays silent until that appears."""
        await asyncio.to_thread(self._directory.mkdir, parents=True, exist_ok=True)
        session = lt.session(settings.session_settings(self._config))
        session.set_peer_class_filter(settings.limits_for_everyone(session))
        self._session = session
        self._reports = Reports(
            session, self._torrents, self._by_handle, self._keeper, self._tasks, self._learn
        )
        self._pump = AlertPump(session, self._reports.handlers())
        if self._config.interface is not None:
            session.pause()
            self._tasks.supervise("device", self._mind_device)
        self._tasks.supervise("statistics", self._look)
        self._tasks.supervise("saving", self._save_now_and_then)

    async def close(self) -> None:
        """Save every torrent's progress, say goodbye to the trackers, end the session."""
        await self._tasks.close()
        if self._session is None or self._pump is None:
            return
        await asyncio.gather(*(self._keeper.save(torrent) for torrent in self._torrents.values()))
        self._session.pause()
        for torrent in self._torrents.values():
            torrent.end(Unavailable("the torrent engine stops"))
        self._torrents.clear()
        self._by_handle.clear()
        await asyncio.sleep(0.2)  # the last announces leave while the loop still runs
        self._session.apply_settings({"stop_tracker_timeout": 0})
        self._pump.close()
        self._pump = None
        doomed, self._session = [self._session], None
        await asyncio.to_thread(doomed.clear)
        await asyncio.to_thread(self._keeper.close)

    # Torrents

    async def add(self, key: UUID, source: TorrentSource) -> None:
        """Take a torrent in; one whose metadata is known is not even shown to libtorrent before `begin`."""
        if key in self._torrents:
            return
        torrent = Torrent(key, source, self._directory / str(key))
        self._torrents[key] = torrent
        self._set_pace()
        try:
            params = await asyncio.to_thread(sources.parse, source)
            if params.ti is not None:
                await self._learn(torrent, params.ti, source.torrent)
            else:
                await self._ask_peers(torrent, params)
        except BaseException:
            self._torrents.pop(key, None)
            raise

    async def metadata(self, key: UUID) -> tuple[Metainfo, bytes]:
        """What the torrent holds, and its .torrent file."""
        torrent = self._torrent(key)
        await asyncio.shield(torrent.metadata_known)
        return torrent.known, torrent.torrent_file

    async def begin(
        self, key: UUID, files: Collection[int] | None = None, *, sequential: bool = False
    ) -> None:
        """Fetch these files; returns once what is already on disk was checked."""
        torrent = self._torrent(key)
        if not torrent.begun:
            torrent.select(files)
            torrent.sequential = sequential
            torrent.begun = True
            if torrent.handle is None:
                await self._add_known(torrent)
            else:
                await self._let_go(torrent)
        await torrent.checked.wait()
        self._reports.finish_if_complete(torrent)

    def status(self, key: UUID) -> TorrentStatus:
        """Where it stands."""
        return self._torrent(key).status()

    async def finished(self, key: UUID) -> None:
        """Wait until every wanted byte is in its file."""
        torrent = self._torrent(key)
        await torrent.finished.wait()

    async def select(self, key: UUID, files: Collection[int] | None) -> None:
        """Change which files are wanted."""
        torrent = self._torrent(key)
        torrent.select(files)
        if torrent.begun and torrent.handle is not None:
            await self._send_selection(torrent)
            self._reports.finish_if_complete(torrent)

    async def pause(self, key: UUID) -> None:
        """Stop all traffic of it and save."""
        torrent = self._torrent(key)
        torrent.paused = True
        if torrent.handle is not None:
            torrent.handle.pause()
            await self._keeper.save(torrent)

    async def resume(self, key: UUID) -> None:
        """Go on, also after an error."""
        torrent = self._torrent(key)
        torrent.paused, torrent.error, torrent.no_space = False, None, False
        if torrent.handle is not None:
            torrent.handle.clear_error()
            if torrent.begun:
                torrent.handle.unset_flags(_FLAGS.upload_mode)
            torrent.handle.resume()
            torrent.forget_sent()

    async def recheck(self, key: UUID) -> None:
        """Hash what is on disk again; returns when it was."""
        torrent = self._torrent(key)
        if torrent.handle is None or not torrent.begun:
            raise WrongState("the download has not begun")
        await self._check_again(torrent)
        self._reports.finish_if_complete(torrent)

    async def remove(self, key: UUID, *, delete_files: bool) -> None:
        """Forget the torrent; unless its files go, its progress is saved for whoever continues."""
        torrent = self._torrents.get(key)
        if torrent is not None:
            if not delete_files:
                await self._keeper.save(torrent)
            await self._drop(torrent, delete_files=delete_files)
        if delete_files:
            await asyncio.to_thread(shutil.rmtree, self._directory / str(key), ignore_errors=True)
            await self._keeper.forget(key)

    async def limit(self, *, download: int, upload: int) -> None:
        """Bytes/s for all torrents together; 0 is no limit."""
        self._open.apply_settings({"download_rate_limit": download, "upload_rate_limit": upload})

    def has(self, key: UUID) -> bool:
        """Whether this engine works on it."""
        return key in self._torrents

    def size(self, key: UUID, file: int) -> int:
        """Bytes of a file."""
        return self._torrent(key).file(file).size_bytes

    def read(self, key: UUID, file: int, offset: int, length: int) -> AsyncGenerator[bytes, None]:
        """Bytes of a file as they come in."""
        return self._torrent(key).read(file, offset, length)

    def path(self, key: UUID, file: int) -> Path:
        """Where the file lies, or will."""
        return self._torrent(key).path(file)

    async def trackers(self, key: UUID) -> list[str]:
        """Whom it announces itself to."""
        handle = self._torrent(key).handle
        if handle is None:
            return []
        return [str(tracker["url"]) for tracker in await asyncio.to_thread(handle.trackers)]

    # Adding

    @property
    def _open(self) -> lt.session:
        if self._session is None:
            raise Unavailable("the torrent engine is not running")
        return self._session

    def _torrent(self, key: UUID) -> Torrent:
        torrent = self._torrents.get(key)
        if torrent is None:
            raise NotFound("the torrent engine does not have this download")
        return torrent

    async def _learn(self, torrent: Torrent, info: lt.torrent_info, torrent_file: bytes | None) -> None:
        raw = bytes(info.info_section())
        meta = await asyncio.to_thread(read_info, raw)
        if torrent_file is None:
            torrent_file = b"d4:info" + raw + b"e"
        torrent.learn(meta, torrent_file, info, sources.mapped_files(info, meta))

    async def _ask_peers(self, torrent: Torrent, params: lt.add_torrent_params) -> None:
        params.flags = self._flags() | _FLAGS.upload_mode
        await self._add(torrent, params)

    async def _add_known(self, torrent: Torrent) -> None:
        assert torrent.info is not None
        source = TorrentSource(magnet=torrent.source.magnet, torrent=torrent.torrent_file)
        params = await asyncio.to_thread(sources.parse, source)
        saved = await self._saved(torrent, params)
        if saved is not None:
            saved.trackers, saved.url_seeds = params.trackers, params.url_seeds
            params = saved
        params.flags = self._flags()
        if torrent.sequential:
            params.flags |= _FLAGS.sequential_download
        if torrent.paused:
            params.flags |= _FLAGS.paused
        params.file_priorities = torrent.file_priorities()
        params.piece_priorities = torrent.first_priorities(params.have_pieces if saved is not None else [])
        await self._add(torrent, params)

    async def _check_again(self, torrent: Torrent) -> None:
        """Hash everything anew by adding it anew: after a mere recheck seeds are not connected to again."""
        async with torrent.saving:
            handle, torrent.handle = torrent.handle, None
            torrent.checked.clear()
            torrent.finished.clear()
            if handle is not None:
                self._by_handle.pop(hash(handle), None)
                self._open.remove_torrent(handle)
            await self._keeper.forget(torrent.key)
        await self._add_known(torrent)
        await torrent.checked.wait()

    async def _saved(self, torrent: Torrent, source: lt.add_torrent_params) -> lt.add_torrent_params | None:
        data = await self._keeper.saved(torrent.key)
        if data is None:
            return None
        saved = await asyncio.to_thread(sources.parse_resume, data, source)
        if saved is None:
            await self._keeper.quarantine(torrent.key)
        return saved

    async def _add(self, torrent: Torrent, params: lt.add_torrent_params) -> None:
        contacts = sources.Contacts(self._guard, params)
        contacts.strip(params)
        params.save_path = str(torrent.folder)
        params.storage_mode = lt.storage_mode_t.storage_mode_sparse
        # Asynchronously, because the alert tells us the handle before any other alert speaks of it.
        added = torrent.expect(lt.add_torrent_alert)
        self._open.async_add_torrent(params)
        if trouble := await asyncio.wait_for(added, DISK_PATIENCE):
            raise WrongState(f"the torrent engine refused it: {trouble}")
        self._tasks.spawn(f"contacts of {torrent.key}", contacts.add_named(torrent.live))

    def _flags(self) -> int:
        # Not auto-managed: libtorrent's own queue would hold back what is to be watched.
        flags = _FLAGS.update_subscribe | _FLAGS.apply_ip_filter | _FLAGS.duplicate_is_error
        if not self._config.pex:
            flags |= _FLAGS.disable_pex
        return int(flags)

    async def _let_go(self, torrent: Torrent) -> None:
        """The metadata came from peers, who are still connected: now ask them for content."""
        assert torrent.handle is not None
        if torrent.sequential:
            torrent.handle.set_flags(_FLAGS.sequential_download)
        await self._send_selection(torrent)
        torrent.handle.unset_flags(_FLAGS.upload_mode)

    async def _send_selection(self, torrent: Torrent) -> None:
        priorities = torrent.file_priorities()
        if 0 in priorities or torrent.checked.is_set():
            answer = torrent.expect(lt.file_prio_alert)
            torrent.live.prioritize_files(priorities)
            await asyncio.wait_for(answer, DISK_PATIENCE)
        torrent.forget_sent()

    async def _drop(self, torrent: Torrent, *, delete_files: bool) -> None:
        handle = torrent.handle
        self._torrents.pop(torrent.key, None)
        if handle is None:
            torrent.end(Unavailable("the download was stopped"))
            return
        self._by_handle.pop(hash(handle), None)
        deleted = self._reports.deletion_of(torrent) if delete_files and torrent.begun else None
        with suppress(RuntimeError):
            self._open.remove_torrent(handle, lt.session.delete_files if delete_files else 0)
        torrent.end(Unavailable("the download was stopped"))
        if deleted is not None:
            # Until its last write is done, libtorrent would make the folder anew.
            await asyncio.wait([deleted], timeout=_DELETION)

    # Watching

    async def _save_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(_SAVE_EVERY)
            for torrent in list(self._torrents.values()):
                if torrent.unsynced or torrent.last.unsaved:
                    await self._keeper.save(torrent)
                if torrent.begun:
                    self._reports.finish_if_complete(torrent)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            self._set_pace()
            if self._torrents:
                self._open.post_torrent_updates(0)
            for torrent in self._torrents.values():
                if torrent.lonely >= _LONELY and torrent.handle is not None:
                    torrent.lonely = 0
                    self._remind(torrent.handle)

    def _set_pace(self) -> None:
        """Twenty looks a second serve who waits; a box that only seeds need not wake so often."""
        busy = any(not torrent.finished.is_set() for torrent in self._torrents.values())
        tick = settings.QUICK if busy else settings.SLOW
        if tick != self._tick:
            self._tick = tick
            self._open.apply_settings({"tick_interval": tick})

    def _remind(self, handle: lt.torrent_handle) -> None:
        """Have libtorrent look at its peers again.

        When it takes a torrent for finished, and every satisfied window looks so, it counts seeds out, and
        counts again only when there is a peer to connect to. Our own address is one, which it soon drops.
        """
        handle.connect_peer(("127.0.0.1", self._open.listen_port() or 6881))

    async def _mind_device(self) -> None:
        """Traffic only while the device is there; never by another one."""
        assert self._config.interface is not None
        while True:
            up = settings.device_is_up(self._config.interface)
            if up != self._device_up:
                self._device_up = up
                log.warning("the torrent device changed", device=self._config.interface, up=up)
                if up:
                    self._open.apply_settings(settings.interfaces(self._config))
                    self._open.resume()
                else:
                    self._open.pause()
            await asyncio.sleep(1)
