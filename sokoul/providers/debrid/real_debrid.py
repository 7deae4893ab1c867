"""Real-Debrid's API 1.0: an account, its torrents, its links. Only trying tells what is ready."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sokoul.domain.debrid import Service
from sokoul.features.debrid.model import Account, DebridTrouble, Kind, Link, RemoteFile, RemoteTorrent, Stage
from sokoul.providers.debrid import calling
from sokoul.providers.debrid.calling import Caller
from sokoul.providers.debrid.real_debrid_refusals import BROKEN, broken, refusal
from sokoul.providers.fetch import Parameters, Reply

# 250 a minute, refused ones included: fifty at once and two hundred in the minute.
RULES: Final = ((50, 15.0),)
_MOST_FILES: Final = 10_000
_STAGES: Final = {"waiting_files_selection": Stage.CHOOSE, "downloaded": Stage.READY}


class RealDebrid:
    """One account."""

    service = Service.REAL_DEBRID

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def account(self) -> Account:
        """GET /user."""
        told = calling.mapping(await self._json("GET", "/user"))
        name = calling.text(told.get("username"), 100)
        if not name:
            raise calling.nonsense(self.service, 200)
        premium = told.get("type") == "premium" and calling.number(told.get("premium")) > 0
        return Account(name, premium, _moment(told.get("expiration")))

    async def add(self, magnet: str) -> str:
        """POST /torrents/addMagnet."""
        told = calling.mapping(await self._json("POST", "/torrents/addMagnet", form=[("magnet", magnet)]))
        if (found := calling.identity(told.get("id"))) is None:
            raise calling.nonsense(self.service, 201)
        return found

    async def look(self, torrent_id: str) -> RemoteTorrent:
        """GET /torrents/info/{id}."""
        told = calling.mapping(await self._json("GET", f"/torrents/info/{torrent_id}"))
        status = calling.text(told.get("status"), 50)
        if status in BROKEN:
            raise broken(status)
        stage = _STAGES.get(status, Stage.WORKING)
        return RemoteTorrent(
            torrent_id,
            calling.text(told.get("original_filename") or told.get("filename"), 300),
            stage,
            calling.percent(told.get("progress")),
            _files(told, ready=stage is Stage.READY),
        )

    async def choose(self, torrent_id: str, files: Collection[int]) -> None:
        """POST /torrents/selectFiles/{id}."""
        wanted = ",".join(str(index) for index in sorted(files))
        await self._reply("POST", f"/torrents/selectFiles/{torrent_id}", form=[("files", wanted or "all")])

    async def unlock(self, link: str) -> Link:
        """POST /unrestrict/link."""
        told = calling.mapping(await self._json("POST", "/unrestrict/link", form=[("link", link)]))
        url = calling.web_link(told.get("download"))
        if url is None:
            raise calling.nonsense(self.service, 200)
        size = calling.number(told.get("filesize")) or None
        return Link(url, calling.text(told.get("filename"), 300), size)

    async def drop(self, torrent_id: str) -> None:
        """DELETE /torrents/delete/{id}."""
        try:
            await self._reply("DELETE", f"/torrents/delete/{torrent_id}")
        except DebridTrouble as trouble:
            if trouble.kind is not Kind.GONE:
                raise

    async def _json(self, method: str, path: str, form: Parameters | None = None) -> Any:
        return calling.document(await self._reply(method, path, form), self.service)

    async def _reply(self, method: str, path: str, form: Parameters | None = None) -> Reply:
        reply = await self._caller.ask(method, path, form=form)
        if reply.status < 300:
            return reply
        try:
            told = calling.mapping(calling.document(reply, self.service))
        except DebridTrouble:
            told = {}
        code = told.get("error_code")
        raise refusal(code if isinstance(code, int) and not isinstance(code, bool) else 0, reply.status)


def _files(told: calling.Document, *, ready: bool) -> tuple[RemoteFile, ...]:
    """The files; `links` stand in the order of those that were selected."""
    listed = [calling.mapping(item) for item in calling.listing(told.get("files"))[:_MOST_FILES]]
    links = [calling.web_link(link) for link in calling.listing(told.get("links"))] if ready else []
    selected = [item for item in listed if item.get("selected") == 1]
    # Packed together, a link is no file of the torrent.
    by_place = dict(zip(map(id, selected), links, strict=True)) if len(links) == len(selected) else {}
    return tuple(
        RemoteFile(
            calling.number(item.get("id")),
            calling.text(item.get("path")).lstrip("/"),
            calling.number(item.get("bytes")),
            by_place.get(id(item)),
        )
        for item in listed
    )


def _moment(told: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(told.replace("Z", "+00:00"))
    except (AttributeError, ValueError):
        return None
    return found if found.tzinfo else None
