"""Fetches the .torrent file that an address names."""

from __future__ import annotations

from typing import Final

from aiohttp import ClientSession

from sokoul.features.download.metainfo import LARGEST
from sokoul.features.download.ports import Fetched
from sokoul.outbound import OutboundGuard

_PATIENCE: Final = 30.0


class GuardedFetcher:
    """A `TorrentFetcher` that reaches the Internet and what the owner listed, nothing else in the house."""

    def __init__(self, guard: OutboundGuard, http: ClientSession) -> None:
        self._guard, self._http = guard, http

    async def fetch(self, url: str) -> Fetched:
        """A .torrent file or a magnet link; raises Refused and ProviderUnavailable."""
        found = await self._guard.fetch(self._http, url, limit=LARGEST, timeout=_PATIENCE)
        if found.magnet_link is not None:
            return Fetched(magnet=found.magnet_link)
        return Fetched(torrent=found.body)
