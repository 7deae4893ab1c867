"""Downloads as people ask for them: start, look, pause, resume, cancel, watch while they come in."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from sokoul.domain.errors import Forbidden, Invalid, NotFound, Refused, SokoulError, WrongState
from sokoul.domain.payload import PayloadFile, pick_main
from sokoul.domain.users import User
from sokoul.features.download.ceilings import CeilingOf, no_ceiling, within
from sokoul.features.download.document import document
from sokoul.features.download.metainfo import read_magnet, read_torrent, trimmed_magnet
from sokoul.features.download.model import Download, FileState, NewDownload, SourceKind, Status, Via, Wanted
from sokoul.features.download.ports import (
    Added,
    ByteReader,
    DownloadStore,
    Live,
    PickedOffer,
    Ready,
    TorrentFetcher,
)

SIGNAL: Final = "downloads"
_FETCHED: Final = frozenset({"torrent", "http", "hls"})
_LONGEST_URL: Final = 8_000
_LOOK: Final = 4.0  # seconds to find out which torrent an address names, before the worker does it at leisure
# Control characters, and those that reverse how a name reads.
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


@dataclass(frozen=True, slots=True)
class Wish:
    """What to download: exactly one of the first five."""

    result_id: uuid.UUID | None = None
    magnet_link: str | None = None
    torrent_url: str | None = None
    url: str | None = None
    torrent: bytes | None = None
    media_id: uuid.UUID | None = None
    files: tuple[int, ...] | None = None
    sequential: bool = False
    via: Via | None = None  # None: by a debrid service that has it ready, else from the swarm


@dataclass(frozen=True, slots=True)
class Streamed:
    """A file of a download to be sent: at `path` when every byte is there, else by `read`."""

    download: Download
    file: FileState
    path: Path | None


class DownloadService:
    """The API's side: writes wishes into rows, wakes the workers, reads what they write."""

    def __init__(
        self,
        store: DownloadStore,
        live: Live,
        reader: ByteReader,
        directory: Path,
        *,
        most_per_user: int = 0,
        wake: Callable[[], None],
        title_of: Callable[[Mapping[str, Any]], Awaitable[uuid.UUID | None]] | None = None,
        fetcher: TorrentFetcher | None = None,
        ready: Ready | None = None,
        ceiling_of: CeilingOf = no_ceiling,
    ) -> None:
        self._ready = ready
        self._store, self._live, self._reader, self._title_of = store, live, reader, title_of
        self._fetcher, self._ceiling_of = fetcher, ceiling_of
        self._directory, self._most, self._wake = directory, most_per_user, wake

    def limit(self, most_per_user: int) -> None:
        """Another limit from now on; 0 is none."""
        self._most = most_per_user

    async def request(self, wish: Wish, *, by: uuid.UUID, trail_id: str = "") -> Added:
        """Add a download, or find the one that has this torrent already.

        Raises NotFound (result, media), Invalid and Refused (the source), TooMany.
        """
        if wish.media_id is not None and not await self._store.has_media(wish.media_id):
            raise NotFound("There is no such title")
        new = await self._understand(wish, by, trail_id)
        added = await self._store.add(new, most=self._most)
        if added.created:
            self._wake()
            await self._live.signal(SIGNAL, {"id": str(added.id)})
        return added

    async def get(self, download_id: uuid.UUID, *, by: User) -> Download:
        """One download; raises NotFound, also for another user's."""
        return await self._visible(download_id, by.id, everything=by.moderates)

    async def page(
        self, *, by: User, statuses: Sequence[str] = (), limit: int = 50, offset: int = 0
    ) -> tuple[Sequence[Download], int]:
        """The newest first: one's own, or everybody's for who moderates; raises Invalid."""
        for status in statuses:
            if status not in Status.__members__.values():
                raise Invalid("status", f"there is no status {status[:40]!r}")
        user_id = None if by.moderates else by.id
        return await self._store.page(user_id=user_id, statuses=statuses, limit=limit, offset=offset)

    async def pause(self, download_id: uuid.UUID, *, by: User) -> Download:
        """Stop its traffic until `resume`; raises WrongState when it has ended."""
        return await self._want(download_id, by, Wanted.PAUSE)

    async def resume(self, download_id: uuid.UUID, *, by: User) -> Download:
        """Go on, also after a failure; raises WrongState when it has ended."""
        return await self._want(download_id, by, Wanted.RUN)

    async def cancel(self, download_id: uuid.UUID, *, by: User, delete_files: bool = False) -> Download:
        """End it, and remove what came in if so wanted; what is in the library stays."""
        return await self._want(download_id, by, Wanted.CANCEL, delete_files=delete_files)

    async def stream(
        self, download_id: uuid.UUID, index: int, *, user_id: uuid.UUID, all_of: bool
    ) -> Streamed:
        """A file to be watched; raises NotFound, or WrongState while it is not known what is in it."""
        download = await self._visible(download_id, user_id, everything=all_of)
        file = download.file(index)
        if file is None:
            if not download.files and not download.status.ended:
                raise WrongState("The file list of this download is not known yet")
            raise NotFound("There is no such file in this download")
        if not file.wanted:
            raise WrongState("This file is not being downloaded")
        return Streamed(download, file, await self._whole(download, file))

    def read(self, streamed: Streamed, offset: int, length: int) -> AsyncGenerator[bytes, None]:
        """The bytes as they come in; what is read next is fetched first."""
        return self._reader.read(streamed.download, streamed.file.index, offset, length)

    async def main_file(self, download_id: uuid.UUID, index: int | None, *, user_id: uuid.UUID) -> Streamed:
        """The file of that index, by default the film itself; raises NotFound, WrongState."""
        if index is None:
            download = await self._visible(download_id, user_id, everything=False)
            index = film_of(download)
            if index is None:
                raise WrongState("The file list of this download is not known yet")
        return await self.stream(download_id, index, user_id=user_id, all_of=False)

    async def playable_of(self, media_id: uuid.UUID, *, user_id: uuid.UUID) -> list[Streamed]:
        """Playable files of this user's downloads of a title."""
        found = [one for one in await self._store.of_media(media_id) if one.visible_to(user_id)]
        return [
            Streamed(download, file, await self._whole(download, file))
            for download in found
            for file in download.files
            if file.wanted and file.playable
        ]

    async def _want(
        self, download_id: uuid.UUID, by: User, wanted: Wanted, *, delete_files: bool = False
    ) -> Download:
        download = await self._visible(download_id, by.id, everything=by.moderates)
        if not by.moderates and download.wanted_by != by.id:
            raise Forbidden("Somebody else started this download")
        if not await self._store.want(download_id, wanted, delete_files=delete_files):
            raise WrongState(f"This download is {download.status}")
        await self._live.signal(SIGNAL, {"id": str(download_id)})
        changed = await self._visible(download_id, by.id, everything=by.moderates)
        told = {**document(changed), "wanted_by": changed.owners}
        await self._live.tell("downloads", "download.updated", told)
        return changed

    async def _visible(self, download_id: uuid.UUID, user_id: uuid.UUID, *, everything: bool) -> Download:
        download = await self._store.get(download_id)
        if download is None or not (everything or download.visible_to(user_id)):
            raise NotFound("There is no such download")
        return download

    async def _whole(self, download: Download, file: FileState) -> Path | None:
        """Where the file lies when it is complete and this machine can see it."""
        if not file.complete or (file.file_id is None and not download.status.ended):
            return None
        path = self._directory / str(download.id) / file.path
        return path if await asyncio.to_thread(_is_whole, path, file.size_bytes) else None

    async def _understand(self, wish: Wish, by: uuid.UUID, trail_id: str) -> NewDownload:
        source = wish
        extra: dict[str, Any] = {}
        if wish.result_id is not None:
            source, extra = await self._picked(wish.result_id, by)
        told = await _describe(source)
        if told["source_kind"] is SourceKind.TORRENT_URL and not extra.get("info_hash"):
            told = await self._named_by(told)
        within(self._ceiling_of(by), [str(extra.get("name") or told["name"])])
        told["via"] = await self._way(wish, {**told, **extra}, by)
        download_id = uuid.uuid4()
        files = tuple(sorted(set(wish.files))) if wish.files is not None else None
        return NewDownload(
            id=download_id,
            wanted_by=by,
            trail_id=trail_id or download_id.hex,
            wanted_files=files or None,
            sequential=wish.sequential,
            **{**told, **extra, **({"media_id": wish.media_id} if wish.media_id else {})},
        )

    async def _way(self, wish: Wish, told: Mapping[str, Any], by: uuid.UUID) -> Via:
        """How it comes: a torrent by a debrid service where that is wished, or has it ready."""
        if told["source_kind"] is SourceKind.URL:
            return Via.LINK
        info_hash = told.get("info_hash")
        if wish.via is Via.DEBRID:
            if not info_hash:
                raise WrongState("Which torrent this is is not known before it is downloaded")
            return Via.DEBRID
        if wish.via is None and wish.files is None and info_hash and self._ready is not None:
            return Via.DEBRID if await self._ready.has(by, info_hash) else Via.TORRENT
        return Via.TORRENT

    async def _picked(self, result_id: uuid.UUID, by: uuid.UUID) -> tuple[Wish, dict[str, Any]]:
        offer = await self._store.picked(result_id, by)
        if offer is None:
            raise NotFound("There is no such search result")
        if offer.protocol not in _FETCHED:
            raise WrongState("This result is played where it is; it cannot be downloaded")
        link = _link(offer)
        extra: dict[str, Any] = {
            "name": offer.name,
            "result_id": result_id,
            "media_id": offer.media_id or await self._title(offer.work),
            "work": offer.work,
        }
        if offer.protocol != "torrent":
            extra["headers"] = offer.headers
        if offer.info_hash:
            extra["info_hash"] = offer.info_hash.lower()
        return link, extra

    async def _named_by(self, told: dict[str, Any]) -> dict[str, Any]:
        """The torrent that an address names, so that the same one is not started twice.

        An address that does not answer at once, or with something else, is left to the worker.
        """
        if self._fetcher is None:
            return told
        try:
            async with asyncio.timeout(_LOOK):
                found = await self._fetcher.fetch(told["source"])
            if found.magnet is not None:
                return await _describe(Wish(magnet_link=found.magnet))
            described = await _describe(Wish(torrent=found.torrent))
        except (SokoulError, TimeoutError):
            return told
        return {**described, "source_kind": SourceKind.TORRENT_URL, "source": told["source"]}

    async def _title(self, work: Mapping[str, Any] | None) -> uuid.UUID | None:
        """The film's title: known from the first second, so that where one stopped watching is kept."""
        return None if work is None or self._title_of is None else await self._title_of(work)


def _link(offer: PickedOffer) -> Wish:
    """A magnet link that names no tracker finds peers by DHT alone: the .torrent file goes before it."""
    if offer.protocol != "torrent":
        return Wish(url=offer.url)
    magnet = offer.magnet_link
    if magnet and ("tr=" in magnet or "tr.1=" in magnet or not offer.url):
        return Wish(magnet_link=magnet)
    if offer.url:
        return Wish(torrent_url=offer.url)
    return Wish(magnet_link=f"magnet:?xt=urn:btih:{offer.info_hash}" if offer.info_hash else None)


async def _describe(wish: Wish) -> dict[str, Any]:
    given = [one for one in (wish.magnet_link, wish.torrent_url, wish.url, wish.torrent) if one]
    if len(given) != 1:
        raise Invalid("magnet_link", "give exactly one of result_id, magnet_link, torrent_url, url, torrent")
    if wish.torrent is not None:
        meta = await asyncio.to_thread(read_torrent, wish.torrent)
        return {
            "name": meta.name,
            "source_kind": SourceKind.TORRENT,
            "torrent": wish.torrent,
            "info_hash": meta.info_hash,
        }
    text = (wish.magnet_link or wish.torrent_url or wish.url or "").strip()
    if "\0" in text:
        raise Refused("bad_url", "this is not an address")
    if wish.magnet_link or text.startswith("magnet:"):
        magnet = await asyncio.to_thread(read_magnet, text)
        return {
            "name": _plain(magnet.name or "") or magnet.info_hash,
            "source_kind": SourceKind.MAGNET,
            "source": await asyncio.to_thread(trimmed_magnet, text),
            "info_hash": magnet.info_hash,
        }
    torrent = wish.torrent_url is not None or urlsplit(text).path.lower().endswith(".torrent")
    kind = SourceKind.TORRENT_URL if torrent else SourceKind.URL
    return {"name": _name_of(text), "source_kind": kind, "source": text}


def _name_of(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError as err:
        raise Refused("bad_url", "this is not a web address") from err
    if parts.scheme not in {"http", "https"} or not parts.hostname or len(url) > _LONGEST_URL:
        raise Refused("bad_url", "only plain http and https addresses are fetched")
    return _plain(unquote(parts.path.rpartition("/")[2]).removesuffix(".torrent")) or parts.hostname


def _plain(name: str) -> str:
    return " ".join(_UNSEEN.sub(" ", name).split())


def film_of(download: Download) -> int | None:
    """The index of the film itself, the first of several; None while the files are unknown."""
    wanted = [file for file in download.files if file.wanted]
    main = pick_main([PayloadFile(file.path, file.size_bytes) for file in wanted])
    return wanted[main[0]].index if main else None


def _is_whole(path: Path, size: int) -> bool:
    try:
        facts = path.lstat()
    except OSError:
        return False
    return path.is_file() and not path.is_symlink() and facts.st_size == size
