"""Fetches the .torrent file that an address names."""

from __future__ import annotations

from typing import Final

from aiohttp import ClientSession
from yarl import URL

from sokoul.domain.errors import Refused
from sokoul.features.download.metainfo import LARGEST
from sokoul.features.download.ports import Fetched
from sokoul.outbound import OutboundGuard

_PATIENCE: Final = 30.0


class GuardedFetcher:
    """A `TorrentFetcher` that reaches the Internet and what the owner listed, nothing else in the house."""

    def __init__(self, guard: OutboundGuard, http: ClientSession) -> None:
        self._guard, self._http = guard, http

    async def fetch(self, url: str) -> Fetched:
        """A .torrent file or a magnet link; raises Refused and ProviderUnavailable.

        An address inside that nobody listed is refused at once, in the words of one that never answers.
        """
        if not self._may_ask(url):
            raise Refused(
                "unreachable", "the torrent file could not be fetched: the address could not be fetched"
            )
        found = await self._guard.fetch(self._http, url, limit=LARGEST, timeout=_PATIENCE)
        if found.magnet_link is not None:
            return Fetched(magnet=found.magnet_link)
        return Fetched(torrent=found.body)

    def _may_ask(self, url: str) -> bool:
        try:
            here = URL(url)
            return self._guard.may_name(here.host or "", here.port or 0)
        except ValueError:
            return True  # no address at all: the guard says so in its own words
