"""Downloads that come by links: at their address, at a debrid service, or at a hoster that one knows."""

from __future__ import annotations

from uuid import UUID

from sokoul.domain.errors import Refused
from sokoul.engines.links.probing import probe
from sokoul.features.debrid.model import DebridTrouble, Prepared, TorrentWish
from sokoul.features.debrid.service import DebridService
from sokoul.features.download.model import Download, Via
from sokoul.features.download.ports import LinkFile, LinkSource
from sokoul.remote import Headers, Place, Remote


class ReadyTorrents:
    """Which torrents a user's debrid services were seen to have ready."""

    def __init__(self, debrid: DebridService) -> None:
        self._debrid = debrid

    async def has(self, user_id: UUID, info_hash: str) -> bool:
        """Whether one of them has it."""
        services = await self._debrid.services(user_id)
        return bool(await self._debrid.ready([info_hash.lower()], services))


class LinksOf:
    """Where the files of a download are."""

    def __init__(self, debrid: DebridService, remote: Remote) -> None:
        self._debrid, self._remote = debrid, remote

    async def source(self, download: Download) -> LinkSource:
        """Raises Refused and ProviderUnavailable."""
        if download.via is Via.DEBRID:
            return await self._torrent(download)
        return await self._address(download)

    async def _torrent(self, download: Download) -> LinkSource:
        """The service may have to fetch it first: however long that takes, it is waited for."""
        wish = TorrentWish(_owner(download), _magnet(download), (download.info_hash or "").lower())
        prepared = await self._debrid.prepare(wish, patient=True)
        files = tuple(LinkFile(file.path, file.size_bytes) for file in prepared.files)
        return LinkSource(prepared.name, files, _Unlocked(self._debrid, wish, prepared))

    async def _address(self, download: Download) -> LinkSource:
        """The file itself; a page of a hoster leads to it by way of a debrid service."""
        url = download.source or ""
        try:
            await probe(self._remote, Place(url, download.headers))
        except Refused as refusal:
            if refusal.code == "playlist":
                fixed = _Fixed(url, download.headers)
                return LinkSource(download.name, (LinkFile(""),), fixed, playlist=True)
            if refusal.code != "page":
                # What it is, and what is wrong with it, the engine tells in its own turn.
                return LinkSource("", (LinkFile(""),), _Fixed(url, download.headers))
            return await self._hoster(download, refusal)
        return LinkSource("", (LinkFile(""),), _Fixed(url, download.headers))

    async def _hoster(self, download: Download, refusal: Refused) -> LinkSource:
        owner, url = _owner(download), download.source or ""
        try:
            link = await self._debrid.unlock(owner, url)
        except DebridTrouble as trouble:
            if trouble.code == "no_account":
                raise refusal from trouble
            raise Refused("hoster", f"{trouble}. {trouble.cure}") from trouble
        return LinkSource("", (LinkFile(link.name),), _Hosted(self._debrid, owner, url, link.url))


class _Fixed:
    """Always the same."""

    def __init__(self, url: str, headers: Headers) -> None:
        self._url, self._headers = url, headers

    async def __call__(self, index: int, *, fresh: bool) -> tuple[str, Headers]:
        del index, fresh
        return self._url, self._headers


class _Hosted:
    """A hoster's file; the address that a service gave for it ends some day."""

    def __init__(self, debrid: DebridService, owner: UUID, link: str, url: str) -> None:
        self._debrid, self._owner, self._link, self._url = debrid, owner, link, url

    async def __call__(self, index: int, *, fresh: bool) -> tuple[str, Headers]:
        del index
        if fresh:
            self._url = (await self._debrid.unlock(self._owner, self._link)).url
        return self._url, ()


class _Unlocked:
    """The files of a torrent at a service, each unlocked when it is first asked for."""

    def __init__(self, debrid: DebridService, wish: TorrentWish, prepared: Prepared) -> None:
        self._debrid, self._wish, self._prepared = debrid, wish, prepared
        self._urls: dict[int, str] = {}

    async def __call__(self, index: int, *, fresh: bool) -> tuple[str, Headers]:
        if fresh or index not in self._urls:
            if index in self._urls:
                # The links themselves may have ended with the addresses.
                self._prepared = await self._debrid.prepare(self._wish)
            file = self._prepared.files[index]
            link = await self._debrid.unlock(self._wish.user_id, file.link or "", self._prepared.service)
            self._urls[index] = link.url
        return self._urls[index], ()


def _owner(download: Download) -> UUID:
    if download.wanted_by is None:
        raise Refused("no_owner", "whoever asked for this is gone, and with them the account it came by")
    return download.wanted_by


def _magnet(download: Download) -> str:
    source = download.source or ""
    return source if source.startswith("magnet:") else f"magnet:?xt=urn:btih:{download.info_hash}"
