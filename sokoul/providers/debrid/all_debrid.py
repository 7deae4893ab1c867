"""AllDebrid's API 4: an account, its magnets, its links. Only handing a magnet over tells what is ready."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from sokoul.domain.debrid import Service
from sokoul.features.debrid.model import Account, DebridTrouble, Kind, Link, RemoteFile, RemoteTorrent, Stage
from sokoul.providers.debrid import calling
from sokoul.providers.debrid.all_debrid_refusals import READY, broken, refusal
from sokoul.providers.debrid.calling import Caller
from sokoul.providers.fetch import Parameters

# Twelve a second and six hundred a minute: four at once and eight in the second.
RULES: Final = ((4, 0.5),)
_MOST_FILES: Final = 10_000
_DEEPEST: Final = 30
_DELAYED: Final = (2.0, 3.0, 5.0, 5.0, 5.0, 10.0, 10.0, 20.0)


class AllDebrid:
    """One account."""

    service = Service.ALL_DEBRID

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def account(self) -> Account:
        """GET /v4/user."""
        told = calling.mapping((await self._data("GET", "/v4/user")).get("user"))
        name = calling.text(told.get("username"), 100)
        if not name:
            raise calling.nonsense(self.service, 200)
        until = calling.number(told.get("premiumUntil"))
        return Account(name, told.get("isPremium") is True, _moment(until))

    async def add(self, magnet: str) -> str:
        """POST /v4/magnet/upload."""
        data = await self._data("POST", "/v4/magnet/upload", [("magnets[]", magnet)])
        told = _first(data)
        _raise_its_own(told)
        if (found := calling.identity(told.get("id"))) is None:
            raise calling.nonsense(self.service, 200)
        return found

    async def look(self, torrent_id: str) -> RemoteTorrent:
        """POST /v4.1/magnet/status, and /v4/magnet/files once it is ready."""
        told = _first(await self._data("POST", "/v4.1/magnet/status", [("id", torrent_id)]))
        if not told:
            raise refusal("MAGNET_INVALID_ID")
        code = calling.number(told.get("statusCode"))
        if code > READY:
            raise broken(code)
        name = calling.text(told.get("filename"), 300)
        if code < READY:
            return RemoteTorrent(torrent_id, name, Stage.WORKING, _percent(told))
        return RemoteTorrent(torrent_id, name, Stage.READY, 100.0, await self._files(torrent_id))

    async def choose(self, torrent_id: str, files: Collection[int]) -> None:
        """Nothing is asked: everything is there."""

    async def unlock(self, link: str) -> Link:
        """POST /v4/link/unlock, waiting where the hoster needs a while."""
        told = await self._data("POST", "/v4/link/unlock", [("link", link)])
        url = calling.web_link(told.get("link"))
        if url is None and (delayed := calling.number(told.get("delayed"))):
            url = await self._delayed(delayed)
        if url is None:
            raise calling.nonsense(self.service, 200)
        size = calling.number(told.get("filesize")) or None
        return Link(url, calling.text(told.get("filename"), 300), size)

    async def drop(self, torrent_id: str) -> None:
        """POST /v4/magnet/delete."""
        try:
            await self._data("POST", "/v4/magnet/delete", [("id", torrent_id)])
        except DebridTrouble as trouble:
            if trouble.kind is not Kind.GONE:
                raise

    async def _files(self, torrent_id: str) -> tuple[RemoteFile, ...]:
        told = _first(await self._data("POST", "/v4/magnet/files", [("id[]", torrent_id)]))
        _raise_its_own(told)
        found = list(_leaves(calling.listing(told.get("files")), "", _DEEPEST))[:_MOST_FILES]
        return tuple(
            RemoteFile(place, path, calling.number(leaf.get("s")), _link(leaf.get("l")))
            for place, (path, leaf) in enumerate(found)
        )

    async def _delayed(self, delayed: int) -> str | None:
        for wait in _DELAYED:
            told = await self._data("POST", "/v4/link/delayed", [("id", str(delayed))])
            status = calling.number(told.get("status"))
            if status == 2:
                return calling.web_link(told.get("link"))
            if status == 3:
                raise refusal("DOWNLOAD_FAILED")
            await asyncio.sleep(min(wait, max(1, calling.number(told.get("time_left")) or 1)))
        raise refusal("LINK_TEMPORARY_UNAVAILABLE")

    async def _data(self, method: str, path: str, form: Parameters | None = None) -> calling.Document:
        reply = await self._caller.ask(method, path, form=form)
        told = calling.mapping(calling.document(reply, self.service))
        if told.get("status") == "success":
            return calling.mapping(told.get("data"))
        if told.get("status") != "error":
            raise calling.nonsense(self.service, reply.status)
        raise refusal(_code(calling.mapping(told.get("error"))))


def base(url: str) -> str:
    """The address without the version, which differs from question to question."""
    return re.sub(r"/v4(\.\d+)?/?$", "", url.rstrip("/"))


def _first(data: calling.Document) -> calling.Document:
    """The one magnet that was asked about: in a list, or by itself."""
    magnets = data.get("magnets")
    if isinstance(magnets, dict):
        return magnets
    return calling.mapping(next(iter(calling.listing(magnets)), None))


def _raise_its_own(told: calling.Document) -> None:
    """A list of one succeeds even where the one in it failed."""
    if isinstance(error := told.get("error"), dict):
        raise refusal(_code(error))


def _code(error: calling.Document) -> str:
    return calling.text(error.get("code"), 60)


def _percent(told: calling.Document) -> float:
    size = calling.number(told.get("size"))
    return calling.percent(100 * calling.number(told.get("downloaded")) / size) if size else 0.0


def _leaves(nodes: list[Any], above: str, depth: int) -> Iterator[tuple[str, calling.Document]]:
    """The files of the tree: `n` is the name, `e` what is in a folder."""
    for node in map(calling.mapping, nodes):
        path = f"{above}{calling.text(node.get('n'))}"
        if isinstance(node.get("e"), list):
            if depth > 0:
                yield from _leaves(node["e"], f"{path}/", depth - 1)
        elif path:
            yield path, node


def _link(told: Any) -> str | None:
    """One link, which also comes as a list of one."""
    return calling.web_link(told[0] if isinstance(told, list) and told else told)


def _moment(seconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (OverflowError, OSError, ValueError):
        return None
