"""What a link of an indexer leads to: a .torrent file, or a magnet."""

from __future__ import annotations

import asyncio

from sokoul.engines.torrent.fetch import GuardedFetcher
from sokoul.features.download.metainfo import read_magnet, read_torrent
from sokoul.features.search.ports import Linked

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
