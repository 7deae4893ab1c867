"""What links of results lead to: a .torrent file, a magnet, or a playlist that says what it shows."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sokoul.domain import hls
from sokoul.domain.mediafacts import lines_of
from sokoul.engines.torrent.fetch import GuardedFetcher
from sokoul.features.download.metainfo import read_magnet, read_torrent
from sokoul.features.search.ports import Linked
from sokoul.remote import Place, Remote, bounded, refused_by_status

_BIG = 64 * 1024


class Links:
    """Fetches .torrent files through the guard and reads them with bounds."""

    def __init__(self, fetcher: GuardedFetcher) -> None:
        self._fetcher = fetcher

    async def read(self, url: str) -> Linked:
        """Raises Refused and ProviderUnavailable."""
        found = await self._fetcher.fetch(url)
        if found.magnet is not None:
            magnet = read_magnet(found.magnet)
            return Linked(magnet.info_hash_v1, magnet_link=found.magnet)
        data = found.torrent or b""
        told = await asyncio.to_thread(read_torrent, data) if len(data) > _BIG else read_torrent(data)
        files = tuple(file.path for file in told.content)
        return Linked(told.info_hash_v1, size_bytes=told.total_bytes, files=files)


class Playlists:
    """Reads playlists of streams, as strangers' servers are asked."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote

    async def lines(self, url: str, headers: Sequence[tuple[str, str]]) -> int | None:
        """The resolution of the best picture; raises Refused, NotFound and ProviderUnavailable."""
        async with self._remote.open(Place(url, tuple(headers))) as answer:
            if (refused := refused_by_status(answer.status)) is not None:
                raise refused
            size = hls.largest(await bounded(answer, hls.LARGEST))
        return None if size is None else lines_of(*size)
