"""What libtorrent reports, taken over into the torrents."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import libtorrent as lt
import structlog

from sokoul.domain.errors import Refused
from sokoul.engines.torrent.keeping import Keeper
from sokoul.engines.torrent.torrent import Figures, Torrent
from sokoul.lifecycle import Tasks

log = structlog.get_logger(__name__)

_FULL: Final = {errno.ENOSPC, errno.EDQUOT}

Learn = Callable[[Torrent, lt.torrent_info, bytes | None], Awaitable[None]]


class Reports:
    """One handler for each kind of alert.

    An alert lives only until its handler returns: what is kept of it must be copied.
    """

    def __init__(
        self,
        session: lt.session,
        torrents: dict[UUID, Torrent],
        by_handle: dict[int, Torrent],
        keeper: Keeper,
        tasks: Tasks,
        learn: Learn,
    ) -> None:
        self._session, self._torrents, self._by_handle = session, torrents, by_handle
        self._keeper, self._tasks, self._learn = keeper, tasks, learn
        self._deletions: dict[str, asyncio.Future[None]] = {}

    def finish_if_complete(self, torrent: Torrent) -> None:
        """Begin to end it well once every wanted piece is in."""
        ready = torrent.begun and torrent.checked.is_set() and torrent.wishes.complete
        if ready and not torrent.finishing and not torrent.finished.is_set():
            torrent.finishing = True
            self._tasks.spawn(f"finish {torrent.key}", self._keeper.finish(torrent))

    def deletion_of(self, torrent: Torrent) -> asyncio.Future[None]:
        """Done once libtorrent has deleted its files, or given up on them."""
        done: asyncio.Future[None] = torrent.loop.create_future()
        self._deletions[torrent.known.info_hash] = done
        return done

    def _on_deleted(self, alert: Any) -> None:
        hashes = alert.info_hashes
        for name in (str(hashes.v1), str(hashes.v2)):
            done = self._deletions.pop(name, None)
            if done is not None and not done.done():
                done.set_result(None)

    def handlers(self) -> dict[type, Any]:
        """For the pump."""
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
            lt.torrent_deleted_alert: self._on_deleted,
            lt.torrent_delete_failed_alert: self._on_deleted,
            lt.cache_flushed_alert: self._wake,
            lt.file_prio_alert: self._wake,
            lt.save_resume_data_alert: self._on_resume_data,
            lt.save_resume_data_failed_alert: self._on_no_resume_data,
        }

    def _of(self, alert: Any) -> Torrent | None:
        return self._by_handle.get(hash(alert.handle))

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
                self._session.remove_torrent(alert.handle)
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
        torrent.since_count = set()
        status = await asyncio.to_thread(torrent.handle.status, lt.torrent_handle.query_pieces)
        if torrent.meta is None:
            await asyncio.shield(torrent.metadata_known)
        torrent.reset_pieces(status.pieces)
        if checked:
            torrent.checked.set()
        self.finish_if_complete(torrent)

    def _on_piece(self, alert: Any) -> None:
        torrent = self._of(alert)
        if torrent is not None and torrent.plan is not None:
            torrent.got_piece(int(alert.piece_index))
            self.finish_if_complete(torrent)

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
