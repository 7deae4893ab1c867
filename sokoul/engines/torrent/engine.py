"""libtorrent behind the download feature's `TorrentEngine`."""

from __future__ import annotations

import asyncio
import errno
import shutil
from collections.abc import AsyncGenerator, Collection
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import libtorrent as lt
import structlog

from sokoul.config.model import Torrent as TorrentConfig
from sokoul.domain.errors import NotFound, Refused, Unavailable, WrongState
from sokoul.engines.torrent import files, settings, sources
from sokoul.engines.torrent.alerts import AlertPump
from sokoul.engines.torrent.resume import ResumeFiles
from sokoul.engines.torrent.torrent import Figures, Torrent
from sokoul.features.download.metainfo import Metainfo, read_info
from sokoul.features.download.ports import TorrentSource, TorrentStatus
from sokoul.lifecycle import Tasks
from sokoul.outbound import OutboundGuard

log = structlog.get_logger(__name__)

_SAVE_EVERY: Final = 5.0
_LOOK_EVERY: Final = 0.5
_DISK_PATIENCE: Final = 60.0
_FLAGS = lt.torrent_flags
_FULL = {errno.ENOSPC, errno.EDQUOT}


class LibtorrentEngine:
    """One libtorrent session; data of a torrent lies in `{directory}/<id>/`."""

    def __init__(self, config: TorrentConfig, guard: OutboundGuard) -> None:
        self._config, self._guard = config, guard
        self._directory = config.directory
        self._resume = ResumeFiles(config.directory)
        self._torrents: dict[UUID, Torrent] = {}
        self._by_handle: dict[int, Torrent] = {}
        self._tasks = Tasks("torrent-engine")
        self._session: lt.session | None = None
        self._pump: AlertPump | None = None
        self._device_up = config.interface is None

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
        self._pump = AlertPump(session, self._handlers())
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
        await asyncio.gather(*(self._quietly_save(torrent) for torrent in self._torrents.values()))
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

    async def check(self) -> None:
        """Raises Unavailable when it does not run, or its network device is away."""
        if self._session is None:
            raise Unavailable("the torrent engine is not running")
        if not self._device_up:
            raise Unavailable(
                f"the network device {self._config.interface} is away; nothing leaves by another"
            )

    # Torrents

    async def add(self, key: UUID, source: TorrentSource) -> None:
        """Take a torrent in; one whose metadata is known is not even shown to libtorrent before `begin`."""
        if key in self._torrents:
            return
        torrent = Torrent(key, source, self._directory / str(key))
        self._torrents[key] = torrent
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
        self._finish_if_complete(torrent)

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
            self._finish_if_complete(torrent)

    async def pause(self, key: UUID) -> None:
        """Stop all traffic of it and save."""
        torrent = self._torrent(key)
        torrent.paused = True
        if torrent.handle is not None:
            torrent.handle.pause()
            await self._quietly_save(torrent)

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
        torrent.checked.clear()
        torrent.finished.clear()
        torrent.handle.force_recheck()
        await torrent.checked.wait()
        self._finish_if_complete(torrent)

    async def remove(self, key: UUID, *, delete_files: bool) -> None:
        """Forget the torrent; unless its files go, its progress is saved for whoever continues."""
        torrent = self._torrents.get(key)
        if torrent is not None:
            if not delete_files:
                await self._quietly_save(torrent)
            await self._drop(torrent, delete_files=delete_files)
        if delete_files:
            await asyncio.to_thread(shutil.rmtree, self._directory / str(key), ignore_errors=True)
            await asyncio.to_thread(self._resume.forget, key)

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
        params = await asyncio.to_thread(sources.parse, TorrentSource(torrent=torrent.torrent_file))
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
        params.piece_priorities = torrent.first_priorities()
        await self._add(torrent, params)

    async def _saved(self, torrent: Torrent, source: lt.add_torrent_params) -> lt.add_torrent_params | None:
        data = await asyncio.to_thread(self._resume.read, torrent.key)
        if data is None:
            return None
        saved = await asyncio.to_thread(sources.parse_resume, data, source)
        if saved is None:
            await asyncio.to_thread(self._resume.quarantine, torrent.key)
        return saved

    async def _add(self, torrent: Torrent, params: lt.add_torrent_params) -> None:
        contacts = sources.Contacts(self._guard, params)
        contacts.strip(params)
        params.save_path = str(torrent.folder)
        params.storage_mode = lt.storage_mode_t.storage_mode_sparse
        # Asynchronously, because the alert tells us the handle before any other alert speaks of it.
        added = torrent.next_alert(lt.add_torrent_alert, timeout=_DISK_PATIENCE)
        self._open.async_add_torrent(params)
        if trouble := await added:
            raise WrongState(f"the torrent engine refused it: {trouble}")
        assert torrent.handle is not None
        self._tasks.spawn(f"contacts of {torrent.key}", contacts.add_named(torrent.handle))

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
        assert torrent.handle is not None
        priorities = torrent.file_priorities()
        if 0 in priorities or torrent.checked.is_set():
            answer = torrent.next_alert(lt.file_prio_alert, timeout=_DISK_PATIENCE)
            torrent.handle.prioritize_files(priorities)
            await answer
        torrent.forget_sent()

    async def _drop(self, torrent: Torrent, *, delete_files: bool) -> None:
        handle = torrent.handle
        self._torrents.pop(torrent.key, None)
        if handle is None:
            torrent.end(Unavailable("the download was stopped"))
            return
        self._by_handle.pop(hash(handle), None)
        with suppress(RuntimeError):
            self._open.remove_torrent(handle, lt.session.delete_files if delete_files else 0)
        torrent.end(Unavailable("the download was stopped"))

    # What libtorrent reports

    def _handlers(self) -> dict[type, Any]:
        return {
            lt.add_torrent_alert: self._on_added,
            lt.metadata_received_alert: self._on_metadata,
            lt.metadata_failed_alert: self._on_bad_metadata,
            lt.torrent_checked_alert: self._on_checked,
            lt.piece_finished_alert: self._on_piece,
            lt.read_piece_alert: self._on_bytes,
            lt.state_update_alert: self._on_states,
            lt.file_error_alert: self._on_file_error,
            lt.torrent_error_alert: self._on_error,
            lt.alerts_dropped_alert: self._on_dropped,
            lt.listen_failed_alert: self._on_listen_failed,
            lt.cache_flushed_alert: self._wake,
            lt.file_prio_alert: self._wake,
            lt.save_resume_data_alert: self._on_resume_data,
            lt.save_resume_data_failed_alert: self._on_no_resume_data,
        }

    def _of(self, alert: Any) -> Torrent | None:
        return self._by_handle.get(hash(alert.handle))

    # An alert lives only until its handler returns: what is kept of it must be copied.

    def _wake(self, alert: Any) -> None:
        torrent = self._of(alert)
        if torrent is not None:
            torrent.alert(type(alert), None)

    def _on_resume_data(self, alert: Any) -> None:
        torrent = self._of(alert)
        if torrent is not None:
            torrent.alert(lt.save_resume_data_alert, bytes(lt.write_resume_data_buf(alert.params)))

    def _on_no_resume_data(self, alert: Any) -> None:
        torrent = self._of(alert)
        if torrent is not None:
            torrent.alert(lt.save_resume_data_alert, None)

    def _on_added(self, alert: Any) -> None:
        torrent = self._torrents.get(UUID(Path(alert.params.save_path).name))
        if torrent is None:
            if alert.handle.is_valid():
                self._open.remove_torrent(alert.handle)
            return
        failed = alert.error.value() != 0
        if not failed:
            torrent.handle = alert.handle
            self._by_handle[hash(alert.handle)] = torrent
        torrent.alert(lt.add_torrent_alert, alert.error.message() if failed else None)

    def _on_metadata(self, alert: Any) -> None:
        torrent = self._of(alert)
        if torrent is not None:
            self._tasks.spawn(f"metadata of {torrent.key}", self._received(torrent))

    def _on_bad_metadata(self, alert: Any) -> None:
        """It came whole and matches its hash, but cannot be used; a wrong hash is only a bad peer."""
        torrent = self._of(alert)
        if torrent is None or torrent.metadata_known.done():
            return
        if "mismatching" in alert.error.message():
            return
        refusal = Refused("bad_torrent", f"this is not a usable torrent: {alert.error.message()}")
        torrent.metadata_known.set_exception(refusal)

    async def _received(self, torrent: Torrent) -> None:
        if torrent.handle is None or torrent.metadata_known.done():
            return
        info = await asyncio.to_thread(torrent.handle.torrent_file)
        if info is None:
            return
        try:
            await self._learn(torrent, info, None)
        except Refused as refusal:
            torrent.metadata_known.set_exception(refusal)

    def _on_checked(self, alert: Any) -> None:
        torrent = self._of(alert)
        if torrent is not None:
            self._tasks.spawn(f"pieces of {torrent.key}", self._count_pieces(torrent, checked=True))

    async def _count_pieces(self, torrent: Torrent, *, checked: bool) -> None:
        if torrent.handle is None:
            return
        status = await asyncio.to_thread(torrent.handle.status, lt.torrent_handle.query_pieces)
        if torrent.meta is None:
            await asyncio.shield(torrent.metadata_known)
        torrent.reset_pieces(status.pieces)
        if checked:
            torrent.checked.set()
        self._finish_if_complete(torrent)

    def _on_piece(self, alert: Any) -> None:
        torrent = self._of(alert)
        if torrent is not None and torrent.plan is not None:
            torrent.got_piece(int(alert.piece_index))
            self._finish_if_complete(torrent)

    def _on_bytes(self, alert: Any) -> None:
        torrent = self._of(alert)
        if torrent is not None:
            failed = alert.error.value() != 0
            torrent.got_bytes(int(alert.piece), None if failed else bytes(alert.buffer))

    def _on_states(self, alert: Any) -> None:
        for status in alert.status:
            torrent = self._by_handle.get(hash(status.handle))
            if torrent is not None:
                torrent.note(Figures.of(status))

    def _on_file_error(self, alert: Any) -> None:
        torrent = self._of(alert)
        if torrent is None:
            return
        torrent.no_space = alert.error.value() in _FULL
        torrent.error = alert.error.message()
        log.warning("a file of a torrent failed", download=str(torrent.key), error=torrent.error)

    def _on_error(self, alert: Any) -> None:
        torrent = self._of(alert)
        if torrent is not None:
            torrent.error = alert.error.message()
            torrent.no_space = alert.error.value() in _FULL

    def _on_dropped(self, _: Any) -> None:
        log.warning("libtorrent dropped reports, counting the pieces again")
        for torrent in self._torrents.values():
            if torrent.checked.is_set():
                self._tasks.spawn(f"recount of {torrent.key}", self._count_pieces(torrent, checked=False))

    def _on_listen_failed(self, alert: Any) -> None:
        log.warning("the torrent engine cannot listen", error=alert.message())

    # Ending well

    def _finish_if_complete(self, torrent: Torrent) -> None:
        ready = torrent.begun and torrent.checked.is_set() and torrent.wishes.complete
        if ready and not torrent.finishing and not torrent.finished.is_set():
            torrent.finishing = True
            self._tasks.spawn(f"finish {torrent.key}", self._finish(torrent))

    async def _finish(self, torrent: Torrent) -> None:
        """libtorrent calls it finished before the last bytes are in the files: flush, then look."""
        try:
            for attempt in range(5):
                await self._flush(torrent)
                chosen = [torrent.file(index) for index in sorted(torrent.selected)]
                expected = [(torrent.path(file.index), file.size_bytes) for file in chosen if file.size_bytes]
                if await asyncio.to_thread(files.all_there, expected):
                    break
                await asyncio.sleep(0.1 * (attempt + 1))
            else:
                log.warning("a finished torrent has gaps, checking it", download=str(torrent.key))
                await self._check_again(torrent)
            if torrent.wishes.complete:
                torrent.finished.set()
                await self._quietly_save(torrent)
        finally:
            torrent.finishing = False

    async def _check_again(self, torrent: Torrent) -> None:
        if torrent.handle is not None:
            torrent.checked.clear()
            torrent.handle.force_recheck()
            await torrent.checked.wait()

    async def _flush(self, torrent: Torrent) -> None:
        """Bring what libtorrent holds in memory into the files."""
        if torrent.handle is None:
            return
        snapshot = bytearray(torrent.wishes.have)
        answer = torrent.next_alert(lt.cache_flushed_alert, timeout=_DISK_PATIENCE)
        torrent.handle.flush_cache()
        await answer
        torrent.flushed(snapshot)

    # Saving

    async def _save_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(_SAVE_EVERY)
            for torrent in list(self._torrents.values()):
                if torrent.unsynced or torrent.last.unsaved:
                    await self._quietly_save(torrent)

    async def _quietly_save(self, torrent: Torrent) -> None:
        try:
            async with torrent.saving:
                await self._save(torrent)
        except (TimeoutError, OSError, Unavailable) as err:
            log.warning("progress could not be saved", download=str(torrent.key), error=str(err))

    async def _save(self, torrent: Torrent) -> None:
        if torrent.handle is None or torrent.meta is None or not torrent.checked.is_set():
            return
        fresh, torrent.unsynced = torrent.unsynced, set()
        try:
            safe = bytearray(torrent.wishes.have)
            await self._flush(torrent)
            answer = asyncio.ensure_future(
                torrent.next_alert(lt.save_resume_data_alert, timeout=_DISK_PATIENCE)
            )
            torrent.handle.save_resume_data(lt.torrent_handle.save_info_dict)
            data = await answer
            if data is not None:
                safe_data = await asyncio.to_thread(_only, data, safe)
                touched = self._touched(torrent, fresh)
                await asyncio.to_thread(self._resume.write, torrent.key, safe_data, touched)
        except BaseException:
            torrent.unsynced |= fresh
            raise

    def _touched(self, torrent: Torrent, pieces: set[int]) -> list[Path]:
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

    # Watching

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            if self._torrents:
                self._open.post_torrent_updates(0)

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


def _only(resume_data: bytes, safe: bytearray) -> bytes:
    """Saved progress without what was only in memory: that would be a hole after a crash. Blocks."""
    params = lt.read_resume_data(resume_data)
    params.have_pieces = [bool(one and safe[piece]) for piece, one in enumerate(params.have_pieces)]
    params.unfinished_pieces = {}
    return bytes(lt.write_resume_data_buf(params))
