"""Playing search results where they are: what was found, and the user's debrid services."""

from __future__ import annotations

from uuid import UUID

from sokoul.app.foundation import Foundation
from sokoul.domain.debrid import Service
from sokoul.features.debrid.model import TorrentWish
from sokoul.features.debrid.service import DebridService, main_file
from sokoul.features.playback.elsewhere import Elsewhere
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


def build(base: Foundation, debrid: DebridService) -> Elsewhere:
    """The parts of it."""
    return Elsewhere(SearchStore(base.database), Films(debrid))
