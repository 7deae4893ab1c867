"""Playing search results where they are: what was found, and the user's debrid services."""

from __future__ import annotations

from uuid import UUID

from sokoul.app.foundation import Foundation
from sokoul.domain.debrid import Service
from sokoul.domain.errors import NotFound
from sokoul.domain.media import MediaType
from sokoul.features.debrid.model import TorrentWish
from sokoul.features.debrid.service import DebridService, main_file
from sokoul.features.playback.elsewhere import CeilingOf, Elsewhere, Stream, Subtitle
from sokoul.features.search.sources import Sources
from sokoul.providers.consumet.client import Consumet
from sokoul.store.searches import SearchStore


class Films:
    """The film of a torrent, as a debrid service hands it out."""

    def __init__(self, debrid: DebridService) -> None:
        self._debrid = debrid

    async def film(self, user_id: UUID, magnet: str, info_hash: str) -> tuple[Service, str, str]:
        """The service, the address of the film itself, and its name; raises DebridTrouble, Refused."""
        prepared = await self._debrid.prepare(TorrentWish(user_id, magnet, info_hash.lower()))
        file = main_file(prepared.files)
        link = await self._debrid.unlock(user_id, file.link or "", prepared.service)
        return prepared.service, link.url, link.name or file.path


class ConfiguredStreams:
    """Streams of the Consumet-compatible server that is configured at the moment."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    async def of_work(
        self, media_type: MediaType, tmdb_id: int, season: int | None, episode: int | None
    ) -> tuple[list[Stream], list[Subtitle]]:
        """Raises NotFound where there is no such server, or nothing there, and ProviderUnavailable."""
        server = next((one for one in self._sources.indexers if isinstance(one, Consumet)), None)
        if server is None:
            raise NotFound("No Consumet-compatible server is configured (providers.consumet.url)")
        found = await server.watch(media_type, tmdb_id, season, episode)
        streams = [
            Stream(source.url, source.quality, source.playlist, headers=found.headers)
            for source in found.sources
        ]
        return streams, [Subtitle(url, language or None) for language, url in found.subtitles]


def build(base: Foundation, debrid: DebridService, sources: Sources, ceiling_of: CeilingOf) -> Elsewhere:
    """The parts of it."""
    return Elsewhere(SearchStore(base.database), Films(debrid), ConfiguredStreams(sources), ceiling_of)
